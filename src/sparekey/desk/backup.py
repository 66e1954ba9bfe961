"""A copy of the desk's data while it runs, and the way back.

The database and what is public go into the copy. The keys do not: whoever finds the copy must not be able to open it.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from sparekey.core.errors import InputError, UnavailableError
from sparekey.desk.keyring import read_keys
from sparekey.desk.log.opening import ledger_of
from sparekey.desk.log.verify import Memory, verify
from sparekey.desk.store.sqlite import open_sqlite
from sparekey.desk.trust import load_trust

if TYPE_CHECKING:
    from sparekey.desk.config import DeskConfig

DATABASE = "desk.sqlite"
"""The database's name in a copy."""


def back_up(config: DeskConfig, toml: Path, folder: Path) -> int:
    """Copy into a new folder, and check the copy. Returns how many entries its log has.

    Raises InputError (`exists`, `postgres`), UnavailableError (`disk`, `store`), UntrustedError for a damaged log.
    """
    source = _file(config)
    if folder.exists():
        raise InputError("exists", f"{folder} is already there; a copy goes into a new folder")
    try:
        folder.mkdir(mode=0o700, parents=True)
        _copy(source, folder / DATABASE)
        for path in (toml, config.trust, config.root, config.log_memory):
            if path.exists():
                shutil.copy(path, folder / path.name)
    except (OSError, sqlite3.Error) as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise UnavailableError(
            "disk", f"cannot copy to {folder} ({type(error).__name__}); nothing is there"
        ) from None
    return _entries(config, folder / DATABASE)


def restore(config: DeskConfig, folder: Path, *, new_log: bool = False) -> int:
    """Put the database of a copy where the desk expects it. Returns how many entries its log has.

    `new_log`: forget the log in the copy, and begin the one that the trust file names now, under its new name.
    Raises InputError (`exists`, `postgres`), UnavailableError, or UntrustedError (`log-older`) where this desk has seen
    more of its log than the copy has; then nothing was put anywhere.
    """
    place = _file(config)
    for path in (place, place.with_name(f"{place.name}-wal")):
        if path.exists():
            raise InputError("exists", f"{path} is still there; move it away first")
    beside = place.with_name(f"{place.name}.restored")
    try:
        shutil.copy(folder / DATABASE, beside)
        beside.chmod(0o600)
    except OSError as error:
        raise UnavailableError("disk", f"cannot copy from {folder}: {error.strerror}") from None
    try:
        entries = _entries(config, beside, new_log=new_log)
        beside.replace(place)
    finally:
        for suffix in ("", "-wal", "-shm"):
            beside.with_name(beside.name + suffix).unlink(missing_ok=True)
    return entries


def _file(config: DeskConfig) -> Path:
    if "://" in config.database:
        raise InputError(
            "postgres", "PostgreSQL is copied with its own pg_dump: see docs/guide/desk-backup.md"
        )
    return Path(config.database)


def _copy(source: Path, target: Path) -> None:
    """SQLite's own online copy: one moment of the database, whatever is written meanwhile."""
    if not source.exists():
        raise FileNotFoundError(2, "there is no database", str(source))
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)


def _entries(config: DeskConfig, file: Path, *, new_log: bool = False) -> int:
    """Open a copy as a desk would, and verify its log."""
    database = open_sqlite(file)
    try:
        trust, _ = load_trust(config.trust, config.root)
        ledger = ledger_of(read_keys(config.keys), trust, database)
        if new_log:
            ledger.begin_anew()
        ledger.begin()
        entries = verify(ledger, Memory(config.log_memory)).size
        database.settle()
        return entries
    finally:
        database.close()
