"""What the staff and its programs write down about a case: free text, sealed in the database, for the desk alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select

from sparekey.core.errors import InputError
from sparekey.desk.cases.asking import Past
from sparekey.desk.cases.repository import note, was_once
from sparekey.desk.cases.tables import case_notes, cases

if TYPE_CHECKING:
    from sparekey.desk.cases.vault import Vault
    from sparekey.desk.store.database import Database

NOTE_LIMIT = 2000
"""Characters of one note."""
NOTES_MOST = 100
"""Notes of one case."""


@dataclass(frozen=True)
class Note:
    """One note. `by`: a staff id, or a program's."""

    at: int
    by: str
    text: str = field(repr=False)


class Notes:
    """Keeps them. Every method raises UnavailableError when the database fails."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    def add(self, number: str, text: str, by: str, now: int, once: bytes = b"") -> bool:
        """Write something down; False when there is no such case. `once`: as in `Past`. Raises InputError: `note` for
        what is no text of 1 to 2,000 characters, `note-many`.
        """
        text = checked(text)
        sealed = self._vault.seal(number, text.encode())
        with self._database.writing() as connection:
            known = select(cases.c.number).where(cases.c.number == number).with_for_update()
            if connection.execute(known).first() is None:
                return False
            if was_once(connection, number, once):
                return True
            count = select(func.count()).select_from(case_notes).where(case_notes.c.number == number)
            if connection.execute(count).scalar_one() >= NOTES_MOST:
                raise InputError("note-many", f"a case holds {NOTES_MOST} notes")
            connection.execute(insert(case_notes).values(number=number, at=now, by=by, content=sealed))
            note(connection, number, Past(now, "note", by, "agent", once=once))
        return True

    def all(self, number: str) -> tuple[Note, ...]:
        """The notes of a case, oldest first."""
        query = select(case_notes).where(case_notes.c.number == number).order_by(case_notes.c.id)
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return tuple(Note(row.at, row.by, self._vault.open(number, row.content).decode()) for row in rows)


def checked(text: str) -> str:
    """A note as it is kept: its lines without what cannot be printed. Raises InputError (`note`)."""
    lines = [line.rstrip() for line in text.strip().splitlines()]
    if not 0 < len(text) <= NOTE_LIMIT or not any(lines):
        raise InputError("note", f"a note has 1 to {NOTE_LIMIT} characters")
    if not all(line.replace("\t", " ").isprintable() for line in lines):
        raise InputError("note", "a note is plain text")
    return "\n".join(lines)
