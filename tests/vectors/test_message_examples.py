"""The worked examples of the spec's pages on codes and messages: a test computes each one again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from sparekey.core import crypto
from sparekey.core.codec import decode, encode
from sparekey.core.codes import check_digit, code_from_bits, saved_from_bits, spell
from sparekey.core.messages.batch import make_batch
from sparekey.core.messages.enrol import EnrolBody, refresh_mac
from sparekey.core.messages.enrol_reply import make_reply
from sparekey.core.messages.header import Kind
from sparekey.core.messages.pairing import pairing_link
from sparekey.core.messages.request import open_body, read_request
from sparekey.core.messages.response import make_response
from tests.core.messages_samples import (
    ANSWER,
    BODIES,
    DEVICE_KEY,
    FILE_SECRET,
    KEY_FILE,
    PAIRING,
    PROOF,
    REPLY,
    SIGNING,
    fixed,
    header,
)
from tests.vectors.blocks import Block
from tests.vectors.pages import SPEC, examples


def twelve_digits(block: Block) -> None:
    code = code_from_bits(int(block["bits"]))
    assert (code.text, code.shown_digits) == (block["code"], block["shown"])
    assert (f"{code.bits:011d}", check_digit(block["body"])) == (block["body"], block["check"])


def saved_code(block: Block) -> None:
    code = saved_from_bits(int(block["bits"]))
    assert (code.text, code.shown) == (block["code"], block["shown"])


def spelling(block: Block) -> None:
    assert [" ".join(spell(block["code"], locale)) for locale in ("en", "cs")] == [block["en"], block["cs"]]


def support_request(block: Block) -> None:
    parts = [bytes.fromhex(block[name]) for name in ("clear", "sealed")]
    request = read_request(encode(parts))
    assert request.hash.hex() == block["hash"]
    assert open_body(request, bytes.fromhex(block["desk-private"])).encoded.hex() == block["plain"]


def plain(kind: Kind) -> Callable[[Block], None]:
    def check(block: Block) -> None:
        assert BODIES[kind].encoded.hex() == block["plain"]

    return check


def response(block: Block) -> None:
    parts = decode(make_response(ANSWER, FILE_SECRET, SIGNING, PROOF))
    assert isinstance(parts, list)
    names = ("payload", "mac", "signer", "signature")
    assert [block["file-secret"], *(block[name] for name in names)] == [
        FILE_SECRET.hex(),
        *(part.hex() for part in parts[:4] if isinstance(part, bytes)),
    ]


def key_file(block: Block) -> None:
    assert KEY_FILE.encoded.hex() == block["bytes"]
    assert (KEY_FILE.serial, str(KEY_FILE.generation), str(KEY_FILE.made)) == tuple(
        block[name] for name in ("serial", "generation", "made")
    )


def batch(block: Block) -> None:
    assert make_batch([bytes.fromhex(item) for item in block["items"].split()]).hex() == block["bytes"]


def enrolment_reply(block: Block) -> None:
    written = encode([bytes.fromhex(block["payload"]), bytes.fromhex(block["mac"])])
    assert make_reply(REPLY, DEVICE_KEY) == written
    assert block["key"] == DEVICE_KEY.hex()


def refresh(block: Block) -> None:
    body, about = BODIES[Kind.ENROL], header(Kind.ENROL)
    assert isinstance(body, EnrolBody)
    assert (about.identity.serial, about.number) == (block["serial"], block["number"])
    assert block["previous"] == fixed("K before").hex() == crypto.sha256(b"K before").hex()
    assert refresh_mac(fixed("K before"), about, replace(body, refresh=None)).hex() == block["refresh"]


def pairing(block: Block) -> None:
    assert PAIRING.encoded.hex() == block["bytes"]
    assert pairing_link(block["prefix"], PAIRING) == block["text"]


CHECKS: dict[str, Callable[[Block], None]] = {
    "twelve digits": twelve_digits,
    "saved code": saved_code,
    "spelling": spelling,
    "support request": support_request,
    "technician request": plain(Kind.TECHNICIAN),
    "enrol request": plain(Kind.ENROL),
    "notice request": plain(Kind.NOTICE),
    "response": response,
    "key file": key_file,
    "batch": batch,
    "enrolment reply": enrolment_reply,
    "refresh": refresh,
    "pairing link": pairing,
}


@pytest.mark.parametrize("name", CHECKS)
def test_the_worked_example_is_right(name: str) -> None:
    (block,) = (found[name] for page in SPEC.glob("*.md") if name in (found := examples(page.stem)))
    CHECKS[name](block)
