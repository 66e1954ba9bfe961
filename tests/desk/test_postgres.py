"""What the desk's database does where it is PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import insert, text

from sparekey.__main__ import main
from sparekey.core.errors import InputError, UnavailableError
from sparekey.desk import config
from sparekey.desk.store import connection as durable
from sparekey.desk.store.database import Database
from sparekey.desk.store.postgres import open_postgres, read_address
from sparekey.desk.store.sql import SqlStore
from sparekey.desk.store.tables import tally
from tests.desk.cluster import Cluster
from tests.desk.test_store import MAIL, NOW, queue, sent


@pytest.fixture
def address(cluster: Cluster) -> str:
    return cluster.fresh()


@pytest.fixture
def database(address: str) -> Iterator[Database]:
    made = open_postgres(address)
    yield made
    made.close()


def test_a_restart_of_the_server_is_not_noticed_by_the_next_transaction(
    cluster: Cluster, database: Database
) -> None:
    store = SqlStore(database)
    queue(store)
    cluster.stop()
    with pytest.raises(UnavailableError, match="does not answer"):
        queue(store)
    with pytest.raises(UnavailableError, match="does not answer"):
        store.waiting()
    cluster.start()
    queue(store)
    assert sent(store, NOW).for_request == 2


def test_init_on_postgresql_makes_no_sqlite_file(
    cluster: Cluster, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, address, password = tmp_path / "desk", cluster.empty(), tmp_path / "password"
    password.write_text("hunter2\n")
    password.chmod(0o600)
    made = [
        "desk",
        "init",
        "--dir",
        str(folder),
        "--database",
        address,
        "--database-password-file",
        str(password),
    ]
    assert main(made) == 0
    assert not list(folder.glob("*.sqlite*"))
    assert "hunter2" not in (folder / "desk.toml").read_text() + capsys.readouterr().out
    settings = config.load(folder / "desk.toml")
    assert (settings.database, settings.database_password_file) == (address, password)
    with psycopg.connect(address) as connection:
        assert connection.execute("SELECT count(*) FROM staff_invitations").fetchone() == (1,)


def test_init_on_a_database_that_is_not_there_leaves_nothing(
    cluster: Cluster, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = cluster.address("not_made")
    assert main(["desk", "init", "--dir", str(tmp_path / "desk"), "--database", missing]) == 4
    assert not (tmp_path / "desk").exists()
    assert "make it with createdb" in capsys.readouterr().err


def test_a_user_who_may_not_make_tables_is_told_what_to_do(cluster: Cluster) -> None:
    address = cluster.empty()
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("CREATE ROLE guest LOGIN")
    with pytest.raises(UnavailableError, match="make it the owner of the database"):
        open_postgres(address.replace("desk@", "guest@"))


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ('FATAL:  password authentication failed for user "database"', "does not take this password"),
        ('FATAL:  role "certificate" does not exist', "no such user"),
        ('connection to server at "database" port 5432 failed: Connection refused', "is PostgreSQL running"),
        ("FATAL:  the database system is starting up", "it is starting"),
        ("something new", "PostgreSQL's own log says why"),
    ],
)
def test_what_postgresql_says_becomes_what_to_do(
    monkeypatch: pytest.MonkeyPatch, told: str, words: str
) -> None:
    def refuse(**_: object) -> None:
        raise psycopg.OperationalError(told)

    monkeypatch.setattr("psycopg.Connection.connect", refuse)
    with pytest.raises(UnavailableError, match=words):
        open_postgres("postgresql://desk@localhost/desk", "hunter2")


def test_a_server_that_goes_away_in_the_middle_undoes_the_transaction(
    cluster: Cluster, database: Database
) -> None:
    def go_away() -> None:
        with database.writing() as connection:
            connection.execute(insert(tally).values(kind="x", minute=1, mails=1))
            cluster.stop()

    try:
        with pytest.raises(UnavailableError, match="does not answer"):
            go_away()
    finally:
        cluster.start()
    with database.writing() as connection:
        assert connection.execute(text("SELECT count(*) FROM tally")).scalar_one() == 0


def test_workers_pass_over_what_another_is_taking(database: Database, address: str) -> None:
    """A worker that hangs in the middle of taking mails does not hold up the others."""
    store = SqlStore(database)
    queue(store)
    queue(store)
    with psycopg.connect(address) as other:
        other.execute("SELECT id FROM outbox ORDER BY id LIMIT 1 FOR UPDATE")
        assert len(store.claim(NOW, 60, 10)) == 1
        assert store.claim(NOW, 60, 10) == []
    assert len(store.claim(NOW, 60, 10)) == 1


@pytest.mark.meets("asvs-13.2.6", "asvs-15.4.3")
def test_a_transaction_that_hangs_does_not_stop_the_desk_for_ever(
    database: Database, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its process was stopped, or its machine fell off the network: the others give up waiting, and say so."""
    monkeypatch.setattr(durable, "_SETTINGS", ("SET lock_timeout = '50ms'",))
    hasty = open_postgres(address)
    with database.writing(), pytest.raises(UnavailableError, match="does not answer"):
        queue(SqlStore(hasty))
    queue(SqlStore(hasty))
    assert sent(SqlStore(hasty), NOW, MAIL).for_request == 1
    hasty.close()


def test_a_server_that_is_not_there_is_a_clear_error() -> None:
    with pytest.raises(UnavailableError, match="cannot open the PostgreSQL database"):
        open_postgres("postgresql://desk@/desk?host=/nonexistent")


def test_a_password_does_not_stand_in_the_address() -> None:
    for address in ("postgresql://desk:secret@localhost/desk", "postgresql://localhost/desk?password=secret"):
        with pytest.raises(InputError, match="goes into a file") as raised:
            read_address(address)
        assert "secret" not in str(raised.value)


@pytest.mark.parametrize(
    "address", ["postgresql://[", "postgresql://host/desk?colour=red", "postgresql://a@b:c:d@e/?x"]
)
def test_an_address_that_is_none_is_told(address: str) -> None:
    with pytest.raises(InputError, match="postgresql://desk@db"):
        read_address(address)


@pytest.mark.meets("asvs-12.3.4")
@pytest.mark.parametrize(
    "host",
    [
        "db.example.com",
        "192.0.2.7",
        "localhost,db.example.com",
        "2001:db8::7",
        "db.example.com&hostaddr=127.0.0.1",
    ],
)
def test_T02_over_a_network_the_server_proves_who_it_is(host: str) -> None:
    asked = read_address(f"postgresql://desk@/desk?host={host}")
    assert (asked["sslmode"], asked["sslrootcert"]) == ("verify-full", "system")
    for mode in ("disable", "allow", "prefer"):
        with pytest.raises(InputError, match="read along"):
            read_address(f"postgresql://desk@/desk?host={host}&sslmode={mode}")
    assert "sslrootcert" not in read_address(f"postgresql://desk@/desk?host={host}&sslmode=require")
    own = read_address(f"postgresql://desk@/desk?host={host}&sslrootcert=/etc/ca.pem")
    assert (own["sslmode"], own["sslrootcert"]) == ("verify-full", "/etc/ca.pem")


@pytest.mark.parametrize(
    "host",
    ["", "localhost", "127.0.0.1", "::1", "/run/postgresql", "localhost,127.0.0.1", "localhost&hostaddr=::1"],
)
def test_this_very_machine_needs_no_certificate(host: str) -> None:
    assert "sslmode" not in read_address(f"postgresql://desk@/desk?host={host}")
