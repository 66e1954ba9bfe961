"""What was acknowledged is on the standby too, and a server that goes away costs an answer, never the truth."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from sqlalchemy import text

from sparekey.core.errors import UnavailableError
from sparekey.desk.store import connection as durable
from sparekey.desk.store import database as queueing
from sparekey.desk.store.database import Database
from sparekey.desk.store.postgres import open_postgres
from sparekey.desk.store.sql import SqlStore
from tests.desk.cluster import Cluster
from tests.desk.logbook import Logbook, leaf
from tests.desk.test_store import NOW, queue, sent


@pytest.fixture
def address(cluster: Cluster) -> Iterator[str]:
    fresh = cluster.fresh()
    yield fresh
    cluster.wants_standby("")


@pytest.fixture
def book(address: str) -> Iterator[Logbook]:
    made = Logbook(open_postgres(address))
    yield made
    made.close()


@pytest.fixture
def database(book: Logbook) -> Database:
    return book.database


@pytest.mark.parametrize("how", ["pg_cancel_backend", "pg_terminate_backend"])
def test_T51_an_entry_that_the_standby_may_lack_is_not_acknowledged_and_its_retry_is_the_same(
    cluster: Cluster, book: Logbook, how: str
) -> None:
    """PostgreSQL itself calls it committed once the wait for the standby is cancelled."""
    book.log.enter("before", leaf(1))
    cluster.wants_standby("away")
    with ThreadPoolExecutor(1) as pool:
        asked: Future[int] = pool.submit(book.log.enter, "code", leaf(2))
        cluster.end_waiting(how)
        with pytest.raises(UnavailableError, match="does not answer"):
            asked.result()
    cluster.wants_standby("")
    assert book.log.enter("code", leaf(3)) == 1
    assert book.log.enter_all([("before", leaf(4)), ("after", leaf(5))]) == [0, 2]


def test_T51_a_leader_without_its_standby_keeps_nobody_waiting_and_shows_nothing_that_it_has_alone(
    cluster: Cluster, book: Logbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its connections are there already; a new one would wait for the standby by itself."""
    size = text("SELECT size FROM log_state")
    with book.database.reading() as looking, book.database.reading() as another:
        assert looking.execute(size).scalar_one() == another.execute(size).scalar_one() == 0
    monkeypatch.setattr(durable, "PATIENCE", 0.2)
    with book.database.reading() as looking:
        cluster.wants_standby("away")
        with pytest.raises(UnavailableError, match="OperationalError"):
            book.log.enter("code", leaf(1))
        assert looking.execute(size).scalar_one() == 0
    with pytest.raises(UnavailableError, match="a standby that does not follow"):
        book.ledger.head()
    cluster.wants_standby("")
    assert book.log.enter("code", leaf(2)) == 0
    assert book.checkpoint.size == 1


def test_T51_after_a_crash_nothing_is_shown_before_the_standby_has_it(
    cluster: Cluster, address: str, book: Logbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server's own disk has an entry that the standby lacks. If this machine burns now, that entry is gone."""
    cluster.wants_standby("away")
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(book.log.enter, "code", leaf(1))
        cluster.end_waiting("pg_terminate_backend")
        with pytest.raises(UnavailableError):
            asked.result()
    monkeypatch.setattr(durable, "PATIENCE", 0.2)
    cluster.hang_up(address)
    with pytest.raises(UnavailableError, match="a standby that does not follow"):
        book.ledger.head()
    cluster.wants_standby("")
    assert book.ledger.head().frontier.size == 1


@pytest.mark.parametrize("weak", ["off", "local", "remote_write"])
def test_T51_whatever_the_server_says_a_commit_waits_for_the_standby_s_disk(
    cluster: Cluster, address: str, weak: str
) -> None:
    cluster.configure(address, f"synchronous_commit = {weak}")
    database = open_postgres(address)
    with database.reading() as looking:
        assert looking.execute(text("SHOW synchronous_commit")).scalar_one() == "on"
    database.close()


def test_connections_that_were_cut_are_noticed_before_they_are_used(
    cluster: Cluster, address: str, database: Database
) -> None:
    store = SqlStore(database)
    queue(store)
    for _ in range(3):
        cluster.hang_up(address)
        assert store.waiting() == 1
        cluster.hang_up(address)
        assert sent(store, NOW).for_request == 1


def test_a_connection_whose_server_only_reads_now_is_not_used_again(database: Database) -> None:
    store = SqlStore(database)
    with database.reading() as looking:
        looking.execute(text("SET default_transaction_read_only = on"))
    with pytest.raises(UnavailableError, match="does not answer"):
        queue(store)
    queue(store)
    assert sent(store, NOW).for_request == 1


def test_a_standby_is_no_database_to_connect_to(cluster: Cluster, address: str) -> None:
    cluster.configure(address, "default_transaction_read_only = on")
    with pytest.raises(UnavailableError, match="it is a standby"):
        open_postgres(address)


def test_nobody_waits_for_ever_behind_a_transaction_that_hangs(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queueing, "PATIENCE", 0.05)
    with ThreadPoolExecutor(1) as pool, database.writing():
        asked = pool.submit(queue, SqlStore(database))
        assert "others wait" in str(asked.exception())
    queue(SqlStore(database))
