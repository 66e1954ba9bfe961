"""Changing the device's network address: by a program of the maker's, or not from here (docs/guide/device.md)."""

from __future__ import annotations

import json
import logging
import threading
from typing import TYPE_CHECKING, Protocol

from sparekey.core.errors import UnavailableError
from sparekey.device.accounts.program import MakersProgram

if TYPE_CHECKING:
    from collections.abc import Callable

    from sparekey.device.accounts.program import Program
    from sparekey.device.lan_settings import NetworkSettings
    from sparekey.host.clock import Clock
    from sparekey.lan.link.network import Network

AFTER = 1.0
"""Seconds between the answer and the change: the answer must still get away by the old address."""
SECONDS = 30
"""Within which the program must have ended."""

_LOG = logging.getLogger("sparekey.device")


class NetworkPort(Protocol):
    """What can change the address."""

    def change(self, network: Network, first: Callable[[], None]) -> bool:
        """Arrange that the address changes after the answer; False where that is not done here. `first`: once it is
        known that the change would be taken. Raises UnavailableError when it would not.
        """


class NoNetwork:
    """A device whose address is none of our business."""

    def change(self, _network: Network, _first: Callable[[], None]) -> bool:
        """Never."""
        return False


class NetworkProgram:
    """A program of the maker's: asked first whether it would take the change, told then to do it.

    It reads one JSON object from its standard input: `{"do": "check" | "change", "interface", "address", "prefix",
    "gateway", "servers"}`, an empty address for DHCP, and writes `{"ok": true}` or `{"ok": false}`.
    """

    def __init__(self, program: Program, later: Callable[[Callable[[], None]], None]) -> None:
        """`later`: runs something after the answer, in another thread."""
        self._program = program
        self._later = later

    def change(self, network: Network, first: Callable[[], None]) -> bool:
        """Ask now, change a moment later."""
        self._ask("check", network)
        first()
        self._later(lambda: self._change(network))
        return True

    def _change(self, network: Network) -> None:
        try:
            self._ask("change", network)
        except UnavailableError as error:
            _LOG.error("the network address was not changed: %s", error.slug)
        else:
            _LOG.warning("the network address was changed")

    def _ask(self, what: str, network: Network) -> None:
        question = {
            "do": what,
            "interface": network.interface,
            "address": network.address,
            "prefix": network.prefix,
            "gateway": network.gateway,
            "servers": list(network.servers),
        }
        try:
            answer = json.loads(self._program.ask(json.dumps(question).encode() + b"\n"))
        except (UnavailableError, ValueError):
            raise UnavailableError("network-program", "the program that sets the address failed") from None
        if not isinstance(answer, dict) or answer.get("ok") is not True:
            raise UnavailableError("network-program", "the program that sets the address refuses this one")


def open_network(settings: NetworkSettings, clock: Clock) -> NetworkPort:
    """The port of checked settings."""
    if not settings.command:
        return NoNetwork()
    return NetworkProgram(MakersProgram(settings.command, clock, SECONDS), _in_a_moment)


def _in_a_moment(do: Callable[[], None]) -> None:
    timer = threading.Timer(AFTER, do)
    timer.daemon = True
    timer.start()
