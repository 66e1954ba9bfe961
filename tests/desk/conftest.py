"""Fixtures of the desk's tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desk.room import Room


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """A desk that runs."""
    made = Room(tmp_path)
    yield made
    made.close()
