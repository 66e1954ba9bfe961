"""A log as a dishonest desk could publish it: any part can be changed."""

from __future__ import annotations

from pathlib import Path

from sparekey.core import crypto
from sparekey.core.errors import UnavailableError
from sparekey.core.tlog.checkpoint import Checkpoint, log_key, sign_checkpoint
from sparekey.core.tlog.leaf import Issued, LeafAction
from sparekey.core.tlog.note import Note
from sparekey.core.tlog.path import Path as Proof
from sparekey.core.tlog.path import consistency_path
from sparekey.core.tlog.tiles import bundle_bytes, new_bundles, new_tiles, tile_bytes
from sparekey.core.tlog.tree import Frontier, leaf_hash
from sparekey.core.values import MethodName

ORIGIN = "desk.example.com/log"
KEY = b"\x01" * 32
KEY_TEXT = log_key(ORIGIN, crypto.signing_public(KEY)).text
MINE = b"m" * 16
NOW = 1_790_000_000


def leaf(number: int, log_id: bytes = bytes(16)) -> bytes:
    request = crypto.sha256(number.to_bytes(8, "big"))
    approvers = (b"approver",) if number % 2 else ()
    method = MethodName.RESPONSE_FILE if approvers else MethodName.MAIL_CODE
    return Issued(NOW + number, 1, method, LeafAction.NEW_PASSWORD, request, log_id, approvers).encoded


class Published:
    """The parts by their paths."""

    def __init__(self, count: int, *, past: int = 0) -> None:
        """`past`: another number is another history from the first entry on."""
        self.entries = [leaf(number + past, MINE if number == 3 else bytes(16)) for number in range(count)]
        self._nodes = dict[tuple[int, int], bytes]()
        frontier = Frontier()
        for entry in self.entries:
            frontier, made = frontier.append(leaf_hash(entry))
            self._nodes |= {(level, index): node for level, index, node in made}
        self.checkpoint = Checkpoint(ORIGIN, count, frontier.root)
        self.parts = {"checkpoint": self.note().encoded}
        for tile in new_tiles(0, count):
            self.parts[tile.path] = tile_bytes(tile, self.hash_at)
        for bundle in new_bundles(0, count):
            first = bundle.index * 256
            self.parts[bundle.path] = bundle_bytes(self.entries[first : first + bundle.width])

    def hash_at(self, level: int, index: int) -> bytes:
        return self._nodes[level, index]

    def note(self, key: bytes = KEY) -> Note:
        return sign_checkpoint(self.checkpoint, key)

    def growth(self, old: int) -> Proof:
        return consistency_path(old, self.checkpoint.size, self.hash_at)

    def get(self, path: str) -> bytes:
        if path not in self.parts:
            raise UnavailableError("log-part", path)
        return self.parts[path]

    def save(self, folder: Path) -> Path:
        """As a copy on the disk."""
        for path, data in self.parts.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data)
        return folder
