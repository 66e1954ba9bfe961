"""Where the tool keeps what is its own: one folder of this user's, readable by nobody else."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from sparekey.core.errors import InputError, UnavailableError

NAME = "sparekey"


def data_folder() -> Path:
    """By the custom of the system: XDG Base Directory, `%LOCALAPPDATA%`, or `~/Library`. Made when it is not there.

    Raises UnavailableError.
    """
    if sys.platform == "win32":
        root = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        root = Path.home() / "Library" / "Application Support"
    else:
        root = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    folder = root / NAME
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise UnavailableError("no-folder", f"cannot make {folder}: {error.strerror}") from None
    return folder


def private_file(path: Path, data: bytes) -> None:
    """Write a file that only its owner can read, whole or not at all. Raises UnavailableError."""
    fresh = path.with_name(f".{path.name}.new")
    try:
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError as error:
        raise UnavailableError("disk", f"cannot write {path}: {error.strerror}") from None


def bounded_file(path: Path, most: int) -> bytes:
    """The bytes of a file that somebody gave. Raises UnavailableError, InputError (`oversize`)."""
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
    except OSError as error:
        raise UnavailableError("no-file", f"cannot read {path}: {error.strerror}") from None
    if len(data) > most:
        raise InputError("oversize", f"{path} is larger than any file of ours")
    return data
