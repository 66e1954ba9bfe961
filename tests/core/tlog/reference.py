"""The tree as RFC 9162 section 2.1 defines it, slow and plain: what the fast code is compared with."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

Hashes = list[bytes]


def leaf(entry: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + entry).digest()


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def split(count: int) -> int:
    k = 1
    while 2 * k < count:
        k *= 2
    return k


def root(leaves: Sequence[bytes]) -> bytes:
    """MTH, over leaf hashes."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return leaves[0]
    k = split(len(leaves))
    return node(root(leaves[:k]), root(leaves[k:]))


def inclusion(index: int, leaves: Sequence[bytes]) -> Hashes:
    """PATH(m, D_n)."""
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if index < k:
        return [*inclusion(index, leaves[:k]), root(leaves[k:])]
    return [*inclusion(index - k, leaves[k:]), root(leaves[:k])]


def consistency(old: int, leaves: Sequence[bytes]) -> Hashes:
    """PROOF(m, D_n), for 0 < m <= n."""
    return _subproof(old, leaves, True)


def _subproof(old: int, leaves: Sequence[bytes], known: bool) -> Hashes:
    if old == len(leaves):
        return [] if known else [root(leaves)]
    k = split(len(leaves))
    if old <= k:
        return [*_subproof(old, leaves[:k], known), root(leaves[k:])]
    return [*_subproof(old - k, leaves[k:], False), root(leaves[:k])]
