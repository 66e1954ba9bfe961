"""Who is signed in. Only hashes of the cookies are stored; a recovery ends every session before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sparekey.core.crypto import sha256

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sparekey.core.record import Record
    from sparekey.host.entropy import Entropy
    from sparekey.host.sqlite_store import SqliteFile

IDLE = 15 * 60
"""Seconds without a page after which a session is over."""
LONGEST = 8 * 3600
"""Seconds after which it is over in any case."""
SESSIONS_LIMIT = 64
"""Sessions at the same time; beyond that the oldest one ends."""
NOTED_EVERY = 30
"""Seconds between two notes of when a session was last seen: each note is a write to the disk."""

SCHEMA = (
    "CREATE TABLE sessions (token BLOB PRIMARY KEY, account TEXT NOT NULL, generation INTEGER NOT NULL,"
    " created_boot INTEGER NOT NULL, created_uptime INTEGER NOT NULL, created_wall INTEGER,"
    " seen_boot INTEGER NOT NULL, seen_uptime INTEGER NOT NULL, seen_wall INTEGER) STRICT, WITHOUT ROWID"
)

SOURCE_SCHEMA = "ALTER TABLE sessions ADD COLUMN source TEXT NOT NULL DEFAULT ''"
"""From where somebody signed in: an address, or nothing for the screen."""


@dataclass(frozen=True)
class Instant:
    """A point in time that survives a restart: boot number, seconds since then, trusted clock or None."""

    boot: int
    uptime: int
    wall: int | None

    def since(self, before: Instant) -> int | None:
        """Seconds since `before`; None when nobody can tell.

        Within a boot the uptime counts, whatever anybody does to the clock. Across boots only a trusted
        clock counts, and one that went back counts as unknown.
        """
        if self.boot == before.boot:
            return self.uptime - before.uptime
        if self.wall is None or before.wall is None or self.wall < before.wall:
            return None
        return self.wall - before.wall


@dataclass(frozen=True)
class Place:
    """Where somebody is signed in now. `mark`: what the table knows the session by, not what the browser holds.
    `source`: an address, or nothing for the screen. `since`: seconds since the sign-in. `idle`: since it was used.
    """

    mark: str
    account: str
    source: str
    since: int
    idle: int


class Sessions:
    """The sessions table."""

    def __init__(self, file: SqliteFile, entropy: Entropy) -> None:
        self._file = file
        self._entropy = entropy

    def open(self, account: str, generation: int, now: Instant, source: str = "") -> str:
        """A new session. Returns the cookie's value, which is kept nowhere else."""
        token = self._entropy.bytes(32).hex()
        when = (now.boot, now.uptime, now.wall)
        with self._file.writing() as connection:
            connection.execute(
                "DELETE FROM sessions WHERE token NOT IN"
                " (SELECT token FROM sessions ORDER BY created_boot DESC, created_uptime DESC LIMIT ?)",
                (SESSIONS_LIMIT - 1,),
            )
            connection.execute(
                "INSERT INTO sessions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (_key(token), account, generation, *when, *when, source),
            )
        return token

    def account(self, token: str | None, record: Record, now: Instant, *, stays: bool = True) -> str | None:
        """The account that a cookie stands for now, or None. Seeing a session keeps it from idling out; not so where
        it is not to stay.
        """
        row = self._row(token) if token else None
        if token is None or row is None:
            return None
        name, generation, created, seen = row
        if not _good(name, generation, record) or _ages(created, seen, now) is None:
            self.close(token)
            return None
        if stays and (now.boot != seen.boot or now.uptime - seen.uptime >= NOTED_EVERY):
            with self._file.writing() as connection:
                connection.execute(
                    "UPDATE sessions SET seen_boot = ?, seen_uptime = ?, seen_wall = ? WHERE token = ?",
                    (now.boot, now.uptime, now.wall, _key(token)),
                )
        return name

    def places(self, record: Record, now: Instant) -> list[Place]:
        """Who is signed in where, the latest first."""
        rows = self._file.rows(f"SELECT {_PARTS}, token, source FROM sessions")  # noqa: S608 - no value in it
        found = []
        for row in rows:
            name, generation, created, seen = _read(row[:8])
            ages = _ages(created, seen, now)
            if ages is not None and _good(name, generation, record) and isinstance(row[8], bytes):
                found.append(Place(row[8].hex(), name, str(row[9]), *ages))
        return sorted(found, key=lambda place: place.since)

    def end(self, marks: Iterable[str]) -> None:
        """End these sessions."""
        with self._file.writing() as connection:
            connection.executemany(
                "DELETE FROM sessions WHERE token = ?", [(bytes.fromhex(mark),) for mark in marks]
            )

    def close(self, token: str) -> None:
        """End one session."""
        with self._file.writing() as connection:
            connection.execute("DELETE FROM sessions WHERE token = ?", (_key(token),))

    def end_of(self, account: str, keep: str = "") -> None:
        """End every session of an account but the one whose cookie is `keep`."""
        with self._file.writing() as connection:
            connection.execute("DELETE FROM sessions WHERE account = ? AND token <> ?", (account, _key(keep)))

    def end_before(self, generation: int) -> None:
        """End every session that was opened before this generation. Doing so twice is fine."""
        with self._file.writing() as connection:
            connection.execute("DELETE FROM sessions WHERE generation < ?", (generation,))

    def erase(self) -> None:
        """End them all."""
        with self._file.writing() as connection:
            connection.execute("DELETE FROM sessions")

    def is_empty(self) -> bool:
        """Whether nobody is signed in."""
        return not self._file.rows("SELECT 1 FROM sessions LIMIT 1")

    def _row(self, token: str) -> tuple[str, int, Instant, Instant] | None:
        rows = self._file.rows(
            f"SELECT {_PARTS} FROM sessions WHERE token = ?",  # noqa: S608 - no value in it
            (_key(token),),
        )
        return _read(rows[0]) if rows else None


_PARTS = "account, generation, created_boot, created_uptime, created_wall, seen_boot, seen_uptime, seen_wall"


def _read(row: Sequence[object]) -> tuple[str, int, Instant, Instant]:
    name, *rest = row
    generation, *when = (item if isinstance(item, int) else None for item in rest)
    return str(name), generation or 0, _instant(when[:3]), _instant(when[3:])


def _good(name: str, generation: int, record: Record) -> bool:
    """Whether the account is there, may sign in, and no recovery came since."""
    account = record.account(name)
    return account is not None and not account.suspended and generation == record.generation


def _ages(created: Instant, seen: Instant, now: Instant) -> tuple[int, int] | None:
    """Seconds since it was opened and since it was used; None when it is over, or nobody can tell."""
    age, idle = now.since(created), now.since(seen)
    return None if age is None or idle is None or age >= LONGEST or idle >= IDLE else (age, idle)


def _instant(parts: list[int | None]) -> Instant:
    boot, uptime, wall = parts
    return Instant(boot or 0, uptime or 0, wall)


def mark_of(token: str) -> str:
    """What the table knows the session of this cookie by."""
    return _key(token).hex()


def _key(token: str) -> bytes:
    return sha256(token.encode())
