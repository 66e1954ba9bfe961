"""Letters of cameras that reach the desk only through this recorder: kept until the desk answered and the camera has
the answer (spec/enrolment.md section 12).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sparekey.core.messages.header import Kind
from sparekey.core.messages.link_answer import LinkAnswer, LinkVerdict, read_carried
from sparekey.lan.link.letters import LETTERS_LIMIT

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Sequence

    from sparekey.core.messages.request import Request
    from sparekey.host.sqlite_store import SqliteFile

MOST = 1024
"""Letters of all cameras that are kept, at most."""

SCHEMA = (
    "CREATE TABLE relayed (serial TEXT PRIMARY KEY, sealed BLOB NOT NULL, reply BLOB) STRICT, WITHOUT ROWID"
)
LETTERS_SCHEMA = (
    "CREATE TABLE letters (id INTEGER PRIMARY KEY, serial TEXT NOT NULL, kind INTEGER NOT NULL, hash BLOB NOT NULL"
    " UNIQUE, sealed BLOB NOT NULL, said TEXT NOT NULL, answer BLOB) STRICT"
)
RETIRED = "DROP TABLE relayed"
"""What kept enrolments alone; the cameras bring them again."""

_ORDER = (Kind.ENROL, Kind.MAIL, Kind.NOTICE)
_OPEN = "said IN ('', 'waits')"
"""What the desk is still to be asked about."""


@dataclass(frozen=True)
class Relayed:
    """One letter that waits. `said`: the desk's last word on it, or None."""

    serial: str
    kind: Kind
    sealed: bytes = field(repr=False)
    said: LinkVerdict | None = None


class Relay:
    """The table. Nothing in it can be read here: it is sealed to the desk, and a reply is under the camera's key."""

    def __init__(self, file: SqliteFile) -> None:
        self._file = file

    def take(self, serial: str, letters: Sequence[Request]) -> bool:
        """What a camera brings now; what it brings no more is forgotten. Whether there is something new."""
        brought = {request.hash: request for request in letters}
        with self._file.writing() as connection:
            rows = connection.execute("SELECT hash, kind FROM letters WHERE serial = ?", (serial,)).fetchall()
            for known, kind in rows:
                # Of more than fit into one answer the rest comes later; an enrolment always comes first.
                if known not in brought and (len(letters) < LETTERS_LIMIT or kind == Kind.ENROL):
                    connection.execute("DELETE FROM letters WHERE hash = ?", (known,))
            return sum(_add(connection, serial, request) for request in brought.values()) > 0

    def waiting(self) -> list[Relayed]:
        """What the desk is still to be asked about: enrolments first, the oldest ahead."""
        rows = self._file.rows(f"SELECT serial, kind, sealed, said FROM letters WHERE {_OPEN} ORDER BY id")  # noqa: S608
        return sorted((_relayed(*row) for row in rows), key=lambda one: _ORDER.index(one.kind))

    def hear(self, answer: LinkAnswer) -> bool:
        """The desk answered one. Whether it is of these."""
        with self._file.writing() as connection:
            query = f"SELECT said FROM letters WHERE hash = ? AND {_OPEN}"  # noqa: S608
            row = connection.execute(query, (answer.request,)).fetchone()
            if row is not None and answer.verdict is not LinkVerdict.LATER and answer.verdict.value != row[0]:
                connection.execute(
                    "UPDATE letters SET said = ?, answer = ? WHERE hash = ?",
                    (answer.verdict.value, answer.encoded, answer.request),
                )
        return row is not None

    def answered(self, serial: str) -> list[tuple[Kind, LinkAnswer]]:
        """What is to be handed back to a camera, and of which kind the letters were."""
        query = "SELECT kind, answer FROM letters WHERE answer IS NOT NULL AND serial = ? ORDER BY id"
        rows = self._file.rows(query, (serial,))
        return [
            (Kind(int(str(kind))), read_carried(answer)) for kind, answer in rows if isinstance(answer, bytes)
        ]

    def told(self, answers: Sequence[LinkAnswer]) -> None:
        """The camera has these answers. What people look at stays, and the desk is asked about it again."""
        marks = [(answer.request,) for answer in answers]
        with self._file.writing() as connection:
            connection.executemany(f"UPDATE letters SET answer = NULL WHERE hash = ? AND {_OPEN}", marks)  # noqa: S608
            connection.executemany("DELETE FROM letters WHERE hash = ? AND NOT answer IS NULL", marks)

    def keep_to(self, serials: Collection[str]) -> None:
        """Forget answers that no camera waits for. What the desk has not answered stays: an owner is to hear of it."""
        with self._file.writing() as connection:
            rows = connection.execute(f"SELECT hash, serial FROM letters WHERE NOT {_OPEN}").fetchall()  # noqa: S608
            gone = [(known,) for known, serial in rows if serial not in serials]
            connection.executemany("DELETE FROM letters WHERE hash = ?", gone)

    def erase(self) -> None:
        """Forget all."""
        with self._file.writing() as connection:
            connection.execute("DELETE FROM letters")

    def is_empty(self) -> bool:
        """Whether nothing is left."""
        return not self._file.rows("SELECT 1 FROM letters LIMIT 1")


def _add(connection: sqlite3.Connection, serial: str, request: Request) -> bool:
    kind = request.header.kind
    query = "SELECT count(*), count(*) FILTER (WHERE serial = ?) FROM letters"
    everything, mine = connection.execute(query, (serial,)).fetchone()
    if kind is not Kind.ENROL and (mine >= LETTERS_LIMIT or everything >= MOST):
        return False
    row = serial, kind.value, request.hash, request.encoded
    added = connection.execute(
        "INSERT OR IGNORE INTO letters (serial, kind, hash, sealed, said) VALUES (?, ?, ?, ?, '')", row
    )
    return added.rowcount > 0


def _relayed(serial: object, kind: object, sealed: object, said: object) -> Relayed:
    assert isinstance(sealed, bytes)  # noqa: S101 - a STRICT table holds what it says
    return Relayed(str(serial), Kind(int(str(kind))), sealed, LinkVerdict(said) if said else None)
