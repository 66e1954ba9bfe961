"""Writes vectors/log: `PYTHONPATH=src python -m tests.vectors.make_log`. The README there says what the fields mean.

Known answers of others carry their source; the rest is made with the slow definitions in tests/core/tlog/reference.py,
and each refused vector is a good one with one thing changed.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from sparekey.core.codec import Value, decode, encode
from sparekey.core.tlog.checkpoint import Checkpoint
from sparekey.core.tlog.leaf import Admitted, EntryKind, Issued, Leaf, LeafAction
from sparekey.core.tlog.note import KeyType, Note, VerifierKey, sign_text
from sparekey.core.tlog.proof import Proof
from sparekey.core.tlog.tiles import Bundle, Tile, bundle_bytes, new_bundles, new_tiles
from sparekey.core.tlog.witness import cosign
from sparekey.core.values import MethodName
from tests.core.tlog import reference
from tests.core.tlog.orchard import (
    LOG_PRIVATE,
    LOG_PUBLIC,
    ORIGIN,
    OTHER_PRIVATE,
    POLICY,
    TIME,
    WITNESSES,
    Log,
    issued,
    witness_key,
)
from tests.vectors import published_log as published

FOLDER = Path(__file__).parents[2] / "vectors" / "log"
NORTH, SOUTH, WEST = WITNESSES
Fields = dict[str, object]


def vector(name: str, expect: str, fields: Fields, **changes: object) -> str:
    """One vector as text. `expect`: `ok`, or a failure class and the slug behind a space."""
    verdict, _, slug = expect.partition(" ")
    head = [f"name: {name}", f"expect: {verdict}", *([f"slug: {slug}"] if slug else [])]
    body = {key: value for key, value in (fields | changes).items() if value is not None}
    return "\n".join([*head, *(f"{key}: {written(value)}" for key, value in body.items())]) + "\n"


def written(value: object) -> str:
    """A field's value as JSON; bytes as hex."""
    return json.dumps(value, default=bytes.hex, ensure_ascii=False)


def flipped(data: bytes, place: int = 0) -> bytes:
    """The same bytes with one bit changed."""
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


def roots() -> Iterator[str]:
    for size, root in enumerate(published.ROOTS):
        yield vector(
            f"the first {size} of the classic leaves",
            "ok",
            {"entries": published.LEAVES[:size], "root": root},
        )
    yield vector("the leaf of the checksum database's tests", "ok", published.HELLO)
    entries = [b"entry %d" % number for number in range(300)]
    root = reference.root([reference.leaf(entry) for entry in entries])
    yield vector("300 entries", "ok", {"entries": entries, "root": root})


def inclusion() -> Iterator[str]:
    leaves = [reference.leaf(entry) for entry in published.LEAVES]
    for index, size in ((0, 1), (0, 8), (5, 8), (2, 3), (6, 7), (1, 5)):
        fields: Fields = {
            "leaf": leaves[index],
            "index": index,
            "size": size,
            "path": reference.inclusion(index, leaves[:size]),
            "root": published.ROOTS[size],
        }
        yield vector(f"entry {index} of {size}", "ok", fields)
    path, no = reference.inclusion(5, leaves), "untrusted log-inclusion"
    good: Fields = {"leaf": leaves[5], "index": 5, "size": 8, "path": path, "root": published.ROOTS[8]}
    yield vector("another leaf", no, good, leaf=leaves[4])
    yield vector("another root", no, good, root=published.ROOTS[7])
    yield vector("the index of the neighbour", no, good, index=4)
    yield vector("the index mirrored", no, good, index=2)
    yield vector("a smaller tree", no, good, size=6)
    yield vector("a larger tree", no, good, size=16)
    yield vector("beyond the tree", no, good, index=8)
    yield vector("the path without its first hash", no, good, path=path[1:])
    yield vector("the path without its last hash", no, good, path=path[:-1])
    yield vector("the path with one hash more", no, good, path=[*path, published.ROOTS[8]])
    yield vector("the path reversed", no, good, path=path[::-1])
    yield vector("no path", no, good, path=[])
    yield vector("a hash of 31 bytes", no, good, path=[path[0][:-1], *path[1:]])
    for place in range(len(path)):
        changed = [flipped(step, 31) if at == place else step for at, step in enumerate(path)]
        yield vector(f"one bit of hash {place} changed", no, good, path=changed)
    inner: Fields = {"leaf": reference.node(leaves[4], leaves[5]), "index": 2, "size": 4, "path": path[1:]}
    yield vector("a node passed off as a leaf of a smaller tree", "ok", inner, root=published.ROOTS[8])
    yield vector("a node passed off as a leaf of this tree", no, inner, size=8, root=published.ROOTS[8])


def consistency() -> Iterator[str]:
    leaves = [reference.leaf(entry) for entry in published.LEAVES]

    def fields(old: int, new: int) -> Fields:
        path = reference.consistency(old, leaves[:new]) if old else []
        return {
            "old": old,
            "old-root": published.ROOTS[old],
            "new": new,
            "new-root": published.ROOTS[new],
            "path": path,
        }

    for old, new in ((1, 1), (1, 8), (2, 5), (4, 8), (6, 8), (7, 8), (3, 7), (0, 8), (0, 0)):
        yield vector(f"from {old} to {new}", "ok", fields(old, new))
    good, no = fields(6, 8), "untrusted log-consistency"
    path = reference.consistency(6, leaves)
    yield vector("another beginning", no, good, **{"old-root": published.ROOTS[5]})
    yield vector("another end", no, good, **{"new-root": published.ROOTS[7]})
    yield vector(
        "the roots swapped", no, good, **{"old-root": published.ROOTS[8], "new-root": published.ROOTS[6]}
    )
    yield vector("a smaller old tree", no, good, old=5)
    yield vector("a larger new tree", no, good, new=9)
    yield vector("shrunk", no, good, old=8, new=6)
    yield vector("no path", no, good, path=[])
    yield vector("the path without its last hash", no, good, path=path[:-1])
    yield vector("the path with one hash more", no, good, path=[*path, path[0]])
    for place in range(len(path)):
        changed = [flipped(step) if at == place else step for at, step in enumerate(path)]
        yield vector(f"one bit of hash {place} changed", no, good, path=changed)
    yield vector("same size, other root", no, fields(8, 8), **{"old-root": flipped(published.ROOTS[8])})
    yield vector("same size, with a path", no, fields(8, 8), path=path)
    yield vector("from nothing, with a path", no, fields(0, 8), path=path)
    yield vector(
        "from nothing that is not the empty tree", no, fields(0, 8), **{"old-root": published.ROOTS[1]}
    )
    forked = [*leaves[:4], reference.leaf(b"told to nobody else"), *leaves[5:]]
    split: Fields = {"path": reference.consistency(6, forked), "new-root": reference.root(forked)}
    yield vector("a split view: a log that forked before", no, good, **split)


def tiles() -> Iterator[str]:
    parts: list[Tile | Bundle] = [
        Tile(0, 0), Tile(0, 273, 112), Tile(1, 1, 17), Tile(2, 0, 1), Tile(0, 1000), Tile(0, 1234067), Bundle(0, 255),
        Bundle(1234067), Tile(63, 5, 1),
    ]  # fmt: skip
    for part in parts:
        level = part.level if isinstance(part, Tile) else "entries"
        fields: Fields = {"path": part.path, "level": level, "index": part.index, "width": part.width}
        yield vector(f"the path {part.path}", "ok", fields)
    for name, path in published.BAD_TILE_PATHS.items():
        yield vector(name, "malformed tile-path", {"path": path})
    for old, new in ((0, 256), (255, 256), (256, 257), (69_000, 70_000), (65_535, 65_537), (7, 7)):
        yield vector(
            f"what is new from {old} to {new}",
            "ok",
            {
                "old": old,
                "new": new,
                "tiles": [tile.path for tile in new_tiles(old, new)],
                "bundles": [bundle.path for bundle in new_bundles(old, new)],
            },
        )
    entries = [b"", b"one", b"x" * 300]
    data = bundle_bytes(entries)
    good: Fields = {"path": "tile/entries/000.p/3", "data": data, "entries": entries}
    yield vector("a bundle of three entries", "ok", good)
    yield vector("a bundle that ends early", "malformed bundle", good, data=data[:-1], entries=None)
    yield vector("a bundle with one byte more", "malformed bundle", good, data=data + b"\x00", entries=None)
    yield vector(
        "a bundle of three where two are due",
        "malformed bundle",
        good,
        path="tile/entries/000.p/2",
        entries=None,
    )


def keys() -> Iterator[str]:
    own = VerifierKey(ORIGIN, KeyType.ED25519, LOG_PUBLIC)
    told: list[tuple[str, str, str, int, str]] = [
        *published.KEYS,
        ("the key of this log", own.text, own.name, 1, own.id.hex()),
        ("the key of a witness", witness_key(NORTH).text, NORTH, 4, witness_key(NORTH).id.hex()),
    ]
    for name, text, key_name, key_type, key_id in told:
        yield vector(name, "ok", {"text": text, "key-name": key_name, "type": key_type, "id": key_id})
    typed = base64.b64encode(b"\x01" + LOG_PUBLIC).decode()
    for name, text in {
        "no key at all": "",
        "only a name": ORIGIN,
        "an id of another key": own.text.replace(own.id.hex(), "00000000"),
        "an id in capitals": own.text.replace(own.id.hex(), own.id.hex().upper()),
        "another name": own.text.replace("desk", "task"),
        "a space in the name": own.text.replace("desk", "the desk"),
        "no name": own.text.removeprefix(ORIGIN),
        "a key of 31 bytes": own.text[:-4],
        "a plus sign at the end": own.text + "+",
        "base64 of the other alphabet": own.text.replace("/", "_")
        if "/" in typed
        else own.text.replace("+", "-"),
        "a type that is not used": published.OTHER_TYPE_KEY,
    }.items():
        yield vector(name, "malformed note-key", {"text": text})


def notes() -> Iterator[str]:
    for name, text, trusted, signers in published.NOTES:
        verdict = "ok" if signers else "untrusted note-unsigned"
        yield vector(name, verdict, {"note": text, "keys": list(trusted), "signers": list(signers) or None})
    _, text, trusted, signers = published.NOTES[0]
    good: Fields = {"note": text, "keys": list(trusted)}
    body, _, line = text.rpartition("\n\n")
    key_name = signers[0]
    yield vector(
        "the text changed",
        "untrusted signature",
        good,
        note=text.replace("example message", "example massage"),
    )
    yield vector("the signature changed", "untrusted signature", good, note=text.replace("n8srV1", "n8srV2"))
    yield vector(
        "the signature cut short", "untrusted signature", good, note=text.replace("IneyaQM=", "Iney")
    )
    unsigned = "untrusted note-unsigned"
    yield vector("the same key id under another name", unsigned, good, note=text.replace("/foo", "/bar"))
    yield vector("the same name with another key id", unsigned, good, note=text.replace("Uw2QOk", "Ux2QOk"))
    yield vector("no key is trusted", unsigned, good, keys=[])
    no = "malformed note"
    for name, changed in {
        "no signature": body + "\n",
        "an empty list of signatures": body + "\n\n",
        "no line end after the signature": text[:-1],
        "an empty line after the signatures": text + "\n",
        "a line that is no signature": text + "hello\n",
        "a hyphen for the dash": text.replace("— ", "- "),
        "no space behind the dash": text.replace("— ", "—"),
        "two spaces behind the name": text.replace(key_name, key_name + " "),
        "a plus sign in the name": text.replace(key_name, key_name + "+"),
        "a wide space in the name": text.replace(key_name, "example\u3000com"),
        "no name": text.replace(key_name, ""),
        "base64 without its padding": text.replace("QM=", "QM"),
        "base64 with loose bits": text.replace("QM=", "QN="),
        "a key id and nothing else": body + f"\n\n— {key_name} Uw2QOg==\n",
        "a tab in the text": text.replace("an example", "an\texample"),
        "a carriage return": text.replace("\n\n", "\r\n\r\n"),
        "33 signatures": text + line * 32,
    }.items():
        yield vector(name, no, good, note=changed)
    yield vector("32 signatures", "ok", good, note=text + line * 31, signers=list(signers))


def checkpoints() -> Iterator[str]:
    name, text, size, root = published.CHECKPOINT
    yield vector(name, "ok", {"text": text, "origin": text.split("\n")[0], "size": size, "root": root})
    empty = Checkpoint(ORIGIN, 0, published.ROOTS[0])
    yield vector(
        "the empty log", "ok", {"text": empty.text, "origin": ORIGIN, "size": 0, "root": published.ROOTS[0]}
    )
    good = Checkpoint(ORIGIN, 8, published.ROOTS[8], ("a line that means nothing",))
    fields: Fields = {"text": good.text, "origin": ORIGIN, "size": 8, "root": published.ROOTS[8]}
    yield vector("with an extension line", "ok", fields)
    line = base64.b64encode(good.root).decode()
    for name, changed in {
        "only two lines": f"{ORIGIN}\n8\n",
        "no line end": good.text[:-1],
        "an empty extension line": good.text + "\n",
        "no origin": good.text.removeprefix(ORIGIN),
        "a size with a zero in front": good.text.replace("\n8\n", "\n08\n"),
        "a size with a sign": good.text.replace("\n8\n", "\n+8\n"),
        "a size in hexadecimal": good.text.replace("\n8\n", "\n0x8\n"),
        "a size beyond 63 bits": good.text.replace("\n8\n", f"\n{1 << 63}\n"),
        "no size": good.text.replace("\n8\n", "\n\n"),
        "no entries, but a root": good.text.replace("\n8\n", "\n0\n"),
        "a root of 33 bytes": good.text.replace(line, base64.b64encode(good.root + b"\x00").decode()),
        "a root of 31 bytes": good.text.replace(line, base64.b64encode(good.root[:-1]).decode()),
        "a root without padding": good.text.replace(line, line.rstrip("=")),
    }.items():
        yield vector(name, "malformed checkpoint", {"text": changed})


def cosignatures() -> Iterator[str]:
    name, text, witness, time = published.COSIGNED
    yield vector(name, "ok", {"note": text, "witness-name": witness, "time": time})
    log = grown(3)
    witnesses = [key.text for key in POLICY.witnesses]

    def fields(note: Note, needed: int = 2) -> Fields:
        return {"note": note.encoded.decode(), "witnesses": witnesses, "needed": needed}

    two = log.note([NORTH, WEST], TIME + 60)
    good = fields(two)
    yield vector("two of three", "ok", good, seen=[[NORTH, TIME + 60], [WEST, TIME + 60]])
    yield vector("none needed and none there", "ok", fields(log.note(), 0), seen=[])
    yield vector("one is missing", "untrusted log-witnesses", fields(log.note([NORTH])))
    yield vector("one twice", "untrusted log-witnesses", fields(log.note([NORTH, NORTH])))
    plain = two.signatures[:2] + (sign_text(two.text, SOUTH, WITNESSES[SOUTH]),)
    yield vector("a plain signature", "untrusted log-witnesses", fields(replace(two, signatures=plain)))
    line = cosign(two.text, SOUTH, WITNESSES[SOUTH], TIME)
    for name, body in {
        "another time": (TIME + 1).to_bytes(8, "big") + line.body[8:],
        "the time zero": bytes(8) + cosign(two.text, SOUTH, WITNESSES[SOUTH], 0).body[8:],
        "a time beyond 63 bits": cosign(two.text, SOUTH, WITNESSES[SOUTH], 1 << 63).body,
        "no signature behind the time": line.body[:8],
        "a byte behind the signature": line.body + b"\x00",
        "the signature of another key": cosign(two.text, SOUTH, OTHER_PRIVATE, TIME).body,
        "the signature of another text": cosign(two.text + "more\n", SOUTH, WITNESSES[SOUTH], TIME).body,
    }.items():
        yield vector(name, "untrusted signature", fields(two.signed_too(replace(line, body=body))))
    key = POLICY.witnesses[0]
    for name, listed, needed in (
        ("more needed than there are", witnesses, 4),
        ("the same witness twice", [key.text, key.text], 1),
        ("one key under two names", [key.text, replace(key, name="another.example.com").text], 1),
        ("a key that does not cosign", [replace(key, type=KeyType.ED25519).text], 1),
    ):
        yield vector(name, "malformed witness-policy", good, witnesses=listed, needed=needed)


def leaves() -> Iterator[str]:
    file, erase, role = example_leaves()[1], erased(), admitted()
    for name, leaf in {
        "a mailed code": example_leaves()[0],
        "a response file that one person approved": file,
        "a technician's file that two approved": erase,
        "a new passkey": replace(role, kind=EntryKind.PASSKEY, role=None),
        "a new role": role,
        "the first approver of all": Admitted(EntryKind.APPROVER, 0, 1, b"approve1"),
    }.items():
        yield vector(name, "ok", {"leaf": leaf.encoded, **told(leaf)})
    for name, slug, leaf, key, value in (
        ("a later version", "field", file, 1, 2),
        ("a kind that is not known", "field", file, 2, 9),
        ("a time before all time", "field", file, 3, -1),
        ("no policy version", "field", file, 4, None),
        ("an empty list of approvers", "field", file, 5, []),
        ("approvers out of order", "leaf-approvers", erase, 5, [b"approve2", b"approve1"]),
        ("an approver twice", "leaf-approvers", erase, 5, [b"approve1", b"approve1"]),
        ("an erase that one person approved", "leaf-approvers", erase, 5, [b"approve1"]),
        ("a method that is not known", "field", file, 6, "carrier-pigeon"),
        ("an action that is not known", "field", file, 7, "do-nothing"),
        ("a request's hash of 31 bytes", "field", file, 8, bytes(31)),
        ("a log id of 15 bytes", "field", file, 9, bytes(15)),
        ("a file's entry with a subject", "unknown-field", file, 10, b"approve1"),
        ("a serial number", "unknown-field", file, 12, "SK-0001"),
        ("a field that may come later", "unknown-field", file, 128, 1),
        ("a role without its name", "leaf", role, 11, None),
        ("a role in capitals", "leaf", role, 11, "Admin"),
        ("a passkey with a role", "leaf", role, 2, int(EntryKind.PASSKEY)),
    ):
        changed = {**as_map(leaf.encoded), key: value}
        kept = {number: item for number, item in changed.items() if item is not None}
        yield vector(name, f"malformed {slug}", {"leaf": encode(kept)})
    yield vector("a byte behind the entry", "malformed cbor-trailing", {"leaf": file.encoded + b"\x00"})
    yield vector("an entry that is too long", "malformed oversize", {"leaf": bytes(513)})


def proofs() -> Iterator[str]:
    log, old = example_log(3), example_log(1)
    proof, growing = log.proof(1, [NORTH, SOUTH]), log.proof(1, [NORTH, SOUTH], since=1)
    policy: Fields = {
        "origin": ORIGIN,
        "log-keys": [LOG_PUBLIC],
        "witnesses": [key.text for key in POLICY.witnesses],
        "needed": 2,
    }
    known: Fields = {"known": old.note().encoded.decode()}

    def fields(changed: Proof, leaf: Leaf = example_leaves()[1]) -> Fields:
        return {"leaf": leaf.encoded, "proof": changed.encoded, **policy}

    good = fields(proof)
    result: Fields = {"size": 3, "root": log.grove.frontier.root}
    yield vector("a proof of its own", "ok", good | result)
    yield vector("a proof with growth, on a device that remembers", "ok", fields(growing) | known | result)
    yield vector("a proof with growth, on a device that remembers nothing", "ok", fields(growing) | result)
    alone = old.proof(0, [NORTH, SOUTH])
    yield vector(
        "the only entry",
        "ok",
        fields(alone, example_leaves()[0]) | {"size": 1, "root": old.grove.frontier.root},
    )
    yield vector("no witness needed", "ok", fields(log.proof(1, [])) | result, needed=0)
    no = "untrusted log-inclusion"
    yield vector("another entry of the log", no, fields(proof, example_leaves()[2]))
    yield vector("an entry that was never logged", no, fields(proof, issued(99)))
    yield vector("the index of another entry", no, fields(replace(proof, index=0)))
    yield vector("too few witnesses", "untrusted log-witnesses", fields(log.proof(1, [NORTH])))
    yield vector(
        "signed by nobody known", "untrusted note-unsigned", good, **{"log-keys": [flipped(LOG_PUBLIC)]}
    )
    yield vector("no log key", "untrusted note-unsigned", good, **{"log-keys": []})
    yield vector("another origin", "untrusted note-unsigned", good, origin="other.example.com/log")
    named = replace(log.checkpoint(), origin="other.example.com/log").text
    foreign = Note(named, (sign_text(named, ORIGIN, LOG_PRIVATE),))
    yield vector(
        "a checkpoint that names another log", "untrusted log-origin", fields(replace(proof, note=foreign))
    )
    larger = replace(proof.note, text=replace(log.checkpoint(), size=4).text)
    yield vector("the checkpoint's size changed", "untrusted signature", fields(replace(proof, note=larger)))
    yield vector("no growth, on a device that remembers", "untrusted log-growth", good | known)
    forked = Log().add(issued(50)).note().encoded.decode()
    yield vector("a split view", "untrusted log-consistency", fields(growing), known=forked)
    longer = example_log(3).add(issued(5)).note().encoded.decode()
    yield vector("a shorter log than the device has seen", "untrusted log-older", good, known=longer)
    for name, slug, key, value in (
        ("a later version", "field", 1, 2),
        ("no index", "field", 2, None),
        ("a path of 63 bytes", "field", 3, bytes(63)),
        ("a path of 65 hashes", "field", 3, bytes(65 * 32)),
        ("no note", "note", 4, b"no note"),
        ("growth without a path", "field", 6, None),
        ("a path of growth alone", "unknown-field", 5, None),
        ("a field that is not known", "unknown-field", 7, 0),
    ):
        changed = {**as_map(growing.encoded), key: value}
        kept = {number: item for number, item in changed.items() if item is not None}
        yield vector(name, f"malformed {slug}", good, proof=encode(kept))


def example_leaves() -> tuple[Issued, Issued, Issued]:
    """The three entries of the worked example in spec/log.md section 11."""
    mailed = Issued(
        TIME, 1, MethodName.MAIL_CODE, LeafAction.NEW_PASSWORD, bytes(range(32)), bytes(range(0x40, 0x50))
    )
    file = Issued(
        time=TIME + 30,
        policy=1,
        method=MethodName.RESPONSE_FILE,
        action=LeafAction.NEW_PASSWORD,
        request=bytes(range(0x80, 0xA0)),
        log_id=bytes(range(0x50, 0x60)),
        approvers=(bytes(range(0x60, 0x68)),),
    )
    return mailed, file, replace(mailed, time=TIME + 45, request=bytes(range(0xA0, 0xC0)))


def example_log(size: int) -> Log:
    """The log of the worked example, at this size."""
    return Log().add(*example_leaves()[:size])


def example() -> dict[str, str]:
    """The worked example of spec/log.md section 11, block by block."""
    log, leaf = example_log(3), example_leaves()[1]
    proof = log.proof(1, [NORTH], since=1)
    return {
        "leaf": leaf.encoded.hex(),
        "leaf-hash": reference.leaf(leaf.encoded).hex(),
        "path": b"".join(proof.path).hex(),
        "keys": f"{VerifierKey(ORIGIN, KeyType.ED25519, LOG_PUBLIC).text}\n{witness_key(NORTH).text}",
        "note": proof.note.encoded.decode().rstrip("\n"),
        "known": example_log(1).checkpoint().text.rstrip("\n"),
        "proof": proof.encoded.hex(),
    }


def erased() -> Issued:
    return Issued(
        time=TIME,
        policy=2,
        method=MethodName.TECHNICIAN,
        action=LeafAction.ERASE,
        request=bytes(32),
        log_id=bytes(16),
        approvers=(b"approve1", b"approve2"),
    )


def admitted() -> Admitted:
    return Admitted(EntryKind.ROLE, TIME, 2, b"approve3", (b"approve1", b"approve2"), "second-approver")


def grown(size: int) -> Log:
    return Log().add(*(issued(number) for number in range(size)))


def told(leaf: Leaf) -> Fields:
    """What an entry says, field by field."""
    both: Fields = {"time": leaf.time, "policy": leaf.policy, "approvers": list(leaf.approvers)}
    if isinstance(leaf, Issued):
        return {
            "kind": 1, **both, "method": leaf.method.value, "action": leaf.action.value, "request": leaf.request,
            "log-id": leaf.log_id,
        }  # fmt: skip
    return {"kind": int(leaf.kind), **both, "subject": leaf.subject, "role": leaf.role}


def as_map(data: bytes) -> dict[int, Value]:
    decoded = decode(data)
    assert isinstance(decoded, dict)
    return decoded


def files() -> dict[str, str]:
    """Every file of vectors/log but the README, by name."""
    made = {
        "roots": (roots, "Roots of trees."),
        "inclusion": (inclusion, "Is the leaf hash at this index of the tree with this root?"),
        "consistency": (consistency, "Does the new tree begin with the old one?"),
        "tiles": (tiles, "Paths of tiles and bundles, which are new at a size, and bundles' content."),
        "keys": (keys, "Verifier keys as text."),
        "notes": (notes, "Signed notes, and who of the trusted keys signed."),
        "checkpoints": (checkpoints, "Texts of checkpoints."),
        "cosignatures": (cosignatures, "Witnesses' signatures under a checkpoint."),
        "leaves": (leaves, "Entries of the log."),
        "proofs": (proofs, "The proof that a response file carries."),
    }
    return {
        f"{name}.txt": f"# {title} Written by tests/vectors/make_log.py.\n\n" + "\n".join(make())
        for name, (make, title) in made.items()
    }


if __name__ == "__main__":
    for name, text in files().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
