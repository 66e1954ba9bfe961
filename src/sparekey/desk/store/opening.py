"""Opens the database that the settings name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sparekey.core.errors import InputError
from sparekey.desk.keyring import read_secret

if TYPE_CHECKING:
    from sparekey.desk.config import DeskConfig
    from sparekey.desk.store.database import Database

POSTGRES = ("postgresql://", "postgres://")


def open_database(config: DeskConfig) -> Database:
    """Open it, with its tables up to date. Raises InputError, UnavailableError."""
    if config.database.startswith(POSTGRES):
        from sparekey.desk.store.postgres import open_postgres

        file = config.database_password_file
        return open_postgres(config.database, None if file is None else read_secret(file).strip())
    if "://" in config.database:
        raise InputError("config", "database is the path of a file, or begins with postgresql://")
    from sparekey.desk.store.sqlite import open_sqlite

    return open_sqlite(Path(config.database))
