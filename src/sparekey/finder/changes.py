"""Passwords that are being changed: kept before a device hears of them, until it is known which one works."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sparekey.finder.journal import Journal

_READ = "SELECT place, account, old, new, stage, at FROM changes"


class Stage(Enum):
    """How far a change got; the value stands in the journal."""

    SENT = "sent"
    """The device may have heard of the new one. The old or the new one works, and it is not known which."""
    CHANGED = "changed"
    """The new one works. Whether the old one is dead is not known."""
    VERIFIED = "verified"
    """The new one works, the old one does not. It waits for being saved."""


@dataclass(frozen=True)
class Change:
    """`place`: how the device is called. `old`, `new`: its passwords."""

    place: str
    account: str
    old: str = field(repr=False)
    new: str = field(repr=False)
    stage: Stage
    at: int

    def now(self, stage: Stage) -> Change:
        """The same, further on."""
        return replace(self, stage=stage)


class Changes:
    """The table of a journal. Every call is on the disk when it returns."""

    def __init__(self, journal: Journal) -> None:
        self._file = journal.file

    def keep(self, change: Change) -> None:
        """Before it is done, and as it gets on."""
        row = (change.place, change.account, change.old, change.new, change.stage.value, change.at)
        with self._file.writing() as connection:
            connection.execute("INSERT OR REPLACE INTO changes VALUES (?, ?, ?, ?, ?, ?)", row)

    def drop(self, *changes: Change) -> None:
        """It is saved elsewhere, or never happened."""
        with self._file.writing() as connection:
            connection.executemany(
                "DELETE FROM changes WHERE place = ? AND account = ?",
                [(change.place, change.account) for change in changes],
            )

    def all(self) -> list[Change]:
        """The oldest first."""
        return self._read()

    def of(self, *places: str) -> Change | None:
        """What is under way at a device that has these names."""
        found = [change for place in places for change in self._read("WHERE place = ?", (place,))]
        return found[0] if found else None

    def _read(self, where: str = "", values: Sequence[object] = ()) -> list[Change]:
        rows = self._file.rows(f"{_READ} {where} ORDER BY at, place", values)
        return [
            Change(str(place), str(account), str(old), str(new), Stage(stage), int(str(at)))
            for place, account, old, new, stage, at in rows
        ]
