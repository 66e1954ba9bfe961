"""The pile of the codes by which owners sign in: what is mailed is made at sending."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import update

from sparekey.core import mailing
from sparekey.core.crypto import sha256
from sparekey.desk.mail.message import build
from sparekey.desk.owners.tables import codes
from sparekey.desk.store import due
from sparekey.desk.store.due import NEVER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sparekey.desk.mail.letters import Letters
    from sparekey.desk.mail.ports import Sender
    from sparekey.desk.owners.accounts import Accounts


@dataclass(frozen=True)
class CodeDue:
    """A mail taken by one worker."""

    id: int
    good_until: int
    attempts: int
    mark: bytes = field(repr=False)
    nonce: bytes = field(repr=False)
    browser: bytes = field(repr=False)
    address: bytes = field(repr=False)
    locale: str
    round: int


class OwnerCodes:
    """The pile (`desk.mail.ports.Pile`)."""

    def __init__(self, accounts: Accounts, *, letters: Letters, sender: Sender, url: str) -> None:
        self._accounts = accounts
        self._database = accounts.database
        self._letters = letters
        self._sender = sender
        self._url = url

    def claim(self, now: int, lease: int, most: int) -> Sequence[CodeDue]:
        """Take mails that are due; looks first without a transaction."""
        rows = due.take(self._database, codes, now, lease, most, alone=False)
        return [_due(row) for row in rows]

    def prepare(self, mails: Sequence[CodeDue]) -> None:
        """Nothing: a code that signs in opens no device, and stands in no log."""

    def write(self, mail: CodeDue) -> tuple[str, bytes]:
        """To whoever asked, with nothing in it that they chose."""
        recipient, now = self._accounts.address(mail.mark, mail.address), self._accounts.clock.wall()
        values = {
            "code": self._accounts.code(mail.mark, mail.nonce, mail.browser).shown,
            "until": self._letters.moment(mail.good_until, now, mail.locale),
            "page": self._url,
        }
        message = build(
            self._letters.write("owner_code", mail.locale, values),
            name=self._sender.name,
            sender=self._sender.address,
            recipient=recipient,
            message_id=mailing.message_id(
                sha256(b"owner code" + mail.nonce), recipient, mail.round, self._sender.domain
            ),
            now=now,
        )
        return recipient, message

    def done(self, *mails: int) -> None:
        """They went out; a row stays until its code is used or over."""
        with self._database.writing(alone=False) as connection:
            connection.execute(update(codes).where(codes.c.id.in_(mails)).values(due=NEVER, attempts=0))

    def postpone(self, mail: int, *, due: int, attempts: int) -> None:
        """Give it back."""
        with self._database.writing(alone=False) as connection:
            connection.execute(update(codes).where(codes.c.id == mail).values(due=due, attempts=attempts))

    def give_up(self, mail: CodeDue) -> None:
        """Whoever waits for it asks again."""
        self.done(mail.id)

    def prune(self, now: int) -> None:
        """That is the accounts' work."""

    def named(self, mail: CodeDue) -> Mapping[str, object]:
        """Its number."""
        return {"mail": "owner_code", "id": mail.id, "round": mail.round}


def _due(row: Any) -> CodeDue:
    return CodeDue(
        row.id,
        row.until,
        row.attempts + 1,
        bytes(row.mark),
        bytes(row.nonce),
        bytes(row.browser),
        bytes(row.address),
        row.locale,
        row.round,
    )
