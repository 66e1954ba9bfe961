"""Where new passwords go: a CSV file, or a KeePass database that any KeePass program opens."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sparekey.core.errors import InputError, UnavailableError
from sparekey.finder.places import private_file

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sparekey.core.values import Secret

COLUMNS = ("title", "url", "username", "password", "notes")
"""Of the CSV file, by the names that password managers import."""


@dataclass(frozen=True)
class Entry:
    """One device's login."""

    title: str
    url: str
    account: str
    password: str = field(repr=False)
    notes: str = ""


def check(path: Path) -> None:
    """Whether entries can be saved there later, before anything is changed. Raises InputError, UnavailableError."""
    if path.suffix.lower() not in (".csv", ".kdbx"):
        raise InputError("vault", f"{path.name}: name a file that ends in .csv or .kdbx")
    if path.suffix.lower() == ".csv" and path.exists():
        raise InputError("vault", f"{path} is there already; name a new file")
    if not path.parent.is_dir():
        raise UnavailableError("vault", f"there is no folder {path.parent}")
    if path.suffix.lower() == ".kdbx":
        _keepass()


def save(path: Path, entries: Sequence[Entry], master: Secret | None = None) -> None:
    """Write them; into a KeePass database that is there already they are added. Raises SparekeyError."""
    if path.suffix.lower() == ".csv":
        private_file(path, _csv(entries))
    elif master is None:
        raise InputError("vault", "a KeePass database has a password of its own")
    else:
        _save_keepass(path, entries, master)


def _csv(entries: Sequence[Entry]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows((one.title, one.url, one.account, one.password, one.notes) for one in entries)
    return out.getvalue().encode()


def _keepass() -> Any:
    try:
        import pykeepass  # type: ignore[import-untyped]  # it has no types
    except ImportError:
        raise UnavailableError(
            "no-keepass", "KeePass files need one more package: pip install 'sparekey[vault]' (it is GPL-3.0)"
        ) from None
    return pykeepass


def _save_keepass(path: Path, entries: Sequence[Entry], master: Secret) -> None:
    pykeepass = _keepass()
    try:
        if path.exists():
            database = pykeepass.PyKeePass(str(path), password=master.text)
        else:
            database = pykeepass.create_database(str(path), password=master.text)
        group = database.find_groups(name="sparekey", first=True) or database.add_group(
            database.root_group, "sparekey"
        )
        for one in entries:
            old = database.find_entries(url=one.url, username=one.account, group=group, first=True)
            if old is None:
                database.add_entry(group, one.title, one.account, one.password, url=one.url, notes=one.notes)
            else:
                old.save_history()
                old.password = one.password
        database.save()
    except Exception as error:  # noqa: BLE001 - the library raises what it likes, and some of it holds secrets
        raise UnavailableError("vault", f"cannot write {path} ({type(error).__name__})") from None
    path.chmod(0o600)
