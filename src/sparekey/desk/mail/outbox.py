"""Mails that wait, and the worker that sends them: at least once, always under the same Message-ID.

What a mail says is written when it is sent, by the pile that it lies on; no code is ever stored. What has to be in the
recovery log before a mail leaves is entered before the batch is sent.
"""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Generic, TypeVar

from sparekey.core.errors import InputError, SparekeyError, UnavailableError, UntrustedError
from sparekey.desk.mail.holding import RENEW, Holding
from sparekey.desk.mail.ports import NOBODY, Delivery, Due

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sparekey.desk.mail.ports import Mailer, MailSession, Pile
    from sparekey.host.clock import Clock

M = TypeVar("M", bound=Due)

BATCH = 48
"""Mails taken at once, for one conversation with the mail server."""
TALK = 60
"""Seconds after which a conversation ends and the rest is given back, for all to take."""
FIRST_WAIT, LONGEST_WAIT = 5, 600
"""Seconds before the second try and before every late one."""
LASTING_TRIES = 6
"""Tries after which a refusal that calls itself lasting is believed."""
SLOW, APART = 5, 60
"""A mail that comes to nothing after more than so many seconds holds up its own domain alone: others there wait so many
more.
"""

_LOG = logging.getLogger("sparekey.desk")


class Outbox(Generic[M]):
    """Sends what is due on one pile. Several may work on the same one. `sender`: the address in the envelope."""

    def __init__(self, pile: Pile[M], *, mailer: Mailer, sender: str, clock: Clock) -> None:
        self._pile = pile
        self._held = Holding(pile, clock)
        self._mailer = mailer
        self._sender = sender
        self._clock = clock
        self._apart: dict[str, float] = {}

    def work(self) -> int:
        """Take one batch and send it; returns how many. Raises UnavailableError when the store fails."""
        taken = self._held.take(BATCH)
        good = [mail for mail in taken if self._still_good(mail)]
        if good and self._prepared(good):
            self._converse(good)
        return len(taken)

    def renew(self) -> None:
        """Keep what is in hand: called by another thread every few seconds. Raises UnavailableError."""
        self._held.renew()

    def prune(self) -> None:
        """Forget old counts."""
        self._pile.prune(self._clock.wall())

    def _still_good(self, mail: M) -> bool:
        if self._clock.wall() <= mail.good_until:
            return True
        self._give_up(mail, "code-expired")
        return False

    def _prepared(self, mails: Sequence[M]) -> bool:
        """Whether they may leave now. Where not, all of them wait, and that is no try."""
        try:
            self._pile.prepare(mails)
        except SparekeyError as error:
            for mail in mails:
                self._give_back(mail, FIRST_WAIT)
            _LOG.error("mails wait", extra={"why": error.slug, "mails": len(mails)})
            return False
        return True

    def _converse(self, mails: Sequence[M]) -> None:
        left = list(mails)
        begun = self._clock.monotonic()
        failed: list[M] = left
        try:
            with self._mailer.session() as session:
                while left and self._clock.monotonic() - begun < TALK:
                    failed = [left.pop(0)]
                    if self._one(session, failed[0]):
                        self._held.went(failed[0])
                failed = []
        except (UnavailableError, InputError) as error:
            # Nobody there: all wait. Broken off at one mail: that one waits, lest it stops all the others.
            for mail in failed:
                self._postpone(mail, wait(mail.attempts), error.slug)
        finally:
            self._held.mark()
        for mail in left if failed is not left else ():
            self._give_back(mail, 0)

    def _one(self, session: MailSession, mail: M) -> bool:
        """Whether it is done: it was taken, or there is nobody to take it. Its failure is its own. Raises
        UnavailableError when the conversation is over.
        """
        try:
            recipient, message = self._pile.write(mail)
        except (InputError, UntrustedError) as error:
            if error.slug == NOBODY:
                _LOG.info("mail for nobody", extra=self._named(mail))
                return True
            self._give_up(mail, error.slug)
            return False
        except Exception as error:  # noqa: BLE001 - a mail that breaks us must not hold up the others
            self._postpone(mail, LONGEST_WAIT, type(error).__name__)
            return False
        if self._is_apart(recipient):
            self._give_back(mail, APART)
            return False
        begun, delivery = self._clock.monotonic(), Delivery.LATER
        try:
            delivery = session.send(self._sender, recipient, message)
        finally:
            now = self._clock.monotonic()
            if delivery is Delivery.LATER and now - begun > SLOW:
                self._apart[_domain(recipient)] = now + APART
        if delivery is Delivery.TAKEN:
            _LOG.info("mail sent", extra=self._named(mail))
        elif delivery is Delivery.LATER:
            self._postpone(mail, wait(mail.attempts), "refused-for-now")
        elif mail.attempts < LASTING_TRIES:
            self._postpone(mail, LONGEST_WAIT, "refused")
        else:
            self._give_up(mail, "refused")
        return delivery is Delivery.TAKEN

    def _is_apart(self, recipient: str) -> bool:
        """Whether its domain was slow a moment ago."""
        now = self._clock.monotonic()
        self._apart = {domain: until for domain, until in self._apart.items() if until > now}
        return _domain(recipient) in self._apart

    def _give_back(self, mail: M, seconds: int) -> None:
        """It was no try."""
        self._held.postpone(mail, due=self._clock.wall() + seconds, attempts=mail.attempts - 1)

    def _postpone(self, mail: M, seconds: int, why: str) -> None:
        self._held.postpone(mail, due=self._clock.wall() + seconds, attempts=mail.attempts)
        _LOG.warning("mail postponed", extra=self._named(mail) | {"why": why, "seconds": seconds})

    def _give_up(self, mail: M, why: str) -> None:
        self._held.give_up(mail)
        _LOG.error("mail given up", extra=self._named(mail) | {"why": why})

    def _named(self, mail: M) -> dict[str, object]:
        return {**self._pile.named(mail), "attempts": mail.attempts}


class Worker:
    """A thread that works until it is stopped, and one beside it that keeps what is in hand. `chores`: each does what
    there is to do now, and says how much there was. `prunes`: what forgets old things, once an hour. `renewals`: say
    that the worker still lives, while it waits for somebody slow.
    """

    IDLE = 2.0
    """Seconds between looks when nobody calls: another process may have queued, or a wait is over."""
    GATHER = 0.05
    """Seconds that it lets mails come together after a small batch: one look, one entry in the log and one conversation
    then serve them all.
    """
    PRUNE_EVERY = 3600.0
    """Seconds between prunings."""

    def __init__(
        self,
        name: str,
        chores: Sequence[Callable[[], int]],
        clock: Clock,
        prunes: Sequence[Callable[[], None]] = (),
        renewals: Sequence[Callable[[], None]] = (),
    ) -> None:
        self._chores = chores
        self._renewals = renewals
        self._prunes = prunes
        self._clock = clock
        self._called = threading.Event()
        self._stopping = threading.Event()
        self._ended = threading.Event()
        self._works = threading.Thread(target=self._run, name=name, daemon=True)
        self._keeps = threading.Thread(target=self._keep, name=f"{name}, kept", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._works.start()
        self._keeps.start()

    def wake(self) -> None:
        """Mail waits: look now."""
        self._called.set()

    def stop(self, seconds: float) -> None:
        """End after the batch in hand, or leave it behind after `seconds`, for the next start."""
        self._stopping.set()
        self._called.set()
        self._works.join(seconds)
        self._ended.set()
        self._keeps.join(seconds)

    def _keep(self) -> None:
        while not self._ended.wait(RENEW):
            for renewal in self._renewals:
                self._attempt(renewal)

    def _run(self) -> None:
        pruned = self._clock.monotonic() - self.PRUNE_EVERY
        while not self._stopping.is_set():
            self._called.clear()
            taken = [self._attempt(chore) for chore in self._chores]
            if self._clock.monotonic() - pruned >= self.PRUNE_EVERY:
                pruned = self._clock.monotonic()
                for prune in self._prunes:
                    self._attempt(prune)
            if not any(taken):
                self._called.wait(self.IDLE)
            if max(taken, default=0) < BATCH:
                self._stopping.wait(self.GATHER)

    def _attempt(self, chore: Callable[[], int | None]) -> int:
        try:
            return chore() or 0
        except SparekeyError as error:
            _LOG.error("work stopped for a moment", extra={"why": error.slug})
        except Exception as error:  # noqa: BLE001 - the worker outlives its bugs
            _LOG.error("work stopped for a moment", extra={"why": type(error).__name__})
        return 0


def _domain(address: str) -> str:
    return address.rpartition("@")[2].lower()


def wait(attempts: int) -> int:
    """Seconds before the next try, after so many."""
    return int(min(FIRST_WAIT * 2 ** min(attempts - 1, 16), LONGEST_WAIT))
