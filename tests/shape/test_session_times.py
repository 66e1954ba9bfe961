"""How long sessions live is what the guides say."""

from __future__ import annotations

import re

import pytest

from sparekey.desk.staff.limits import SessionLimits
from sparekey.device import sessions
from tests.shape.tree import ROOT


def told(page: str) -> str:
    return " ".join((ROOT / "docs" / "guide" / page).read_text("utf-8").split())


@pytest.mark.meets("asvs-7.1.1", "asvs-7.1.2")
def test_a_devices_sessions_live_as_long_as_its_guide_says() -> None:
    found = re.search(
        r"for (\d+) minutes without a page and for (\d+) hours in all, in (\d+) browsers", told("screen.md")
    )
    assert found is not None
    idle, longest, most = (int(number) for number in found.groups())
    assert (idle * 60, longest * 3600, most) == (sessions.IDLE, sessions.LONGEST, sessions.SESSIONS_LIMIT)


@pytest.mark.meets("asvs-7.1.1", "asvs-7.1.3")
def test_a_desks_sessions_live_as_long_as_its_guide_says() -> None:
    assert SessionLimits() == SessionLimits(idle=30 * 60, longest=8 * 3600)
    page = told("desk-people.md")
    assert "after half an hour without a click and after eight hours in all" in page
    assert "by whichever way it was opened" in page
