"""What the tool must not forget between two runs: whose key it met, and which recoveries it began.

One SQLite file of this user's. It holds pickup codes, and new passwords until they are known to work: it is as
secret as the passwords themselves, and readable by its owner alone.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sparekey.core.crypto import sha256
from sparekey.core.errors import InputError, UnavailableError
from sparekey.core.values import MethodName
from sparekey.host.sqlite_store import SqliteFile

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

FILE = "finder.sqlite"
_MET = "CREATE TABLE met (place TEXT PRIMARY KEY, key BLOB NOT NULL, at INTEGER NOT NULL) STRICT"
_BEGUN = """CREATE TABLE begun (
    key BLOB NOT NULL, method TEXT NOT NULL, place TEXT NOT NULL, claim TEXT NOT NULL, number TEXT NOT NULL,
    request BLOB NOT NULL, prefix TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (key, method)) STRICT"""
_ASKED = """CREATE TABLE asked (
    request BLOB NOT NULL, prefix TEXT NOT NULL, pickup BLOB NOT NULL, number TEXT NOT NULL,
    at INTEGER NOT NULL, PRIMARY KEY (request, prefix)) STRICT"""
_PROMISED = """CREATE TABLE promised (
    place TEXT NOT NULL, account TEXT NOT NULL, password TEXT NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (place, account)) STRICT"""
_CHANGES = """CREATE TABLE changes (
    place TEXT NOT NULL, account TEXT NOT NULL, old TEXT NOT NULL, new TEXT NOT NULL, stage TEXT NOT NULL,
    at INTEGER NOT NULL, PRIMARY KEY (place, account)) STRICT"""
SCHEMA = (_MET, _BEGUN, _ASKED, _PROMISED, _CHANGES)


@dataclass(frozen=True)
class Begun:
    """A recovery that waits for its proof. `place`: where the device answered. `key`: the hash of its TLS key."""

    key: bytes
    method: MethodName
    place: str
    claim: str = field(repr=False)
    number: str
    request: bytes = field(repr=False)
    prefix: str
    at: int


@dataclass(frozen=True)
class Promised:
    """A new password that was made for a device, and is not saved anywhere else yet."""

    place: str
    account: str
    password: str = field(repr=False)
    at: int


@dataclass(frozen=True)
class Asked:
    """A case at a desk. `request`: the hash of what was sent; `pickup`: the secret that opens the case again, drawn
    and kept before anything is sent. `number`: empty until the desk has told it.
    """

    request: bytes
    prefix: str
    pickup: bytes = field(repr=False)
    number: str
    at: int


class Journal:
    """Open it for one run of the tool, and close it. Raises UnavailableError like `SqliteFile`."""

    def __init__(self, path: Path | None) -> None:
        if path is not None:
            _private(path)
        self.file = SqliteFile(path, SCHEMA)

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()

    def key_of(self, place: str) -> bytes | None:
        """The key that was met at this place, if any."""
        rows = self.file.rows("SELECT key FROM met WHERE place = ?", (place,))
        return _bytes(rows[0][0]) if rows else None

    def meet(self, place: str, key: bytes, now: int) -> None:
        """Somebody vouched for the key of this place: a person, or a request that names it."""
        with self.file.writing() as connection:
            connection.execute("INSERT OR REPLACE INTO met VALUES (?, ?, ?)", (place, key, now))

    def forget(self, place: str) -> bool:
        """The person says that the device there is another one now. Whether anything was known."""
        with self.file.writing() as connection:
            return connection.execute("DELETE FROM met WHERE place = ?", (place,)).rowcount > 0

    def begin(self, begun: Begun) -> None:
        """Keep a recovery; a new one by the same method takes the place of the old."""
        row = (begun.key, begun.method.value, begun.place, begun.claim, begun.number, begun.request)
        with self.file.writing() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO begun VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (*row, begun.prefix, begun.at)
            )

    def end(self, begun: Begun) -> None:
        """It is over, and so is its case at a desk."""
        with self.file.writing() as connection:
            connection.execute(
                "DELETE FROM begun WHERE key = ? AND method = ?", (begun.key, begun.method.value)
            )
            connection.execute("DELETE FROM asked WHERE request = ?", (sha256(begun.request),))

    def begun(self) -> list[Begun]:
        """Every recovery that waits, the oldest first."""
        query = "SELECT key, method, place, claim, number, request, prefix, at FROM begun ORDER BY at, place"
        return [
            Begun(
                _bytes(key),
                MethodName(str(method)),
                str(place),
                str(claim),
                str(number),
                _bytes(request),
                str(prefix),
                _int(at),
            )
            for key, method, place, claim, number, request, prefix, at in self.file.rows(query)
        ]

    def promise(self, promised: Promised) -> None:
        """Keep a new password before the device hears of it: power may fail right afterwards."""
        row = (promised.place, promised.account, promised.password, promised.at)
        with self.file.writing() as connection:
            connection.execute("INSERT OR REPLACE INTO promised VALUES (?, ?, ?, ?)", row)

    def promised(self) -> list[Promised]:
        """What was not saved elsewhere yet, the oldest first."""
        query = "SELECT place, account, password, at FROM promised ORDER BY at, place"
        return [
            Promised(str(place), str(account), str(password), _int(at))
            for place, account, password, at in self.file.rows(query)
        ]

    def keep_word(self, promised: Promised) -> None:
        """It is saved elsewhere now, or was never taken."""
        with self.file.writing() as connection:
            connection.execute(
                "DELETE FROM promised WHERE place = ? AND account = ?", (promised.place, promised.account)
            )

    def ask(self, asked: Sequence[Asked]) -> None:
        """Keep what is about to be sent, or the numbers that the desk gave."""
        rows = [(one.request, one.prefix, one.pickup, one.number, one.at) for one in asked]
        with self.file.writing() as connection:
            connection.executemany("INSERT OR REPLACE INTO asked VALUES (?, ?, ?, ?, ?)", rows)

    def asked(self) -> list[Asked]:
        """Every case that was opened from here, the oldest first."""
        query = "SELECT request, prefix, pickup, number, at FROM asked ORDER BY at, number"
        return [
            Asked(_bytes(request), str(prefix), _bytes(pickup), str(number), _int(at))
            for request, prefix, pickup, number, at in self.file.rows(query)
        ]

    def heard(self, asked: Asked) -> None:
        """The case is over and its answer was fetched; or support said no."""
        with self.file.writing() as connection:
            connection.execute(
                "DELETE FROM asked WHERE request = ? AND prefix = ?", (asked.request, asked.prefix)
            )


def _private(path: Path) -> None:
    """Make the file before SQLite does, so that nobody else can ever read it. Raises InputError, UnavailableError."""
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        if os.name == "posix" and path.stat().st_mode & 0o077:
            raise InputError(
                "journal-mode", f"others on this machine can read {path}; close it: chmod 600 {path}"
            )
    except OSError as error:
        raise UnavailableError("disk", f"cannot open {path}: {error.strerror}") from None


def _bytes(value: object) -> bytes:
    assert isinstance(value, bytes)  # noqa: S101 - the table is STRICT
    return value


def _int(value: object) -> int:
    assert isinstance(value, int)  # noqa: S101 - the table is STRICT
    return value
