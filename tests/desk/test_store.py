"""What every store of the desk must do. To prove another database, add how to open it to `OPENERS`."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from sparekey.core.errors import UnavailableError
from sparekey.core.mailing import Sent
from sparekey.desk.store.ports import DeskStore, Queued
from sparekey.desk.store.sql import SqlStore
from sparekey.desk.store.sqlite import migrate, open_sqlite, sqlite_engine
from sparekey.desk.store.tables import metadata

NOW = 1_790_000_000
MAIL = Queued(
    request=b"sealed",
    request_hash=b"h" * 32,
    place=0,
    address_mark=b"a" * 32,
    ticketed=False,
    round=0,
    good_until=NOW + 86400,
    keep_until=NOW + 90_000,
)
NOTHING = Sent(since_last=None, for_request=0, address_hour=0, address_day=0, kind_hour=0)
OPENERS: dict[str, Callable[[Path], SqlStore]] = {
    "sqlite": lambda folder: open_sqlite(folder / "desk.sqlite")
}


@pytest.fixture(params=sorted(OPENERS))
def again(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], SqlStore]]:
    """Opens the same store, each time as a new process would."""
    opened: list[SqlStore] = []

    def opener() -> SqlStore:
        opened.append(OPENERS[request.param](tmp_path))
        return opened[-1]

    yield opener
    for store in opened:
        store.close()


@pytest.fixture
def store(again: Callable[[], SqlStore]) -> DeskStore:
    return again()


def queue(store: DeskStore, mail: Queued = MAIL, now: int = NOW) -> None:
    with store.transaction() as transaction:
        transaction.queue(mail, now)


def sent(store: DeskStore, now: int, mail: Queued = MAIL) -> Sent:
    with store.transaction() as transaction:
        return transaction.sent(mail.request_hash, mail.address_mark, ticketed=mail.ticketed, now=now)


def test_a_fresh_store_knows_nothing(store: DeskStore) -> None:
    assert sent(store, NOW) == NOTHING
    assert store.first_seen(MAIL.request_hash) is None
    assert store.claim(NOW, 60, 10) == []
    assert store.waiting() == 0


def test_what_is_queued_is_counted(store: DeskStore) -> None:
    queue(store)
    queue(store, replace(MAIL, round=1), NOW + 100)
    assert sent(store, NOW + 130) == Sent(30, 2, 2, 2, 2)
    assert store.first_seen(MAIL.request_hash) == NOW
    with store.transaction() as transaction:
        assert transaction.first_seen(MAIL.request_hash) == NOW


def test_counts_are_kept_apart(store: DeskStore) -> None:
    queue(store)
    other_request = replace(MAIL, request_hash=b"i" * 32)
    other_address = replace(MAIL, address_mark=b"b" * 32)
    assert sent(store, NOW, other_request) == Sent(None, 0, 1, 1, 1)
    assert sent(store, NOW, other_address) == Sent(None, 0, 0, 0, 1)
    assert sent(store, NOW, replace(other_address, ticketed=True)) == NOTHING


def test_hours_and_days_pass(store: DeskStore) -> None:
    queue(store)
    assert sent(store, NOW + 3599) == Sent(3599, 1, 1, 1, 1)
    assert sent(store, NOW + 3660) == Sent(3660, 1, 0, 1, 0)
    assert sent(store, NOW + 86401) == Sent(86401, 1, 0, 0, 0)


def test_what_is_held_back_does_not_count_as_sent(store: DeskStore) -> None:
    with store.transaction() as transaction:
        transaction.hold_back(NOW)
        transaction.hold_back(NOW)
    assert sent(store, NOW) == NOTHING
    assert store.waiting() == 0


def test_an_error_undoes_the_whole_transaction(store: DeskStore) -> None:
    def break_down() -> None:
        with store.transaction() as transaction:
            transaction.queue(MAIL, NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        break_down()
    assert sent(store, NOW) == NOTHING
    assert store.waiting() == 0


def test_everything_survives_a_restart(again: Callable[[], SqlStore]) -> None:
    queue(again())
    store = again()
    assert sent(store, NOW).for_request == 1
    assert [mail.request for mail in store.claim(NOW, 60, 10)] == [b"sealed"]


def test_a_mail_is_taken_by_one_worker_only(again: Callable[[], SqlStore]) -> None:
    queue(again())
    (mail,) = again().claim(NOW, 60, 10)
    assert (mail.request, mail.place, mail.round, mail.good_until, mail.attempts) == (
        b"sealed",
        0,
        0,
        NOW + 86400,
        1,
    )
    assert again().claim(NOW + 59, 60, 10) == []
    (later,) = again().claim(NOW + 60, 60, 10)
    assert (later.id, later.attempts) == (mail.id, 2)


def test_the_oldest_mails_are_taken_first_and_not_too_many(store: DeskStore) -> None:
    for place, now in enumerate((NOW + 2, NOW, NOW + 1)):
        queue(store, replace(MAIL, place=place), now)
    assert [mail.place for mail in store.claim(NOW + 2, 60, 2)] == [1, 2]
    assert [mail.place for mail in store.claim(NOW + 2, 60, 2)] == [0]


def test_a_mail_that_was_sent_is_gone_and_gone_again(store: DeskStore) -> None:
    queue(store)
    (mail,) = store.claim(NOW, 60, 10)
    store.done(mail.id)
    store.done(mail.id)
    assert store.waiting() == 0
    assert store.claim(NOW + 61, 60, 10) == []


def test_a_late_worker_does_not_hit_a_younger_mail(store: DeskStore) -> None:
    queue(store)
    (old,) = store.claim(NOW, 60, 10)
    store.done(old.id)
    queue(store)
    store.done(old.id)
    assert store.waiting() == 1


def test_a_postponed_mail_comes_back_when_it_is_due(store: DeskStore) -> None:
    queue(store)
    (mail,) = store.claim(NOW, 600, 10)
    store.postpone(mail.id, due=NOW + 5, attempts=mail.attempts)
    assert store.claim(NOW + 4, 60, 10) == []
    (again,) = store.claim(NOW + 5, 60, 10)
    assert again.attempts == 2


def test_old_counts_are_forgotten_and_needed_ones_are_not(store: DeskStore) -> None:
    queue(store)
    store.prune(NOW + 90_000)
    assert store.first_seen(MAIL.request_hash) == NOW
    store.prune(NOW + 90_001)
    assert store.first_seen(MAIL.request_hash) is None
    assert sent(store, NOW) == NOTHING
    assert store.waiting() == 1


def test_a_short_request_is_still_counted_for_a_day(store: DeskStore) -> None:
    queue(store, replace(MAIL, keep_until=NOW + 60))
    store.prune(NOW + 86400)
    assert sent(store, NOW + 86399).address_day == 1


def test_T09_two_at_once_count_one_after_the_other(again: Callable[[], SqlStore]) -> None:
    stores = [again(), again()]
    start = threading.Barrier(4)
    seen: list[int] = []

    def one(store: DeskStore) -> None:
        start.wait(30)
        for _ in range(5):
            with store.transaction() as transaction:
                before = transaction.sent(MAIL.request_hash, MAIL.address_mark, ticketed=False, now=NOW)
                seen.append(before.for_request)
                transaction.queue(MAIL, NOW)

    threads = [threading.Thread(target=one, args=(stores[place % 2],)) for place in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(seen) == list(range(20))
    assert sent(stores[0], NOW).kind_hour == 20


def test_two_workers_never_take_the_same_mail(again: Callable[[], SqlStore]) -> None:
    stores = [again(), again()]
    for place in range(20):
        queue(stores[0], replace(MAIL, place=place))
    taken: list[int] = []

    def one(store: DeskStore) -> None:
        while mails := store.claim(NOW, 600, 3):
            taken.extend(mail.place for mail in mails)

    threads = [threading.Thread(target=one, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == list(range(20))


def test_the_steps_make_exactly_the_tables_of_the_code(tmp_path: Path) -> None:
    engine = sqlite_engine(tmp_path / "desk.sqlite")
    migrate(engine)
    migrate(engine)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


def test_a_commit_is_on_the_disk_before_it_returns(tmp_path: Path) -> None:
    engine = sqlite_engine(tmp_path / "desk.sqlite")
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2
        assert connection.exec_driver_sql("PRAGMA secure_delete").scalar_one() == 1
    engine.dispose()


def test_T02_what_was_sent_is_nowhere_on_the_disk_once_nothing_waits(tmp_path: Path) -> None:
    """Threat: whoever takes the disk of a running desk learns which devices asked."""
    path = tmp_path / "desk.sqlite"
    store = open_sqlite(path)
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
    store.close()


def test_a_reader_of_another_process_does_not_stop_an_idle_desk(tmp_path: Path) -> None:
    path = tmp_path / "desk.sqlite"
    store = open_sqlite(path)
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
    store.close()


def test_a_folder_that_is_not_there_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="cannot open the database"):
        open_sqlite(tmp_path / "none" / "desk.sqlite")


def test_a_damaged_database_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "desk.sqlite").write_bytes(b"this is no database" * 100)
    with pytest.raises(UnavailableError, match="cannot open the database"):
        open_sqlite(tmp_path / "desk.sqlite")


def test_a_store_that_lost_its_tables_is_a_clear_error(tmp_path: Path) -> None:
    store = open_sqlite(tmp_path / "desk.sqlite")
    with sqlite3.connect(tmp_path / "desk.sqlite") as connection:
        connection.execute("DROP TABLE outbox")
    connection.close()
    with pytest.raises(UnavailableError, match="the database does not answer"):
        store.claim(NOW, 60, 10)
    store.close()
