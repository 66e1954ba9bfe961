"""What the database holds, and whether the time in it can be right. Each look raises a SparekeyError that says what to
mend, or returns what was found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from sparekey.core import crypto
from sparekey.core.errors import InputError, UnavailableError
from sparekey.core.messages.header import Purpose
from sparekey.core.tlog.leaf import read_leaf
from sparekey.core.tlog.tiles import TILE_WIDTH
from sparekey.desk.keyring import read_keys
from sparekey.desk.keys.folder import listed
from sparekey.desk.keys.plan import named
from sparekey.desk.log.opening import ledger_of
from sparekey.desk.log.verify import Memory, verify
from sparekey.desk.registry import rows
from sparekey.desk.store.opening import connect
from sparekey.desk.store.schema import revision_of, revisions
from sparekey.desk.trust import load_trust
from sparekey.host.clock import is_kept

if TYPE_CHECKING:
    from sparekey.desk.config import DeskConfig
    from sparekey.desk.log.ledger import Ledger
    from sparekey.desk.store.database import Database
    from sparekey.host.clock import Clock

SLACK = 60
"""Seconds by which clocks may differ."""


def database(config: DeskConfig) -> str:
    """It answers, and this program knows its tables."""
    found = connect(config)
    try:
        with found.reading() as connection:
            step = revision_of(connection)
        if step is None:
            return "answers; it has no tables yet, the first start makes them"
        if step not in revisions():
            raise UnavailableError("store", "it was made by a newer sparekey; run that one")
        return (
            "answers" if step == revisions()[-1] else "answers; the next start brings its tables up to date"
        )
    finally:
        found.close()


def old_keys(config: DeskConfig) -> str:
    """Keys that were replaced: what still needs them, and how they go."""
    content, _ = load_trust(config.trust, config.root)
    known = {crypto.key_id(public).hex() for _, public in named(content)}
    old = [file for file in listed(config.keys) if file.path.stem != file.purpose]
    _resealed(config, old_enrol={file.id for file in old if file.purpose == "enrol"})
    told = [
        f"{file.path.name}: once every device has the newest trust file: sparekey desk keys retire {file.id}"
        for file in old
        if file.id in known
    ]
    told += [
        f"{file.path.name} opens what older requests and tickets hold" for file in old if file.id not in known
    ]
    return "; ".join(told) or "none"


def _resealed(config: DeskConfig, old_enrol: set[str]) -> None:
    if not old_enrol:
        return
    newest = next(iter(read_keys(config.keys).opening[Purpose.ENROL]))
    found = connect(config)
    try:
        with found.reading() as connection:
            there = revision_of(connection) is not None
            if there and rows.sealed_to_others(connection, newest, "", 1):
                raise InputError("reseal", "stored enrolments need an old key: sparekey desk reseal")
    finally:
        found.close()


def clock(config: DeskConfig, here: Clock) -> str:
    """Against the database's clock, where it has one of its own, and the newest entry of the log; and whether somebody
    keeps it right.
    """
    found = connect(config)
    try:
        now = here.wall()
        if "://" in config.database:
            with found.reading() as connection:
                theirs = int(
                    connection.execute(text("SELECT extract(epoch FROM now())::bigint")).scalar_one()
                )
            if abs(theirs - now) > SLACK:
                raise UnavailableError(
                    "clock", f"this clock and the database's differ by {abs(theirs - now)} seconds"
                )
        newest = _newest(_ledger(config, found))
        if newest > now + SLACK:
            raise UnavailableError(
                "clock", f"the newest entry of the log is {newest - now} seconds in the future"
            )
    finally:
        found.close()
    kept = is_kept()
    if kept is False:
        raise UnavailableError(
            "clock",
            "nothing keeps this machine's clock right: switch on systemd-timesyncd or chrony"
            " (timedatectl set-ntp true)",
        )
    told = "kept by NTP" if kept else "this system does not say whether NTP keeps it"
    return f"agrees with what it can be compared with; {told}"


def log(config: DeskConfig) -> str:
    """Whole, and the one that this node saw before."""
    found = connect(config)
    try:
        ledger = _ledger(config, found)
        if not ledger.head().note:
            return "not begun yet"
        return f"{verify(ledger, Memory(config.log_memory)).size} entries, whole and signed"
    finally:
        found.close()


def _newest(ledger: Ledger) -> int:
    size = ledger.head().frontier.size
    leaves = list(ledger.all_leaves(size, max(size - TILE_WIDTH, 0)))
    return read_leaf(leaves[-1][-1]).time if leaves and leaves[-1] else 0


def _ledger(config: DeskConfig, found: Database) -> Ledger:
    with found.reading() as connection:
        if revision_of(connection) is None:
            raise UnavailableError("store", "the database has no tables yet; the first start makes them")
    return ledger_of(read_keys(config.keys), load_trust(config.trust, config.root)[0], found)
