"""Changed passwords go into a file; only what is verified leaves the journal then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.finder import vault
from sparekey.finder.changes import Changes, Stage
from sparekey.finder.vault import Entry

if TYPE_CHECKING:
    from pathlib import Path

    from sparekey.core.values import Secret
    from sparekey.finder.changes import Change
    from sparekey.finder.kit import Kit


def save_changes(kit: Kit, save: Path, master: Secret | None) -> int:
    """Save what is verified, and what may be so with a note. How many. Raises SparekeyError."""
    changes = Changes(kit.journal)
    made = changes.all()
    if not made:
        return 0
    note = kit.words.text("Not seen to work yet: sparekey rotate --resume")
    vault.save(
        save, [_entry(change, "" if change.stage is Stage.VERIFIED else note) for change in made], master
    )
    changes.drop(*(change for change in made if change.stage is Stage.VERIFIED))
    return len(made)


def _entry(change: Change, note: str) -> Entry:
    url = change.place if "://" in change.place else f"https://{change.place}/"
    return Entry(change.place, url, change.account, change.new, note)
