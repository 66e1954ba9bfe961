"""The steps that bring a database up to date, on every engine."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, text

import sparekey.desk
from sparekey.core.errors import UnavailableError
from sparekey.desk.store.postgres import postgres_engine
from sparekey.desk.store.schema import bring_up_to_date, revision_of, revisions, upgrade
from sparekey.desk.store.sqlite import sqlite_engine
from sparekey.desk.store.tables import metadata
from tests.desk.conftest import ENGINES

ROOMS = Path(next(iter(sparekey.desk.__path__)))
for tables in ROOMS.rglob(
    "tables.py"
):  # every room's tables stand in the shared metadata once they are loaded
    import_module("sparekey.desk." + ".".join(tables.relative_to(ROOMS).with_suffix("").parts))


@pytest.fixture(params=ENGINES)
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database: a path, or an address."""
    if request.param == "postgres":
        address: str = request.getfixturevalue("cluster").empty()
        return address
    return str(tmp_path / "desk.sqlite")


@pytest.fixture
def engine(where: str) -> Iterator[Engine]:
    """Connects to it."""
    made = postgres_engine(where) if "://" in where else sqlite_engine(Path(where))
    yield made
    made.dispose()


def test_the_steps_make_exactly_the_tables_of_the_code(engine: Engine) -> None:
    bring_up_to_date(engine, "it")
    bring_up_to_date(engine, "it")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        assert revision_of(connection) == revisions()[-1]


@pytest.mark.parametrize("step", revisions())
def test_every_released_step_leads_up_to_the_newest(engine: Engine, step: str) -> None:
    with engine.begin() as connection:
        upgrade(connection, step)
        assert revision_of(connection) == step
    bring_up_to_date(engine, "it")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_what_an_old_desk_stored_is_there_afterwards(engine: Engine) -> None:
    with engine.begin() as connection:
        upgrade(connection, revisions()[0])
        connection.execute(text("INSERT INTO tally (kind, minute, mails) VALUES ('x', 7, 9)"))
    bring_up_to_date(engine, "it")
    with engine.connect() as connection:
        assert connection.execute(text("SELECT minute, mails FROM tally")).all() == [(7, 9)]


def test_a_step_that_fails_leaves_the_database_as_it_was(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE tally (kind integer)"))
    with pytest.raises(UnavailableError, match="cannot open it"):
        bring_up_to_date(engine, "it")
    with engine.connect() as connection:
        assert sorted(inspect(connection).get_table_names()) == ["tally"]


def test_a_database_of_a_newer_desk_is_refused(engine: Engine) -> None:
    bring_up_to_date(engine, "it")
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(UnavailableError, match="newer sparekey"):
        bring_up_to_date(engine, "it")


def test_many_that_start_at_once_take_each_step_once(where: str) -> None:
    program = (
        "import sys; from pathlib import Path; from sparekey.desk.store import postgres, sqlite; where = sys.argv[1];"
        "(postgres.open_postgres(where) if '://' in where else sqlite.open_sqlite(Path(where))).close()"
    )
    called = [sys.executable, "-c", program, where]
    started = [subprocess.Popen(called, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    ended = [process.communicate(timeout=120)[1] for process in started]
    assert [process.returncode for process in started] == [0, 0, 0], ended
