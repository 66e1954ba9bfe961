"""What holds for every test: no network outside tests/system, and examples that do not depend on speed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

SYSTEM = Path(__file__).parent / "system"

# No deadline and no "too slow": both are wall times, and the machine may be busy.
settings.register_profile(
    "ci", deadline=None, print_blob=True, derandomize=False, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("thorough", settings.get_profile("ci"), max_examples=5_000)
settings.load_profile("ci")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Open the network for system tests alone, and run them last: what they start may outlive one test."""
    items.sort(key=lambda item: SYSTEM in item.path.parents)
    for item in items:
        if SYSTEM in item.path.parents:
            item.add_marker("enable_socket")
