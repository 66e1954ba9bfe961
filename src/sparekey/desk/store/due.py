"""Rows that are due, in any table with the columns `id`, `due` and `attempts`: how every pile takes its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Row, Table

    from sparekey.desk.store.database import Database
    from sparekey.host.clock import Clock

NEVER = (1 << 62) - 1
"""Due at no time."""
STUCK = 1000
"""Rows that are made due in one go."""


def take(
    database: Database, table: Table, now: int, lease: int, most: int, *, alone: bool = True
) -> Sequence[Row[Any]]:
    """Up to `most` rows that are due, oldest first, as they were; nobody else gets them for `lease` seconds.

    Looks first without a transaction: mostly there is nothing. What another worker is taking is passed over.
    `alone`: as in `Database.writing`. Raises UnavailableError when the database fails.
    """
    due = table.c.due <= now
    with database.reading() as connection:
        if connection.execute(select(table.c.id).where(due).limit(1)).first() is None:
            return []
    query = select(table).where(due).order_by(table.c.due, table.c.id).limit(most)
    with database.writing(alone=alone) as connection:
        rows = connection.execute(query.with_for_update(skip_locked=True)).all()
        taken = table.c.id.in_([row.id for row in rows])
        connection.execute(update(table).where(taken).values(due=now + lease, attempts=table.c.attempts + 1))
    return rows


class Stuck:
    """Makes rows due that wait longer than anything waits: the clock was ahead when they were put there. A chore.
    `longest`: seconds.
    """

    EVERY = 60.0
    """Seconds between looks."""

    def __init__(self, database: Database, tables: Sequence[Table], longest: int, clock: Clock) -> None:
        self._database = database
        self._tables = tables
        self._longest = longest
        self._clock = clock
        self._looked = clock.monotonic() - self.EVERY

    def work(self) -> int:
        """Look, if it is time. Returns how many there were. Raises UnavailableError."""
        if self._clock.monotonic() - self._looked < self.EVERY:
            return 0
        self._looked, now, found = self._clock.monotonic(), self._clock.wall(), 0
        for table in self._tables:
            late = (table.c.due > now + self._longest) & (table.c.due < NEVER)
            with self._database.reading() as connection:
                stuck = list(connection.execute(select(table.c.id).where(late).limit(STUCK)).scalars())
            if stuck:
                with self._database.writing() as connection:
                    connection.execute(update(table).where(table.c.id.in_(stuck), late).values(due=now))
            found += len(stuck)
        return found
