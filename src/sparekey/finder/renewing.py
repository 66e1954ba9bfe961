"""Which new password each device gets: one that a person typed, or one of its own that is made and saved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from sparekey.core.values import Secret
from sparekey.finder import asking, making, vault
from sparekey.finder.journal import Promised
from sparekey.finder.vault import Entry

if TYPE_CHECKING:
    from pathlib import Path

    from sparekey.finder.kit import Kit


@dataclass(frozen=True)
class Renewing:
    """`typed`: the same for all; None when each gets its own. `save`: where those go."""

    kit: Kit
    typed: Secret | None
    save: Path | None
    master: Secret | None = None

    def password(self, place: str, account: str, least: int, most: int) -> Secret:
        """The new password of one device, kept in the journal before anybody hears of it."""
        if self.typed is not None:
            return self.typed
        before = next(
            (one for one in self.kit.journal.promised() if (one.place, one.account) == (place, account)), None
        )
        made = before.password if before else making.make(self.kit.entropy, least, most)
        self.kit.journal.promise(Promised(place, account, made, self.kit.clock.wall()))
        return Secret(made)

    def finish(self) -> int:
        """Save what was made, this time or in a run that was cut off. How many passwords were saved."""
        promised = self.kit.journal.promised()
        if self.save is None or not promised:
            return 0
        entries = [Entry(one.place, f"https://{one.place}/", one.account, one.password) for one in promised]
        vault.save(self.save, entries, self.master)
        for one in promised:
            self.kit.journal.keep_word(one)
        return len(entries)


def renewing(
    kit: Kit, *, file: Path | None, generate: bool, save: Path | None, vault_password: Path | None
) -> Renewing:
    """What the options of a command ask for. Raises click.UsageError, SparekeyError."""
    if generate and save is None:
        raise click.UsageError(
            "--generate needs --save FILE.csv or FILE.kdbx: nobody could sign in otherwise"
        )
    if generate and file is not None:
        raise click.UsageError("choose one of --generate and --new-password-file")
    if not generate:
        return Renewing(kit, asking.fresh(file, kit.words), None)
    vault.check(save)  # type: ignore[arg-type]  # not None here, as just checked
    master = None
    if save is not None and save.suffix.lower() == ".kdbx":
        master = asking.current(vault_password, kit.words, save.name)
    return Renewing(kit, None, save, master)
