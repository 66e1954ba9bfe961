"""What owners hear from the desk by mail: the pile of sealed notices and enrolments, opened only at sending."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import delete, update

from sparekey.core import crypto, mailing
from sparekey.core.errors import UntrustedError
from sparekey.core.messages.enrol import EnrolBody
from sparekey.core.messages.notice import NoticeBody
from sparekey.core.messages.request import read_request
from sparekey.desk.mail.message import build
from sparekey.desk.registry import rows
from sparekey.desk.registry.disputes import stop_code
from sparekey.desk.registry.tables import news
from sparekey.desk.store import due

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from sparekey.core.messages.request import Request
    from sparekey.desk.keyring import Keyring
    from sparekey.desk.mail.letters import Letters
    from sparekey.desk.mail.ports import Sender
    from sparekey.desk.store.database import Database
    from sparekey.host.clock import Clock

NOTICE = "notice"
"""The kind of a mail about what a device noticed; every other kind is about an enrolment."""


@dataclass(frozen=True)
class NewsDue:
    """A mail taken from the pile by one worker. `attempts`: how often it was taken, this time included."""

    id: int
    kind: str
    request: bytes = field(repr=False)
    place: int
    about: str
    until: int
    good_until: int
    attempts: int


class NewsPile:
    """The pile (`desk.mail.ports.Pile`). `stop_page`: where a dispute is stopped."""

    def __init__(
        self,
        database: Database,
        *,
        keyring: Keyring,
        letters: Letters,
        sender: Sender,
        clock: Clock,
        stop_page: str,
    ) -> None:
        self._database = database
        self._keyring = keyring
        self._letters = letters
        self._sender = sender
        self._clock = clock
        self._stop_page = stop_page

    def claim(self, now: int, lease: int, most: int) -> Sequence[NewsDue]:
        """Take mails that are due, oldest first; looks first without a transaction."""
        found = due.take(self._database, news, now, lease, most, alone=False)
        return [_due(row) for row in found]

    def prepare(self, mails: Sequence[NewsDue]) -> None:
        """Nothing: a mail that only tells opens nothing, and stands in no log."""

    def write(self, mail: NewsDue) -> tuple[str, bytes]:
        """For the sealed address and no other. Raises UntrustedError when it does not open."""
        request = read_request(mail.request)
        body = self._keyring.open(request)
        if isinstance(body, NoticeBody):
            known = self._keyring.ticket_holds(request.header, body.ticket)
        elif isinstance(body, EnrolBody):
            known = True  # the desk took it for this device's
        else:
            raise UntrustedError("sealed", "it is neither a notice nor an enrolment")
        recipient, now = body.addresses[mail.place], self._clock.wall()
        told = self._told(mail, request, body, known=known)
        for moment in ("at", "until_at"):
            at = told[moment]
            told[moment] = "" if at is None else self._letters.moment(at, now, body.locale)
        letter = self._letters.write(mail.kind, body.locale, told)
        name = crypto.sha256(f"{mail.kind} {mail.about} {mail.until} ".encode() + request.hash)
        message = build(
            letter,
            name=self._sender.name,
            sender=self._sender.address,
            recipient=recipient,
            message_id=mailing.message_id(name, recipient, 0, self._sender.domain),
            now=now,
        )
        return recipient, message

    def done(self, *mails: int) -> None:
        """Forget them."""
        with self._database.writing(alone=False) as connection:
            connection.execute(delete(news).where(news.c.id.in_(mails)))

    def postpone(self, mail: int, *, due: int, attempts: int) -> None:
        """Give it back."""
        with self._database.writing(alone=False) as connection:
            connection.execute(update(news).where(news.c.id == mail).values(due=due, attempts=attempts))

    def give_up(self, mail: NewsDue) -> None:
        """Forget it: the banner on the device stays."""
        self.done(mail.id)

    def prune(self, now: int) -> None:
        """Nothing is kept."""

    def named(self, mail: NewsDue) -> Mapping[str, object]:
        """The kind and the start of the request's hash."""
        return {"news": mail.kind, "request": crypto.sha256(mail.request)[:4].hex(), "place": mail.place}

    def _told(
        self, mail: NewsDue, request: Request, body: NoticeBody | EnrolBody, *, known: bool
    ) -> dict[str, Any]:
        """What the templates may say: of a device without a ticket nothing that it chose itself."""
        notice = isinstance(body, NoticeBody)
        told: dict[str, Any] = {
            "device": request.header.identity if known else None,
            "what": body.what.value if isinstance(body, NoticeBody) else "",
            "account": body.account if isinstance(body, NoticeBody) and known else "",
            "at": body.wall if isinstance(body, NoticeBody) and known else None,
            "until_at": mail.until or None,
            "number": mail.about,
            "code": "",
            "page": self._stop_page,
        }
        if not notice and mail.about:
            with self._database.reading() as connection:
                dispute = rows.dispute_of(connection, mail.about)
            if dispute is not None:
                told["code"] = stop_code(self._keyring.ticket, dispute.state.claim).shown
        return told


def _due(row: Any) -> NewsDue:
    return NewsDue(
        row.id,
        row.kind,
        bytes(row.request),
        row.place,
        row.about,
        row.until,
        row.good_until,
        row.attempts + 1,
    )
