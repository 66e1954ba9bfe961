"""The desk's mails in its database."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, func, insert, select, update

from sparekey.core.mailing import Sent
from sparekey.desk.store.ports import Counted, Queued, Waiting
from sparekey.desk.store.tables import mails, outbox, tally

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from sparekey.desk.store.database import Database

HOUR, DAY = 3600, 86400
TICKETED, TICKETLESS, HELD_BACK = "ticketed", "ticketless", "held-back"
FIRST_USE = "first-use"
"""Kinds in the tally."""

_FIRST_SEEN = select(func.min(mails.c.queued_at)).where(mails.c.request_hash == bindparam("hash"))
_FOR_REQUEST = select(func.max(mails.c.queued_at), func.count()).where(
    mails.c.request_hash == bindparam("hash"), mails.c.address_mark == bindparam("mark")
)
_FOR_ADDRESS = select(func.count(), func.count().filter(mails.c.queued_at > bindparam("hour"))).where(
    mails.c.address_mark == bindparam("mark"), mails.c.queued_at > bindparam("day")
)
_FOR_KIND = select(func.coalesce(func.sum(tally.c.mails), 0)).where(
    tally.c.kind == bindparam("of"), tally.c.minute >= bindparam("since")
)
_ONE_MORE = (
    update(tally)
    .where(tally.c.kind == bindparam("of"), tally.c.minute == bindparam("at"))
    .values(mails=tally.c.mails + 1)
)
_COUNT, _QUEUE, _FIRST = insert(mails), insert(outbox), insert(tally)
_FORGET = delete(outbox).where(outbox.c.id == bindparam("mail"))
_DUE = (
    select(outbox)
    .where(outbox.c.due <= bindparam("now"))
    .order_by(outbox.c.due, outbox.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)


class SqlStore:
    """Mails that wait, and how many went where."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._idle = False

    @contextmanager
    def transaction(self) -> Iterator[_Transaction]:
        """Begin, then commit, or undo on any error."""
        with self._database.writing() as connection:
            yield _Transaction(connection)

    def first_seen(self, request_hash: bytes) -> int | None:
        """When the first mail for a request was queued."""
        with self._database.reading() as connection:
            return _first_seen(connection, request_hash)

    def claim(self, now: int, lease: int, most: int) -> list[Waiting]:
        """Take mails that are due. The second time that there is none, the database may tidy up: not the first time,
        because a busy desk looks after every batch.
        """
        taken = self._claim(now, lease, most)
        if self._idle and not taken:
            self._database.settle()
        self._idle = not taken
        return taken

    def _claim(self, now: int, lease: int, most: int) -> list[Waiting]:
        """Looks first without a transaction: mostly there is nothing. What another worker is taking is passed over."""
        with self._database.reading() as connection:
            if connection.execute(select(outbox.c.id).where(outbox.c.due <= now).limit(1)).first() is None:
                return []
        with self._database.writing(alone=False) as connection:
            rows = connection.execute(_DUE, {"now": now, "most": most}).all()
            taken = outbox.c.id.in_([row.id for row in rows])
            connection.execute(
                update(outbox).where(taken).values(due=now + lease, attempts=outbox.c.attempts + 1)
            )
        return [
            Waiting(row.id, row.request, row.place, row.round, row.good_until, row.attempts + 1)
            for row in rows
        ]

    def done(self, *mails: int) -> None:
        """Forget mails of the outbox."""
        with self._database.writing(alone=False) as connection:
            connection.execute(_FORGET, [{"mail": mail} for mail in mails])

    def postpone(self, mail: int, *, due: int, attempts: int) -> None:
        """Give a mail back."""
        with self._database.writing(alone=False) as connection:
            connection.execute(update(outbox).where(outbox.c.id == mail).values(due=due, attempts=attempts))

    def waiting(self) -> int:
        """How many mails are in the outbox."""
        with self._database.reading() as connection:
            return connection.execute(select(func.count()).select_from(outbox)).scalar_one()

    def prune(self, now: int) -> None:
        """Forget what no rule asks for."""
        with self._database.writing(alone=False) as connection:
            connection.execute(delete(mails).where(mails.c.keep_until < now))
            connection.execute(delete(tally).where(tally.c.minute < (now - DAY) // 60))


def counting(connection: Connection) -> _Transaction:
    """The counts of mails, in a transaction of another room."""
    return _Transaction(connection)


class _Transaction:
    """See `ports.DeskTransaction`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def first_seen(self, request_hash: bytes) -> int | None:
        return _first_seen(self._connection, request_hash)

    def sent(self, request_hash: bytes, address_mark: bytes, *, ticketed: bool, now: int) -> Sent:
        run = self._connection.execute
        last, for_request = run(_FOR_REQUEST, {"hash": request_hash, "mark": address_mark}).one()
        day, hour = run(_FOR_ADDRESS, {"mark": address_mark, "hour": now - HOUR, "day": now - DAY}).one()
        since = {"of": _kind(ticketed), "since": (now - HOUR) // 60}
        return Sent(
            since_last=None if last is None else now - last,
            for_request=for_request,
            address_hour=hour,
            address_day=day,
            kind_hour=int(run(_FOR_KIND, since).scalar_one()),
        )

    def queue(self, mail: Queued, now: int) -> None:
        self.count(mail, now)
        waiting = {
            "request": mail.request,
            "place": mail.place,
            "round": mail.round,
            "good_until": mail.good_until,
            "due": now,
            "attempts": 0,
        }
        self._connection.execute(_QUEUE, waiting)

    def count(self, mail: Counted, now: int) -> None:
        """One more mail, whose words lie on another pile."""
        counted = {
            "request_hash": mail.request_hash,
            "address_mark": mail.address_mark,
            "queued_at": now,
            "keep_until": max(mail.keep_until, now + DAY),
        }
        self._connection.execute(_COUNT, counted)
        self._one_more(_kind(mail.ticketed), now)

    def tally(self, kind: str, now: int) -> int:
        """One more of anything that has a budget for each hour; how many there were before."""
        since = {"of": kind, "since": (now - HOUR) // 60}
        before = int(self._connection.execute(_FOR_KIND, since).scalar_one())
        self._one_more(kind, now)
        return before

    def hold_back(self, now: int) -> None:
        self._one_more(HELD_BACK, now)

    def _one_more(self, kind: str, now: int) -> None:
        minute = now // 60
        if self._connection.execute(_ONE_MORE, {"of": kind, "at": minute}).rowcount == 0:
            self._connection.execute(_FIRST, {"kind": kind, "minute": minute, "mails": 1})


def _first_seen(connection: Connection, request_hash: bytes) -> int | None:
    seen: int | None = connection.execute(_FIRST_SEEN, {"hash": request_hash}).scalar_one()
    return seen


def _kind(ticketed: bool) -> str:
    return TICKETED if ticketed else TICKETLESS
