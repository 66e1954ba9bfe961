"""Reads a log and checks that it is what it says: every entry, every row of hashes, the root, the signatures."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sparekey.core.crypto import sha256
from sparekey.core.errors import InputError, UntrustedError
from sparekey.core.tlog.checkpoint import Checkpoint, open_checkpoint
from sparekey.core.tlog.leaf import Issued, Leaf, read_leaf
from sparekey.core.tlog.note import Note, read_note
from sparekey.core.tlog.tiles import (
    TILE_HEIGHT,
    TILE_WIDTH,
    Bundle,
    Tile,
    hashes_in_tiles,
    new_tiles,
    read_bundle,
    read_tile,
)
from sparekey.core.tlog.tree import HASH_LENGTH, Frontier, frontier_at, leaf_hash
from sparekey.monitor.source import CHECKPOINT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sparekey.monitor.keys import Believed
    from sparekey.monitor.source import Source


@dataclass(frozen=True)
class Signed:
    """A log's newest state: the note, what it says, and which witnesses saw it when (Unix seconds)."""

    note: Note
    checkpoint: Checkpoint
    seen: tuple[tuple[str, int], ...]


def newest(source: Source, believed: Believed) -> Signed:
    """Fetch the newest checkpoint and check who signed it. Raises UnavailableError, InputError, UntrustedError."""
    note = read_note(source.get(CHECKPOINT))
    checkpoint = open_checkpoint(note, believed.origin, believed.keys)
    return Signed(note, checkpoint, believed.witnesses.check(note))


def entries(source: Source, new: Checkpoint, known: Checkpoint | None = None) -> Iterator[tuple[int, Leaf]]:
    """Every entry that came after `known`, the oldest first: (index, entry).

    Only when the last one was taken is it proved that they make up the signed root, and that the log only grew since
    `known`; what was read before an error is worth nothing. Raises InputError, UnavailableError, or UntrustedError:
    `log-older`, `log-consistency`, `log-root`, `log-tiles`.
    """
    start = 0 if known is None else known.size
    if start > new.size:
        raise UntrustedError("log-older", f"the log has {new.size} entries now and had {start} before")

    def fetch(tile: Tile) -> bytes:
        return source.get(tile.path)

    frontier = frontier_at(start, hashes_in_tiles(new.size, fetch)) if start else Frontier()
    if known is not None and frontier.root != known.root:
        raise UntrustedError(
            "log-consistency", "the log is not the one that was seen before: it was rewritten"
        )
    rows = _Rows(start)
    for bundle in _bundles(start, new.size):
        first = bundle.index * TILE_WIDTH
        for index, entry in enumerate(read_bundle(bundle, source.get(bundle.path)), first):
            if index < start:
                continue
            frontier, made = frontier.append(leaf_hash(entry))
            for level, at, node in made:
                rows.add(level, at, node)
            yield index, _leaf(index, entry)
    if frontier.root != new.root:
        raise UntrustedError("log-root", "the entries do not make up the state that the desk signed")
    for tile in new_tiles(start, new.size):
        rows.check(tile, fetch(tile))


def _bundles(start: int, end: int) -> Iterator[Bundle]:
    for index in range(start // TILE_WIDTH, -(-end // TILE_WIDTH)):
        yield Bundle(index, min(TILE_WIDTH, end - index * TILE_WIDTH))


def _leaf(index: int, entry: bytes) -> Leaf:
    try:
        return read_leaf(entry)
    except InputError as error:
        raise UntrustedError(
            "log-entry", f"entry {index} says nothing that a desk may say: {error.hint}"
        ) from None


class _Rows:
    """What the entries from `start` on hash to, row by row. Of a full row only a hash is kept, so that a long log fills
    no memory.
    """

    def __init__(self, start: int) -> None:
        self._start = start
        self._full = defaultdict[int, list[bytes]](list)
        self._last = defaultdict[int, bytearray](bytearray)

    def add(self, level: int, at: int, node: bytes) -> None:
        """The next node of a level."""
        if level % TILE_HEIGHT:
            return
        row = self._last[level]
        row += node
        if at % TILE_WIDTH == TILE_WIDTH - 1:
            self._full[level].append(sha256(bytes(row)))
            row.clear()

    def check(self, tile: Tile, data: bytes) -> None:
        """Raises UntrustedError (`log-tiles`), or InputError where it has not the length that it must have."""
        read_tile(tile, data)
        level = tile.level * TILE_HEIGHT
        number, before = divmod(self._start >> level, TILE_WIDTH)
        full, place = self._full[level], tile.index - number
        hashed = full[place] if place < len(full) else sha256(bytes(self._last[level]))
        if sha256(data[before * HASH_LENGTH if not place else 0 :]) != hashed:
            raise UntrustedError("log-tiles", f"the log's {tile.path} is not what its entries hash to")


@dataclass
class Tally:
    """Counts what was read. `wanted`: a log id or a request hash whose entries are collected."""

    wanted: bytes | None = None

    def __post_init__(self) -> None:
        self.entries = 0
        self.methods = Counter[str]()
        self.approvers = Counter[str]()
        self.found = list[tuple[int, Leaf]]()

    def add(self, index: int, leaf: Leaf) -> None:
        """Count one."""
        self.entries += 1
        self.methods[leaf.method.value if isinstance(leaf, Issued) else leaf.kind.name.lower()] += 1
        self.approvers.update(approver.hex() for approver in leaf.approvers)
        if isinstance(leaf, Issued) and self.wanted in (leaf.log_id, leaf.request):
            self.found.append((index, leaf))
