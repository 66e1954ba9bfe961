"""Mails with a code: on the pile lies the sealed request, and only here, at sending, is it opened.

Before the first mail with a code leaves, that it was issued stands in the recovery log.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core import crypto, mailing
from sparekey.core.errors import InputError, UntrustedError
from sparekey.core.messages.request import read_request
from sparekey.core.tlog.leaf import LOG_ID_LENGTH, Issued, LeafAction
from sparekey.core.values import MethodName
from sparekey.desk.mail.letters import CodeLetter
from sparekey.desk.mail.message import build

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sparekey.core.messages.request import MailBody, Request
    from sparekey.desk.keyring import Keyring
    from sparekey.desk.log.ports import RecoveryLog
    from sparekey.desk.mail.letters import Letters
    from sparekey.desk.mail.ports import Sender
    from sparekey.desk.store.ports import DeskStore, Waiting
    from sparekey.host.clock import Clock

MAIL_POLICY = 1
"""The policy version in the log's entry of a mailed code: no evidence is asked, so there is one policy only."""
NO_LOG_ID = bytes(LOG_ID_LENGTH)
"""The log id of a device that never enrolled (spec/log.md section 2.2)."""


class MailedCodes:
    """The pile of the mailed codes."""

    def __init__(
        self,
        *,
        store: DeskStore,
        keyring: Keyring,
        letters: Letters,
        sender: Sender,
        clock: Clock,
        log: RecoveryLog,
        log_ids: Callable[[Sequence[str]], Mapping[str, bytes]] = lambda _: {},
    ) -> None:
        """`log_ids`: by what the recovery log knows enrolled devices, by serial number."""
        self._store = store
        self._keyring = keyring
        self._letters = letters
        self._sender = sender
        self._clock = clock
        self._log = log
        self.log_ids = log_ids
        self._opened: dict[int, tuple[Request, MailBody]] = {}

    def claim(self, now: int, lease: int, most: int) -> Sequence[Waiting]:
        """Take mails that are due."""
        return self._store.claim(now, lease, most)

    def prepare(self, mails: Sequence[Waiting]) -> None:
        """Enter every code in the recovery log, but none that only confirms a mailbox. What does not open is left for
        `write` to say so.
        """
        self._opened.clear()
        for mail in mails:
            try:
                request = read_request(mail.request)
                self._opened[mail.id] = request, self._keyring.open_mail(request)
            except (InputError, UntrustedError):
                continue
        issued = [opened for opened in self._opened.values() if not opened[1].confirms]
        known = [request.header.identity.serial for request, body in issued if self._known(request, body)]
        log_ids = self.log_ids(list(dict.fromkeys(known))) if known else {}
        now = self._clock.wall()
        self._log.enter_all(
            [
                (f"mail-code {request.hash.hex()}", self._leaf(request, body, log_ids, now))
                for request, body in issued
            ]
        )

    def write(self, mail: Waiting) -> tuple[str, bytes]:
        """The code, opened now, for the sealed address and no other."""
        opened = self._opened.pop(mail.id, None)
        request = read_request(mail.request) if opened is None else opened[0]
        body = self._keyring.open_mail(request) if opened is None else opened[1]
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

    def done(self, *mails: int) -> None:
        """Forget them."""
        self._store.done(*mails)

    def postpone(self, mail: int, *, due: int, attempts: int) -> None:
        """Give it back."""
        self._store.postpone(mail, due=due, attempts=attempts)

    def give_up(self, mail: Waiting) -> None:
        """Forget it: the owner asks for another one at the recorder."""
        self._store.done(mail.id)

    def prune(self, now: int) -> None:
        """Forget old counts."""
        self._store.prune(now)

    def named(self, mail: Waiting) -> Mapping[str, object]:
        """The start of the request's hash."""
        request = crypto.sha256(mail.request)[:4].hex()
        return {"request": request, "place": mail.place, "round": mail.round}

    def _known(self, request: Request, body: MailBody) -> bool:
        """Whether it comes from a device that enrolled, whatever that proved."""
        shown = request.header, body.ticket
        return self._keyring.ticket_holds(*shown) or self._keyring.first_use_holds(*shown)

    def _leaf(self, request: Request, body: MailBody, log_ids: Mapping[str, bytes], now: int) -> Issued:
        log_id = log_ids.get(request.header.identity.serial) if self._known(request, body) else None
        return Issued(
            time=now,
            policy=MAIL_POLICY,
            method=MethodName.MAIL_CODE,
            action=LeafAction.NEW_PASSWORD,
            request=request.hash,
            log_id=log_id or NO_LOG_ID,
        )
