"""The newest checkpoint that somebody saw of a log, in a file: after a power cut it is the old one or the new one."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from sparekey.core.errors import UnavailableError
from sparekey.core.tlog.checkpoint import Checkpoint, read_checkpoint
from sparekey.core.tlog.note import NOTE_LIMIT, Note, read_note
from sparekey.monitor.keys import read_small

if TYPE_CHECKING:
    from pathlib import Path


def recall(file: Path) -> Checkpoint | None:
    """What was seen last, or None before the first time. Raises InputError when the file is damaged."""
    if not file.exists():
        return None
    return read_checkpoint(read_note(read_small(file, NOTE_LIMIT)).text)


def remember(file: Path, note: Note) -> None:
    """Remember a note, durably. Raises UnavailableError (`disk`)."""
    write(file, note.encoded)


def write(file: Path, data: bytes, mode: int = 0o644) -> None:
    """Put a content in the place of another, durably. Raises UnavailableError (`disk`)."""
    beside = file.with_name(f"{file.name}.new")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(data)
            opened.flush()
            os.fsync(opened.fileno())
        beside.replace(file)
        folder = os.open(file.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        raise UnavailableError("disk", f"cannot write {file}: {error.strerror}") from None
