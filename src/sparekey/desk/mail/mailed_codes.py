"""Mails with a code: on the pile lies the sealed request, and only here, at sending, is it opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core import crypto, mailing
from sparekey.core.messages.request import read_request
from sparekey.desk.mail.letters import CodeLetter
from sparekey.desk.mail.message import build

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sparekey.desk.keyring import Keyring
    from sparekey.desk.mail.letters import Letters
    from sparekey.desk.mail.ports import Sender
    from sparekey.desk.store.ports import DeskStore, Waiting
    from sparekey.host.clock import Clock


class MailedCodes:
    """The pile of the mailed codes."""

    def __init__(
        self, *, store: DeskStore, keyring: Keyring, letters: Letters, sender: Sender, clock: Clock
    ) -> None:
        self._store = store
        self._keyring = keyring
        self._letters = letters
        self._sender = sender
        self._clock = clock

    def claim(self, now: int, lease: int, most: int) -> Sequence[Waiting]:
        """Take mails that are due."""
        return self._store.claim(now, lease, most)

    def write(self, mail: Waiting) -> tuple[str, bytes]:
        """The code, opened now, for the sealed address and no other."""
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

    def done(self, mail: int) -> None:
        """Forget it."""
        self._store.done(mail)

    def postpone(self, mail: int, *, due: int, attempts: int) -> None:
        """Give it back."""
        self._store.postpone(mail, due=due, attempts=attempts)

    def give_up(self, mail: Waiting, _why: str) -> None:
        """Forget it: the owner asks for another one at the recorder."""
        self._store.done(mail.id)

    def prune(self, now: int) -> None:
        """Forget old counts."""
        self._store.prune(now)

    def named(self, mail: Waiting) -> Mapping[str, object]:
        """The start of the request's hash."""
        request = crypto.sha256(mail.request)[:4].hex()
        return {"request": request, "place": mail.place, "round": mail.round}
