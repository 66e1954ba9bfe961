"""Codes and messages against vectors/messages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sparekey.core import crypto
from sparekey.core.codec import encode
from sparekey.core.codes import Code, SavedCode, read_code, read_number, read_saved
from sparekey.core.errors import InputError, UntrustedError
from sparekey.core.messages.enrol import EnrolBody, refresh_holds
from sparekey.core.messages.enrol_reply import ReplyFile, check_reply, read_reply
from sparekey.core.messages.fields import Fields
from sparekey.core.messages.header import read_header
from sparekey.core.messages.key_file import KeyFile
from sparekey.core.messages.link import read_link
from sparekey.core.messages.pairing import Pairing
from sparekey.core.messages.request import Request, open_body, read_request
from sparekey.core.messages.response import Response, ResponseError, check_response, read_response
from sparekey.core.messages.text import Found, Requests, Responses, read_any
from sparekey.core.messages.trust import TrustFile, read_trust
from tests.vectors import hpke, make_messages
from tests.vectors.test_log_vectors import read

Vector = dict[str, Any]
VERDICTS = {"ok": None, "malformed": InputError, "untrusted": UntrustedError}


def data(vector: Vector, name: str) -> bytes:
    return bytes.fromhex(vector[name])


def codes(vector: Vector) -> None:
    readers: dict[str, Callable[[str], Code | SavedCode | str]] = {
        "typed": read_code,
        "saved": read_saved,
        "number": read_number,
    }
    found = readers[vector["read"]](vector["typed"])
    assert (found if isinstance(found, str) else found.text) == vector["text"]
    if isinstance(found, Code):
        assert (found.bits, found.shown_digits) == (vector["bits"], vector["digits"])


def requests(vector: Vector) -> None:
    request = read_request(data(vector, "request"))
    body = open_body(request, data(vector, "private"))
    assert body.encoded.hex() == vector["body"]
    assert (request.header.kind.name.lower(), request.header.identity.serial) == (
        vector["kind"],
        vector["serial"],
    )
    assert request.hash.hex() == vector.get("hash", request.hash.hex())
    assert "link" not in vector or read_link(vector["link"]) == request


def enrolments(vector: Vector) -> None:
    body = EnrolBody.read(Fields.of(data(vector, "body"), "sealed part"))
    if not refresh_holds(data(vector, "previous"), read_header(data(vector, "header")), body):
        raise UntrustedError("enrol-refresh")


def replies(vector: Vector) -> None:
    reply = check_reply(read_reply(data(vector, "reply")), data(vector, "request-hash"), data(vector, "key"))
    found = (reply.ticket.hex(), reply.trust.hex(), reply.epoch)
    assert found == tuple(vector[name] for name in ("ticket", "trust", "epoch"))


def responses(vector: Vector) -> None:
    trust = read_trust(data(vector, "trust"), data(vector, "root"))
    response = read_response(data(vector, "response"))
    asked = (data(vector, "request-hash"), vector["serial"], data(vector, "file-secret"))
    answer = check_response(response, *asked, trust)
    found = (answer.action.value, answer.issued, answer.expires, answer.cameras)
    assert found == tuple(vector[name] for name in ("action", "issued", "expires", "cameras"))


def trust(vector: Vector) -> None:
    assert read_trust(data(vector, "file"), data(vector, "root")).version == vector["version"]


def texts(vector: Vector) -> None:
    holds, inside = held(read_any(vector["text"]))
    assert holds == vector["holds"]
    if isinstance(inside, bytes):
        assert inside.hex() == vector["bytes"]
    else:
        assert [item.encoded.hex() if isinstance(item, Request) else None for item in inside] == vector[
            "items"
        ]


def held(found: Found) -> tuple[str, bytes | tuple[object, ...]]:
    """What a text held, by the name that the vectors use, and its bytes or its items."""
    match found:
        case Request():
            return "request", found.encoded
        case Response():
            return "response", found.encoded
        case KeyFile():
            return "key-file", found.encoded
        case Pairing():
            return "pairing", found.encoded
        case TrustFile():
            return "trust", _array(found.content, found.signature)
        case ReplyFile():
            return "reply", _array(found.payload, found.mac)
        case Requests():
            return "requests", found.items
        case Responses():
            return "responses", found.items


def _array(*parts: bytes) -> bytes:
    return encode(list(parts))


CHECKS: dict[str, Callable[[Vector], None]] = {
    f"{check.__name__}.txt": check
    for check in (codes, requests, enrolments, replies, responses, trust, texts)
}
CASES = [
    pytest.param(check, vector, id=f"{name}: {vector['name']}")
    for name, check in CHECKS.items()
    for vector in read((make_messages.FOLDER / name).read_text(encoding="utf-8"))
]


@pytest.mark.parametrize(("check", "vector"), CASES)
def test_the_vector_gets_its_verdict(check: Callable[[Vector], None], vector: Vector) -> None:
    error = VERDICTS[vector["expect"]]
    if error is None:
        check(vector)
        return
    with pytest.raises(error) as caught:
        check(vector)
    if isinstance(caught.value, ResponseError):
        assert caught.value.wrong.value == vector["wrong"]
    assert caught.value.slug == vector["slug"]


def test_the_files_are_those_that_the_generator_writes() -> None:
    made = make_messages.files()
    assert set(made) == set(CHECKS) == {path.name for path in make_messages.FOLDER.glob("*.txt")}
    for name, text in made.items():
        assert (make_messages.FOLDER / name).read_text(encoding="utf-8") == text, f"write {name} again"
        names = [vector["name"] for vector in read(text)]
        assert len(set(names)) == len(names)


def test_two_hpkes_agree() -> None:
    private = crypto.sha256(b"a desk's key")
    sealed = hpke.seal(crypto.sealing_public(private), b"info", b"content", crypto.sha256(b"a sender's key"))
    assert crypto.unseal(private, b"info", sealed) == b"content"
