"""A recorder for each test; where a profile matters, one for each profile."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.device.recorder import Recorder


@pytest.fixture
def recorder(tmp_path: Path) -> Recorder:
    """The recommended profile, set up with an address."""
    made = Recorder(tmp_path)
    made.set_up()
    return made


@pytest.fixture
def hikvision(tmp_path: Path) -> Recorder:
    made = Recorder(tmp_path, "hikvision")
    made.set_up()
    return made
