"""Mails that a worker took from a pile: its own for a short time, and for as long as it says that it still lives.

So a mail server may be as slow as it likes without two workers sending the same, and what a killed one had taken
is free for the next within seconds.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Generic, TypeVar

from sparekey.desk.mail.ports import Due

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sparekey.desk.mail.ports import Pile
    from sparekey.host.clock import Clock

M = TypeVar("M", bound=Due)

LEASE = 20
"""Seconds for which taken mails are left to a worker that says nothing more. The clocks of two nodes may differ by
what is left of it after `RENEW`."""
RENEW = 5
"""Seconds after which it says so again."""
MARK = 0.5
"""Seconds of a conversation after which it is marked what went out: who is killed then sends few mails twice."""


class Holding(Generic[M]):
    """What one outbox took and has not settled yet. One thread works, another one may call `renew`."""

    def __init__(self, pile: Pile[M], clock: Clock) -> None:
        self._pile = pile
        self._clock = clock
        self._mails: dict[int, M] = {}
        self._said = self._marked = 0.0
        self._lock = threading.Lock()
        self._sent: set[int] = set()

    def take(self, most: int) -> Sequence[M]:
        """Take mails that are due. Raises UnavailableError: nothing more is taken before what went out is marked."""
        self.mark()
        taken = self._pile.claim(self._clock.wall(), LEASE, most)
        with self._lock:
            self._mails = {mail.id: mail for mail in taken}
            self._said = self._clock.monotonic()
        return taken

    def went(self, mail: M) -> None:
        """It went out or has no reader, and is to be marked so: together with others, where they follow quickly. Raises
        UnavailableError.
        """
        self._sent.add(mail.id)
        if self._clock.monotonic() - self._marked > MARK:
            self.mark()

    def mark(self) -> None:
        """Mark what went out, in one transaction; whoever dies before it sends the same mails again. Raises
        UnavailableError; then it is done at the next time.
        """
        self._marked = self._clock.monotonic()
        if self._sent:
            with self._settled(*self._sent):
                self._pile.done(*self._sent)
            self._sent.clear()

    def postpone(self, mail: M, *, due: int, attempts: int) -> None:
        """Give one back, for later."""
        with self._settled(mail.id):
            self._pile.postpone(mail.id, due=due, attempts=attempts)

    def give_up(self, mail: M) -> None:
        """It never goes out."""
        with self._settled(mail.id):
            self._pile.give_up(mail)

    def renew(self) -> None:
        """Say that this worker still lives, if it took these mails a while ago. Raises UnavailableError."""
        with self._lock:
            if not self._mails or self._clock.monotonic() - self._said < RENEW:
                return
            for mail in self._mails.values():
                self._pile.postpone(mail.id, due=self._clock.wall() + LEASE, attempts=mail.attempts)
            self._said = self._clock.monotonic()

    @contextmanager
    def _settled(self, *mails: int) -> Iterator[None]:
        """What is settled is renewed no more: it may be anybody's, or nobody's."""
        with self._lock:
            yield
            for mail in mails:
                self._mails.pop(mail, None)
