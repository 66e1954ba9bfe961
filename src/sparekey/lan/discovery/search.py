"""One search: every protocol on every interface at once, asked several times, for as long as answers come.

Datagrams get lost, a thousand answers come in one burst, and strangers may say anything: so questions are repeated,
the receive buffers are large, what cannot be read is counted and dropped, and nobody gets more room than his share.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sparekey.core.errors import InputError, UnavailableError
from sparekey.lan import sockets
from sparekey.lan.discovery.questions import QUESTIONS, Question

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sparekey.host.entropy import Entropy
    from sparekey.lan.discovery.found import Found
    from sparekey.lan.interfaces import Interface

WINDOW_FACTOR = 1.2
"""A search lasts so many times the longest window of its protocols."""
ROUNDS = 6
"""How often each question is asked: with one datagram in twenty lost each way, one device in a million is missed."""
EACH_LIMIT = 256
"""Datagrams of one sender and protocol that are looked at in one search."""
ALL_LIMIT = 100_000
"""Datagrams of everybody that are looked at in one search."""
PACE = 50
"""Addresses on other networks that are asked in a second."""


@dataclass
class Tally:
    """What a search came across. `dropped`: datagrams beyond anybody's share."""

    heard: int = 0
    unread: int = 0
    dropped: int = 0
    interfaces: int = 0


class _Hearing(asyncio.DatagramProtocol):
    def __init__(self, search: Search, question: Question, interface: Interface) -> None:
        self._search = search
        self._question = question
        self._interface = interface

    def datagram_received(self, data: bytes, addr: tuple[str, int] | tuple[str, int, int, int]) -> None:
        self._search.heard(self._question, data, sockets.source(addr, self._interface))

    def error_received(self, _error: Exception) -> None:
        """A network that cannot be reached just now: others still are."""


@dataclass
class Search:
    """Use it once. `found`: called for every device in every answer, from the event loop."""

    entropy: Entropy
    found: Callable[[Found], None]
    tally: Tally = field(default_factory=Tally)
    _shares: Counter[tuple[object, str]] = field(default_factory=Counter)
    _known: dict[tuple[object, str], set[bytes]] = field(default_factory=dict)

    async def run(
        self,
        interfaces: Sequence[Interface],
        questions: Sequence[Question] = QUESTIONS,
        *,
        rounds: int = ROUNDS,
        others: Sequence[str] = (),
    ) -> Tally:
        """Ask and listen until the window is over. `others`: IPv4 addresses on other networks, asked one by one.

        Raises UnavailableError when no interface takes part.
        """
        window = max(question.window for question in questions) * WINDOW_FACTOR
        opened = [
            (transport, question, interface)
            for question in questions
            for interface in interfaces
            for transport in await self._open(question, interface)
        ]
        self.tally.interfaces = len({interface.name for _, _, interface in opened})
        if not opened:
            raise UnavailableError(
                "no-network", "no network interface of this machine takes part in a search"
            )
        try:
            await asyncio.gather(
                self._repeat(opened, window, rounds),
                self._walk({question: transport for transport, question, _ in opened}, others),
            )
            await asyncio.sleep(window / 2)  # the last question still has half the window for its answer
        finally:
            for transport, _, _ in opened:
                transport.close()
            await asyncio.sleep(0)
        return self.tally

    def heard(self, question: Question, data: bytes, sender: str) -> None:
        """Look at one datagram, unless its sender had his share or only repeats himself."""
        share = (question.protocol, sender)
        self._shares[share] += 1
        self.tally.heard += 1
        if self._shares[share] > EACH_LIMIT or self.tally.heard > ALL_LIMIT:
            self.tally.dropped += 1
            return
        known = self._known.setdefault(share, set())
        if any(mark in data for mark in known):
            return
        try:
            devices = question.read(data, sender)
        except InputError as error:
            self.tally.unread += error.slug != "no-camera"
            return
        for device in devices:
            mark = device.ident or device.serial
            if mark:
                known.add(mark.encode())
            self.found(device)

    async def _open(self, question: Question, interface: Interface) -> list[asyncio.DatagramTransport]:
        """The sockets of a question on one interface: one to ask by, and one where devices answer to the group."""
        made = []
        with suppress(UnavailableError):
            made.append(sockets.asking_socket(question.group, interface, question.hops))
        if question.joined:
            with suppress(UnavailableError):
                made.append(sockets.group_socket(question.group, question.port, interface, question.hops))
        loop = asyncio.get_running_loop()
        return [
            (await loop.create_datagram_endpoint(lambda: _Hearing(self, question, interface), sock=socket))[0]
            for socket in made
        ]

    async def _repeat(
        self,
        opened: Sequence[tuple[asyncio.DatagramTransport, Question, Interface]],
        window: float,
        rounds: int,
    ) -> None:
        for number in range(rounds):
            for transport, question, interface in opened:
                self._ask(transport, question, interface, number)
            await asyncio.sleep(window / 2 / rounds)

    def _ask(
        self, transport: asyncio.DatagramTransport, question: Question, interface: Interface, number: int
    ) -> None:
        for data in question.datagrams(self.entropy, number):
            for address in question.targets(interface):
                with suppress(OSError):
                    transport.sendto(data, sockets.group_target(address, question.port, interface))

    async def _walk(self, ways: dict[Question, asyncio.DatagramTransport], others: Sequence[str]) -> None:
        """Ask addresses one by one: what a router passes on, and slowly, since nobody on the way asked for it."""
        for address in others:
            for question, transport in ways.items():
                if ":" not in question.group:
                    for data in question.datagrams(self.entropy, 0):
                        with suppress(OSError):
                            transport.sendto(data, (address, question.port))
            await asyncio.sleep(1 / PACE)
