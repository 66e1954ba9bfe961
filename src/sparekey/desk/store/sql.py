"""The desk's mails in its database."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, func, select, update

from sparekey.desk.store.counting import DAY, counting, first_seen
from sparekey.desk.store.ports import Waiting
from sparekey.desk.store.tables import mails, outbox, tally

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sparekey.desk.store.counting import Counting
    from sparekey.desk.store.database import Database

_FORGET = delete(outbox).where(outbox.c.id.in_(bindparam("mails", expanding=True)))
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
    def transaction(self) -> Iterator[Counting]:
        """Begin, then commit, or undo on any error."""
        with self._database.writing() as connection, counting(connection) as counts:
            yield counts

    def first_seen(self, hashes: Sequence[bytes]) -> dict[bytes, int]:
        """When the first mail for each request was queued."""
        with self._database.reading() as connection:
            return first_seen(connection, hashes)

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
            connection.execute(_FORGET, {"mails": mails})

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
