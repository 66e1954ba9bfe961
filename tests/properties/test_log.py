"""What holds for every recovery log, every proof and every text that claims to be one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from sparekey.core.errors import InputError, UntrustedError
from sparekey.core.tlog.checkpoint import Checkpoint, check_consistency, open_checkpoint, read_checkpoint
from sparekey.core.tlog.leaf import Admitted, EntryKind, Issued, Leaf, LeafAction, read_leaf
from sparekey.core.tlog.note import Note, check_note, read_note, read_verifier_key, sign_text
from sparekey.core.tlog.path import check_extension, check_inclusion, consistency_path, inclusion_path
from sparekey.core.tlog.proof import Proof, check_proof, read_proof
from sparekey.core.tlog.tiles import (
    TILE_WIDTH,
    Bundle,
    Tile,
    bundle_bytes,
    hashes_in_tiles,
    new_bundles,
    new_tiles,
    read_bundle,
    read_tile_path,
    tile_bytes,
)
from sparekey.core.tlog.tree import frontier_at, leaf_hash, root_of
from sparekey.core.values import MethodName
from tests.core.tlog import reference
from tests.core.tlog.orchard import (
    LOG_PRIVATE,
    LOG_PUBLIC,
    NO_WITNESSES,
    ORIGIN,
    POLICY,
    WITNESSES,
    Grove,
    Log,
    issued,
    witness_key,
)

entries = st.lists(st.binary(max_size=8), min_size=1, max_size=70)
key_ids = st.lists(st.binary(min_size=8, max_size=8), max_size=8, unique=True).map(
    lambda ids: tuple(sorted(ids))
)
times, policies = st.integers(0, 1 << 40), st.integers(1, 1 << 32)
actions = st.sampled_from([LeafAction.NEW_PASSWORD, LeafAction.NEW_PASSWORD_OR_DEFAULT])
issues = st.builds(
    Issued,
    times,
    policies,
    st.sampled_from(MethodName),
    actions,
    st.binary(min_size=32, max_size=32),
    st.binary(min_size=16, max_size=16),
    key_ids,
)
admissions = st.builds(
    Admitted,
    st.sampled_from([EntryKind.APPROVER, EntryKind.PASSKEY]),
    times,
    policies,
    st.binary(min_size=8, max_size=8),
    key_ids,
)
roles = st.builds(
    Admitted,
    st.just(EntryKind.ROLE),
    times,
    policies,
    st.binary(min_size=8, max_size=8),
    key_ids,
    st.from_regex(r"[a-z][a-z0-9-]{0,31}", fullmatch=True),
)
leaves = st.one_of(issues, admissions, roles)
texts = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="".join(map(chr, range(32))))
).map(lambda text: text + "\n")


def one_bit_off(data: bytes, bit: int) -> bytes:
    place = bit % (8 * len(data))
    return (int.from_bytes(data, "big") ^ 1 << place).to_bytes(len(data), "big")


def holds(leaf: bytes, index: int, size: int, path: list[bytes], root: bytes) -> bool:
    try:
        check_inclusion(leaf, index, size, path, root)
    except UntrustedError:
        return False
    return True


def follows(old: int, old_root: bytes, new: int, new_root: bytes, path: list[bytes]) -> bool:
    try:
        check_extension(old, old_root, new, new_root, path)
    except UntrustedError:
        return False
    return True


# The tree


@given(entries)
def test_growing_step_by_step_is_the_recursive_definition(listed: list[bytes]) -> None:
    grove = Grove()
    hashes = [leaf_hash(entry) for entry in listed]
    for size, entry in enumerate(listed, 1):
        grove.add(entry)
        assert grove.frontier.root == reference.root(hashes[:size])
    for (level, index), node in grove.nodes.items():
        assert node == reference.root(hashes[index << level : (index + 1) << level])
    assert frontier_at(len(listed), grove.hash_at) == grove.frontier


@given(entries, st.data())
def test_every_entry_is_proved_and_nothing_but_it(listed: list[bytes], data: st.DataObject) -> None:
    grove, size = Grove().add(*listed), len(listed)
    index, bit = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, 1 << 16))
    leaf, root = leaf_hash(listed[index]), grove.frontier.root
    path = list(inclusion_path(index, size, grove.hash_at))
    assert path == reference.inclusion(index, [leaf_hash(entry) for entry in listed])
    assert holds(leaf, index, size, path, root)
    assert not holds(one_bit_off(leaf, bit), index, size, path, root)
    assert not holds(leaf, index, size, path, one_bit_off(root, bit))
    for place in range(len(path)):
        changed = [one_bit_off(step, bit) if at == place else step for at, step in enumerate(path)]
        assert not holds(leaf, index, size, changed, root)
        assert not holds(leaf, index, size, path[:place] + path[place + 1 :], root)
    assert not holds(leaf, index, size, [*path, root], root)


@given(entries, st.data())
def test_a_proof_holds_at_no_other_place(listed: list[bytes], data: st.DataObject) -> None:
    distinct = [b"%d " % place + entry for place, entry in enumerate(listed)]
    grove, size = Grove().add(*distinct), len(distinct)
    index, other = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, 2 * size))
    assume(index != other)
    path = list(inclusion_path(index, size, grove.hash_at))
    assert not holds(leaf_hash(distinct[index]), other, size, path, grove.frontier.root)


@given(entries, st.data())
def test_a_proof_holds_for_no_tree_of_another_shape(listed: list[bytes], data: st.DataObject) -> None:
    grove, size = Grove().add(*listed), len(listed)
    index, other = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, 4 * size))
    path = list(inclusion_path(index, size, grove.hash_at))
    if holds(leaf_hash(listed[index]), index, other, path, grove.frontier.root):
        # A path tells two sizes apart only where the way up differs; the signed checkpoint always does.
        assert turns(index, other) == turns(index, size)
    else:
        assert other != size


def turns(index: int, size: int) -> list[bool]:
    """At each step from the leaf up: does the sibling stand to the left?"""
    found, start, end = [], 0, size
    while end - start > 1:
        middle = start + reference.split(end - start)
        found.append(index >= middle)
        start, end = (middle, end) if index >= middle else (start, middle)
    return found[::-1]


@given(entries, st.data())
def test_every_growth_is_proved_and_nothing_but_it(listed: list[bytes], data: st.DataObject) -> None:
    grove, new = Grove().add(*listed), len(listed)
    old, bit = data.draw(st.integers(1, new)), data.draw(st.integers(0, 1 << 16))
    old_root, new_root = root_of(0, old, grove.hash_at), grove.frontier.root
    path = list(consistency_path(old, new, grove.hash_at))
    assert path == reference.consistency(old, [leaf_hash(entry) for entry in listed])
    assert follows(old, old_root, new, new_root, path)
    assert not follows(old, one_bit_off(old_root, bit), new, new_root, path)
    assert not follows(old, old_root, new, one_bit_off(new_root, bit), path)
    assert not follows(old, old_root, new, new_root, [*path, new_root])
    for place in range(len(path)):
        changed = [one_bit_off(step, bit) if at == place else step for at, step in enumerate(path)]
        assert not follows(old, old_root, new, new_root, changed)
        assert not follows(old, old_root, new, new_root, path[:place] + path[place + 1 :])


@given(entries, st.data())
def test_T16_no_growth_leads_from_one_fork_to_the_other(listed: list[bytes], data: st.DataObject) -> None:
    new = len(listed)
    changed = data.draw(st.integers(0, new - 1))
    old = data.draw(st.integers(changed + 1, new))
    other = [*listed[:changed], listed[changed] + b"?", *listed[changed + 1 :]]
    mine, theirs = Grove().add(*listed), Grove().add(*other)
    seen = Checkpoint(ORIGIN, old, root_of(0, old, mine.hash_at))
    told = Checkpoint(ORIGIN, new, theirs.frontier.root)
    for lender in (mine, theirs):
        with pytest.raises(UntrustedError):
            check_consistency(seen, told, consistency_path(old, new, lender.hash_at))
    free = data.draw(st.lists(st.sampled_from([*mine.nodes.values(), *theirs.nodes.values()]), max_size=8))
    with pytest.raises(UntrustedError):
        check_consistency(seen, told, free)


# Tiles


@given(st.integers(1, 800), st.integers(0, 800), st.data())
def test_tiles_written_in_two_goes_are_the_tree(size: int, before: int, data: st.DataObject) -> None:
    before = min(before, size)
    listed = [b"%d" % number for number in range(size)]
    grove = Grove().add(*listed)
    kept: dict[str, bytes] = {}
    for start, end in ((0, before), (before, size)):
        for tile in new_tiles(start, end):
            assert tile.within(end)
            assert not tile.within(start)
            kept[tile.path] = tile_bytes(tile, grove.hash_at)
        for bundle in new_bundles(start, end):
            first = bundle.index * TILE_WIDTH
            kept[bundle.path] = bundle_bytes(listed[first : first + bundle.width])
    hash_at = hashes_in_tiles(size, lambda tile: kept[tile.path])
    assert frontier_at(size, hash_at) == grove.frontier
    index = data.draw(st.integers(0, size - 1))
    assert inclusion_path(index, size, hash_at) == inclusion_path(index, size, grove.hash_at)
    assert consistency_path(index, size, hash_at) == consistency_path(index, size, grove.hash_at)
    whole: list[bytes] = []
    for bundle in new_bundles(0, size):
        whole += read_bundle(bundle, kept[bundle.path])
    assert whole == listed


@given(st.integers(0, 63), st.integers(0, 10**18 - 1), st.integers(1, TILE_WIDTH))
def test_every_part_of_the_log_has_a_path_of_its_own(level: int, index: int, width: int) -> None:
    for part in (Tile(level, index, width), Bundle(index, width)):
        assert read_tile_path(part.path) == part


@given(st.one_of(st.text(), st.from_regex(r"tile/[0-9]{1,3}/(x?[0-9]{2,4}/)*[0-9]{2,4}(\.p/[0-9]{0,4})?")))
def test_a_path_that_is_read_is_the_one_that_is_written(text: str) -> None:
    try:
        part = read_tile_path(text)
    except InputError:
        return
    assert part.path == text


@given(st.lists(st.binary(max_size=40), min_size=1, max_size=20), st.binary(max_size=90))
def test_a_bundle_is_read_as_written_or_refused(listed: list[bytes], junk: bytes) -> None:
    data = bundle_bytes(listed)
    assert read_bundle(Bundle(0, len(listed)), data) == tuple(listed)
    try:
        found = read_bundle(Bundle(0, len(listed)), junk)
    except InputError:
        return
    assert bundle_bytes(found) == junk


# Entries, notes, checkpoints, proofs: any bytes give a value or our error


@given(leaves)
def test_every_entry_comes_back_and_no_bit_is_loose(leaf: Leaf) -> None:
    assert read_leaf(leaf.encoded) == leaf


@given(leaves, st.integers(0, 1 << 16))
def test_a_changed_entry_is_another_entry_or_none(leaf: Leaf, bit: int) -> None:
    changed = one_bit_off(leaf.encoded, bit)
    try:
        found = read_leaf(changed)
    except InputError:
        return
    assert found != leaf
    assert found.encoded == changed


SIGNED = Log().add(issued()).note(WITNESSES).encoded.decode()
note_like = st.one_of(
    st.text(),
    st.lists(
        st.one_of(st.text(max_size=9), st.sampled_from([*SIGNED.split("\n"), "— ", "— name ", "AAAAAAA="])),
        max_size=9,
    ).map("\n".join),
    st.tuples(st.integers(0, len(SIGNED)), st.integers(0, len(SIGNED)), st.text(max_size=3)).map(
        lambda cut: SIGNED[: cut[0]] + cut[2] + SIGNED[cut[1] :]
    ),
)


@given(st.one_of(st.binary(), note_like.map(str.encode)))
@example(SIGNED.encode())
def test_any_bytes_are_a_note_or_our_error(data: bytes) -> None:
    try:
        note = read_note(data)
    except InputError:
        return
    assert note.encoded == data
    for check in (
        lambda: read_checkpoint(note.text),
        lambda: open_checkpoint(note, ORIGIN, [LOG_PUBLIC]),
        lambda: POLICY.check(note),
    ):
        try:
            check()
        except (InputError, UntrustedError):
            continue


@given(texts)
def test_every_text_can_be_signed_and_no_other_text_has_that_signature(text: str) -> None:
    signature = sign_text(text, ORIGIN, LOG_PRIVATE)
    note = Note(text, (signature,))
    key = read_verifier_key(f"{replace(witness_key(next(iter(WITNESSES))), name=ORIGIN).text}")
    assert read_note(note.encoded) == note
    with pytest.raises(UntrustedError):
        check_note(note, [key])
    with pytest.raises(UntrustedError):
        open_checkpoint(replace(note, text="x" + text), ORIGIN, [LOG_PUBLIC])


@given(st.text())
def test_any_text_is_a_key_or_our_error(text: str) -> None:
    try:
        key = read_verifier_key(text)
    except InputError:
        return
    assert key.text == text


@given(st.lists(st.text(max_size=12), max_size=6).map("\n".join))
def test_any_text_is_a_checkpoint_or_our_error(text: str) -> None:
    try:
        checkpoint = read_checkpoint(text)
    except InputError:
        return
    assert checkpoint.text == text


@given(st.binary(max_size=200))
def test_any_bytes_are_an_entry_and_a_proof_or_our_error(data: bytes) -> None:
    for read in (read_leaf, read_proof):
        try:
            found = read(data)
        except InputError:
            continue
        assert found.encoded == data


@given(st.integers(1, 40), st.data())
def test_a_proof_holds_for_its_leaf_and_breaks_with_any_bit(size: int, data: st.DataObject) -> None:
    log = Log().add(*(issued(number) for number in range(size)))
    index = data.draw(st.integers(0, size - 1))
    since = data.draw(st.integers(1, size))
    known = Log().add(*(issued(number) for number in range(since))).checkpoint()
    proof = log.proof(index, since=since)
    assert check_proof(issued(index), proof, ORIGIN, [LOG_PUBLIC], POLICY, known) == log.checkpoint()
    with pytest.raises(UntrustedError):
        check_proof(issued(size), proof, ORIGIN, [LOG_PUBLIC], POLICY, known)
    raw = proof.encoded
    changed = one_bit_off(raw, data.draw(st.integers(0, 8 * len(raw) - 1)))
    with pytest.raises((InputError, UntrustedError)):
        accepted(read_proof(changed), issued(index), known)


def accepted(proof: Proof, leaf: Leaf, known: Checkpoint) -> Checkpoint:
    """Strict: all three witnesses and the growth are needed, so no byte of the proof is without use."""
    every = replace(POLICY, needed=3)
    found = check_proof(leaf, proof, ORIGIN, [LOG_PUBLIC], every, known)
    if proof.growth is None or (proof.growth.since != known.size):
        raise UntrustedError("log-growth")
    return found


@given(st.integers(1, 30), st.data())
def test_T15_without_its_entry_no_mixture_of_hashes_makes_a_proof(size: int, data: st.DataObject) -> None:
    log = Log().add(*(issued(number) for number in range(size)))
    index = data.draw(st.integers(0, size))
    steps = st.sampled_from([*log.grove.nodes.values(), leaf_hash(issued(99).encoded)])
    path = tuple(data.draw(st.lists(steps, max_size=6)))
    with pytest.raises(UntrustedError):
        check_proof(issued(99), Proof(index, path, log.note()), ORIGIN, [LOG_PUBLIC], NO_WITNESSES)
