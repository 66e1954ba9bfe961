"""A checkpoint: what a log says it is at one moment (C2SP tlog-checkpoint; spec/log.md section 7)."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass

from sparekey.core.errors import InputError, UntrustedError
from sparekey.core.tlog.note import KeyType, Note, VerifierKey, check_note, sign_text
from sparekey.core.tlog.path import check_extension
from sparekey.core.tlog.tree import EMPTY_ROOT, HASH_LENGTH, SIZE_LIMIT

ORIGIN_LIMIT = 255
"""Bytes of an origin."""

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
_UNFIT = re.compile(r"[\x00-\x1f\ud800-\udfff]")


@dataclass(frozen=True)
class Checkpoint:
    """How many entries a log has and what their root is. Raises InputError (`checkpoint`).

    `origin`: the log's name, its URL without scheme and closing slash. `extensions`: further lines; sparekey
    writes none and gives them no meaning.
    """

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if any(not line or _UNFIT.search(line) for line in (self.origin, *self.extensions)):
            raise _malformed()
        if len(self.origin.encode()) > ORIGIN_LIMIT or len(self.root) != HASH_LENGTH:
            raise _malformed()
        if not 0 <= self.size <= SIZE_LIMIT or (self.size == 0 and self.root != EMPTY_ROOT):
            raise _malformed()

    @property
    def text(self) -> str:
        """The text of the note that carries it."""
        lines = (self.origin, str(self.size), base64.b64encode(self.root).decode(), *self.extensions)
        return "".join(f"{line}\n" for line in lines)


def read_checkpoint(text: str) -> Checkpoint:
    """Read a note's text; nothing is trusted yet. Raises InputError (`checkpoint`)."""
    lines = text.split("\n")
    if len(lines) < 4 or lines[-1] or not _SIZE.fullmatch(lines[1]):
        raise _malformed()
    try:
        root = base64.b64decode(lines[2], validate=True)
    except ValueError:  # binascii.Error is one, and so is text beyond ASCII
        raise _malformed() from None
    checkpoint = Checkpoint(lines[0], int(lines[1]), root, tuple(lines[3:-1]))
    if checkpoint.text != text:
        raise _malformed()
    return checkpoint


def log_key(origin: str, public: bytes) -> VerifierKey:
    """The key with which the log of this origin signs: its name is the origin. Raises InputError
    (`note-key`).
    """
    return VerifierKey(origin, KeyType.ED25519, public)


def sign_checkpoint(checkpoint: Checkpoint, *private: bytes) -> Note:
    """The note, signed with each of the log's private Ed25519 keys, at least one."""
    signatures = (sign_text(checkpoint.text, checkpoint.origin, key) for key in private)
    return Note(checkpoint.text, tuple(signatures))


def open_checkpoint(note: Note, origin: str, log_keys: Sequence[bytes]) -> Checkpoint:
    """The checkpoint of a note that this log signed. `log_keys`: the log's Ed25519 public keys, any of them
    is enough.

    Raises InputError (`checkpoint`), or UntrustedError (`log-origin`, `note-unsigned`, `signature`).
    """
    check_note(note, [log_key(origin, public) for public in log_keys])
    checkpoint = read_checkpoint(note.text)
    if checkpoint.origin != origin:
        raise UntrustedError("log-origin", "this belongs to another recovery log")
    return checkpoint


def check_consistency(old: Checkpoint, new: Checkpoint, path: Sequence[bytes]) -> None:
    """Whether the log only grew from `old` to `new`. Two logs under one name cannot pass.

    Raises UntrustedError: `log-origin`, `log-older` when `new` is the smaller one, `log-consistency`.
    """
    if old.origin != new.origin:
        raise UntrustedError("log-origin", "this belongs to another recovery log")
    if new.size < old.size:
        raise UntrustedError("log-older", "the recovery log was longer when this device last saw it")
    check_extension(old.size, old.root, new.size, new.root, path)


def _malformed() -> InputError:
    return InputError("checkpoint", "this does not tell the state of a recovery log")
