"""Mails that wait, and the worker that sends them: at least once, always under the same Message-ID.

A mail is in the outbox as the sealed request. Only here, at sending, is it opened; the code is never stored.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sparekey.core import crypto, mailing
from sparekey.core.errors import InputError, SparekeyError, UnavailableError, UntrustedError
from sparekey.core.messages.request import read_request
from sparekey.desk.mail.letters import CodeLetter
from sparekey.desk.mail.message import build
from sparekey.desk.mail.ports import Delivery

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sparekey.desk.keyring import Keyring
    from sparekey.desk.mail.letters import Letters
    from sparekey.desk.mail.ports import Mailer, MailSession
    from sparekey.desk.store.ports import DeskStore, Waiting
    from sparekey.host.clock import Clock

BATCH = 16
"""Mails taken at once, for one conversation with the mail server."""
LEASE = 120
"""Seconds for which taken mails are left to one worker; it stops halfway and gives the rest back."""
FIRST_WAIT, LONGEST_WAIT = 5, 600
"""Seconds before the second try and before every late one."""
LASTING_TRIES = 6
"""Tries after which a refusal that calls itself lasting is believed."""

_LOG = logging.getLogger("sparekey.desk")


@dataclass(frozen=True)
class Sender:
    """Who the mails are from: the desk's name and address."""

    name: str
    address: str

    @property
    def domain(self) -> str:
        """The right side of every Message-ID."""
        return self.address.rpartition("@")[2]


class Outbox:
    """Sends what is due. Several may work on one store."""

    def __init__(
        self,
        *,
        store: DeskStore,
        keyring: Keyring,
        letters: Letters,
        mailer: Mailer,
        sender: Sender,
        clock: Clock,
    ) -> None:
        self._store = store
        self._keyring = keyring
        self._letters = letters
        self._mailer = mailer
        self._sender = sender
        self._clock = clock

    def work(self) -> int:
        """Take one batch and send it; returns how many. Raises UnavailableError when the store fails."""
        taken = self._store.claim(self._clock.wall(), LEASE, BATCH)
        good = [mail for mail in taken if self._still_good(mail)]
        if good:
            self._converse(good)
        return len(taken)

    def prune(self) -> None:
        """Forget old counts."""
        self._store.prune(self._clock.wall())

    def _still_good(self, mail: Waiting) -> bool:
        if self._clock.wall() <= mail.good_until:
            return True
        self._give_up(mail, "code-expired")
        return False

    def _converse(self, mails: Sequence[Waiting]) -> None:
        left = list(mails)
        begun = self._clock.monotonic()
        failed: list[Waiting] = left
        try:
            with self._mailer.session() as session:
                while left and self._clock.monotonic() - begun < LEASE / 2:
                    failed = [left.pop(0)]
                    self._one(session, failed[0])
                failed = []
        except (UnavailableError, InputError) as error:
            # Nobody there: all wait. Broken off at one mail: that one waits, lest it stops all the others.
            for mail in failed:
                self._postpone(mail, wait(mail.attempts), error.slug)
        for mail in left if failed is not left else ():
            self._store.postpone(mail.id, due=self._clock.wall(), attempts=mail.attempts - 1)

    def _one(self, session: MailSession, mail: Waiting) -> None:
        """One mail, whose failure is its own. Raises UnavailableError when the conversation is over."""
        try:
            recipient, message = self._write(mail)
        except (InputError, UntrustedError) as error:
            self._give_up(mail, error.slug)
            return
        except Exception as error:  # noqa: BLE001 - a mail that breaks us must not hold up the others
            self._postpone(mail, LONGEST_WAIT, type(error).__name__)
            return
        delivery = session.send(self._sender.address, recipient, message)
        if delivery is Delivery.TAKEN:
            self._store.done(mail.id)
            _LOG.info("mail sent", extra=_named(mail))
        elif delivery is Delivery.LATER:
            self._postpone(mail, wait(mail.attempts), "refused-for-now")
        elif mail.attempts < LASTING_TRIES:
            self._postpone(mail, LONGEST_WAIT, "refused")
        else:
            self._give_up(mail, "refused")

    def _write(self, mail: Waiting) -> tuple[str, bytes]:
        request = read_request(mail.request)
        body = self._keyring.open_mail(request)
        recipient = body.addresses[mail.place]
        known = mailing.ticket_holds(self._keyring.ticket, request.header, body.ticket)
        now = self._clock.wall()
        letter = self._letters.code(
            CodeLetter(
                code=body.code,
                locale=body.locale,
                good_until=mail.good_until,
                device=request.header.identity if known else None,
                account=body.account if known else "",
                confirms=body.confirms,
            ),
            now,
        )
        message = build(
            letter,
            name=self._sender.name,
            sender=self._sender.address,
            recipient=recipient,
            message_id=mailing.message_id(request.hash, recipient, mail.round, self._sender.domain),
            now=now,
        )
        return recipient, message

    def _postpone(self, mail: Waiting, seconds: int, why: str) -> None:
        self._store.postpone(mail.id, due=self._clock.wall() + seconds, attempts=mail.attempts)
        _LOG.warning("mail postponed", extra=_named(mail) | {"why": why, "seconds": seconds})

    def _give_up(self, mail: Waiting, why: str) -> None:
        self._store.done(mail.id)
        _LOG.error("mail given up", extra=_named(mail) | {"why": why})


class Worker:
    """A thread that works the outbox until it is stopped."""

    IDLE = 2.0
    """Seconds between looks when nobody calls: another process may have queued, or a wait is over."""
    PRUNE_EVERY = 3600.0
    """Seconds between prunings."""

    def __init__(self, outbox: Outbox, clock: Clock) -> None:
        self._outbox = outbox
        self._clock = clock
        self._called = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="outbox", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def wake(self) -> None:
        """Mail waits: look now."""
        self._called.set()

    def stop(self, seconds: float) -> None:
        """End after the batch in hand, or leave it behind after `seconds`, for the next start."""
        self._stopping.set()
        self._called.set()
        self._thread.join(seconds)

    def _run(self) -> None:
        pruned = self._clock.monotonic() - self.PRUNE_EVERY
        while not self._stopping.is_set():
            self._called.clear()
            taken = 0
            try:
                taken = self._outbox.work()
                if self._clock.monotonic() - pruned >= self.PRUNE_EVERY:
                    pruned = self._clock.monotonic()
                    self._outbox.prune()
            except SparekeyError as error:
                _LOG.error("outbox stopped for a moment", extra={"why": error.slug})
            except Exception as error:  # noqa: BLE001 - the worker outlives its bugs
                _LOG.error("outbox stopped for a moment", extra={"why": type(error).__name__})
            if not taken:
                self._called.wait(self.IDLE)


def wait(attempts: int) -> int:
    """Seconds before the next try, after so many."""
    return int(min(FIRST_WAIT * 2 ** min(attempts - 1, 16), LONGEST_WAIT))


def _named(mail: Waiting) -> dict[str, object]:
    request = crypto.sha256(mail.request)[:4].hex()
    return {"request": request, "place": mail.place, "round": mail.round, "attempts": mail.attempts}
