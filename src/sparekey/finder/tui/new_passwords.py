"""The lines of a dialog in which new passwords are typed, or a place is named where made ones go."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from textual.widgets import Input

from sparekey.core.errors import InputError
from sparekey.core.values import Secret
from sparekey.finder import vault
from sparekey.finder.renewing import Renewing
from sparekey.finder.tui.fields import Field

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.screen import Screen

    from sparekey.finder.kit import Kit
    from sparekey.language.catalogue import Translator


def lines(words: Translator) -> Iterator[Field]:
    """One password twice, or a file for one of each device's own."""
    yield Field(words.text("New password"), "new", secret=True)
    yield Field(words.text("The same once more"), "again", secret=True)
    yield Field(words.text("Or each its own, into FILE.csv or FILE.kdbx"), "save")
    yield Field(words.text("Password of the .kdbx"), "master", secret=True)


def read(screen: Screen[None], kit: Kit) -> Renewing:
    """What the lines say. Raises InputError, UnavailableError."""
    new, again, save, master = (
        screen.query_one(f"#{name}", Input).value for name in ("new", "again", "save", "master")
    )
    if bool(new) == bool(save.strip()):
        raise InputError("new", kit.words.text("Type a new password, or name a file: one of the two."))
    if new != again:
        raise InputError("new", kit.words.text("Type the new password twice, the same."))
    if new:
        return Renewing(kit, Secret(new), None)
    path = Path(save.strip()).expanduser()
    vault.check(path)
    if path.suffix.lower() == ".kdbx" and not master:
        raise InputError("vault", kit.words.text("A KeePass database has a password of its own."))
    return Renewing(kit, None, path, Secret(master) if master else None)


def wipe(screen: Screen[None]) -> None:
    """No password stays in a field that nobody needs any more."""
    for name in ("new", "again", "master"):
        screen.query_one(f"#{name}", Input).value = ""


def saved(new: Renewing) -> str:
    """Save what was made; what is said of it. Raises SparekeyError."""
    count = new.finish()
    told = new.kit.words.text("Saved in %(file)s: %(count)s passwords.")
    return told % {"file": new.save, "count": count} if count else ""
