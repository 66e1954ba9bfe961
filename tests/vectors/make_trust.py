"""Vectors of trust files (spec/files.md section 3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sparekey.core.codec import Value, encode
from sparekey.core.crypto import key_id, sha256, sign
from sparekey.core.messages.trust import Purpose, Trust, sign_trust
from tests.core.messages_samples import FULL_TRUST
from tests.vectors.desk import DESK_PUBLIC, ROOT_PRIVATE, ROOT_PUBLIC, SIGNING_PUBLIC, TRUST, odd
from tests.vectors.vector import Fields, vector

ABOUT = """Trust files: spec/files.md section 3. `root`: the maker's public key.
held: a file that the device has already, which reads; then the vector asks whether it is replaced.
sealing-key: the key that a device seals mail requests to."""

FIELDS: dict[int, Value] = {
    1: 1,
    2: TRUST.desk,
    3: "Example support",
    4: "HTTPS://DESK.EXAMPLE.COM/R/",
    5: 1,
    6: {1: [DESK_PUBLIC]},
    7: [SIGNING_PUBLIC],
}
SECOND = sha256(b"a second key for mail")
LOGS = [key.text for key in FULL_TRUST.logs]
WITNESS = FULL_TRUST.witnesses.witnesses[0].text


def signed(content: bytes, root: bytes = ROOT_PRIVATE) -> bytes:
    """The file of a content."""
    return encode([content, sign(root, b"sparekey/1 trust\x00" + content)])


def vectors() -> Iterator[str]:
    """All of them."""
    yield from good()
    yield from malformed()
    yield from untrusted()
    yield from replacing()


def taken(data: bytes, trust: Trust, key: bytes = DESK_PUBLIC) -> Fields:
    """A file and what it says."""
    return {
        "root": ROOT_PUBLIC,
        "file": data,
        "desk": trust.desk,
        "desk-name": trust.name,
        "prefix": trust.prefix,
        "version": trust.version,
        "sealing-key": key,
        "log-keys": [log.text for log in trust.logs],
        "witnesses": [witness.text for witness in trust.witnesses.witnesses],
        "needed": trust.witnesses.needed,
        "floor": trust.floor,
    }


def good() -> Iterator[str]:
    two = replace(TRUST, sealing=((Purpose.MAIL, (SECOND, DESK_PUBLIC)),))
    revoked = replace(two, revoked=(key_id(SECOND),), version=2)
    named = replace(TRUST, name="Podpora Příklad", version=1 << 32)
    full_key = FULL_TRUST.sealing_key(Purpose.MAIL)
    for name, data, trust, key in (
        ("a trust file", sign_trust(TRUST, ROOT_PRIVATE), TRUST, DESK_PUBLIC),
        ("with logs, witnesses and a floor", sign_trust(FULL_TRUST, ROOT_PRIVATE), FULL_TRUST, full_key),
        ("two keys: the first one seals", sign_trust(two, ROOT_PRIVATE), two, SECOND),
        (
            "the first key revoked: the second one seals",
            sign_trust(revoked, ROOT_PRIVATE),
            revoked,
            DESK_PUBLIC,
        ),
        ("a name in Czech, the largest version", sign_trust(named, ROOT_PRIVATE), named, DESK_PUBLIC),
        ("a field that may be passed over", signed(odd(FIELDS, f128=0)), TRUST, DESK_PUBLIC),
    ):
        yield vector(name, "ok", taken(data, trust, key))


def malformed() -> Iterator[str]:
    data = sign_trust(TRUST, ROOT_PRIVATE)
    changes: dict[str, tuple[dict[str, object], str]] = {
        "version 2 of the form": ({"f1": 2}, "field"),
        "a desk id of nine bytes": ({"f2": bytes(9)}, "field"),
        "an empty name": ({"f3": ""}, "field"),
        "a name of 65 bytes": ({"f3": "n" * 65}, "field"),
        "a name with a line end": ({"f3": "a\nb"}, "field"),
        "a name that turns the text around": ({"f3": "a\u202eb"}, "field"),
        "a name with a hard space": ({"f3": "a\u00a0b"}, "field"),
        "a prefix in lower case": ({"f4": "https://desk.example.com/r/"}, "bad-prefix"),
        "version 0": ({"f5": 0}, "field"),
        "no keys for mail, but an empty list": ({"f6": {1: []}}, "field"),
        "five keys for mail": ({"f6": {1: [DESK_PUBLIC] * 5}}, "field"),
        "a key of 31 bytes": ({"f6": {1: [bytes(31)]}}, "field"),
        "a key as text": ({"f6": {1: ["k" * 32]}}, "field"),
        "keys for a purpose that is not known": (
            {"f6": {1: [DESK_PUBLIC], 99: [DESK_PUBLIC]}},
            "unknown-field",
        ),
        "no signing keys": ({"f7": ...}, "field"),
        "an empty list of revoked keys": ({"f8": []}, "field"),
        "a revoked id of seven bytes": ({"f8": [bytes(7)]}, "field"),
        "no log keys, but an empty list": ({"f9": []}, "field"),
        "the same log key twice": ({"f9": [LOGS[0], LOGS[0]]}, "field"),
        "three log keys": ({"f9": [*LOGS, LOGS[0]]}, "field"),
        "a witness's key for a log key": ({"f9": [WITNESS]}, "field"),
        "more witnesses needed than named": ({"f10": {1: 2, 2: [WITNESS]}}, "witness-policy"),
        "a witness policy without witnesses": ({"f10": {1: 0}}, "field"),
        "a floor of 0": ({"f11": 0}, "field"),
        "an unknown critical field": ({"f100": 1}, "unknown-field"),
    }
    for name, (change, slug) in changes.items():
        content = odd(FIELDS, **change)
        yield vector(name, f"malformed {slug}", {"root": ROOT_PUBLIC, "file": signed(content)})
    for name, slug, changed in (
        ("nothing", "cbor-short", b""),
        ("cut off", "cbor-short", data[:-1]),
        ("one part", "field", encode([TRUST.encoded])),
        ("a content that is not wrapped", "field", encode([FIELDS, bytes(64)])),
        ("a signature of 63 bytes", "field", encode([TRUST.encoded, bytes(63)])),
        ("more than 8,192 bytes", "oversize", bytes(8193)),
    ):
        yield vector(name, f"malformed {slug}", {"root": ROOT_PUBLIC, "file": changed})


def untrusted() -> Iterator[str]:
    content = TRUST.encoded
    good = sign(ROOT_PRIVATE, b"sparekey/1 trust\x00" + content)
    half = 2**252 + 27742317777372353535851937790883648493
    raised = (int.from_bytes(good[32:], "little") + half).to_bytes(32, "little")
    none = sign_trust(replace(TRUST, revoked=(key_id(DESK_PUBLIC),)), ROOT_PRIVATE)
    for name, slug, data in (
        ("signed by somebody else", "signature", signed(content, sha256(b"another root"))),
        ("signed without saying what for", "signature", encode([content, sign(ROOT_PRIVATE, content)])),
        ("a changed content", "signature", encode([replace(TRUST, version=2).encoded, good])),
        ("a signature of zeros", "signature", encode([content, bytes(64)])),
        ("the signature's other form", "signature", encode([content, good[:32] + raised])),
        ("every key revoked", "no-key", none),
    ):
        yield vector(name, f"untrusted {slug}", {"root": ROOT_PUBLIC, "file": data})


def replacing() -> Iterator[str]:
    held = sign_trust(replace(TRUST, version=5), ROOT_PRIVATE)
    for name, expect, trust in (
        ("a newer one replaces", "ok", replace(TRUST, version=6)),
        ("the same version stays", "ok", replace(TRUST, version=5)),
        ("an older one does not replace", "untrusted older-trust", replace(TRUST, version=4)),
        ("another desk's does not replace", "untrusted other-desk", replace(TRUST, desk=bytes(8), version=6)),
    ):
        fields = taken(sign_trust(trust, ROOT_PRIVATE), trust)
        wanted = fields if expect == "ok" else {"root": ROOT_PUBLIC, "file": fields["file"]}
        yield vector(name, expect, wanted | {"held": held})
