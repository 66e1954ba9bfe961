"""Vectors of trust files (spec/files.md section 3)."""

from __future__ import annotations

from dataclasses import replace

from sparekey.core.codec import Value, encode
from sparekey.core.crypto import key_id, sha256, sign
from sparekey.core.messages.trust import Purpose, Trust, sign_trust
from tests.vectors.blocks import Block, quoted
from tests.vectors.desk import DESK_PUBLIC, ROOT_PRIVATE, ROOT_PUBLIC, SIGNING_PUBLIC, TRUST, Odd, odd

ABOUT = """Trust files: spec/files.md section 3. The root's private key here is public: never use it.
sealing-key: the key that a device seals mail requests to. held: a file that the device has already; then the
vector asks whether it is replaced. malformed: it does not read. untrusted: a signature or a rule says no."""

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


def signed(content: bytes, root: bytes = ROOT_PRIVATE) -> bytes:
    """The file of a content."""
    return encode([content, sign(root, b"sparekey/1 trust\x00" + content)])


def blocks() -> list[Block]:
    """The root's key, then the vectors."""
    given = {"root-private": ROOT_PRIVATE.hex(), "root-public": ROOT_PUBLIC.hex()}
    return [given, *_good(), *_malformed(), *_untrusted(), *_replacing()]


def _ok(name: str, data: bytes, trust: Trust, key: bytes = DESK_PUBLIC) -> Block:
    block = {"name": name, "bytes": data.hex(), "expect": "ok", "desk": trust.desk.hex()}
    block |= {"desk-name": quoted(trust.name), "prefix": trust.prefix, "version": str(trust.version)}
    return block | {"sealing-key": key.hex()}


def _good() -> list[Block]:
    two = replace(TRUST, sealing=((Purpose.MAIL, (SECOND, DESK_PUBLIC)),))
    revoked = replace(two, revoked=(key_id(SECOND),), version=2)
    named = replace(TRUST, name="Podpora Příklad", version=1 << 32)
    return [
        _ok("a trust file", sign_trust(TRUST, ROOT_PRIVATE), TRUST),
        _ok("two keys: the first one seals", sign_trust(two, ROOT_PRIVATE), two, SECOND),
        _ok("the first key revoked: the second one seals", sign_trust(revoked, ROOT_PRIVATE), revoked),
        _ok("a name in Czech, the largest version", sign_trust(named, ROOT_PRIVATE), named),
        _ok("a field that may be passed over", signed(odd(FIELDS, f128=0)), TRUST),
    ]


def _bad(name: str, data: bytes, slug: str = "field") -> Block:
    return {"name": name, "bytes": data.hex() or '""', "expect": "malformed", "slug": slug}


def _malformed() -> list[Block]:
    data = sign_trust(TRUST, ROOT_PRIVATE)
    changes: dict[str, tuple[Odd, str]] = {
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
        "an unknown critical field": ({"f100": 1}, "unknown-field"),
    }
    found = [_bad(name, signed(odd(FIELDS, **change)), slug) for name, (change, slug) in changes.items()]
    found += [
        _bad("nothing", b"", "cbor-short"),
        _bad("cut off", data[:-1], "cbor-short"),
        _bad("one part", encode([TRUST.encoded])),
        _bad("a content that is not wrapped", encode([FIELDS, bytes(64)])),
        _bad("a signature of 63 bytes", encode([TRUST.encoded, bytes(63)])),
        _bad("larger than any trust file", bytes(9000), "oversize"),
    ]
    return found


def _no(name: str, data: bytes, slug: str = "signature") -> Block:
    return {"name": name, "bytes": data.hex(), "expect": "untrusted", "slug": slug}


def _untrusted() -> list[Block]:
    content = TRUST.encoded
    good = sign(ROOT_PRIVATE, b"sparekey/1 trust\x00" + content)
    raised = (int.from_bytes(good[32:], "little") + 2**252 + 27742317777372353535851937790883648493).to_bytes(
        32, "little"
    )
    return [
        _no("signed by somebody else", signed(content, sha256(b"another root"))),
        _no("signed without saying what for", encode([content, sign(ROOT_PRIVATE, content)])),
        _no("a changed content", encode([replace(TRUST, version=2).encoded, good])),
        _no("a signature of zeros", encode([content, bytes(64)])),
        _no("the signature's other form", encode([content, good[:32] + raised])),
        _no(
            "every key revoked",
            sign_trust(replace(TRUST, revoked=(key_id(DESK_PUBLIC),)), ROOT_PRIVATE),
            "no-key",
        ),
    ]


def _replacing() -> list[Block]:
    held = sign_trust(replace(TRUST, version=5), ROOT_PRIVATE).hex()
    newest = replace(TRUST, version=6)
    other = replace(TRUST, desk=bytes(8), version=6)
    same = replace(TRUST, version=5)
    older = sign_trust(replace(TRUST, version=4), ROOT_PRIVATE)
    return [
        _ok("a newer one replaces", sign_trust(newest, ROOT_PRIVATE), newest) | {"held": held},
        _ok("the same version stays", sign_trust(same, ROOT_PRIVATE), same) | {"held": held},
        _no("an older one does not replace", older, "older-trust") | {"held": held},
        _no("another desk's does not replace", sign_trust(other, ROOT_PRIVATE), "other-desk")
        | {"held": held},
    ]
