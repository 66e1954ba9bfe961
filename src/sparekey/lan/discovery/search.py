"""One search: every protocol on every interface at once, asked several times, for as long as answers come.

Datagrams get lost, a thousand answers come in one burst, and strangers may say anything: so questions are repeated,
the receive buffers are large, what cannot be read is counted and dropped, and nobody gets more room than his share.
"""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from sparekey.core.errors import InputError, UnavailableError
from sparekey.lan import sockets
from sparekey.lan.discovery.questions import QUESTIONS, Question

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from socket import socket

    from sparekey.host.entropy import Entropy
    from sparekey.lan.discovery.found import Found
    from sparekey.lan.interfaces import Interface

WINDOW_FACTOR = 1.15
"""A search lasts so many times the longest window of its protocols; with what comes after it, less than 1.2."""
ROUNDS = 6
"""How often each question is asked: with one datagram in twenty lost each way, one device in a million is missed."""
EACH_LIMIT = 256
"""Datagrams of one sender and protocol that are looked at in one search."""
ALL_LIMIT = 100_000
"""Datagrams of everybody that are looked at in one search."""
QUEUE_LIMIT = 16 * 1024 * 1024
"""Bytes of datagrams that wait for being looked at."""
AT_ONCE = 256
"""Datagrams taken from one socket before anything else is done."""
SLICE = 32
"""Datagrams looked at before the sockets have their turn again: they overflow while we think."""
_LARGEST = 65_535
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
    """Takes all that waits in the socket: one datagram for each turn of the event loop is too slow for a burst."""

    def __init__(self, search: Search, question: Question, interface: Interface, opened: socket) -> None:
        self._search = search
        self._question = question
        self._interface = interface
        # Elsewhere than on a selector, the event loop has asked the system for the next datagram already.
        drains = isinstance(asyncio.get_running_loop(), asyncio.SelectorEventLoop)
        self._opened = opened if drains else None

    def datagram_received(self, data: bytes, addr: tuple[str, int] | tuple[str, int, int, int]) -> None:
        self._hear(data, addr)
        with suppress(OSError):
            for _ in range(AT_ONCE if self._opened is not None else 0):
                self._hear(*self._opened.recvfrom(_LARGEST))  # type: ignore[union-attr]

    def _hear(self, data: bytes, addr: tuple[str, int] | tuple[str, int, int, int]) -> None:
        self._search.came(self._question, data, sockets.source(addr, self._interface))

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
    _queue: deque[tuple[Question, bytes, str]] = field(default_factory=deque)
    _waiting: int = 0

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
        loop = asyncio.get_running_loop()
        window = max(question.window for question in questions) * WINDOW_FACTOR
        end = loop.time() + window
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
            # The last question has half the window for its answer, also where other networks were asked for long.
            await _until(max(end, loop.time() + window / 2) if others else end)
        finally:
            for transport, _, _ in opened:
                transport.close()
            await asyncio.sleep(0)
        self._look(len(self._queue))
        return self.tally

    def came(self, question: Question, data: bytes, sender: str) -> None:
        """Keep one datagram until there is time for it; beyond the limit it is dropped."""
        if self._waiting + len(data) > QUEUE_LIMIT:
            self.tally.dropped += 1
            return
        if not self._queue:
            asyncio.get_running_loop().call_soon(self._turn)
        self._queue.append((question, data, sender))
        self._waiting += len(data)

    def _turn(self) -> None:
        self._look(SLICE)
        if self._queue:
            asyncio.get_running_loop().call_soon(self._turn)

    def _look(self, most: int) -> None:
        for _ in range(min(most, len(self._queue))):
            question, data, sender = self._queue.popleft()
            self._waiting -= len(data)
            self.heard(question, data, sender)

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
            (
                await loop.create_datagram_endpoint(
                    partial(_Hearing, self, question, interface, opened), sock=opened
                )
            )[0]
            for opened in made
        ]

    async def _repeat(
        self,
        opened: Sequence[tuple[asyncio.DatagramTransport, Question, Interface]],
        window: float,
        rounds: int,
    ) -> None:
        begun = asyncio.get_running_loop().time()
        for number in range(rounds):
            for transport, question, interface in opened:
                self._ask(transport, question, interface, number)
            await _until(begun + window / 2 / rounds * (number + 1))

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


async def _until(moment: float) -> None:
    """By the event loop's clock, so that small delays do not add up."""
    await asyncio.sleep(max(0.0, moment - asyncio.get_running_loop().time()))
