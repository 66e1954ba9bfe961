"""The recovery log against vectors/log, and the worked example of its page in the spec."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from sparekey.core.errors import InputError, UntrustedError
from sparekey.core.tlog.checkpoint import Checkpoint, open_checkpoint, read_checkpoint
from sparekey.core.tlog.leaf import Issued, read_leaf
from sparekey.core.tlog.note import check_note, read_note, read_verifier_key
from sparekey.core.tlog.path import check_extension, check_inclusion
from sparekey.core.tlog.proof import check_proof, read_proof
from sparekey.core.tlog.tiles import (
    Bundle,
    Tile,
    bundle_bytes,
    new_bundles,
    new_tiles,
    read_bundle,
    read_tile_path,
)
from sparekey.core.tlog.tree import Frontier, leaf_hash
from sparekey.core.tlog.witness import WitnessPolicy
from tests.vectors import make
from tests.vectors.log.entry import example
from tests.vectors.vector import Vector, load

SPEC = Path(__file__).parents[2] / "spec" / "log.md"
VERDICTS = {"ok": None, "malformed": InputError, "untrusted": UntrustedError}


def hashes(listed: list[str]) -> list[bytes]:
    return [bytes.fromhex(one) for one in listed]


def roots(vector: Vector) -> None:
    frontier = Frontier()
    for entry in hashes(vector["entries"]):
        frontier, _ = frontier.append(leaf_hash(entry))
    assert frontier.root.hex() == vector["root"]


def inclusion(vector: Vector) -> None:
    leaf, root = bytes.fromhex(vector["leaf"]), bytes.fromhex(vector["root"])
    check_inclusion(leaf, vector["index"], vector["size"], hashes(vector["path"]), root)


def consistency(vector: Vector) -> None:
    old_root, new_root = bytes.fromhex(vector["old-root"]), bytes.fromhex(vector["new-root"])
    check_extension(vector["old"], old_root, vector["new"], new_root, hashes(vector["path"]))


def tiles(vector: Vector) -> None:
    if "tiles" in vector:
        old, new = vector["old"], vector["new"]
        assert [tile.path for tile in new_tiles(old, new)] == vector["tiles"]
        assert [bundle.path for bundle in new_bundles(old, new)] == vector["bundles"]
        return
    part = read_tile_path(vector["path"])
    if "data" in vector:
        assert isinstance(part, Bundle)
        entries = read_bundle(part, bytes.fromhex(vector["data"]))
        assert [entry.hex() for entry in entries] == vector["entries"]
        assert bundle_bytes(entries).hex() == vector["data"]
        return
    level = part.level if isinstance(part, Tile) else "entries"
    assert (part.path, level, part.index, part.width) == tuple(
        vector[name] for name in ("path", "level", "index", "width")
    )


def keys(vector: Vector) -> None:
    key = read_verifier_key(vector["text"])
    assert (key.text, key.name, int(key.type), key.id.hex()) == tuple(
        vector[name] for name in ("text", "key-name", "type", "id")
    )


def notes(vector: Vector) -> None:
    trusted = [read_verifier_key(text) for text in vector["keys"]]
    note = read_note(vector["note"].encode())
    assert note.encoded.decode() == vector["note"]
    assert [key.name for key in check_note(note, trusted)] == vector["signers"]


def checkpoints(vector: Vector) -> None:
    checkpoint = read_checkpoint(vector["text"])
    assert (checkpoint.origin, checkpoint.size, checkpoint.root.hex()) == tuple(
        vector[name] for name in ("origin", "size", "root")
    )
    assert checkpoint.text == vector["text"]


def cosignatures(vector: Vector) -> None:
    note = read_note(vector["note"].encode())
    if "time" in vector:
        (body,) = (one.body for one in note.signatures if one.name == vector["witness-name"])
        assert int.from_bytes(body[:8], "big") == vector["time"]
        assert len(body) == 8 + 64
        return
    seen = policy(vector).check(note)
    assert [list(one) for one in seen] == vector["seen"]


def leaves(vector: Vector) -> None:
    leaf = read_leaf(bytes.fromhex(vector["leaf"]))
    assert leaf.encoded.hex() == vector["leaf"]
    assert (leaf.time, leaf.policy) == (vector["time"], vector["policy"])
    assert [approver.hex() for approver in leaf.approvers] == vector["approvers"]
    if isinstance(leaf, Issued):
        said = (1, leaf.method.value, leaf.action.value, leaf.request.hex(), leaf.log_id.hex())
        assert said == tuple(vector[name] for name in ("kind", "method", "action", "request", "log-id"))
    else:
        assert (leaf.kind, leaf.subject.hex(), leaf.role) == (
            vector["kind"],
            vector["subject"],
            vector.get("role"),
        )


def proofs(vector: Vector) -> None:
    keys, origin = hashes(vector["log-keys"]), vector["origin"]
    known = open_checkpoint(read_note(vector["known"].encode()), origin, keys) if "known" in vector else None
    leaf, proof = read_leaf(bytes.fromhex(vector["leaf"])), read_proof(bytes.fromhex(vector["proof"]))
    assert proof.encoded.hex() == vector["proof"]
    checkpoint = check_proof(leaf, proof, origin, keys, policy(vector), known)
    assert (checkpoint.size, checkpoint.root.hex()) == (vector["size"], vector["root"])


def policy(vector: Vector) -> WitnessPolicy:
    return WitnessPolicy(tuple(read_verifier_key(text) for text in vector["witnesses"]), vector["needed"])


CHECKS: dict[str, Callable[[Vector], None]] = {
    f"log/{check.__name__}": check
    for check in (
        roots,
        inclusion,
        consistency,
        tiles,
        keys,
        notes,
        checkpoints,
        cosignatures,
        leaves,
        proofs,
    )
}
CASES = [
    pytest.param(check, vector, id=f"{topic}: {vector['name']}")
    for topic, check in CHECKS.items()
    for vector in load(topic)
]


@pytest.mark.parametrize(("check", "vector"), CASES)
def test_the_vector_gets_its_verdict(check: Callable[[Vector], None], vector: Vector) -> None:
    error = VERDICTS[vector["expect"]]
    if error is None:
        check(vector)
        return
    with pytest.raises(error) as caught:
        check(vector)
    assert caught.value.slug == vector["slug"]


def test_every_file_is_checked() -> None:
    assert set(CHECKS) == {topic for topic in make.TOPICS if topic.startswith("log/")}


def test_the_worked_example_of_the_spec_is_right() -> None:
    blocks = dict(
        re.findall(r"^```([a-z-]+)\n(.*?)\n```$", SPEC.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    )
    joined = {
        name: text if name in ("note", "known", "keys") else "".join(text.split())
        for name, text in blocks.items()
    }
    assert joined == example()
    key, witness = map(read_verifier_key, joined["keys"].split("\n"))
    leaf, proof = read_leaf(bytes.fromhex(joined["leaf"])), read_proof(bytes.fromhex(joined["proof"]))
    known = read_checkpoint(joined["known"] + "\n")
    found = check_proof(leaf, proof, key.name, [key.public], WitnessPolicy((witness,), 1), known)
    assert found == Checkpoint(key.name, 3, found.root)
    assert proof.note == read_note(joined["note"].encode() + b"\n")
    assert leaf_hash(leaf.encoded).hex() == joined["leaf-hash"]
    assert b"".join(proof.path).hex() == joined["path"]
