"""Vectors of entries and proofs, and the worked example of spec/log.md section 11."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sparekey.core.codec import Value, decode, encode
from sparekey.core.tlog.leaf import Admitted, EntryKind, Issued, Leaf, LeafAction
from sparekey.core.tlog.note import KeyType, Note, VerifierKey, sign_text
from sparekey.core.tlog.proof import Proof
from sparekey.core.values import MethodName
from tests.core.tlog import reference
from tests.core.tlog.orchard import (
    LOG_PRIVATE,
    LOG_PUBLIC,
    ORIGIN,
    POLICY,
    TIME,
    WITNESSES,
    Log,
    issued,
    witness_key,
)
from tests.vectors.vector import Fields, flipped, vector

NORTH, SOUTH, _ = WITNESSES


def leaves() -> Iterator[str]:
    file, erase, role = example_leaves()[1], erased(), admitted()
    good: dict[str, Leaf] = {
        "a mailed code": example_leaves()[0],
        "a response file that one person approved": file,
        "a technician's file that two approved": erase,
        "a new passkey": replace(role, kind=EntryKind.PASSKEY, role=None),
        "a new role": role,
        "the first approver of all": Admitted(EntryKind.APPROVER, 0, 1, b"approve1"),
    }
    for name, leaf in good.items():
        yield vector(name, "ok", {"leaf": leaf.encoded, **told(leaf)})
    for name, slug, changing, key, value in (
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
        changed = {**as_map(changing.encoded), key: value}
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

    def fields(changed: Proof, leaf: Leaf | None = None) -> Fields:
        return {"leaf": (leaf or example_leaves()[1]).encoded, "proof": changed.encoded, **policy}

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


def told(leaf: Leaf) -> Fields:
    """What an entry says, field by field."""
    both: Fields = {"time": leaf.time, "policy": leaf.policy, "approvers": list(leaf.approvers)}
    if isinstance(leaf, Issued):
        what = {"method": leaf.method.value, "action": leaf.action.value}
        return {"kind": 1, **both, **what, "request": leaf.request, "log-id": leaf.log_id}
    return {"kind": int(leaf.kind), **both, "subject": leaf.subject, "role": leaf.role}


def as_map(data: bytes) -> dict[int, Value]:
    decoded = decode(data)
    assert isinstance(decoded, dict)
    return decoded
