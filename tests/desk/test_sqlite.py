"""What the desk's database does where it is one SQLite file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from sparekey.core.errors import UnavailableError
from sparekey.desk.store.sql import SqlStore
from sparekey.desk.store.sqlite import open_sqlite, sqlite_engine
from tests.desk.test_store import MAIL, NOW, queue, sent


@contextmanager
def opened(path: Path) -> Iterator[SqlStore]:
    database = open_sqlite(path)
    yield SqlStore(database)
    database.close()


def test_a_commit_is_on_the_disk_before_it_returns(tmp_path: Path) -> None:
    engine = sqlite_engine(tmp_path / "desk.sqlite")
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2
        assert connection.exec_driver_sql("PRAGMA secure_delete").scalar_one() == 1
    engine.dispose()


@pytest.mark.meets("asvs-11.7.2")
def test_T02_what_was_sent_is_nowhere_on_the_disk_once_nothing_waits(tmp_path: Path) -> None:
    """Threat: whoever takes the disk of a running desk learns which devices asked."""
    path = tmp_path / "desk.sqlite"
    with opened(path) as store:
        mail = replace(MAIL, request=b"the serial stands in here" * 500)
        queue(store, mail)
        (taken,) = store.claim(NOW, 60, 10)
        store.claim(NOW, 60, 10)
        store.done(taken.id)
        assert any(b"the serial" in file.read_bytes() for file in tmp_path.iterdir()), (
            "or the test proves nothing"
        )
        store.claim(NOW, 60, 10)
        store.claim(NOW, 60, 10)
        assert not any(b"the serial" in file.read_bytes() for file in tmp_path.iterdir())
        assert path.with_name("desk.sqlite-wal").stat().st_size == 0
        assert sent(store, NOW, mail).for_request == 1


def test_a_reader_of_another_process_does_not_stop_an_idle_desk(tmp_path: Path) -> None:
    path = tmp_path / "desk.sqlite"
    with opened(path) as store:
        with closing(sqlite3.connect(path)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM mails").fetchone()
            queue(store)
            (mail,) = store.claim(NOW, 60, 10)
            store.done(mail.id)
            assert store.claim(NOW, 60, 10) == []
            assert store.claim(NOW, 60, 10) == []
            reader.execute("COMMIT")
        assert store.claim(NOW, 60, 10) == []
        assert path.with_name("desk.sqlite-wal").stat().st_size == 0


def test_a_folder_that_is_not_there_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="cannot open the database"):
        open_sqlite(tmp_path / "none" / "desk.sqlite")


def test_a_damaged_database_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "desk.sqlite").write_bytes(b"this is no database" * 100)
    with pytest.raises(UnavailableError, match="cannot open the database"):
        open_sqlite(tmp_path / "desk.sqlite")


def test_a_store_that_lost_its_tables_is_a_clear_error(tmp_path: Path) -> None:
    with opened(tmp_path / "desk.sqlite") as store:
        with sqlite3.connect(tmp_path / "desk.sqlite") as connection:
            connection.execute("DROP TABLE outbox")
        connection.close()
        with pytest.raises(UnavailableError, match="the database does not answer"):
            store.claim(NOW, 60, 10)
