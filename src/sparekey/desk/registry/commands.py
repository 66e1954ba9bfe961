"""`sparekey desk manifest import` and `sparekey desk reseal`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.desk.keyring import read_keys
from sparekey.desk.registry.factory_list import BadLine, import_list
from sparekey.desk.registry.resealing import Resealing
from sparekey.desk.store.opening import open_database

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sparekey.desk.config import DeskConfig

_WHY = {
    "too-long": "it is too long for a serial number and a hash",
    "not-utf-8": "it is no text in UTF-8",
    "no-hash": "it does not look like SERIAL,HASH with 64 hexadecimal digits",
    "bad-serial": "this serial number has characters that no label has",
    "other-hash": "the list already has another hash for this serial number",
}
TOLD = 100
"""Bad lines that are printed; the rest is counted."""


def import_manifest(
    config: DeskConfig, path: Path, *, say: Callable[[str], None], complain: Callable[[str], None]
) -> int:
    """Read the factory's list. Returns 0, or 1 when some lines did not fit. Raises UnavailableError."""
    told = 0

    def tell(line: BadLine) -> None:
        nonlocal told
        told += 1
        if told <= TOLD:
            complain(f"line {line.number}: {_WHY[line.why]}")

    database = open_database(config)
    try:
        done = import_list(database, path, tell)
    finally:
        database.close()
    if told > TOLD:
        complain(f"and {told - TOLD} more")
    say(f"{done.lines} lines read so far, {done.added} devices added now, {done.bad} lines passed over.")
    return 1 if done.bad else 0


def reseal(config: DeskConfig, *, say: Callable[[str], None]) -> int:
    """Seal every stored enrolment to the newest key. Raises UntrustedError, UnavailableError."""
    database = open_database(config)
    try:
        job, total = Resealing(database, read_keys(config.keys)), 0
        while made := job.work():
            total += made
    finally:
        database.close()
    say(f"{total} enrolments are sealed to the newest key now. Nothing is left on an older one.")
    return 0
