"""What happened on the device, for its owner to read: a row for each event, the newest ten thousand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core.effects import Happened, WriteAudit
from sparekey.core.values import Face

if TYPE_CHECKING:
    from sparekey.host.sqlite_store import SqliteFile

KEPT = 10_000
"""Rows that are kept; older ones go."""

SCHEMA = (
    "CREATE TABLE audit (id INTEGER PRIMARY KEY, what TEXT NOT NULL, face TEXT NOT NULL,"
    " account TEXT NOT NULL, number TEXT NOT NULL, age INTEGER NOT NULL, wall INTEGER) STRICT"
)


class Audit:
    """The audit table. Rows carry the number of the order that wrote them: writing one twice is harmless."""

    def __init__(self, file: SqliteFile) -> None:
        self._file = file

    def write(self, order: int, entry: WriteAudit) -> None:
        """Add a row."""
        told = (entry.what.value, entry.face.value, entry.account, entry.number, entry.age, entry.wall)
        with self._file.writing() as connection:
            connection.execute("INSERT OR IGNORE INTO audit VALUES (?, ?, ?, ?, ?, ?, ?)", (order, *told))
            connection.execute(
                "DELETE FROM audit WHERE id <= (SELECT id FROM audit ORDER BY id DESC LIMIT 1 OFFSET ?)",
                (KEPT,),
            )

    def erase(self) -> None:
        """Forget what happened: it names people."""
        with self._file.writing() as connection:
            connection.execute("DELETE FROM audit")

    def is_empty(self) -> bool:
        """Whether no row is left."""
        return not self._file.rows("SELECT 1 FROM audit LIMIT 1")

    def last(self, count: int) -> list[WriteAudit]:
        """The newest rows, newest first."""
        rows = self._file.rows(
            "SELECT what, face, account, number, age, wall FROM audit ORDER BY id DESC LIMIT ?", (count,)
        )
        return [
            WriteAudit(
                Happened(what),
                Face(face),
                str(account),
                str(number),
                age if isinstance(age, int) else 0,
                wall if isinstance(wall, int) else None,
            )
            for what, face, account, number, age, wall in rows
        ]
