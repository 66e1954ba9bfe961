"""A recorder for each test, and every file that a test opened closed after it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from sparekey.host.sqlite_store import SqliteFile
from tests.device.recorder import Recorder


@pytest.fixture(autouse=True)
def _closed_files(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A recorder that is rebooted loses its power: nobody closes its storage."""
    opened: list[SqliteFile] = []
    open_file = SqliteFile.__init__

    def opening(file: SqliteFile, path: Path | None, schema: Sequence[str] = ()) -> None:
        open_file(file, path, schema)
        opened.append(file)

    monkeypatch.setattr(SqliteFile, "__init__", opening)
    yield
    for file in opened:
        file.close()


@pytest.fixture
def recorder(tmp_path: Path) -> Recorder:
    """The recommended profile, set up with an address."""
    made = Recorder(tmp_path)
    made.set_up()
    return made


@pytest.fixture
def hikvision(tmp_path: Path) -> Recorder:
    """The same in the profile with the legal notice."""
    made = Recorder(tmp_path, "hikvision")
    made.set_up()
    return made


@pytest.fixture
def patronum(tmp_path: Path) -> Recorder:
    """The profile whose first login ends only when questions, key file and address are done."""
    made = Recorder(tmp_path, "patronum")
    made.set_up()
    return made
