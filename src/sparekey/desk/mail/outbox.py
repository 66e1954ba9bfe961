"""Mails that wait, and the worker that sends them: at least once, always under the same Message-ID.

A mail is in the outbox as the sealed request. Only here, at sending, is it opened; the code is never stored. Before the
first mail with a code leaves, that it was issued stands in the recovery log.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sparekey.core import crypto, mailing
from sparekey.core.errors import InputError, SparekeyError, UnavailableError, UntrustedError
from sparekey.core.messages.request import read_request
from sparekey.core.tlog.leaf import LOG_ID_LENGTH, Issued, LeafAction
from sparekey.core.values import MethodName
from sparekey.desk.mail.letters import CodeLetter
from sparekey.desk.mail.message import build
from sparekey.desk.mail.ports import Delivery

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sparekey.core.messages.request import MailBody, Request
    from sparekey.desk.keyring import Keyring
    from sparekey.desk.log.ports import RecoveryLog
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
MAIL_POLICY = 1
"""The policy version in the log's entry of a mailed code: no evidence is asked, so there is one policy only."""
NO_LOG_ID = bytes(LOG_ID_LENGTH)
"""The log id of a device that never enrolled (spec/log.md section 2.2)."""

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


@dataclass(frozen=True)
class Opened:
    """A mail whose request was opened."""

    mail: Waiting
    request: Request
    body: MailBody


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
        log: RecoveryLog,
        log_id: Callable[[str], bytes | None] = lambda _: None,
    ) -> None:
        """`log_id`: by what the recovery log knows the enrolled device with a serial number."""
        self._store = store
        self._keyring = keyring
        self._letters = letters
        self._mailer = mailer
        self._sender = sender
        self._clock = clock
        self._log = log
        self._log_id = log_id

    def work(self) -> int:
        """Take one batch and send it; returns how many. Raises UnavailableError when the store fails."""
        taken = self._store.claim(self._clock.wall(), LEASE, BATCH)
        opened = [one for one in map(self._opened, taken) if one is not None]
        if opened and self._log_all(opened):
            self._converse(opened)
        return len(taken)

    def prune(self) -> None:
        """Forget old counts."""
        self._store.prune(self._clock.wall())

    def _opened(self, mail: Waiting) -> Opened | None:
        """The mail's request, opened, or None when it is too late for it, or it cannot be opened."""
        if self._clock.wall() > mail.good_until:
            self._give_up(mail, "code-expired")
            return None
        try:
            request = read_request(mail.request)
            return Opened(mail, request, self._keyring.open_mail(request))
        except (InputError, UntrustedError) as error:
            self._give_up(mail, error.slug)
        except Exception as error:  # noqa: BLE001 - a mail that breaks us must not hold up the others
            self._postpone(mail, LONGEST_WAIT, type(error).__name__)
        return None

    def _log_all(self, opened: Sequence[Opened]) -> bool:
        """Whether every code's issue stands in the recovery log now. Where it does not, all mails wait."""
        now = self._clock.wall()
        try:
            self._log.enter_all(
                [(f"mail-code {one.request.hash.hex()}", self._leaf(one, now)) for one in opened]
            )
        except SparekeyError as error:
            for one in opened:
                self._store.postpone(one.mail.id, due=now + FIRST_WAIT, attempts=one.mail.attempts - 1)
            _LOG.error("mails wait for the recovery log", extra={"why": error.slug, "mails": len(opened)})
            return False
        return True

    def _leaf(self, one: Opened, now: int) -> Issued:
        header = one.request.header
        known = self._keyring.ticket_holds(header, one.body.ticket)
        log_id = self._log_id(header.identity.serial) if known else None
        return Issued(
            time=now,
            policy=MAIL_POLICY,
            method=MethodName.MAIL_CODE,
            action=LeafAction.NEW_PASSWORD,
            request=one.request.hash,
            log_id=log_id or NO_LOG_ID,
        )

    def _converse(self, mails: Sequence[Opened]) -> None:
        left = list(mails)
        begun = self._clock.monotonic()
        failed: list[Opened] = left
        try:
            with self._mailer.session() as session:
                while left and self._clock.monotonic() - begun < LEASE / 2:
                    failed = [left.pop(0)]
                    self._one(session, failed[0])
                failed = []
        except (UnavailableError, InputError) as error:
            # Nobody there: all wait. Broken off at one mail: that one waits, lest it stops all the others.
            for one in failed:
                self._postpone(one.mail, wait(one.mail.attempts), error.slug)
        for one in left if failed is not left else ():
            self._store.postpone(one.mail.id, due=self._clock.wall(), attempts=one.mail.attempts - 1)

    def _one(self, session: MailSession, one: Opened) -> None:
        """One mail, whose failure is its own. Raises UnavailableError when the conversation is over."""
        mail = one.mail
        try:
            recipient, message = self._write(one)
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

    def _write(self, one: Opened) -> tuple[str, bytes]:
        mail, request, body = one.mail, one.request, one.body
        recipient = body.addresses[mail.place]
        known = self._keyring.ticket_holds(request.header, body.ticket)
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
