"""The Merkle tree over the log's entries: hashes, and growing (RFC 9162 section 2.1; spec/log.md section 3).

A node is named by level and index: it covers the entries `index << level` to `(index + 1) << level`, all
present, so a node never changes once it is there. Where nodes are kept is the caller's business.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from sparekey.core.crypto import sha256

HASH_LENGTH = 32
SIZE_LIMIT = (1 << 63) - 1
"""Entries of a tree, at most."""
EMPTY_ROOT = sha256(b"")
"""The root of the tree without entries."""

HashAt: TypeAlias = Callable[[int, int], bytes]
"""The port to whatever keeps the nodes: `(level, index) -> 32 bytes`. Asked for complete nodes only."""
Node: TypeAlias = tuple[int, int, bytes]
"""Level, index, hash."""


def leaf_hash(entry: bytes) -> bytes:
    """The hash of an entry: the node at level 0."""
    return sha256(b"\x00" + entry)


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees side by side."""
    return sha256(b"\x01" + left + right)


@dataclass(frozen=True)
class Frontier:
    """All that is needed to go on: how many entries there are, and the complete subtrees' hashes, largest
    first.
    """

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def append(self, leaf: bytes) -> tuple[Frontier, tuple[Node, ...]]:
        """Add one leaf hash. Returns the new frontier and the nodes that are complete now, to be kept."""
        peaks, made = list(self.peaks), [(0, self.size, leaf)]
        level, index, node = 0, self.size, leaf
        while index & 1:
            level, index, node = level + 1, index >> 1, node_hash(peaks.pop(), node)
            made.append((level, index, node))
        peaks.append(node)
        return Frontier(self.size + 1, tuple(peaks)), tuple(made)

    @property
    def root(self) -> bytes:
        """The root of the tree."""
        return folded(self.peaks) if self.peaks else EMPTY_ROOT


def frontier_at(size: int, hash_at: HashAt) -> Frontier:
    """The frontier of the first `size` entries, read back from where the nodes are kept."""
    return Frontier(size, tuple(hash_at(level, index) for level, index in complete(0, size)))


def root_of(start: int, end: int, hash_at: HashAt) -> bytes:
    """The root over the entries `start` to `end`; `start` is where the tree splits (or 0), `end` is beyond
    it.
    """
    return folded([hash_at(level, index) for level, index in complete(start, end)])


def complete(start: int, end: int) -> list[tuple[int, int]]:
    """The complete nodes that make up this range, largest first."""
    found, at = [], start
    for level in reversed(range((end - start).bit_length())):
        if (end - start) >> level & 1:
            found.append((level, at >> level))
            at += 1 << level
    return found


def folded(peaks: Sequence[bytes]) -> bytes:
    """The root over at least one complete subtree, largest first."""
    root = peaks[-1]
    for peak in reversed(peaks[:-1]):
        root = node_hash(peak, root)
    return root
