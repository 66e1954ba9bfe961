"""The desk, the root and the device of all vectors and worked examples. Their private keys are public: test keys."""

from __future__ import annotations

from typing import Any

from sparekey.core.codec import Value, encode
from sparekey.core.codes import code_from_bits
from sparekey.core.crypto import key_id, sealing_public, sha256, signing_public
from sparekey.core.messages.request import Header, Kind, MailBody
from sparekey.core.messages.trust import Purpose, Trust
from sparekey.core.values import Identity
from tests.vectors import hpke

DESK_PRIVATE = sha256(b"sparekey test desk, mail")
DESK_PUBLIC = sealing_public(DESK_PRIVATE)
OTHER_PRIVATE = sha256(b"another desk, mail")
ROOT_PRIVATE = sha256(b"sparekey test root")
ROOT_PUBLIC = signing_public(ROOT_PRIVATE)
SIGNING_PUBLIC = signing_public(sha256(b"sparekey test desk, signing"))
DESK_ID = bytes.fromhex("0001020304050607")
PREFIX = "HTTPS://DESK.EXAMPLE.COM/R/"
MADE = 1_790_000_000

HEADER = Header(
    kind=Kind.MAIL,
    desk=DESK_ID,
    key=key_id(DESK_PUBLIC),
    identity=Identity("PX-3216-0001", "PX-3216", "1.0.0"),
    number="7KM2Q4XZ",
    tls=bytes(range(32)),
    valid=86_400,
    made=MADE,
)
BODY = MailBody(code_from_bits(0x1_2345_6789), ("owner@example.com",), "en", "admin")
TRUST = Trust(
    desk=DESK_ID,
    name="Example support",
    prefix=PREFIX,
    version=1,
    sealing=((Purpose.MAIL, (DESK_PUBLIC,)),),
    signing=(SIGNING_PUBLIC,),
)


def ephemeral(name: str) -> bytes:
    """The sender's key of one vector: fixed, so that the vector can be rebuilt. A device throws dice."""
    return sha256(b"sparekey ephemeral " + name.encode())


def sealed(clear: bytes, plain: bytes, name: str, public: bytes = DESK_PUBLIC) -> bytes:
    """The sealed part that belongs to a header's bytes."""
    return hpke.seal(public, b"sparekey/1 request\x00" + clear, plain, ephemeral(name))


def joined(clear: bytes, part: bytes) -> bytes:
    """A whole request."""
    return encode([clear, part])


def request(name: str, header: Header = HEADER, body: MailBody = BODY) -> bytes:
    """A request that opens."""
    return joined(header.encoded, sealed(header.encoded, body.encoded, name))


HEADER_FIELDS: dict[int, Value] = {
    1: 1,
    2: 1,
    3: 1,
    4: DESK_ID,
    5: key_id(DESK_PUBLIC),
    6: "PX-3216-0001",
    7: "PX-3216",
    8: "1.0.0",
    9: "7KM2Q4XZ",
    10: bytes(range(32)),
    11: {1: 86_400, 2: MADE},
}
"""The header by hand."""
BODY_FIELDS: dict[int, Value] = {1: 0x1_2345_6789, 2: ["owner@example.com"], 3: "en", 4: "admin"}
"""The sealed part by hand."""


def odd(fields: dict[int, Value], **changes: Any) -> bytes:
    """Those fields with some changed (`f6=...`), as bytes; a change to `...` takes the field away."""
    changed: dict[int, Any] = fields | {int(key[1:]): value for key, value in changes.items()}
    return encode({key: value for key, value in changed.items() if value is not ...})
