"""Fixtures of the desk's tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sparekey.desk.store.database import Database
from sparekey.desk.store.postgres import open_postgres
from sparekey.desk.store.sqlite import open_sqlite
from tests.desk.cluster import Cluster, programs
from tests.desk.owning import Owning
from tests.desk.room import Room

ENGINES = ("sqlite", "postgres")


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL server for this run of the tests; skipped where none is installed."""
    found = programs()
    if found is None:
        pytest.skip("PostgreSQL's server is not installed here")
    made = Cluster(found)
    yield made
    made.close()


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """A desk that runs."""
    made = Room(tmp_path)
    yield made
    made.close()


@pytest.fixture(params=ENGINES)
def owning(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Owning]:
    """A desk with owners, for each engine."""
    made = Owning(
        tmp_path, postgres=request.getfixturevalue("cluster").fresh() if request.param == "postgres" else ""
    )
    yield made
    made.close()


@pytest.fixture(params=ENGINES)
def open_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Database]]:
    """Opens the same fresh database, each time as a new process would: for each engine that the desk speaks to."""
    opened: list[Database] = []
    address = request.getfixturevalue("cluster").fresh() if request.param == "postgres" else None

    def opener() -> Database:
        file = tmp_path / "desk.sqlite"
        opened.append(open_sqlite(file) if address is None else open_postgres(address))
        return opened[-1]

    yield opener
    for database in opened:
        database.close()


@pytest.fixture
def database(open_database: Callable[[], Database]) -> Database:
    """A fresh database of the desk."""
    return open_database()
