"""Growing the tree, and proofs about it, against the definitions and with everything that can be wrong."""

from __future__ import annotations

import pytest

from sparekey.core.errors import MisuseError, UntrustedError
from sparekey.core.tlog.path import (
    PATH_LIMIT,
    check_extension,
    check_inclusion,
    consistency_path,
    inclusion_path,
)
from sparekey.core.tlog.tree import EMPTY_ROOT, SIZE_LIMIT, Frontier, frontier_at, leaf_hash, root_of
from tests.core.tlog import reference
from tests.core.tlog.orchard import Grove, entries

MOST = 40
GROVE = Grove().add(*entries(MOST))
LEAVES = [leaf_hash(entry) for entry in entries(MOST)]
ROOTS = [reference.root(LEAVES[:size]) for size in range(MOST + 1)]


def flipped(hashed: bytes, bit: int = 0) -> bytes:
    return (int.from_bytes(hashed, "big") ^ 1 << bit).to_bytes(32, "big")


def refused_inclusion(leaf: bytes, index: int, size: int, path: list[bytes], root: bytes) -> bool:
    with pytest.raises(UntrustedError) as caught:
        check_inclusion(leaf, index, size, path, root)
    return caught.value.slug == "log-inclusion"


def refused_extension(old: int, old_root: bytes, new: int, new_root: bytes, path: list[bytes]) -> bool:
    with pytest.raises(UntrustedError) as caught:
        check_extension(old, old_root, new, new_root, path)
    return caught.value.slug == "log-consistency"


def test_the_root_at_every_size_is_the_one_that_is_defined() -> None:
    frontier = Frontier()
    assert frontier.root == EMPTY_ROOT == ROOTS[0]
    for size, leaf in enumerate(LEAVES, 1):
        frontier, made = frontier.append(leaf)
        assert frontier.root == ROOTS[size]
        assert frontier == frontier_at(size, GROVE.hash_at)
        assert root_of(0, size, GROVE.hash_at) == ROOTS[size]
        assert len(made) == (size ^ (size - 1)).bit_length()
        assert len(frontier.peaks) == size.bit_count()


def test_every_entry_of_every_tree_is_proved_as_defined() -> None:
    for size in range(1, MOST + 1):
        for index in range(size):
            path = inclusion_path(index, size, GROVE.hash_at)
            assert list(path) == reference.inclusion(index, LEAVES[:size])
            check_inclusion(LEAVES[index], index, size, path, ROOTS[size])


def test_every_growth_is_proved_as_defined() -> None:
    for new in range(1, MOST + 1):
        for old in range(1, new + 1):
            path = consistency_path(old, new, GROVE.hash_at)
            assert list(path) == reference.consistency(old, LEAVES[:new])
            check_extension(old, ROOTS[old], new, ROOTS[new], path)


@pytest.mark.parametrize(("index", "size"), [(0, 1), (0, 8), (7, 8), (4, 7), (6, 7), (39, 40)])
def test_T15_an_entry_is_not_proved_by_anything_else(index: int, size: int) -> None:
    path = list(inclusion_path(index, size, GROVE.hash_at))
    leaf, root = LEAVES[index], ROOTS[size]
    assert refused_inclusion(flipped(leaf), index, size, path, root)
    assert refused_inclusion(leaf, index, size, path, flipped(root))
    assert refused_inclusion(leaf, index, size, [*path, root], root)
    assert refused_inclusion(leaf, index, size, [leaf, *path], root)
    assert refused_inclusion(leaf, index, size, path, EMPTY_ROOT)
    assert refused_inclusion(leaf, index, size, path, b"")
    assert refused_inclusion(leaf, -1, size, path, root)
    assert refused_inclusion(leaf, size, size, path, root)
    assert refused_inclusion(leaf, index, SIZE_LIMIT + 1, path, root)
    assert refused_inclusion(leaf, index, size, [*path, *[root] * PATH_LIMIT], root)
    for place in range(len(path)):
        changed = [flipped(step, 255) if at == place else step for at, step in enumerate(path)]
        assert refused_inclusion(leaf, index, size, changed, root)
        assert refused_inclusion(leaf, index, size, path[:place] + path[place + 1 :], root)
        assert refused_inclusion(
            leaf, index, size, [*path[:place], path[place][:-1], *path[place + 1 :]], root
        )


@pytest.mark.parametrize(("old", "new"), [(1, 2), (1, 8), (4, 8), (3, 7), (6, 7), (7, 8), (33, 40)])
def test_T16_growth_is_not_proved_by_anything_else(old: int, new: int) -> None:
    path = list(consistency_path(old, new, GROVE.hash_at))
    first, second = ROOTS[old], ROOTS[new]
    assert refused_extension(old, flipped(first), new, second, path)
    assert refused_extension(old, first, new, flipped(second), path)
    assert refused_extension(old, second, new, first, path)
    assert refused_extension(old, first, new, second, [])
    assert refused_extension(old, first, new, second, [*path, second])
    assert refused_extension(old, first, new, second, [first, *path])
    assert refused_extension(new, first, old, second, path)
    assert refused_extension(-1, first, new, second, path)
    assert refused_extension(old, first[:-1], new, second, path)
    for place in range(len(path)):
        changed = [flipped(step) if at == place else step for at, step in enumerate(path)]
        assert refused_extension(old, first, new, second, changed)
        assert refused_extension(old, first, new, second, path[:place] + path[place + 1 :])


def test_where_nothing_grew_there_is_nothing_to_prove() -> None:
    assert consistency_path(0, 5, GROVE.hash_at) == consistency_path(5, 5, GROVE.hash_at) == ()
    check_extension(0, EMPTY_ROOT, 5, ROOTS[5], ())
    check_extension(0, EMPTY_ROOT, 0, EMPTY_ROOT, ())
    check_extension(5, ROOTS[5], 5, ROOTS[5], ())
    assert refused_extension(5, ROOTS[5], 5, ROOTS[4], [])
    assert refused_extension(5, ROOTS[5], 5, ROOTS[5], [ROOTS[5]])
    assert refused_extension(0, ROOTS[1], 5, ROOTS[5], [])
    assert refused_extension(0, EMPTY_ROOT, 5, ROOTS[5], [ROOTS[5]])


def test_T16_two_logs_with_one_beginning_cannot_follow_each_other() -> None:
    mine = Grove().add(*entries(20))
    told_to_others = Grove().add(*entries(12), b"a secret entry", *entries(20)[13:])
    assert mine.frontier.size == told_to_others.frontier.size
    for old in range(13, 20):
        for lender in (mine, told_to_others):
            path = list(consistency_path(old, 20, lender.hash_at))
            assert refused_extension(
                old, frontier_at(old, mine.hash_at).root, 20, told_to_others.frontier.root, path
            )
            assert refused_extension(
                old, frontier_at(old, told_to_others.hash_at).root, 20, mine.frontier.root, path
            )
    path = list(consistency_path(12, 20, told_to_others.hash_at))
    check_extension(12, ROOTS[12], 20, told_to_others.frontier.root, path)


@pytest.mark.parametrize(("index", "size"), [(-1, 4), (4, 4), (0, 0), (0, SIZE_LIMIT + 1)])
def test_there_is_no_proof_of_what_is_not_there(index: int, size: int) -> None:
    with pytest.raises(MisuseError):
        inclusion_path(index, size, GROVE.hash_at)


@pytest.mark.parametrize(("old", "new"), [(-1, 4), (5, 4), (0, SIZE_LIMIT + 1)])
def test_there_is_no_proof_that_a_tree_shrank(old: int, new: int) -> None:
    with pytest.raises(MisuseError):
        consistency_path(old, new, GROVE.hash_at)


def test_a_proof_in_a_large_tree_asks_for_few_nodes() -> None:
    asked: list[tuple[int, int]] = []

    def any_hash(level: int, index: int) -> bytes:
        asked.append((level, index))
        return bytes(32)

    size = 10_000_019
    for index in (0, 1, size // 3, size - 1):
        asked.clear()
        inclusion_path(index, size, any_hash)
        assert len(asked) <= 2 * size.bit_length()
        assert all((place + 1) << level <= size for level, place in asked)
    asked.clear()
    consistency_path(7_654_321, size, any_hash)
    assert len(asked) <= 2 * size.bit_length()
    assert all((place + 1) << level <= size for level, place in asked)
