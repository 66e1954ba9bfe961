"""Gathers the cosignatures of the witnesses that the trust file names (C2SP tlog-witness; spec/log.md section 8)."""

from __future__ import annotations

import logging
import threading
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from sparekey.core.errors import InputError, SparekeyError, UnavailableError, UntrustedError
from sparekey.core.tlog.note import NOTE_LIMIT, Note, NoteSignature, VerifierKey, read_note
from sparekey.core.tlog.path import consistency_path
from sparekey.core.tlog.witness import cosigned_at

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sparekey.core.tlog.witness import WitnessPolicy
    from sparekey.desk.log.ledger import Ledger

OK, CONFLICT = 200, 409
_ROUNDS = 2
"""Tries with one witness: the first may only tell what size it saw last."""

_LOG = logging.getLogger("sparekey.desk")


@dataclass(frozen=True)
class Reply:
    """What a witness answered: an HTTP status and the body's bytes."""

    status: int
    body: bytes


class Post(Protocol):
    """The way to the witnesses."""

    def __call__(self, url: str, body: bytes) -> Reply:
        """Post to an address, within seconds. Raises UnavailableError."""


class Witnesses:
    """Asks them. `policy`: whose cosignatures count. `doors`: where each is, by the name of its key."""

    def __init__(self, ledger: Ledger, policy: WitnessPolicy, doors: Mapping[str, str], post: Post) -> None:
        self._ledger = ledger
        self._policy = policy
        self._doors = {key: doors[key.name] for key in policy.witnesses if key.name in doors}
        self._post = post
        self._one_at_a_time = threading.Lock()
        self._known: dict[VerifierKey, int] = {}

    def seen(self, size: int) -> Note:
        """A checkpoint of at least this size, or the newest one, with as many cosignatures as devices ask for.

        Asks the witnesses where it must. Raises UnavailableError (`log-witnesses`) when too few answer.
        """
        found = self._enough(size)
        if found is None:
            with self._one_at_a_time:
                found = self._enough(size)
                if found is None:
                    self._gather()
                    found = self._enough(size)
        if found is None:
            raise UnavailableError(
                "log-witnesses",
                "too few witnesses saw this in the recovery log yet; the file waits, try again in a minute",
            )
        return found

    def gather(self) -> None:
        """Ask those who did not see the newest checkpoint yet."""
        with self._one_at_a_time:
            self._gather()

    def _enough(self, size: int) -> Note | None:
        newest = self._ledger.note()
        size = min(size, self._ledger.checkpoint_of(newest).size)
        for note in (newest, *(self._ledger.cosigned() if self._policy.needed else ())):
            if self._ledger.checkpoint_of(note).size < size:
                continue
            ours = self._trimmed(note)
            try:
                self._policy.check(ours)
            except UntrustedError:
                continue
            return ours
        return None

    def _trimmed(self, note: Note) -> Note:
        """The note with the signatures that devices know how to check, and no more: a proof has little room."""
        names = {(key.name, key.id) for key in (*self._ledger.publics, *self._policy.witnesses)}
        return Note(note.text, tuple(one for one in note.signatures if (one.name, one.key) in names))

    def _gather(self) -> None:
        note = self._ledger.note()
        missing = [key for key in self._doors if not note.bodies(key)]
        if not missing:
            return
        with ThreadPoolExecutor(len(missing), "witness") as pool:
            given = [one for one in pool.map(lambda key: self._ask(key, note), missing) if one is not None]
        if given:
            self._ledger.keep_cosigned(note.signed_too(*given))

    def _ask(self, witness: VerifierKey, note: Note) -> NoteSignature | None:
        """This witness's cosignature, or None: it does not answer, or does not agree."""
        try:
            return self._converse(witness, note)
        except SparekeyError as error:
            _LOG.warning("a witness did not cosign", extra={"witness": witness.name, "why": error.slug})
            return None

    def _converse(self, witness: VerifierKey, note: Note) -> NoteSignature | None:
        size = self._ledger.checkpoint_of(note).size
        bare = Note(note.text, tuple(one for one in note.signatures if one.name == self._ledger.origin))
        url = self._doors[witness].rstrip("/") + "/add-checkpoint"
        for _ in range(_ROUNDS):
            old = self._known.get(witness, 0)
            path = consistency_path(old, size, self._ledger.hashes(size)) if old <= size else ()
            lines = [f"old {old}", *(b64encode(one).decode() for one in path), "", ""]
            reply = self._post(url, "\n".join(lines).encode() + bare.encoded)
            if reply.status == OK:
                self._known[witness] = size
                return _cosignature(witness, note, reply.body)
            if reply.status != CONFLICT:
                raise UnavailableError(f"status-{reply.status}", "the witness does not cosign")
            self._known[witness] = _size(reply.body)
            if self._known[witness] > size:
                raise UntrustedError("log-older", "the witness saw a longer recovery log than this one")
        raise UnavailableError("status-409", "the witness cannot decide what it saw last")


def _cosignature(witness: VerifierKey, note: Note, body: bytes) -> NoteSignature:
    """The line that is this witness's, once it is checked."""
    lines = read_note(note.text.encode() + b"\n" + body[:NOTE_LIMIT])
    if cosigned_at(lines, witness) is None:
        raise UntrustedError("note-unsigned", "the witness did not sign with the key in the trust file")
    return next(one for one in lines.signatures if (one.name, one.key) == (witness.name, witness.id))


def _size(body: bytes) -> int:
    text = body[:32].strip()
    if not text.isdigit() or len(text) > 19:
        raise InputError("witness-size", "the witness does not say which size it saw last")
    return int(text)
