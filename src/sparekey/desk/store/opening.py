"""Opens the database that the settings name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sparekey.core.errors import InputError, UnavailableError
from sparekey.desk.keyring import read_secret

if TYPE_CHECKING:
    from sparekey.desk.config import DeskConfig
    from sparekey.desk.store.database import Database

POSTGRES = ("postgresql:", "postgres:")
"""What the address of a PostgreSQL database begins with."""


def open_database(config: DeskConfig) -> Database:
    """Open it, with its tables up to date. Raises InputError, UnavailableError."""
    return open_at(config.database, config.database_password_file)


def open_at(written: str, password: Path | None = None) -> Database:
    """The same for a path or an address. `password`: the file that holds the address's."""
    if written.startswith(POSTGRES):
        from sparekey.desk.store.postgres import open_postgres

        return open_postgres(written, _password(password))
    from sparekey.desk.store.sqlite import open_sqlite

    return open_sqlite(Path(check_address(written)))


def connect(config: DeskConfig) -> Database:
    """Connect to what is there, to look at it: nothing is made or brought up to date. Raises InputError,
    UnavailableError.
    """
    if config.database.startswith(POSTGRES):
        from sparekey.desk.store.postgres import PostgresDatabase, postgres_engine

        return PostgresDatabase(postgres_engine(config.database, _password(config.database_password_file)))
    from sparekey.desk.store.sqlite import SqliteDatabase, sqlite_engine

    path = Path(config.database)
    if not path.exists():
        raise UnavailableError("store", f"{path} is not there yet; the first start makes it")
    return SqliteDatabase(sqlite_engine(path), path)


def check_address(written: str) -> str:
    """What stands in the settings, if it can name a database. Raises InputError (`config`), and never repeats an
    address: a password may stand in it.
    """
    if written.startswith(POSTGRES):
        from sparekey.desk.store.postgres import read_address

        read_address(written)
    elif not written or "://" in written or "=" in written:
        raise InputError("config", "database is the path of a file, or begins with postgresql://")
    return written


def _password(file: Path | None) -> str | None:
    return None if file is None else read_secret(file).strip()
