"""Proofs about the tree: an entry is in it, or a larger tree holds all of a smaller one
(RFC 9162 sections 2.1.3 and 2.1.4; spec/log.md section 4).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from sparekey.core.errors import MisuseError, UntrustedError
from sparekey.core.tlog.tree import EMPTY_ROOT, HASH_LENGTH, SIZE_LIMIT, HashAt, node_hash, root_of

Path: TypeAlias = tuple[bytes, ...]
"""Hashes of 32 bytes, from the leaf's side to the root's."""

PATH_LIMIT = 64
"""Hashes of a path, at most."""


def inclusion_path(index: int, size: int, hash_at: HashAt) -> Path:
    """Proof that entry `index` is in the tree of `size` entries. Looks up at most about two nodes for each
    level.
    """
    if not 0 <= index < size <= SIZE_LIMIT:
        raise MisuseError("log-index", "there is no such entry in this tree")
    start, end, path = 0, size, []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(root_of(middle, end, hash_at))
            end = middle
        else:
            path.append(root_of(start, middle, hash_at))
            start = middle
    return tuple(reversed(path))


def consistency_path(old: int, new: int, hash_at: HashAt) -> Path:
    """Proof that the tree of `new` entries begins with the tree of `old` entries. Empty where nothing is to
    prove.
    """
    if not 0 <= old <= new <= SIZE_LIMIT:
        raise MisuseError("log-index", "a tree does not shrink")
    if old == 0:
        return ()
    start, end, path = 0, new, []
    while old < end:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(root_of(middle, end, hash_at))
            end = middle
        else:
            path.append(root_of(start, middle, hash_at))
            start = middle
    if start:  # the old root is no node of the new tree, so its rightmost part has to be told
        path.append(root_of(start, end, hash_at))
    return tuple(reversed(path))


def check_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> None:
    """Raises UntrustedError (`log-inclusion`) unless the path leads from this leaf hash to the root."""
    if not 0 <= index < size <= SIZE_LIMIT or not _fit(leaf, root, *path):
        raise _not_included()
    place, last, reached = index, size - 1, leaf
    for step in path:
        if last == 0:
            raise _not_included()
        if place & 1 or place == last:
            reached = node_hash(step, reached)
            place, last = _up_to_right_child(place, last)
        else:
            reached = node_hash(reached, step)
        place, last = place >> 1, last >> 1
    if last != 0 or reached != root:
        raise _not_included()


def check_extension(old: int, old_root: bytes, new: int, new_root: bytes, path: Sequence[bytes]) -> None:
    """Raises UntrustedError (`log-consistency`) unless the new tree begins with the old one."""
    if not 0 <= old <= new <= SIZE_LIMIT or not _fit(old_root, new_root, *path):
        raise _not_extended()
    if old in (0, new):
        if path or (old == 0 and old_root != EMPTY_ROOT) or (old == new and old_root != new_root):
            raise _not_extended()
        return
    steps = [*path] if old & (old - 1) else [old_root, *path]
    if not steps:
        raise _not_extended()
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old_reached = new_reached = steps[0]
    for step in steps[1:]:
        if last == 0:
            raise _not_extended()
        if place & 1 or place == last:
            old_reached, new_reached = node_hash(step, old_reached), node_hash(step, new_reached)
            place, last = _up_to_right_child(place, last)
        else:
            new_reached = node_hash(new_reached, step)
        place, last = place >> 1, last >> 1
    if last != 0 or old_reached != old_root or new_reached != new_root:
        raise _not_extended()


def _split(count: int) -> int:
    """The largest power of two below `count`."""
    return 1 << ((count - 1).bit_length() - 1)


def _up_to_right_child(place: int, last: int) -> tuple[int, int]:
    """Climb while the node has no sibling to its right: it stands alone at the tree's edge."""
    while place and not place & 1:
        place, last = place >> 1, last >> 1
    return place, last


def _fit(*hashes: bytes) -> bool:
    return len(hashes) <= PATH_LIMIT + 2 and all(len(one) == HASH_LENGTH for one in hashes)


def _not_included() -> UntrustedError:
    return UntrustedError("log-inclusion", "the recovery log does not hold this")


def _not_extended() -> UntrustedError:
    return UntrustedError("log-consistency", "the recovery log is not the one that was seen before")
