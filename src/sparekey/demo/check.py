"""Plays every procedure that is built through real processes, and says of each row how it went."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from sparekey.core.errors import SparekeyError
from sparekey.demo import plan
from sparekey.demo.checks import CHECKS
from sparekey.demo.procedures import PROCEDURES, asked
from sparekey.demo.proofs import PROOFS
from sparekey.demo.site import Site
from sparekey.demo.stage import Stage
from sparekey.demo.verdicts import OK, UNBUILT, UnlikeError, bare, failed, skipped

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from pathlib import Path

    from sparekey.demo.checks.check import Check
    from sparekey.host.clock import Clock
    from sparekey.host.entropy import Entropy

PARTS = ("mailbox", "support desk", "recorder")
"""The processes that a check needs: all but the page for people."""
_NOT_HERE = skipped("its switch is in a checkout of the sources alone")


def play(
    folder: Path,
    first_port: int,
    *,
    clock: Clock,
    entropy: Entropy,
    say: Callable[[str], None],
    rows: Collection[str] = (),
) -> dict[str, str]:
    """Play all checks, or those of `rows`, each on a site of its own below `folder`. A bare row is all its parts. Row
    -> verdict, as `table` has them.
    """
    rows = asked(rows)
    played: dict[str, str] = {}
    for check in CHECKS:
        if rows and check.row not in rows:
            continue
        say(f"Playing {check.row} with the rules of {check.profile}.")
        place = folder / check.row / f"{check.profile}-{check.play.__name__}"
        there = not check.needs or find_spec(check.needs)
        verdict = _verdict(check, place, first_port, clock, entropy) if there else _NOT_HERE
        if played.get(check.row, OK) == OK:
            played[check.row] = verdict
    for row, prove in PROOFS:
        if not rows or row in rows:
            say(f"Looking up what {row} says.")
            played[row] = prove()
    return table(played)


def table(played: Mapping[str, str]) -> dict[str, str]:
    """Every row and sub-row with its verdict; what was not played is still to do."""
    rows: dict[str, str] = {}
    for procedure in PROCEDURES:
        parts = {row: played.get(row, UNBUILT) for row in procedure.rows}
        rows |= parts
        rows[procedure.number] = bare(parts) if parts else played.get(procedure.number, UNBUILT)
    return rows


def _verdict(check: Check, folder: Path, first_port: int, clock: Clock, entropy: Entropy) -> str:
    folder.mkdir(parents=True)
    stage: Stage | None = None
    try:
        chosen = plan.make(check.profile, "", first_port)
        with Site(folder, chosen, clock=clock, entropy=entropy, say=lambda _: None) as site:
            site.start(PARTS)
            with Stage(site, clock) as stage:
                check.play(stage)
                site.watch()
    except Exception as error:  # noqa: BLE001 - whatever happens to one row, the others are still played
        where = f"{stage.at}: " if stage else ""
        return failed(where + _why(error))
    return OK


def _why(error: Exception) -> str:
    if isinstance(error, UnlikeError):
        return str(error)
    if isinstance(error, SparekeyError):
        return error.hint or error.slug
    return f"the check itself broke ({type(error).__name__})"
