"""Vectors of requests: the outside, and what the desk's key opens (spec/requests.md sections 2 to 4, 7)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sparekey.core.codec import Value, encode
from sparekey.core.codes import code_from_bits
from sparekey.core.crypto import sealing_public, sha256
from sparekey.core.messages.request import Header, MailBody, read_request
from sparekey.core.values import Identity
from tests.vectors.desk import (
    BODY,
    BODY_FIELDS,
    DESK_PRIVATE,
    HEADER,
    HEADER_FIELDS,
    MADE,
    OTHER_PRIVATE,
    joined,
    odd,
    request,
    sealed,
)
from tests.vectors.messages.sealed import kinds
from tests.vectors.vector import Fields, flipped, vector

ABOUT = """Requests: spec/requests.md. Read the outside, open it with `private`, ask whether the desk still answers.
body: what was sealed. now, first-seen: the desk's time, and when it saw the request first.
All private keys here are public: never use them."""

LONGEST_IDENTITY = Identity("S" * 48, "M" * 24, "F" * 24)
LONGEST_ADDRESS = "a" * 52 + "@example.com"


def vectors() -> Iterator[str]:
    """All of them."""
    yield from kinds()
    yield from good()
    yield from malformed()
    yield from untrusted()
    yield from timed()


def told(header: Header, body: MailBody) -> Fields:
    """What a request says, field by field."""
    return {
        "kind": "mail",
        "desk": header.desk,
        "key": header.key,
        "serial": header.identity.serial,
        "model": header.identity.model,
        "firmware": header.identity.firmware,
        "number": header.number,
        "tls": header.tls,
        "valid": header.valid,
        "made": header.made,
        "seen": header.seen or None,
        "code": body.code.text,
        "addresses": list(body.addresses),
        "locale": body.locale,
        "account": body.account,
        "ticket": body.ticket,
        "fleeting": body.fleeting or None,
    }


def opening(data: bytes) -> Fields:
    return {"private": DESK_PRIVATE, "request": data}


def good() -> Iterator[str]:
    made: list[tuple[str, Header, MailBody]] = [
        ("a request", HEADER, BODY),
        ("without a trusted clock", replace(HEADER, made=None), BODY),
        ("with a ticket", HEADER, replace(BODY, ticket=bytes(range(16)))),
        ("from a device that saw the log", replace(HEADER, seen=1), BODY),
        ("to two addresses", HEADER, replace(BODY, addresses=("new@example.com", "owner@example.com"))),
        ("in Czech, of the longest names and one longest address",
         replace(HEADER, identity=LONGEST_IDENTITY, valid=14 * 86_400),
         replace(BODY, addresses=(LONGEST_ADDRESS,), locale="cs", account="a" * 32, ticket=b"t" * 16)),
        ("of a code that ends with the power", HEADER, replace(BODY, fleeting=True)),
        ("the smallest code", HEADER, replace(BODY, code=code_from_bits(0))),
        ("the largest code", HEADER, replace(BODY, code=code_from_bits((1 << 35) - 1))),
    ]  # fmt: skip
    for name, header, body in made:
        data = request(name, header, body)
        fields = opening(data) | told(header, body) | {"body": body.encoded, "hash": sha256(data)}
        yield vector(name, "ok", fields)
    name = "from a device that saw the longest log"  # whose number not every reader of JSON can hold
    data = request(name, replace(HEADER, seen=(1 << 63) - 1))
    yield vector(name, "ok", opening(data) | {"kind": "mail", "hash": sha256(data)})
    name = "with fields that may be passed over"
    clear, plain = (
        odd(HEADER_FIELDS, f128="later", f11={1: 86_400, 2: MADE, 200: 1}),
        odd(BODY_FIELDS, f1000=[1]),
    )
    data = joined(clear, sealed(clear, plain, name))
    yield vector(name, "ok", opening(data) | told(HEADER, BODY) | {"hash": sha256(data)})


def malformed() -> Iterator[str]:
    data = request("malformed")
    part = read_request(data).sealed
    clear = HEADER.encoded
    changes: dict[str, tuple[dict[str, object], str]] = {
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
        "a log seen without an entry in it": ({"f11": {1: 86_400, 3: 0}}, "field"),
        "a log longer than any": ({"f11": {1: 86_400, 3: 1 << 63}}, "field"),
        "an unknown critical option": ({"f11": {1: 86_400, 4: 0}}, "unknown-field"),
        "an unknown critical field": ({"f100": 0}, "unknown-field"),
        "the last unknown critical field": ({"f127": 0}, "unknown-field"),
        "a negative field": ({"f-1": 0}, "unknown-field"),
        "no serial": ({"f6": ...}, "field"),
    }
    for name, (change, slug) in changes.items():
        changed = odd(HEADER_FIELDS, **change)
        yield vector(name, f"malformed {slug}", {"request": joined(changed, part)})
    for name, slug, changed in (
        ("nothing", "cbor-short", b""),
        ("cut off", "cbor-short", data[:-1]),
        ("a byte after the end", "cbor-trailing", data + b"\x00"),
        ("longer than 1024 bytes", "oversize", joined(clear, bytes(1024))),
        ("one part", "field", encode([clear])),
        ("three parts", "field", encode([clear, part, b""])),
        ("a map", "field", encode({1: clear, 2: part})),
        ("a header that is not wrapped", "field", encode([HEADER_FIELDS, part])),
        ("a sealed part as text", "field", encode([clear, "x" * 100])),
        ("a sealed part too short to hold anything", "field", joined(clear, part[:48])),
        ("a header with a byte after its end", "cbor-trailing", joined(clear + b"\x00", part)),
        ("a header that is an array", "field", joined(encode([1]), part)),
        (
            "a number in a longer form than it needs",
            "cbor-form",
            joined(clear.replace(b"\x01\x01", b"\x01\x18\x01", 1), part),
        ),
    ):
        yield vector(name, f"malformed {slug}", {"request": changed})


def untrusted() -> Iterator[str]:
    clear = HEADER.encoded
    part = sealed(clear, BODY.encoded, "untrusted")
    other = replace(HEADER, number="7KM2Q4X0")
    for name, data in (
        ("another request's number", joined(other.encoded, part)),
        ("a longer life", joined(replace(HEADER, valid=86_401).encoded, part)),
        ("another device's name", joined(odd(HEADER_FIELDS, f6="PX-3216-0002"), part)),
        ("a field added that may be passed over", joined(odd(HEADER_FIELDS, f128=0), part)),
        ("an option added that may be passed over", joined(odd(HEADER_FIELDS, f11={1: 86_400, 2: MADE, 128: 0}), part)),
        ("a changed sealed byte", joined(clear, flipped(part, 40))),
        ("a changed tag", joined(clear, flipped(part, -1))),
        ("a changed encapsulated key", joined(clear, flipped(part, 0))),
        ("the unused bit of the encapsulated key", joined(clear, flipped(part, 31, 0x80))),
        ("an encapsulated key of small order", joined(clear, bytes(32) + part[32:])),
        ("cut off inside", joined(clear, part[:-1])),
        ("lengthened inside", joined(clear, part + b"\x00")),
        ("sealed for another desk",
            joined(clear, sealed(clear, BODY.encoded, "elsewhere", sealing_public(OTHER_PRIVATE)))),
    ):  # fmt: skip
        yield vector(name, "untrusted sealed", opening(data))
    for name, plain in plains().items():
        data = joined(clear, sealed(clear, plain, name))
        yield vector(f"sealed well, but inside: {name}", "untrusted sealed", opening(data))


def plains() -> dict[str, bytes]:
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


def timed() -> Iterator[str]:
    clockless = replace(HEADER, made=None)
    ahead = replace(HEADER, made=MADE + 10 * 86_400)
    end = MADE + 86_400 + 900
    late = "refused expired"
    for name, expect, header, first_seen, now in (
        ("in the last second", "ok", HEADER, MADE, end),
        ("a second too late", late, HEADER, MADE, end + 1),
        ("made long before it was first seen", late, HEADER, end + 1, end + 1),
        ("without a clock, from when it was first seen", "ok", clockless, MADE + 500, end + 500),
        ("without a clock, a second too late", late, clockless, MADE, end + 1),
        ("a clock that runs ahead earns no longer life", late, ahead, MADE, end + 1),
    ):
        data = request(name, header)
        fields = opening(data) | told(header, BODY) | {"hash": sha256(data)}
        yield vector(name, expect, fields | {"first-seen": first_seen, "now": now})
