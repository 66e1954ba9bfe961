"""Short runs of `./dev faults desk`: a crowd on each store, and a disk that fails under a desk that runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from faults.desk import crowds, full
from tests.desk.cluster import Cluster, programs


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a database, empty for SQLite."""
    found = programs()
    if request.param == "sqlite":
        yield ""
    elif found is None:
        pytest.skip("PostgreSQL's server is not installed here")
    else:
        cluster = Cluster(found)
        yield cluster.empty()
        cluster.close()


def test_T09_of_two_hundred_at_once_over_http_one_did_it(database: str, tmp_path: Path) -> None:
    assert crowds.play(tmp_path, database) == {
        "each": crowds.CROWD,
        "redeemed": 1,
        "approved": 1,
        "different files": 1,
        "mails of one square": 1,
    }


def test_T07_a_desk_whose_disk_fails_keeps_what_it_said_and_goes_on_by_itself(tmp_path: Path) -> None:
    found = full.play(tmp_path, "read-only", rounds=1)
    if found is None:
        pytest.skip("there is no C compiler here; mend it with: sudo apt install gcc libc6-dev")
    assert found["told 503"] > 0
    assert found["mailed codes"] > 0
