"""The one file with sockets that differ between systems. All of them are non-blocking datagram sockets."""

from __future__ import annotations

import ipaddress
import socket
import struct
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from sparekey.core.errors import UnavailableError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sparekey.lan.interfaces import Interface

RECEIVE_BUFFER = 4 * 1024 * 1024
"""Bytes asked for, so that a thousand answers in one burst find room. The system may give less."""
_RECEIVE_AT_LEAST = 64 * 1024
_FORCE_RECEIVE_BUFFER = 33  # Linux: beyond the system's limit, for root
_MULTICAST_ALL = {socket.AF_INET: (socket.IPPROTO_IP, 49), socket.AF_INET6: (socket.IPPROTO_IPV6, 29)}
"""Linux: by default a socket gets what any other one joined."""


def group_socket(
    group: str, port: int, interface: Interface, hops: int = 1, *, wide: bool = True
) -> socket.socket:
    """A socket bound to a group's port, a member of the group on one interface, sending to it there.

    Others may be bound to the same port. `hops`: of everything sent; 1 never passes a router. `wide`: with a large
    receive buffer; who only answers needs none. Raises UnavailableError.
    """
    return _made(group, interface, port, hops, f"cannot listen for {group} on {interface.name}", wide=wide)


def asking_socket(group: str, interface: Interface, hops: int = 1) -> socket.socket:
    """A socket on a free port, sending to a group and to broadcast addresses on one interface. What it sends to one
    device may pass routers. Raises UnavailableError.
    """
    return _made(group, interface, None, hops, f"cannot ask {group} on {interface.name}")


def group_sockets(
    group: str, port: int, interfaces: Iterable[Interface], hops: int = 1
) -> list[socket.socket]:
    """Such a socket for each interface that takes part; others are passed over. Raises UnavailableError for none."""
    opened: list[socket.socket] = []
    for interface in interfaces:
        with suppress(UnavailableError):
            opened.append(group_socket(group, port, interface, hops))
    if not opened:
        raise UnavailableError("no-network", "no network interface of this machine takes part in discovery")
    return opened


def own_address_towards(address: str) -> str:
    """The address of this machine that a near one sees; empty when there is no way to it. Sends nothing."""
    family = _family(address)
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect(socket.getaddrinfo(address, 9, family, flags=socket.AI_NUMERICHOST)[0][4])
            return str(probe.getsockname()[0])
    except OSError:
        return ""


def group_target(group: str, port: int, interface: Interface) -> tuple[str, int] | tuple[str, int, int, int]:
    """Where to send for a group; IPv6 wants the interface named again."""
    return (group, port) if _family(group) == socket.AF_INET else (group, port, 0, interface.index)


def source(address: tuple[str, int] | tuple[str, int, int, int], interface: Interface) -> str:
    """The address that a datagram on this interface came from. IPv6 link-local ones mean something only with their
    zone, which Python tells as a number beside them.
    """
    host = address[0]
    if len(address) < 4 or "%" in host or not ipaddress.IPv6Address(host).is_link_local:
        return host
    return f"{host}%{interface.index if sys.platform == 'win32' else interface.name}"


def _made(
    group: str, interface: Interface, port: int | None, hops: int, told: str, *, wide: bool = True
) -> socket.socket:
    family = _family(group)
    made = socket.socket(family, socket.SOCK_DGRAM)
    try:
        made.setblocking(False)
        if family == socket.AF_INET6:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        if wide:
            _widen(made)
        if port is not None:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if hasattr(socket, "SO_REUSEPORT"):
                made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        made.bind(("", port or 0))
        if port is not None:
            _limit_hops(made, family, hops)
            _join(made, family, group, interface)
        else:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        _send_by(made, family, interface, hops)
    except OSError:
        made.close()
        raise UnavailableError("no-network", told) from None
    return made


def _family(address: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def _widen(made: socket.socket) -> None:
    """The largest receive buffer that the system gives."""
    if sys.platform == "linux":
        with suppress(OSError):
            made.setsockopt(socket.SOL_SOCKET, _FORCE_RECEIVE_BUFFER, RECEIVE_BUFFER)
            return
    size = RECEIVE_BUFFER
    while size >= _RECEIVE_AT_LEAST:
        try:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, size)
        except OSError:  # macOS refuses more than its limit, where others give what they have
            size //= 2
        else:
            return


def _join(made: socket.socket, family: socket.AddressFamily, group: str, interface: Interface) -> None:
    if sys.platform == "linux":
        with suppress(OSError):  # before Linux 4.20 there is none for IPv6
            made.setsockopt(*_MULTICAST_ALL[family], 0)
    if family == socket.AF_INET6:
        member = ipaddress.IPv6Address(group).packed + struct.pack("@I", interface.index)
        made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, member)
    else:
        member = ipaddress.IPv4Address(group).packed + _by_index(interface)
        made.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, member)


def _by_index(interface: Interface) -> bytes:
    """The interface in the place of its IPv4 address. Windows takes 0.0.0.index; others take no address and then the
    index (`struct ip_mreqn`).
    """
    if sys.platform == "win32":
        return struct.pack(">I", interface.index)
    return bytes(4) + struct.pack("@i", interface.index)


def _send_by(made: socket.socket, family: socket.AddressFamily, interface: Interface, hops: int) -> None:
    if family == socket.AF_INET6:
        made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, interface.index)
        made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, hops)
        return
    chosen = _by_index(interface)
    if sys.platform != "win32":
        chosen = bytes(4) + chosen  # the group's place, unused here
    made.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, chosen)
    made.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, hops)


def _limit_hops(made: socket.socket, family: socket.AddressFamily, hops: int) -> None:
    if family == socket.AF_INET6:
        made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_UNICAST_HOPS, hops)
    else:
        made.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, hops)
