"""Fixtures of the desk's tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sparekey.desk.store.database import Database
from sparekey.desk.store.sqlite import open_sqlite
from tests.desk.room import Room

ENGINES: dict[str, Callable[[Path], Database]] = {
    "sqlite": lambda folder: open_sqlite(folder / "desk.sqlite"),
}


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """A desk that runs."""
    made = Room(tmp_path)
    yield made
    made.close()


@pytest.fixture(params=sorted(ENGINES))
def open_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Database]]:
    """Opens the same fresh database, each time as a new process would: for each engine that the desk speaks to."""
    opened: list[Database] = []

    def opener() -> Database:
        opened.append(ENGINES[request.param](tmp_path))
        return opened[-1]

    yield opener
    for database in opened:
        database.close()


@pytest.fixture
def database(open_database: Callable[[], Database]) -> Database:
    """A fresh database of the desk."""
    return open_database()
