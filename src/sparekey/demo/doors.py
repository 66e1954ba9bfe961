"""Where the parts of the site can be reached: free ports, and this machine's address on the local network."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sparekey.core.errors import InputError, UnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable

FIRST_PORT = 8700
"""The preferred port of the start page; the others follow at fixed distances."""
LOOPBACK = "127.0.0.1"
CAMERA_NETWORK = "127.0.1.0/24"
"""The part of this machine's loopback that stands for the network of cameras behind the recorder."""
CAMERA, BESIDE = "127.0.1.11", "127.0.1.12"
SWITCHED = "127.0.1.13"
"""Where the camera behind the recorder is, and the one beside it; and one with a switch, where one is asked for."""

_REACH = 200
_TOP = 65535


@dataclass(frozen=True)
class Ports:
    """One port for each door of the site. `second`: the screen of a second recorder, where one is asked for. `camera`:
    of both cameras, each at an address of its own. `doors`: the first one by which the recorder shows cameras' pages.
    """

    start: int
    desk: int
    screen: int
    network: int
    smtp: int
    mailbox: int
    second: int
    camera: int
    doors: int


def is_free(host: str, port: int) -> bool:
    """Whether a server could listen there now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(
            socket.SOL_SOCKET, socket.SO_REUSEADDR, 1
        )  # as servers do: a closed one does not block
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError:
            return False
    return True


def choose(host: str, first: int = FIRST_PORT, free: Callable[[str, int], bool] = is_free) -> Ports:
    """The preferred ports, each taken one replaced by the next free one. `host`: an address beside loopback.

    Raises UnavailableError (`no-port`) when a whole neighbourhood is taken.
    """
    taken: set[int] = set()

    def next_free(preferred: int) -> int:
        for port in range(preferred, min(preferred + _REACH, _TOP + 1)):
            if port not in taken and free(LOOPBACK, port) and (host == LOOPBACK or free(host, port)):
                taken.add(port)
                return port
        raise UnavailableError("no-port", f"no free port from {preferred} on; choose others with --port")

    return Ports(
        start=next_free(first),
        desk=next_free(first + 10),
        screen=next_free(first + 20),
        network=next_free(first + 23),
        smtp=next_free(first + 25),
        mailbox=next_free(first + 30),
        second=next_free(first + 40),
        camera=next_free(first + 43),
        doors=next_free(first + 60),
    )


def lan_address() -> str:
    """The address by which phones on the same network reach this machine. Nothing is sent to find it.

    Raises UnavailableError (`no-lan`) when there is no network.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # a UDP connect only asks for the route
            address = str(probe.getsockname()[0])
        except OSError:
            address = ""
    if not address or address.startswith("127."):
        raise UnavailableError("no-lan", "this machine is in no network; give its address: --lan ADDRESS")
    return address


def check_address(text: str) -> str:
    """An address given by hand: it must be one of this machine's. Raises InputError (`lan-address`)."""
    if not is_free(text, 0):
        raise InputError("lan-address", f"{text} is no address of this machine; try --lan alone")
    return text
