"""Vectors of requests: the outside, and what the desk's key opens (spec/requests.md sections 2 to 4, 7)."""

from __future__ import annotations

from dataclasses import replace

from sparekey.core.codec import Value, encode
from sparekey.core.codes import code_from_bits
from sparekey.core.crypto import sealing_public, sha256
from sparekey.core.messages.request import Header, MailBody, read_request
from sparekey.core.values import Identity
from tests.vectors.blocks import Block
from tests.vectors.desk import (
    BODY,
    BODY_FIELDS,
    DESK_PRIVATE,
    DESK_PUBLIC,
    HEADER,
    HEADER_FIELDS,
    MADE,
    OTHER_PRIVATE,
    Odd,
    joined,
    odd,
    request,
    sealed,
)

ABOUT = """Requests: spec/requests.md. Read the outside, then open it with desk-private, then the time.
malformed: the outside does not read. untrusted: it does not open. refused: at `now` the desk does not answer
any more, if it saw the request first at `first-seen`. All private keys here are public: never use them."""

LONGEST_IDENTITY = Identity("S" * 48, "M" * 24, "F" * 24)
LONGEST_ADDRESS = "a" * 52 + "@example.com"


def blocks() -> list[Block]:
    """The keys, then the vectors."""
    given = {"desk-private": DESK_PRIVATE.hex(), "desk-public": DESK_PUBLIC.hex()}
    return [given, *_good(), *_malformed(), *_untrusted(), *_refused()]


def _ok(name: str, data: bytes, header: Header, body: MailBody) -> Block:
    block = {"name": name, "bytes": data.hex(), "expect": "ok", "hash": sha256(data).hex(), "kind": "mail"}
    block |= {"desk": header.desk.hex(), "key": header.key.hex(), "serial": header.identity.serial}
    block |= {"model": header.identity.model, "firmware": header.identity.firmware, "number": header.number}
    block |= {"tls": header.tls.hex(), "valid": str(header.valid)}
    if header.made is not None:
        block["made"] = str(header.made)
    block |= {"code": body.code.text, "addresses": " ".join(body.addresses), "locale": body.locale}
    block["account"] = body.account
    if body.ticket is not None:
        block["ticket"] = body.ticket.hex()
    return block


def _good() -> list[Block]:
    made: list[tuple[str, Header, MailBody]] = [
        ("a request", HEADER, BODY),
        ("without a trusted clock", replace(HEADER, made=None), BODY),
        ("with a ticket", HEADER, replace(BODY, ticket=bytes(range(16)))),
        ("to two addresses", HEADER, replace(BODY, addresses=("new@example.com", "owner@example.com"))),
        ("in Czech, of the longest names and one longest address",
         replace(HEADER, identity=LONGEST_IDENTITY, valid=14 * 86_400),
         replace(BODY, addresses=(LONGEST_ADDRESS,), locale="cs", account="a" * 32, ticket=b"t" * 16)),
        ("the smallest code", HEADER, replace(BODY, code=code_from_bits(0))),
        ("the largest code", HEADER, replace(BODY, code=code_from_bits((1 << 35) - 1))),
    ]  # fmt: skip
    found = [_ok(name, request(name, header, body), header, body) for name, header, body in made]
    name = "with fields that may be passed over"
    clear, plain = (
        odd(HEADER_FIELDS, f128="later", f11={1: 86_400, 2: MADE, 200: 1}),
        odd(BODY_FIELDS, f1000=[1]),
    )
    found.append(_ok(name, joined(clear, sealed(clear, plain, name)), HEADER, BODY))
    return found


def _bad(name: str, data: bytes, slug: str = "field") -> Block:
    return {"name": name, "bytes": data.hex() or '""', "expect": "malformed", "slug": slug}


def _malformed() -> list[Block]:
    data = request("malformed")
    part = read_request(data).sealed
    clear = HEADER.encoded
    changes: dict[str, tuple[Odd, str]] = {
        "version 2": ({"f1": 2}, "field"),
        "another suite": ({"f2": 2}, "field"),
        "kind 0": ({"f3": 0}, "field"),
        "a kind that nobody speaks": ({"f3": 99}, "field"),
        "a kind that is true instead of 1": ({"f3": True}, "field"),
        "a desk id of seven bytes": ({"f4": bytes(7)}, "field"),
        "a desk id as text": ({"f4": "00010203"}, "field"),
        "a key id of nine bytes": ({"f5": bytes(9)}, "field"),
        "an empty serial": ({"f6": ""}, "field"),
        "a serial of 49 characters": ({"f6": "S" * 49}, "field"),
        "a serial with a line end": ({"f6": "PX\n1"}, "field"),
        "a serial with a letter that is not allowed": ({"f6": "PX\u00e9"}, "bad-serial"),
        "a serial with a tag in it": ({"f6": "<b>PX</b>"}, "bad-serial"),
        "a model of 25 characters": ({"f7": "M" * 25}, "field"),
        "a model with a semicolon": ({"f7": "PX;1"}, "bad-model"),
        "a firmware as a number": ({"f8": 1}, "field"),
        "a firmware with a plus": ({"f8": "1.0+2"}, "bad-firmware"),
        "a request number in lower case": ({"f9": "7km2q4xz"}, "bad-number"),
        "a request number of seven": ({"f9": "7KM2Q4X"}, "bad-number"),
        "a TLS hash of 31 bytes": ({"f10": bytes(31)}, "field"),
        "no options": ({"f11": ...}, "field"),
        "options that are no map": ({"f11": []}, "field"),
        "options by name": ({"f11": {"valid": 1}}, "field"),
        "valid for no time": ({"f11": {1: 0}}, "field"),
        "valid for more than 14 days": ({"f11": {1: 14 * 86_400 + 1}}, "field"),
        "made before 1970": ({"f11": {1: 86_400, 2: -1}}, "field"),
        "an unknown critical option": ({"f11": {1: 86_400, 3: 0}}, "unknown-field"),
        "an unknown critical field": ({"f100": 0}, "unknown-field"),
        "the last unknown critical field": ({"f127": 0}, "unknown-field"),
        "a negative field": ({"f-1": 0}, "unknown-field"),
        "no serial": ({"f6": ...}, "field"),
    }
    found = [
        _bad(name, joined(odd(HEADER_FIELDS, **change), part), slug)
        for name, (change, slug) in changes.items()
    ]
    found += [
        _bad("nothing", b"", "cbor-short"),
        _bad("cut off", data[:-1], "cbor-short"),
        _bad("a byte after the end", data + b"\x00", "cbor-trailing"),
        _bad("longer than 1024 bytes", joined(clear, bytes(1024)), "oversize"),
        _bad("one part", encode([clear])),
        _bad("three parts", encode([clear, part, b""])),
        _bad("a map", encode({1: clear, 2: part})),
        _bad("a header that is not wrapped", encode([HEADER_FIELDS, part])),
        _bad("a sealed part as text", encode([clear, "x" * 100])),
        _bad("a sealed part too short to hold anything", joined(clear, part[:48])),
        _bad("a header with a byte after its end", joined(clear + b"\x00", part), "cbor-trailing"),
        _bad("a header that is an array", joined(encode([1]), part)),
    ]
    return found


def _no(name: str, data: bytes) -> Block:
    return {"name": name, "bytes": data.hex(), "expect": "untrusted", "slug": "sealed"}


def _flipped(data: bytes, place: int, bit: int = 1) -> bytes:
    changed = bytearray(data)
    changed[place] ^= bit
    return bytes(changed)


def _untrusted() -> list[Block]:
    clear = HEADER.encoded
    part = sealed(clear, BODY.encoded, "untrusted")
    other = replace(HEADER, number="7KM2Q4X0")
    more: Value = {1: 86_400, 2: MADE, 128: 0}
    found = [
        _no("another request's number", joined(other.encoded, part)),
        _no("a longer life", joined(replace(HEADER, valid=86_401).encoded, part)),
        _no("another device's name", joined(odd(HEADER_FIELDS, f6="PX-3216-0002"), part)),
        _no("a field added that may be passed over", joined(odd(HEADER_FIELDS, f128=0), part)),
        _no("an option added that may be passed over", joined(odd(HEADER_FIELDS, f11=more), part)),
        _no("a changed sealed byte", joined(clear, _flipped(part, 40))),
        _no("a changed tag", joined(clear, _flipped(part, -1))),
        _no("a changed encapsulated key", joined(clear, _flipped(part, 0))),
        _no("the unused bit of the encapsulated key", joined(clear, _flipped(part, 31, 0x80))),
        _no("an encapsulated key of small order", joined(clear, bytes(32) + part[32:])),
        _no("cut off inside", joined(clear, part[:-1])),
        _no("lengthened inside", joined(clear, part + b"\x00")),
        _no("sealed for another desk",
            joined(clear, sealed(clear, BODY.encoded, "elsewhere", sealing_public(OTHER_PRIVATE)))),
    ]  # fmt: skip
    for name, plain in _plains().items():
        found.append(_no(f"sealed well, but inside: {name}", joined(clear, sealed(clear, plain, name))))
    return found


def _plains() -> dict[str, bytes]:
    def with_(**changes: Value) -> bytes:
        return odd(BODY_FIELDS, **changes)

    return {
        "no CBOR": b"\xff",
        "an array": encode([1]),
        "a code of 36 bits": with_(f1=1 << 35),
        "a code below zero": with_(f1=-1),
        "no address": with_(f2=[]),
        "three addresses": with_(f2=["a@example.com", "b@example.com", "c@example.com"]),
        "an address as bytes": with_(f2=[b"a@example.com"]),
        "an address with a line end": with_(f2=["a@example.com\nBcc: b@example.com"]),
        "an address with a space around": with_(f2=[" a@example.com"]),
        "an address in upper case": with_(f2=["a@EXAMPLE.COM"]),
        "an address of 65 bytes": with_(f2=["a" * 53 + "@example.com"]),
        "a locale of nine bytes": with_(f3="en-GB-oed"),
        "a user name with a space": with_(f4="the admin"),
        "a user name with a tag": with_(f4="<b>"),
        "a user name of 33": with_(f4="a" * 33),
        "a ticket of 15 bytes": with_(f5=bytes(15)),
        "an unknown critical field": with_(f100=1),
    }


def _late(name: str, header: Header, first_seen: int, now: int, expect: str) -> Block:
    data = request(name, header)
    block = {"name": name, "bytes": data.hex(), "expect": expect}
    block |= {"first-seen": str(first_seen), "now": str(now)}
    return block | ({"slug": "expired"} if expect == "refused" else {"hash": sha256(data).hex()})


def _refused() -> list[Block]:
    clockless = replace(HEADER, made=None)
    ahead = replace(HEADER, made=MADE + 10 * 86_400)
    end = MADE + 86_400 + 900
    return [
        _late("in the last second", HEADER, MADE, end, "ok"),
        _late("a second too late", HEADER, MADE, end + 1, "refused"),
        _late("made long before it was first seen", HEADER, end + 1, end + 1, "refused"),
        _late("without a clock, from when it was first seen", clockless, MADE + 500, end + 500, "ok"),
        _late("without a clock, a second too late", clockless, MADE, end + 1, "refused"),
        _late("a clock that runs ahead earns no longer life", ahead, MADE, end + 1, "refused"),
    ]
