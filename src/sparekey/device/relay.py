"""Enrolments of cameras that reach the desk only through this recorder: kept until the desk answered and the camera has
the answer (spec/enrolment.md section 2).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sparekey.core.errors import InputError
from sparekey.core.messages.header import Kind
from sparekey.core.messages.request import read_request

if TYPE_CHECKING:
    from sparekey.host.sqlite_store import SqliteFile

MOST = 256
"""Cameras whose enrolments are kept, at most."""

SCHEMA = (
    "CREATE TABLE relayed (serial TEXT PRIMARY KEY, sealed BLOB NOT NULL, reply BLOB) STRICT, WITHOUT ROWID"
)


@dataclass(frozen=True)
class Relayed:
    """One camera's enrolment. `reply`: what the desk answered, or empty while it has not."""

    serial: str
    sealed: bytes = field(repr=False)
    reply: bytes = field(default=b"", repr=False)


class Relay:
    """The table. Nothing in it can be read here: it is sealed to the desk, and answered under the camera's key."""

    def __init__(self, file: SqliteFile) -> None:
        self._file = file

    def add(self, sealed: bytes, desk: bytes) -> str | None:
        """Take a camera's enrolment along, in place of an older one of the same camera; its serial. None for what is no
        enrolment at our desk, or one too many. `desk`: our desk's id.
        """
        try:
            header = read_request(sealed).header
        except InputError:
            return None
        if header.kind is not Kind.ENROL or header.desk != desk:
            return None
        serial = header.identity.serial
        with self._file.writing() as connection:
            known = connection.execute("SELECT sealed FROM relayed WHERE serial = ?", (serial,)).fetchone()
            if known is not None and bytes(known[0]) == sealed:
                return serial
            (count,) = connection.execute("SELECT count(*) FROM relayed").fetchone()
            if known is None and count >= MOST:
                return None
            connection.execute("INSERT OR REPLACE INTO relayed VALUES (?, ?, NULL)", (serial, sealed))
        return serial

    def waiting(self) -> list[Relayed]:
        """What the desk has not answered yet."""
        return [one for one in self._all() if not one.reply]

    def answered(self) -> list[Relayed]:
        """What is to be handed back to its camera."""
        return [one for one in self._all() if one.reply]

    def keep_reply(self, sent: Relayed, reply: bytes) -> None:
        """The desk answered, if it is still the newest that this camera sealed."""
        with self._file.writing() as connection:
            connection.execute(
                "UPDATE relayed SET reply = ? WHERE serial = ? AND sealed = ?",
                (reply, sent.serial, sent.sealed),
            )

    def forget(self, serial: str) -> None:
        """The camera has its answer, or will never get one."""
        with self._file.writing() as connection:
            connection.execute("DELETE FROM relayed WHERE serial = ?", (serial,))

    def erase(self) -> None:
        """Forget all."""
        with self._file.writing() as connection:
            connection.execute("DELETE FROM relayed")

    def is_empty(self) -> bool:
        """Whether nothing is left."""
        return not self._file.rows("SELECT 1 FROM relayed LIMIT 1")

    def _all(self) -> list[Relayed]:
        rows = self._file.rows("SELECT serial, sealed, reply FROM relayed ORDER BY serial")
        return [
            Relayed(str(serial), bytes(sealed), bytes(reply) if isinstance(reply, bytes) else b"")
            for serial, sealed, reply in rows
            if isinstance(sealed, bytes)
        ]
