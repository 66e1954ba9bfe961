"""The proof that a response file carries: what it allows stands in the public log (spec/log.md section 9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sparekey.core.codec import Value, encode
from sparekey.core.errors import InputError, UntrustedError
from sparekey.core.messages.fields import Fields
from sparekey.core.tlog.checkpoint import Checkpoint, check_consistency, open_checkpoint
from sparekey.core.tlog.leaf import Leaf
from sparekey.core.tlog.note import Note, read_note
from sparekey.core.tlog.path import PATH_LIMIT, Path, check_inclusion
from sparekey.core.tlog.tree import HASH_LENGTH, SIZE_LIMIT, leaf_hash
from sparekey.core.tlog.witness import WitnessPolicy

PROOF_VERSION = 1
PROOF_LIMIT = 16 * 1024
"""Bytes of a proof, at most."""
PROOF_NOTE_LIMIT = 8 * 1024
"""Bytes of the note in it: the log's signatures and those of the witnesses that the trust file names."""


@dataclass(frozen=True)
class Growth:
    """Proof that the log only grew since the device last saw it, at `since` entries (at least 1)."""

    since: int
    path: Path


@dataclass(frozen=True)
class Proof:
    """Where the entry stands, the path from it to the root, and the checkpoint with its signatures."""

    index: int
    path: Path
    note: Note
    growth: Growth | None = None

    @property
    def encoded(self) -> bytes:
        """The proof as CBOR."""
        fields: dict[int, Value] = {
            1: PROOF_VERSION,
            2: self.index,
            3: b"".join(self.path),
            4: self.note.encoded,
        }
        if self.growth is not None:
            fields |= {5: self.growth.since, 6: b"".join(self.growth.path)}
        return encode(fields)


def read_proof(data: bytes) -> Proof:
    """Read a proof; nothing is trusted yet. Raises InputError."""
    if len(data) > PROOF_LIMIT:
        raise InputError("oversize", f"a log proof has at most {PROOF_LIMIT} bytes")
    fields = Fields.of(data, "log proof")
    fields.number(1, PROOF_VERSION, PROOF_VERSION)
    growth = Growth(fields.number(5, 1, SIZE_LIMIT), _read_path(fields, 6)) if fields.has(5) else None
    proof = Proof(
        index=fields.number(2, 0, SIZE_LIMIT - 1),
        path=_read_path(fields, 3),
        note=read_note(fields.data(4, 1, PROOF_NOTE_LIMIT)),
        growth=growth,
    )
    fields.end()
    return proof


def check_proof(
    leaf: Leaf,
    proof: Proof,
    origin: str,
    log_keys: Sequence[bytes],
    policy: WitnessPolicy,
    known: Checkpoint | None = None,
) -> Checkpoint:
    """The checkpoint in which this leaf stands, to be remembered from now on.

    The caller builds the leaf itself from what it knows. `known`: the checkpoint remembered so far, if it
    is of this origin. Raises InputError when the note is no checkpoint, and UntrustedError: `note-
    unsigned`, `signature`, `log-origin`, `log-witnesses`, `log-inclusion`, `log-older`, `log-growth` when
    the proof of growth is missing or starts elsewhere, `log-consistency` when it does not hold.
    """
    checkpoint = open_checkpoint(proof.note, origin, log_keys)
    policy.check(proof.note)
    check_inclusion(leaf_hash(leaf.encoded), proof.index, checkpoint.size, proof.path, checkpoint.root)
    if known is not None:
        _check_growth(known, checkpoint, proof.growth)
    return checkpoint


def _check_growth(known: Checkpoint, new: Checkpoint, growth: Growth | None) -> None:
    if growth is not None and growth.since == known.size:
        path = growth.path
    elif known.size == 0 or new.size <= known.size:
        path = ()
    else:
        raise UntrustedError(
            "log-growth", "this file was not made for what this device last saw; ask for a new one"
        )
    check_consistency(known, new, path)


def _read_path(fields: Fields, key: int) -> Path:
    joined = fields.data(key, 0, PATH_LIMIT * HASH_LENGTH)
    if len(joined) % HASH_LENGTH:
        raise InputError("field", f"field {key} of the log proof has the wrong form")
    return tuple(joined[at : at + HASH_LENGTH] for at in range(0, len(joined), HASH_LENGTH))
