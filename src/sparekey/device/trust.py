"""The trust file on the device: read from the disk, checked against the maker's root, never older than
before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core.errors import InputError, SparekeyError, UnavailableError, UntrustedError
from sparekey.core.messages.armour import ARMOUR_LIMIT, FileKind, unwrap
from sparekey.core.messages.trust import Trust, newer, read_trust

if TYPE_CHECKING:
    from pathlib import Path

    from sparekey.host.sqlite_store import SqliteFile

SCHEMA = "CREATE TABLE trust (id INTEGER PRIMARY KEY CHECK (id = 1), data BLOB NOT NULL) STRICT"
ROOT_LIMIT = 1024


def read_root(path: Path) -> bytes:
    """The maker's public root key: 64 hexadecimal digits in a file. Raises UnavailableError or InputError."""
    try:
        key = bytes.fromhex(_read(path, ROOT_LIMIT).strip())
    except ValueError:
        key = b""
    if len(key) != 32:
        raise InputError("root", f"{path} does not hold the maker's public key, 64 hexadecimal digits")
    return key


def read_file(path: Path, root: bytes) -> tuple[Trust, bytes]:
    """An armoured trust file: its content, and its bytes to keep. The error names the file.

    Raises UnavailableError, InputError, or UntrustedError when the root did not sign it.
    """
    text = _read(path, ARMOUR_LIMIT)
    try:
        data = unwrap(FileKind.TRUST, text)
        return read_trust(data, root), data
    except SparekeyError as error:
        raise type(error)(error.slug, f"{path}: {error.hint}") from None


def hold(file: SqliteFile, path: Path, root: bytes) -> Trust:
    """What the device trusts from now on: the file on the disk, unless it is older than one already held.

    An older one on the disk is passed over: a newer one came with a reply. Raises UntrustedError (`other-desk`) too;
    then what was held stays.
    """
    trust, data = read_file(path, root)
    return keep(file, data, trust, root)


def keep(file: SqliteFile, data: bytes, trust: Trust, root: bytes) -> Trust:
    """What the device trusts once this one was offered: it, or the newer one that it holds. `trust`: what is in `data`,
    signed by the root. Raises UntrustedError (`other-desk`).
    """
    with file.writing() as connection:
        row = connection.execute("SELECT data FROM trust").fetchone()
        if row is not None and bytes(row[0]) != data:
            held = read_trust(bytes(row[0]), root)
            try:
                newer(held, trust)
            except UntrustedError as error:
                if error.slug != "older-trust":
                    raise
                return held
        if row is None or bytes(row[0]) != data:
            connection.execute("INSERT OR REPLACE INTO trust VALUES (1, ?)", (data,))
    return trust


def _read(path: Path, limit: int) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except OSError as error:
        raise UnavailableError("no-file", f"cannot read {path}: {error.strerror}") from None
    if len(data) > limit:
        raise InputError("oversize", f"{path} is too large")
    return data.decode(errors="replace")
