"""Trees and logs for tests: nodes kept in a dictionary, keys made of one repeated byte, invented names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from sparekey.core.crypto import signing_public
from sparekey.core.tlog.checkpoint import Checkpoint, sign_checkpoint
from sparekey.core.tlog.leaf import Issued, Leaf, LeafAction
from sparekey.core.tlog.note import KeyType, Note, VerifierKey
from sparekey.core.tlog.path import consistency_path, inclusion_path
from sparekey.core.tlog.proof import Growth, Proof
from sparekey.core.tlog.tree import Frontier, leaf_hash
from sparekey.core.tlog.witness import WitnessPolicy, cosign
from sparekey.core.values import MethodName

ORIGIN = "desk.example.com/log"
LOG_PRIVATE = b"\x01" * 32
OTHER_PRIVATE = b"\x02" * 32
LOG_PUBLIC = signing_public(LOG_PRIVATE)
TIME = 1_790_000_000

WITNESSES = {
    "witness.example.com/north": b"\x11" * 32,
    "witness.example.net/south": b"\x12" * 32,
    "witness.example.org/west": b"\x13" * 32,
}


def witness_key(name: str) -> VerifierKey:
    return VerifierKey(name, KeyType.COSIGNATURE, signing_public(WITNESSES[name]))


POLICY = WitnessPolicy(tuple(witness_key(name) for name in WITNESSES), 2)
NO_WITNESSES = WitnessPolicy()


@dataclass
class Grove:
    """A tree whose nodes are kept; every lookup of a node that is not there fails."""

    frontier: Frontier = field(default_factory=Frontier)
    nodes: dict[tuple[int, int], bytes] = field(default_factory=dict)

    def add(self, *entries: bytes) -> Grove:
        for entry in entries:
            self.frontier, made = self.frontier.append(leaf_hash(entry))
            self.nodes |= {(level, index): hashed for level, index, hashed in made}
        return self

    def hash_at(self, level: int, index: int) -> bytes:
        return self.nodes[level, index]


@dataclass
class Log:
    """A desk's log: entries in, checkpoints and proofs out."""

    grove: Grove = field(default_factory=Grove)

    def add(self, *leaves: Leaf) -> Log:
        self.grove.add(*(leaf.encoded for leaf in leaves))
        return self

    def checkpoint(self) -> Checkpoint:
        frontier = self.grove.frontier
        return Checkpoint(ORIGIN, frontier.size, frontier.root)

    def note(self, cosigners: Iterable[str] = (), time: int = TIME + 1) -> Note:
        note = sign_checkpoint(self.checkpoint(), LOG_PRIVATE)
        return note.signed_too(*(cosign(note.text, name, WITNESSES[name], time) for name in cosigners))

    def growth(self, since: int) -> Growth:
        return Growth(since, consistency_path(since, self.grove.frontier.size, self.grove.hash_at))

    def proof(
        self, index: int, cosigners: Iterable[str] = tuple(WITNESSES), since: int | None = None
    ) -> Proof:
        path = inclusion_path(index, self.grove.frontier.size, self.grove.hash_at)
        return Proof(index, path, self.note(cosigners), None if since is None else self.growth(since))


def issued(number: int = 0, time: int = TIME) -> Issued:
    """A leaf that differs from all others by its number."""
    return Issued(
        time=time,
        policy=1,
        method=MethodName.RESPONSE_FILE,
        action=LeafAction.NEW_PASSWORD,
        request=number.to_bytes(32, "big"),
        log_id=b"\x07" * 16,
        approvers=(b"approver",),
    )


def entries(count: int) -> list[bytes]:
    return [b"entry %d" % number for number in range(count)]
