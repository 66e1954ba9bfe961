"""Opens the database that the settings name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sparekey.core.errors import InputError, UnavailableError
from sparekey.desk.keyring import read_secret

if TYPE_CHECKING:
    from sparekey.desk.config import DeskConfig
    from sparekey.desk.store.database import Database

POSTGRES = ("postgresql://", "postgres://")


def open_database(config: DeskConfig) -> Database:
    """Open it, with its tables up to date. Raises InputError, UnavailableError."""
    if config.database.startswith(POSTGRES):
        from sparekey.desk.store.postgres import open_postgres

        return open_postgres(config.database, _password(config))
    from sparekey.desk.store.sqlite import open_sqlite

    return open_sqlite(_path(config))


def connect(config: DeskConfig) -> Database:
    """Connect to what is there, to look at it: nothing is made or brought up to date. Raises InputError,
    UnavailableError.
    """
    if config.database.startswith(POSTGRES):
        from sparekey.desk.store.postgres import PostgresDatabase, postgres_engine

        return PostgresDatabase(postgres_engine(config.database, _password(config)))
    from sparekey.desk.store.sqlite import SqliteDatabase, sqlite_engine

    path = _path(config)
    if not path.exists():
        raise UnavailableError("store", f"{path} is not there yet; the first start makes it")
    return SqliteDatabase(sqlite_engine(path), path)


def _path(config: DeskConfig) -> Path:
    if "://" in config.database:
        raise InputError("config", "database is the path of a file, or begins with postgresql://")
    return Path(config.database)


def _password(config: DeskConfig) -> str | None:
    file = config.database_password_file
    return None if file is None else read_secret(file).strip()
