"""Logins that an installer already has: a file of address, user and password that only its owner can read."""

from __future__ import annotations

import csv
import io
import os
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sparekey.core.errors import InputError, UnavailableError
from sparekey.core.values import Secret
from sparekey.lan.http_digest import Credential

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

MOST = 20_000
"""Logins in one file."""
SIZE_LIMIT = 8 * 1024 * 1024
_PLAIN = ("address", "user", "password")
_VAULT = ("title", "url", "username", "password", "notes")
"""The columns of our own file; what was saved last time is what signs in next time."""


@dataclass(frozen=True)
class Device:
    """One device, as it was named, with the logins to try on it, each once, in this order."""

    address: str
    logins: tuple[Credential, ...]


def read_logins(path: Path) -> list[Device]:
    """Devices in the order of the file. Raises UnavailableError, InputError (`secret-mode`, `logins`)."""
    try:
        with path.open("rb") as file:
            if os.name == "posix" and stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077:
                raise InputError(
                    "secret-mode", f"others on this machine can read {path}; close it: chmod 600 {path}"
                )
            data = file.read(SIZE_LIMIT + 1)
    except OSError as error:
        raise UnavailableError("no-file", f"cannot read {path}: {error.strerror}") from None
    if len(data) > SIZE_LIMIT:
        raise InputError("logins", f"{path} is larger than {MOST} logins")
    return parse_logins(data, str(path))


def parse_logins(data: bytes, name: str) -> list[Device]:
    """The same from the file's content. Raises InputError (`logins`)."""
    try:
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig")), strict=True))
    except (UnicodeDecodeError, csv.Error):
        raise InputError("logins", f"{name} is no CSV file in UTF-8") from None
    return grouped(_read(rows, name))


def grouped(logins: Iterable[tuple[str, Credential]]) -> list[Device]:
    """Logins of one address belong to one device; the same one twice is tried once."""
    found: dict[str, dict[Credential, None]] = {}
    for address, login in logins:
        found.setdefault(address, {})[login] = None
    return [Device(address, tuple(given)) for address, given in found.items()]


def _read(rows: list[list[str]], name: str) -> Iterable[tuple[str, Credential]]:
    header = tuple(cell.strip().lower() for cell in rows[0]) if rows else ()
    at = (1, 2, 3) if header == _VAULT else (0, 1, 2)
    columns = len(_VAULT) if header == _VAULT else len(_PLAIN)
    told = enumerate(rows[1:], 2) if header in (_PLAIN, _VAULT) else enumerate(rows, 1)
    count = 0
    for line, row in told:
        if not row:
            continue
        count += 1
        if len(row) != columns or not row[at[0]].strip() or not row[at[1]] or count > MOST:
            raise InputError(
                "logins",
                f"line {line} of {name} is not address, user, password; at most {MOST} lines are read",
            )
        try:
            yield row[at[0]].strip(), Credential(row[at[1]], Secret(row[at[2]]))
        except InputError:
            raise InputError("logins", f"line {line} of {name} has a character that no login has") from None
    if not count:
        raise InputError("logins", f"{name} holds no login: one line for each, address,user,password")
