"""Who is answered, and how often: discovery protocols are known amplifiers (spec/lan.md section 1).

Time comes from outside, in seconds that never go back.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sparekey.lan.interfaces import is_near

if TYPE_CHECKING:
    from sparekey.lan.interfaces import Network

QUESTION_LIMIT = 4096
"""Bytes of a question that is read at all."""
ANSWER_LIMIT = 1400
"""Bytes of an answer: one datagram in one frame."""
LOWEST_PORT = 1024
"""Below this no asker has its port: what seems to come from there has a forged sender."""
SOURCES_LIMIT = 256
"""Sources remembered; beyond that the one that was silent longest is forgotten."""


@dataclass(frozen=True)
class Rate:
    """`burst` at once, then `per_second`."""

    burst: float
    per_second: float


READING = Rate(200, 100)
"""Questions that are read, from everybody: what a flood may cost."""
ANSWERS = Rate(20, 10)
"""Answers to everybody."""
ANSWERS_EACH = Rate(6, 2)
"""Answers to one source."""


@dataclass(frozen=True)
class Bucket:
    """Fills with time. `left`: what it held at `since`, in seconds."""

    rate: Rate
    left: float
    since: float

    def at(self, now: float) -> Bucket:
        """The same bucket, later."""
        filled = self.left + max(0.0, now - self.since) * self.rate.per_second
        return Bucket(self.rate, min(self.rate.burst, filled), now)

    def less(self) -> Bucket:
        """After one was taken."""
        return Bucket(self.rate, self.left - 1, self.since)


class Gate:
    """Stands before everything that answers datagrams."""

    def __init__(self, now: float) -> None:
        self._reading = Bucket(READING, READING.burst, now)
        self._all = Bucket(ANSWERS, ANSWERS.burst, now)
        self._each: OrderedDict[str, Bucket] = OrderedDict()

    def hears(self, source: tuple[str, int], size: int, networks: tuple[Network, ...], now: float) -> bool:
        """Whether a question of this size, from this address and port, is read at all: small, near, not too many."""
        address, port = source
        if size > QUESTION_LIMIT or port < LOWEST_PORT or not is_near(address, networks):
            return False
        self._reading = self._reading.at(now)
        if self._reading.left < 1:
            return False
        self._reading = self._reading.less()
        return True

    def lets_out(self, address: str, size: int, now: float) -> bool:
        """Whether an answer of this size may go to this address now; it is counted when it may."""
        own = self._each.pop(address, Bucket(ANSWERS_EACH, ANSWERS_EACH.burst, now)).at(now)
        self._all = self._all.at(now)
        may = size <= ANSWER_LIMIT and own.left >= 1 and self._all.left >= 1
        if may:
            own, self._all = own.less(), self._all.less()
        self._each[address] = own
        if len(self._each) > SOURCES_LIMIT:
            self._each.popitem(last=False)
        return may
