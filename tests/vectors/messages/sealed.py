"""Vectors of what a device seals, and of what the desk answers to its enrolment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sparekey.core.codec import encode
from sparekey.core.codes import to_base32
from sparekey.core.messages.enrol import EnrolBody, refresh_mac
from sparekey.core.messages.enrol_reply import make_reply
from sparekey.core.messages.header import Kind, bound
from sparekey.core.messages.request import read_request
from tests.core.messages_samples import (
    BODIES,
    DEVICE_KEY,
    PLAIN_BODIES,
    PRIVATE,
    REPLY,
    SERIAL,
    fixed,
    header,
)
from tests.vectors import hpke
from tests.vectors.messages.part import PREFIX, SENDER, changed, decode_parts, joined, request
from tests.vectors.vector import flipped, vector


def kinds() -> Iterator[str]:
    """Requests of every kind, for make_requests."""
    for bodies, what in ((BODIES, "with everything"), (PLAIN_BODIES, "with the least")):
        for kind, body in bodies.items():
            data = request(kind, body.encoded)
            fields: dict[str, object] = {
                "private": PRIVATE[kind.purpose],
                "request": data,
                "kind": kind.name.lower(),
                "serial": SERIAL,
                "hash": read_request(data).hash,
                "body": body.encoded,
                "link": PREFIX + to_base32(data),
            }
            yield vector(f"{kind.name.lower()}, {what}", "ok", fields)
    kind = Kind.SUPPORT
    clear, plain, private = header(kind).encoded, BODIES[kind].encoded, PRIVATE[kind.purpose]
    good = request(kind)
    later = changed(clear, {128: 1})
    fields = {"private": private, "kind": "support", "serial": SERIAL, "body": plain}
    yield vector("a header field of a later version", "ok", fields, request=joined(later, kind, plain))
    yield vector(
        "a sealed field of a later version", "ok", fields, request=request(kind, changed(plain, {128: 1}))
    )
    ticket = changed(plain, {}, without=3)
    for name, data in (
        ("one bit of the sealed part changed", flipped(good, len(good) - 1)),
        (
            "another serial in the header",
            encode([changed(clear, {6: "PX-3216-0002"}), decode_parts(good)[1]]),
        ),
        ("another kind in the header", encode([changed(clear, {3: 3}), decode_parts(good)[1]])),
        ("sealed to another key", encode([clear, hpke.seal(fixed("x"), bound(clear), plain, SENDER)])),
        ("an unknown critical field inside", request(kind, changed(plain, {99: 1}))),
        ("a file secret of 31 bytes", request(kind, changed(plain, {1: bytes(31)}))),
        ("a code of more than 35 bits", request(kind, changed(plain, {2: 1 << 35}))),
        ("no file secret", request(kind, changed(ticket, {}, without=1))),
        ("a byte after the sealed content", request(kind, plain + b"\x00")),
    ):
        yield vector(name, "untrusted sealed", {"private": private, "request": data})
    technician = joined(header(Kind.TECHNICIAN).encoded, Kind.TECHNICIAN, plain)
    yield vector(
        "a technician's request with a code", "untrusted sealed", {"private": private, "request": technician}
    )
    mail = BODIES[Kind.MAIL].encoded
    for name, put in (
        ("three addresses", ["a@example.com", "b@example.com", "c@example.com"]),
        ("an address with a capital domain", ["a@EXAMPLE.com"]),
        ("no address", []),
    ):
        data = request(Kind.MAIL, changed(mail, {2: put}))
        yield vector(name, "untrusted sealed", {"private": PRIVATE[Kind.MAIL.purpose], "request": data})


def enrolments() -> Iterator[str]:
    body, before = BODIES[Kind.ENROL], fixed("K before")
    assert isinstance(body, EnrolBody)
    about = header(Kind.ENROL)
    right = replace(body, refresh=refresh_mac(before, about, body))
    fields: dict[str, object] = {"previous": before, "header": about.encoded, "body": right.encoded}
    yield vector("a refresh", "ok", fields)
    other = replace(right, addresses=("thief@example.com",))
    yield vector("a refresh with another address", "untrusted enrol-refresh", fields, body=other.encoded)
    yield vector(
        "a refresh under another key", "untrusted enrol-refresh", fields, previous=fixed("another K")
    )
    none = replace(right, refresh=None)
    yield vector("a refresh without its proof", "untrusted enrol-refresh", fields, body=none.encoded)


def replies() -> Iterator[str]:
    reply = make_reply(REPLY, DEVICE_KEY)
    fields: dict[str, object] = {
        "key": DEVICE_KEY,
        "request-hash": REPLY.request,
        "reply": reply,
        "ticket": REPLY.ticket,
        "trust": REPLY.trust,
        "epoch": REPLY.epoch,
    }
    yield vector("a reply", "ok", fields)
    payload, code = decode_parts(reply)
    assert isinstance(payload, bytes)
    yield vector("for another enrolment", "untrusted enrol-reply", fields, **{"request-hash": bytes(32)})
    yield vector("under another key", "untrusted enrol-reply", fields, key=fixed("another K"))
    raised = encode([changed(payload, {5: 9}), code])
    yield vector("another epoch", "untrusted enrol-reply", fields, reply=raised)
    for name, slug, data in (
        ("epoch 0", "field", encode([changed(payload, {5: 0}), code])),
        ("an unknown critical field", "unknown-field", encode([changed(payload, {6: 1}), code])),
        ("without authentication", "field", encode([payload])),
    ):
        yield vector(name, f"malformed {slug}", fields, reply=data)
