"""A witness: cosigns the checkpoints of logs that only grow (C2SP tlog-witness; spec/log.md section 8)."""

from __future__ import annotations

import threading
from base64 import b64decode
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sparekey.core.crypto import sha256
from sparekey.core.errors import InputError, UntrustedError
from sparekey.core.tlog.checkpoint import Checkpoint, check_consistency, open_checkpoint, read_checkpoint
from sparekey.core.tlog.note import Note, read_note
from sparekey.core.tlog.path import PATH_LIMIT
from sparekey.core.tlog.tree import EMPTY_ROOT
from sparekey.core.tlog.witness import cosign
from sparekey.monitor import memory

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sparekey.host.clock import Clock
    from sparekey.monitor.keys import Believed

OK, BAD, FORBIDDEN, UNKNOWN, CONFLICT, UNPROVED = 200, 400, 403, 404, 409, 422


@dataclass(frozen=True)
class Reply:
    """An HTTP status and a body. `conflict`: the body is a size."""

    status: int
    body: str = ""

    @property
    def conflict(self) -> bool:
        """Whether the body says which size was seen last."""
        return self.status == CONFLICT


class Witness:
    """One witness for some logs. `name` and `private`: its key. `folder`: what it saw last, a file for each log."""

    def __init__(
        self, name: str, private: bytes, logs: Mapping[str, Believed], folder: Path, clock: Clock
    ) -> None:
        self._name = name
        self._private = private
        self._logs = logs
        self._folder = folder
        self._clock = clock
        self._one_at_a_time = threading.Lock()

    def add_checkpoint(self, body: bytes) -> Reply:
        """Look at a submission, and cosign it when the log only grew. What was cosigned is stored first.

        Raises UnavailableError when it cannot be stored; InputError when a file of its own is damaged.
        """
        try:
            old, path, note = _read(body)
            text = read_checkpoint(note.text)
        except InputError:
            return Reply(BAD)
        log = self._logs.get(text.origin)
        if log is None:
            return Reply(UNKNOWN)
        try:
            new = open_checkpoint(note, log.origin, log.keys)
        except UntrustedError:
            return Reply(FORBIDDEN)
        if old > new.size:
            return Reply(BAD)
        with self._one_at_a_time:
            return self._decide(old, path, note, new)

    def _decide(self, old: int, path: tuple[bytes, ...], note: Note, new: Checkpoint) -> Reply:
        file = self._folder / f"{sha256(new.origin.encode()).hex()[:16]}.seen"
        known = memory.recall(file) or Checkpoint(new.origin, 0, EMPTY_ROOT)
        if old != known.size:
            return Reply(CONFLICT, f"{known.size}\n")
        if new.size == known.size and new.root != known.root:
            memory.write(self._folder / f"fork-{sha256(note.encoded).hex()[:16]}.note", note.encoded)
            return Reply(CONFLICT, f"{known.size}\n")
        try:
            check_consistency(known, new, path)
        except UntrustedError:
            return Reply(UNPROVED)
        memory.remember(file, note)
        return Reply(OK, cosign(note.text, self._name, self._private, self._clock.wall()).line + "\n")


def _read(body: bytes) -> tuple[int, tuple[bytes, ...], Note]:
    """The size seen last, the proof from there, the note. Raises InputError."""
    head, gap, note = body.partition(b"\n\n")
    try:
        lines = head.decode("ascii").split("\n")
        word, _, size = lines[0].partition(" ")
        path = tuple(b64decode(line, validate=True) for line in lines[1:])
    except ValueError:
        raise InputError("submission") from None
    if not gap or word != "old" or not size.isdigit() or len(size) > 19 or len(path) > PATH_LIMIT:
        raise InputError("submission")
    return int(size), path, read_note(note)
