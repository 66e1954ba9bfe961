"""What devices, desks and people hand to each other, in every form."""

from __future__ import annotations

from typing import cast

from fuzz.target import Target, of_text
from sparekey.core import crypto
from sparekey.core.codec import decode, encode
from sparekey.core.codes import (
    from_base32,
    read_code,
    read_number,
    read_saved,
    saved_from_bits,
    to_base32,
)
from sparekey.core.device import State
from sparekey.core.effects import Effect
from sparekey.core.messages.armour import FileKind, unwrap, wrap
from sparekey.core.messages.batch import make_batch, read_requests, read_responses
from sparekey.core.messages.enrol_reply import make_reply, read_reply, read_reply_link
from sparekey.core.messages.fields import Fields
from sparekey.core.messages.header import Kind, read_header
from sparekey.core.messages.key_file import read_key_file
from sparekey.core.messages.link import check_prefix, link, read_link
from sparekey.core.messages.link_answer import LinkAnswer, LinkVerdict, read_answers
from sparekey.core.messages.link_case import CaseCall, read_case_call, read_case_told
from sparekey.core.messages.pairing import pairing_link, read_pairing
from sparekey.core.messages.request import read_request, seal_body
from sparekey.core.messages.response import make_response, read_response
from sparekey.core.messages.text import read_any
from sparekey.core.messages.trust import read_trust, sign_trust
from sparekey.core.messages.xml import read_xml, write_xml
from sparekey.core.methods.security_code import Spoken
from sparekey.core.methods.spoken import read_spoken, spoken_text
from sparekey.core.values import account_name, mail_address
from sparekey.host.snapshot import freeze, thaw
from tests.core.messages_samples import (
    ANSWER,
    BODIES,
    DEVICE_KEY,
    FILE_SECRET,
    FULL_TRUST,
    KEY_FILE,
    NOW,
    PAIRING,
    PLAIN_BODIES,
    PROOF,
    PUBLIC,
    REPLY,
    ROOT,
    ROOT_PUBLIC,
    SIGNING,
    header,
)
from tests.core.samples import GUARDED, ask
from tests.vectors.make_trust import signed as signed_by

PREFIX = "HTTPS://DESK.EXAMPLE.COM/R/"
REQUESTS = [seal_body(header(kind), BODIES[kind], PUBLIC[kind.purpose]) for kind in Kind]
RESPONSE = make_response(ANSWER, FILE_SECRET, SIGNING, PROOF)
TRUST = sign_trust(FULL_TRUST, ROOT)
CONTENT = cast("list[object]", decode(TRUST))[0]
REPLIED = make_reply(REPLY, DEVICE_KEY)
BATCH = make_batch([REQUESTS[0].encoded, b"", REQUESTS[1].encoded])
CALL = CaseCall(bytes(32), "cs", (REQUESTS[1].encoded,), "owner@example.com").encoded
TOLD = bytes.fromhex("a30101026468656c64031a6ab13b80")
TEXTS = [
    link(PREFIX, REQUESTS[0]).encode(),
    pairing_link(PREFIX, PAIRING).encode(),
    write_xml(REQUESTS[1]).encode(),
    wrap(FileKind.REQUEST, REQUESTS[1].encoded, {"Device": "PX-3216-0001"}).encode(),
    wrap(FileKind.RESPONSE, RESPONSE, {}).encode(),
    wrap(FileKind.KEY, KEY_FILE.encoded, {}).encode(),
    wrap(FileKind.TRUST, TRUST, {}).encode(),
    wrap(FileKind.REQUESTS, BATCH, {}).encode(),
]
SPOKEN = Spoken("PX-3216-0001", NOW, "4F7Q0001", "02-00-5e-00-53-07")
TYPED = [b"4HMA-SW9Q", b"0123 4567 8901", b"abcd-efgh", b"7F2K-0042", b"OIL0-1il1"]


def body(data: bytes) -> object:
    """What a device sealed, as it is read once it was opened; the first byte says as which kind."""
    kind = list(Kind)[data[0] % len(Kind)] if data else Kind.MAIL
    fields = Fields.of(data[1:], "sealed part")
    read = type(BODIES[kind]).read(fields)
    fields.end()
    return read


def signed(content: bytes) -> bytes:
    """As if the maker's root had signed it."""
    return signed_by(content, ROOT)


def certificates() -> list[bytes]:
    """One of a maker's authority."""
    return [crypto.certificate_authority(bytes(range(1, 33)), "Example", ("192.0.2.4",), 1, NOW, 365)]


def states(data: bytes) -> object:
    """What a store gives back."""
    return thaw(data[1:], Effect if data[:1] == b"e" else State)


TARGETS = [
    Target("cbor", decode, lambda: [encode({1: [True, "a", b"b"], -1: {2: 1 << 40}}), b"\x81" * 64]),
    Target("header", read_header, lambda: [header(kind).encoded for kind in Kind]),
    Target("request", read_request, lambda: [request.encoded for request in REQUESTS]),
    Target(
        "request-body",
        body,
        lambda: [
            bytes([place]) + bodies[kind].encoded
            for bodies in (BODIES, PLAIN_BODIES)
            for place, kind in enumerate(Kind)
        ],
    ),
    Target("requests", read_requests, lambda: [BATCH]),
    Target("response", read_response, lambda: [RESPONSE]),
    Target("responses", read_responses, lambda: [make_batch([RESPONSE, RESPONSE])]),
    Target("trust", lambda data: read_trust(data, ROOT_PUBLIC), lambda: [TRUST]),
    Target(
        "trust-content", lambda data: read_trust(signed(data), ROOT_PUBLIC), lambda: [cast("bytes", CONTENT)]
    ),
    Target("key-file", read_key_file, lambda: [KEY_FILE.encoded]),
    Target("reply", read_reply, lambda: [REPLIED]),
    Target(
        "link-answers",
        lambda data: read_answers(data, 1),
        lambda: [make_batch([LinkAnswer(LinkVerdict.TAKEN, REPLIED).encoded])],
    ),
    Target("case-call", read_case_call, lambda: [CALL]),
    Target("case-told", read_case_told, lambda: [TOLD]),
    Target("any-text", read_any, lambda: [*TEXTS, REQUESTS[0].encoded, *TYPED]),
    Target("armour", of_text(lambda text: unwrap(FileKind.REQUEST, text)), lambda: TEXTS[3:5]),
    Target("xml-request", read_xml, lambda: [TEXTS[2]]),
    Target("link", of_text(read_link), lambda: TEXTS[:1]),
    Target("prefix", of_text(check_prefix), lambda: [PREFIX.encode()]),
    Target(
        "reply-link",
        of_text(read_reply_link),
        lambda: [f"HTTPS://DESK.EXAMPLE.COM/E/{to_base32(REPLIED)}".encode()],
    ),
    Target("pairing", of_text(read_pairing), lambda: [TEXTS[1]]),
    Target("base-32", of_text(from_base32), lambda: [to_base32(REPLIED).encode()]),
    Target("code", of_text(read_code), lambda: TYPED),
    Target("saved-code", of_text(read_saved), lambda: [saved_from_bits(1 << 60).shown.encode()]),
    Target("request-number", of_text(read_number), lambda: [b"4F7Q0001"]),
    Target(
        "spoken",
        of_text(read_spoken),
        lambda: [spoken_text(SPOKEN, 20_000).encode()],
    ),
    Target("address", of_text(mail_address), lambda: [b"owner@example.com", "žofie@example.com".encode()]),
    Target("account", of_text(account_name), lambda: [b"admin"]),
    Target("state", states, lambda: [b"s" + freeze(GUARDED), b"e" + freeze(ask())]),
    Target("certificate", crypto.tls_key_hash, certificates),
]
