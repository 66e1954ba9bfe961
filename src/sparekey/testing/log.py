"""A recovery log in memory, with one witness that cosigns whatever only grows."""

from __future__ import annotations

from collections.abc import Sequence

from sparekey.core import crypto
from sparekey.core.errors import UnavailableError
from sparekey.core.tlog.checkpoint import Checkpoint, log_key, sign_checkpoint
from sparekey.core.tlog.leaf import Leaf
from sparekey.core.tlog.note import KeyType, VerifierKey
from sparekey.core.tlog.path import consistency_path, inclusion_path
from sparekey.core.tlog.proof import Growth, Proof
from sparekey.core.tlog.tree import Frontier, leaf_hash
from sparekey.core.tlog.witness import WitnessPolicy, cosign
from sparekey.host.clock import Clock
from sparekey.testing.entropy import FixedEntropy

ORIGIN = "desk.example.com/log"
WITNESS = "witness.example.com"


class MemoryLog:
    """Appends, and proves. `cosigned` False lets the witness sleep."""

    def __init__(self, entropy: FixedEntropy) -> None:
        self._key, self._witness = entropy.bytes(32), entropy.bytes(32)
        self._frontier = Frontier()
        self._nodes: dict[tuple[int, int], bytes] = {}
        self.leaves: list[Leaf] = []
        self.cosigned = True

    def forked(self) -> MemoryLog:
        """A log of the same keys and of another history, empty: what a dishonest desk would show."""
        other = MemoryLog(FixedEntropy())
        other._key, other._witness = self._key, self._witness
        return other

    @property
    def keys(self) -> tuple[VerifierKey, ...]:
        """The log's own key, as a trust file names it."""
        return (log_key(ORIGIN, crypto.signing_public(self._key)),)

    @property
    def witnesses(self) -> WitnessPolicy:
        """One witness, and it is needed."""
        public = crypto.signing_public(self._witness)
        return WitnessPolicy((VerifierKey(WITNESS, KeyType.COSIGNATURE, public),), 1)

    def append(self, leaf: Leaf) -> int:
        """Enter a leaf. Returns its index."""
        self._frontier, made = self._frontier.append(leaf_hash(leaf.encoded))
        self._nodes |= {(level, index): node for level, index, node in made}
        self.leaves.append(leaf)
        return len(self.leaves) - 1

    def prove(self, index: int, seen: int, now: int) -> bytes:
        """What a response file carries for this leaf, for a device that saw `seen` entries. `now`: Unix seconds."""
        size = self._frontier.size
        checkpoint = Checkpoint(ORIGIN, size, self._frontier.root)
        note = sign_checkpoint(checkpoint, self._key)
        if self.cosigned:
            note = note.signed_too(cosign(note.text, WITNESS, self._witness, now))
        growth = Growth(seen, consistency_path(seen, size, self._hash_at)) if seen else None
        return Proof(index, inclusion_path(index, size, self._hash_at), note, growth).encoded

    def _hash_at(self, level: int, index: int) -> bytes:
        return self._nodes[level, index]


class FakeRecoveryLog:
    """The desk's port to its recovery log, in memory. `up` False: it does not answer. `clock`: for cosignatures."""

    def __init__(self, log: MemoryLog, clock: Clock) -> None:
        self.log = log
        self.up = True
        self._clock = clock
        self._entered: dict[str, int] = {}

    def enter(self, key: str, leaf: Leaf) -> int:
        """Enter a leaf once under its key."""
        if not self.up:
            raise UnavailableError("log", "the recovery log does not answer")
        if key not in self._entered:
            self._entered[key] = self.log.append(leaf)
        return self._entered[key]

    def enter_all(self, entries: Sequence[tuple[str, Leaf]]) -> list[int]:
        """Enter many."""
        return [self.enter(key, leaf) for key, leaf in entries]

    def leaf(self, key: str) -> Leaf | None:
        """What was entered under this key."""
        index = self._entered.get(key)
        return None if index is None else self.log.leaves[index]

    def proof(self, index: int, seen: int) -> bytes:
        """Prove a leaf, unless the witness sleeps."""
        if not self.log.cosigned:
            raise UnavailableError("log-witnesses", "too few witnesses saw this in the recovery log")
        return self.log.prove(index, seen, self._clock.wall())
