"""What the desk's database must do, on every engine."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import func, insert, select

from sparekey.core.errors import MisuseError, UnavailableError
from sparekey.desk.store.database import Database
from sparekey.desk.store.tables import tally


def count(database: Database) -> int:
    with database.reading() as connection:
        return connection.execute(select(func.count()).select_from(tally)).scalar_one()


def put(database: Database, minute: int) -> None:
    with database.writing() as connection:
        connection.execute(insert(tally).values(kind="x", minute=minute, mails=1))


def test_what_was_written_is_seen_by_every_process(open_database: Callable[[], Database]) -> None:
    one, other = open_database(), open_database()
    put(one, 1)
    assert count(other) == 1


def test_an_error_undoes_a_whole_transaction(database: Database) -> None:
    def break_down() -> None:
        with database.writing() as connection:
            connection.execute(insert(tally).values(kind="x", minute=1, mails=1))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        break_down()
    assert count(database) == 0
    put(database, 1)
    assert count(database) == 1


def test_a_look_sees_what_was_committed_meanwhile(open_database: Callable[[], Database]) -> None:
    one, other = open_database(), open_database()
    with one.reading() as connection:
        assert connection.execute(select(func.count()).select_from(tally)).scalar_one() == 0
        put(other, 1)
        assert connection.execute(select(func.count()).select_from(tally)).scalar_one() == 1


def test_transactions_run_as_if_one_after_the_other(open_database: Callable[[], Database]) -> None:
    databases = [open_database(), open_database()]
    start = threading.Barrier(4)

    def one(database: Database) -> None:
        start.wait(30)
        for _ in range(5):
            with database.writing() as connection:
                seen = connection.execute(select(func.count()).select_from(tally)).scalar_one()
                connection.execute(insert(tally).values(kind="x", minute=seen, mails=1))

    threads = [threading.Thread(target=one, args=(databases[place % 2],)) for place in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert count(databases[0]) == 20


def test_a_transaction_inside_another_is_our_mistake(database: Database) -> None:
    with database.writing(), pytest.raises(MisuseError):
        put(database, 1)
    put(database, 1)
    assert count(database) == 1


@pytest.mark.meets("asvs-1.2.4")
def test_what_the_database_refuses_tells_nothing_of_what_was_written(database: Database) -> None:
    put(database, 77)
    with pytest.raises(UnavailableError, match="does not answer") as raised:
        put(database, 77)
    assert "77" not in str(raised.value)
    assert raised.value.__suppress_context__


def test_settling_is_always_fine(database: Database) -> None:
    database.settle()
    put(database, 1)
    database.settle()
    database.settle()
    assert count(database) == 1
