"""The store in one SQLite file, every commit synced to the disk before it returns."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, event
from sqlalchemy.exc import SQLAlchemyError

from sparekey.core.errors import UnavailableError
from sparekey.desk.store.sql import SqlStore

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection, Engine

BUSY = 5
"""Seconds that a connection waits for another process's write."""


def open_sqlite(path: Path) -> SqlStore:
    """Open the file, making it or bringing it up to date first. Raises UnavailableError."""
    engine = sqlite_engine(path)
    try:
        migrate(engine)
    except SQLAlchemyError as error:
        engine.dispose()
        raise UnavailableError("store", f"cannot open the database {path} ({type(error).__name__})") from None
    return SqlStore(engine, one_writer=True)


def sqlite_engine(path: Path) -> Engine:
    """Connections to the file. `synchronous=FULL`: a commit that returned survives a power cut."""
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": BUSY}, hide_parameters=True)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def migrate(engine: Engine) -> None:
    """Bring the tables up to date, in one transaction; another process that starts meanwhile waits."""
    logging.getLogger("alembic").setLevel(logging.WARNING)  # it talks as soon as it is imported
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "sparekey.desk.store:migrations")
    config.set_main_option("path_separator", "os")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _prepare(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver must not open transactions by itself: `_begin` does
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    if not connection.get_execution_options().get("reading"):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
