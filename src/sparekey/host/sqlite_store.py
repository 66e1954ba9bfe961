"""The embedded store: one SQLite file, every commit synced to the disk before it returns."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sparekey.core.errors import UnavailableError

_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS machine (id INTEGER PRIMARY KEY CHECK (id = 1), state BLOB NOT NULL) STRICT",
    "CREATE TABLE IF NOT EXISTS orders (id INTEGER PRIMARY KEY AUTOINCREMENT, data BLOB NOT NULL) STRICT",
)


class SqliteFile:
    """One open SQLite file that several tables share; one writer at a time.

    `synchronous=FULL`: a commit that returned survives a power cut (SQLite, "PRAGMA synchronous"). Every error of
    SQLite becomes UnavailableError.
    """

    def __init__(self, path: Path | None, schema: Sequence[str] = ()) -> None:
        self._lock = threading.RLock()
        with _translated():
            self._connection = sqlite3.connect(
                path or ":memory:", isolation_level=None, check_same_thread=False, timeout=5
            )
            try:
                self._connection.execute("PRAGMA journal_mode=WAL")
                self._connection.execute("PRAGMA synchronous=FULL")
                self._connection.execute("PRAGMA secure_delete=ON")
                self._make(schema)
            except BaseException:
                self._connection.close()
                raise

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    def settle(self) -> None:
        """Bring everything into the file itself, and cut the log of writes off: it still holds what was deleted."""
        with self._lock, _translated():
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A write transaction, undone on any error. Inside another one it joins it."""
        with self._lock, _translated():
            if self._connection.in_transaction:
                yield self._connection
                return
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:  # SQLite itself ends it on some errors, not on others
                    self._connection.execute("ROLLBACK")
                raise

    def rows(self, query: str, values: Sequence[object] = ()) -> list[tuple[object, ...]]:
        """Read."""
        with self._lock, _translated():
            return self._connection.execute(query, values).fetchall()

    def _make(self, schema: Sequence[str]) -> None:
        """The machine's own tables, then the steps of `schema` that this file has not seen; `user_version` counts
        them.
        """
        (made,) = self._connection.execute("PRAGMA user_version").fetchone()
        if made > len(schema):
            raise UnavailableError(
                "newer-store", "a newer version wrote this storage; start that version again"
            )
        with self.writing() as connection:
            for statement in (*_SCHEMA, *schema[made:]):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version={len(schema)}")


class SqliteStore:
    """A machine's state and orders in such a file."""

    def __init__(self, file: SqliteFile) -> None:
        self._file = file

    @contextmanager
    def transaction(self) -> Iterator[_Transaction]:
        """Hold the machine still, then commit."""
        with self._file.writing() as connection:
            yield _Transaction(connection)

    def waiting(self) -> list[tuple[int, bytes]]:
        """Orders not yet done, oldest first."""
        rows = self._file.rows("SELECT id, data FROM orders ORDER BY id")
        return [(row[0], row[1]) for row in rows if isinstance(row[0], int) and isinstance(row[1], bytes)]

    def done(self, orders: Sequence[int]) -> None:
        """Forget orders."""
        with self._file.writing() as connection:
            connection.executemany("DELETE FROM orders WHERE id = ?", [(order,) for order in orders])


class _Transaction:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def load(self) -> bytes | None:
        row = self._connection.execute("SELECT state FROM machine").fetchone()
        return bytes(row[0]) if row else None

    def save(self, state: bytes, orders: Sequence[bytes]) -> list[int]:
        self._connection.execute("INSERT OR REPLACE INTO machine (id, state) VALUES (1, ?)", (state,))
        return [
            int(
                self._connection.execute(
                    "INSERT INTO orders (data) VALUES (?) RETURNING id", (data,)
                ).fetchone()[0]
            )
            for data in orders
        ]


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise UnavailableError(
            "store",
            f"the storage does not answer ({type(error).__name__}); check that the disk is neither full nor read-only",
        ) from error
