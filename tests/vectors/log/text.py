"""Vectors of keys, notes, checkpoints and cosignatures."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import replace

from sparekey.core.tlog.checkpoint import Checkpoint
from sparekey.core.tlog.note import KeyType, Note, VerifierKey, sign_text
from sparekey.core.tlog.witness import cosign
from tests.core.tlog.orchard import (
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
from tests.vectors.log import published
from tests.vectors.vector import Fields, vector

NORTH, SOUTH, WEST = WITNESSES


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
    plain = (*two.signatures[:2], sign_text(two.text, SOUTH, WITNESSES[SOUTH]))
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


def grown(size: int) -> Log:
    return Log().add(*(issued(number) for number in range(size)))
