"""A recovery log on a database, with a witness in this very process."""

from __future__ import annotations

from base64 import b64decode
from dataclasses import dataclass, field

from sparekey.core import crypto
from sparekey.core.errors import UntrustedError
from sparekey.core.tlog.checkpoint import Checkpoint, check_consistency, read_checkpoint
from sparekey.core.tlog.leaf import Issued, Leaf, LeafAction
from sparekey.core.tlog.note import KeyType, VerifierKey, read_note
from sparekey.core.tlog.tree import EMPTY_ROOT
from sparekey.core.tlog.witness import WitnessPolicy, cosign
from sparekey.core.values import MethodName
from sparekey.desk.log.ledger import Ledger
from sparekey.desk.log.sequencer import Sequencer
from sparekey.desk.log.witnesses import Reply, Witnesses
from sparekey.desk.store.database import Database

ORIGIN = "desk.example.com/log"
KEY = b"\x01" * 32
NOW = 1_790_000_000


def leaf(number: int = 0, log_id: bytes = bytes(16)) -> Issued:
    """The entry of a code that was mailed for the request of this number."""
    request = crypto.sha256(number.to_bytes(8, "big"))
    return Issued(NOW + number, 1, MethodName.MAIL_CODE, LeafAction.NEW_PASSWORD, request, log_id)


def leaves(count: int, first: int = 0) -> list[tuple[str, Leaf]]:
    """That many entries, each under its own key."""
    return [(f"mail {number}", leaf(number)) for number in range(first, first + count)]


@dataclass
class Witness:
    """Cosigns what only grows. `up`: whether it answers."""

    name: str = "witness.example.com/north"
    private: bytes = b"\x11" * 32
    up: bool = True
    known: Checkpoint = field(default_factory=lambda: Checkpoint(ORIGIN, 0, EMPTY_ROOT))
    asked: list[str] = field(default_factory=list)

    @property
    def key(self) -> VerifierKey:
        return VerifierKey(self.name, KeyType.COSIGNATURE, crypto.signing_public(self.private))

    def post(self, url: str, body: bytes) -> Reply:
        """Answer as C2SP tlog-witness says."""
        self.asked.append(url)
        if not self.up:
            return Reply(503, b"")
        head, _, note = body.partition(b"\n\n")
        lines = head.decode().split("\n")
        path = tuple(b64decode(line) for line in lines[1:])
        text = read_note(note).text
        if int(lines[0].removeprefix("old ")) != self.known.size:
            return Reply(409, f"{self.known.size}\n".encode())
        new = read_checkpoint(text)
        try:
            check_consistency(self.known, new, path)
        except UntrustedError:
            return Reply(422, b"")
        self.known = new
        return Reply(200, (cosign(text, self.name, self.private, NOW).line + "\n").encode())


class Logbook:
    """One node's log."""

    def __init__(self, database: Database, *witnesses: Witness, needed: int = 0) -> None:
        self.database = database
        self.ledger = Ledger(database, ORIGIN, [KEY])
        self.policy = WitnessPolicy(tuple(witness.key for witness in witnesses), needed)
        doors = {witness.name: f"https://{witness.name}" for witness in witnesses}
        posts = {f"https://{witness.name}/add-checkpoint": witness.post for witness in witnesses}
        self.witnesses = Witnesses(self.ledger, self.policy, doors, lambda url, body: posts[url](url, body))
        self.log = Sequencer(self.ledger, database, self.witnesses)
        self.ledger.begin()

    def close(self) -> None:
        """The node ends."""
        self.database.close()

    @property
    def checkpoint(self) -> Checkpoint:
        """The newest one, its signature checked."""
        return self.ledger.checkpoint_of(self.ledger.note())
