"""What may fail around a desk, by the name that it is asked for by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from faults.desk import crowds, full, killing, mailing
from tests.desk.cluster import Cluster, programs

KILLS = 30
ROUNDS = 6

Counts = Mapping[str, object]


def _on_postgresql(play: Callable[[Path, str], Counts], folder: Path) -> Counts | None:
    """On a server of our own; None where it is not installed."""
    found = programs()
    if found is None:
        return None
    cluster = Cluster(found)
    try:
        return play(folder, cluster.empty())
    finally:
        cluster.close()


def _killed(folder: Path, database: str = "") -> Counts:
    return killing.play(folder, kills=KILLS, database=database)


PARTS: Mapping[str, Callable[[Path], Counts | None]] = {
    "killed-sqlite": _killed,
    "killed-postgresql": partial(_on_postgresql, _killed),
    "disk-full": partial(full.play, failure=full.FULL, rounds=ROUNDS),
    "read-only": partial(full.play, failure="read-only", rounds=ROUNDS),
    "disk-broken": partial(full.play, failure="disk broken", rounds=ROUNDS),
    "mail-server": mailing.play,
    "crowd-sqlite": crowds.play,
    "crowd-postgresql": partial(_on_postgresql, crowds.play),
}
