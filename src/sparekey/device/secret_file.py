"""Small files that hold a secret: written whole, readable by their owner alone, and destroyed where they lie."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from sparekey.core.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path


def write(path: Path, data: bytes, mode: int = 0o600) -> None:
    """The whole file or none of it, on the disk when this returns. Raises OSError."""
    fresh = _fresh(path)
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        os.fchmod(file.fileno(), mode)
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    _sync(path.parent)


def private(path: Path) -> None:
    """Raises InputError (`key-mode`) when others may read it, OSError when it is not there."""
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise InputError("key-mode", f"others on this machine can read {path}; close it: chmod 600 {path}")


def destroy(path: Path) -> None:
    """Overwrite it, sync, remove it, sync; a half-written one too. As often as asked. Raises OSError."""
    for left in (_fresh(path), path):
        try:
            file = os.open(left, os.O_WRONLY | os.O_NOFOLLOW)
        except FileNotFoundError:
            continue
        try:
            os.pwrite(file, bytes(os.fstat(file).st_size), 0)
            os.fsync(file)
        finally:
            os.close(file)
        left.unlink()
    _sync(path.parent)


def is_gone(path: Path) -> bool:
    """Whether nothing of it is left under its name."""
    return not os.path.lexists(path) and not os.path.lexists(_fresh(path))


def _fresh(path: Path) -> Path:
    return path.with_name(path.name + ".new")


def _sync(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
