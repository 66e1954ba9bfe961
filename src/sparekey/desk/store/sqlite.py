"""The database in one SQLite file, every commit synced to the disk before it returns.

What is deleted is overwritten, and an idle desk empties the write-ahead log: a stolen disk tells who asked
for help only while a mail waits.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import create_engine, event

from sparekey.core.errors import UnavailableError
from sparekey.desk.store.database import Database
from sparekey.desk.store.schema import bring_up_to_date

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from pathlib import Path

    from sqlalchemy import Connection, Engine

BUSY = 5
"""Seconds that a connection waits for another process's write."""


def open_sqlite(path: Path) -> Database:
    """Open the file, making it or bringing it up to date first. Raises UnavailableError."""
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))  # the files beside it get its mode
    except OSError as error:
        raise UnavailableError("store", f"cannot open the database {path}: {error.strerror}") from None
    engine = sqlite_engine(path)
    bring_up_to_date(engine, f"the database {path}")
    return SqliteDatabase(engine, path)


class SqliteDatabase(Database):
    """One writer at a time. Settling empties the write-ahead log."""

    LOOKING: ClassVar = {"reading": True}

    def __init__(self, engine: Engine, path: Path) -> None:
        super().__init__(engine)
        self._log = path.with_name(f"{path.name}-wal")

    def settle(self) -> None:
        """Move the write-ahead log into the file; while another process reads or writes it stays as it is."""
        try:
            if self._log.stat().st_size == 0:
                return
            with self._turn, self.reading() as connection:
                for pragma in ("busy_timeout=0", "wal_checkpoint(TRUNCATE)", f"busy_timeout={BUSY * 1000}"):
                    connection.exec_driver_sql(f"PRAGMA {pragma}")
        except FileNotFoundError:
            return

    def _queue(self, alone: bool) -> AbstractContextManager[object]:
        return self._in_turn()  # SQLite writes one transaction at a time, whatever they are

    def _begun(self, alone: bool) -> AbstractContextManager[Connection]:
        return self.engine.begin()


def sqlite_engine(path: Path) -> Engine:
    """Connections to the file. `synchronous=FULL`: a commit that returned survives a power cut."""
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": BUSY}, hide_parameters=True)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver must not open transactions by itself: `_begin` does
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    if not connection.get_execution_options().get("reading"):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
