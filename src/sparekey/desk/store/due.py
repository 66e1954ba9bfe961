"""Rows that are due, in any table with the columns `id`, `due` and `attempts`: how every pile takes its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Row, Table

    from sparekey.desk.store.database import Database

NEVER = (1 << 62) - 1
"""Due at no time."""


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
