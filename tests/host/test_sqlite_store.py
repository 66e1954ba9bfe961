from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from sparekey.core.errors import UnavailableError
from sparekey.host.sqlite_store import SqliteFile, SqliteStore

PARENTS = "CREATE TABLE parent (id INTEGER PRIMARY KEY) STRICT"
CHILDREN = "CREATE TABLE child (parent INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED) STRICT"


@pytest.mark.meets("asvs-11.7.2")
def test_every_commit_is_synced_and_what_was_overwritten_is_gone(tmp_path: Path) -> None:
    file = SqliteFile(tmp_path / "file.sqlite")
    assert file.rows("PRAGMA synchronous") == [(2,)]
    assert file.rows("PRAGMA journal_mode") == [("wal",)]
    assert file.rows("PRAGMA secure_delete") == [(1,)]
    file.close()


def test_T07_a_failed_commit_changes_nothing() -> None:
    """Nor does it leave a transaction open, which every later one would join and none would end."""
    file = SqliteFile(None, (PARENTS, CHILDREN))
    file.rows("PRAGMA foreign_keys=ON")
    store = SqliteStore(file)

    def fail() -> None:
        with file.writing() as connection, store.transaction() as transaction:
            transaction.save(b"never", [b"never"])
            connection.execute("INSERT INTO child VALUES (7)")

    with pytest.raises(UnavailableError):
        fail()
    with store.transaction() as transaction:
        assert transaction.load() is None
    with file.writing() as connection:
        assert connection.in_transaction
        connection.execute("INSERT INTO parent VALUES (1)")
    with pytest.raises(UnavailableError), file.writing():
        file.rows("SELECT no such thing")
    assert file.rows("SELECT id FROM parent") == [(1,)]
    assert store.waiting() == []
    file.close()


def test_a_transaction_inside_another_is_the_same_one(tmp_path: Path) -> None:
    path = tmp_path / "file.sqlite"
    file = SqliteFile(path, (PARENTS,))
    with file.writing() as outer:
        outer.execute("INSERT INTO parent VALUES (1)")
        with file.writing() as inner:
            inner.execute("INSERT INTO parent VALUES (2)")
        other = sqlite3.connect(path)
        assert other.execute("SELECT count(*) FROM parent").fetchone() == (0,)
    assert other.execute("SELECT count(*) FROM parent").fetchone() == (2,)
    other.close()
    file.close()


def test_new_tables_come_at_the_next_start(tmp_path: Path) -> None:
    path = tmp_path / "file.sqlite"
    SqliteFile(path, (PARENTS,)).close()
    for schema in ((PARENTS, CHILDREN), (PARENTS, CHILDREN)):
        file = SqliteFile(path, schema)
        assert file.rows("SELECT count(*) FROM child") == [(0,)]
        assert file.rows("PRAGMA user_version") == [(2,)]
        file.close()


def test_a_file_that_is_no_database_is_unavailable(tmp_path: Path) -> None:
    path = tmp_path / "file.sqlite"
    path.write_bytes(b"this is not a database, it is a text of some length\n" * 100)
    with pytest.raises(UnavailableError, match="the storage does not answer"):
        SqliteFile(path)
    with pytest.raises(UnavailableError):
        SqliteFile(tmp_path / "no such folder" / "file.sqlite")


@pytest.mark.meets("asvs-1.4.3")
def test_a_closed_file_is_unavailable() -> None:
    file = SqliteFile(None)
    file.close()
    with pytest.raises(UnavailableError), file.writing():
        pass
    with pytest.raises(UnavailableError):
        file.rows("SELECT 1")


def test_a_file_that_somebody_else_holds_is_unavailable(tmp_path: Path) -> None:
    path = tmp_path / "file.sqlite"
    file = SqliteFile(path)
    file.rows("PRAGMA busy_timeout=1")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(UnavailableError), file.writing():
        pass
    other.execute("ROLLBACK")
    with file.writing() as connection:
        connection.execute("INSERT INTO machine VALUES (1, x'00')")
    other.close()
    file.close()


def test_an_older_program_does_not_open_what_a_newer_one_wrote(tmp_path: Path) -> None:
    path = tmp_path / "file.sqlite"
    SqliteFile(path, (PARENTS, CHILDREN)).close()
    with pytest.raises(UnavailableError, match="newer-store"):
        SqliteFile(path, (PARENTS,))
