"""Every vector in `vectors/` says what the readers do, and each bad one fails for its own reason."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sparekey.core import crypto
from sparekey.core.codec import decode, encode
from sparekey.core.codes import (
    Code,
    SavedCode,
    code_from_bits,
    from_base32,
    read_code,
    read_number,
    read_saved,
    to_base32,
)
from sparekey.core.errors import InputError, UntrustedError
from sparekey.core.mailing import is_expired
from sparekey.core.messages.armour import FileKind, unwrap
from sparekey.core.messages.enrol import EnrolBody, refresh_holds
from sparekey.core.messages.enrol_reply import ReplyFile, check_reply, read_reply
from sparekey.core.messages.fields import Fields
from sparekey.core.messages.header import read_header
from sparekey.core.messages.key_file import KeyFile
from sparekey.core.messages.link import check_prefix, read_link
from sparekey.core.messages.link_answer import LinkAnswer
from sparekey.core.messages.pairing import Pairing
from sparekey.core.messages.request import MailBody, Request, open_body, read_request
from sparekey.core.messages.response import Response, ResponseError, check_response, read_response
from sparekey.core.messages.text import Answers, Found, Requests, Responses, read_any
from sparekey.core.messages.trust import Purpose, TrustFile, newer, read_trust
from tests.vectors import hpke, make, make_calls
from tests.vectors.blocks import diagnostic
from tests.vectors.vector import VECTORS, Vector, load

FAMILIES: dict[str, type[Exception]] = {"malformed": InputError, "untrusted": UntrustedError}


def data(vector: Vector, name: str) -> bytes:
    return bytes.fromhex(vector[name])


def cbor(vector: Vector) -> None:
    value = decode(data(vector, "bytes"))
    assert diagnostic(value) == vector["means"]
    assert encode(value) == data(vector, "bytes")


def codes(vector: Vector) -> None:
    if vector["read"] == "base32":
        assert from_base32(vector["text"]).hex() == vector["bytes"]
        assert to_base32(data(vector, "bytes")) == vector["text"]
        return
    readers: dict[str, Callable[[str], Code | SavedCode | str]] = {
        "typed": read_code,
        "saved": read_saved,
        "number": read_number,
    }
    found = readers[vector["read"]](vector["text"])
    assert (found if isinstance(found, str) else found.text) == vector["code"]
    if isinstance(found, Code):
        assert (found.bits, found.shown_digits) == (vector["bits"], vector["digits"])
        assert code_from_bits(vector["bits"]) == found


def requests(vector: Vector) -> None:
    request = read_request(data(vector, "request"))
    header, body = request.header, open_body(request, data(vector, "private"))
    said: dict[str, object] = {
        "kind": header.kind.name.lower(),
        "desk": header.desk.hex(),
        "key": header.key.hex(),
        "serial": header.identity.serial,
        "model": header.identity.model,
        "firmware": header.identity.firmware,
        "number": header.number,
        "tls": header.tls.hex(),
        "valid": header.valid,
        "made": header.made,
        "seen": header.seen or None,
        "hash": request.hash.hex(),
        "body": body.encoded.hex(),
    }
    if isinstance(body, MailBody):
        ticket = None if body.ticket is None else body.ticket.hex()
        said |= {"code": body.code.text, "addresses": list(body.addresses), "locale": body.locale}
        said |= {"account": body.account, "ticket": ticket, "fleeting": body.fleeting or None}
    assert {key: value for key, value in said.items() if key in vector}.items() <= vector.items()
    if "tls" in vector:
        assert {key for key, value in said.items() if value is not None} - {"body"} <= set(vector)
    assert "link" not in vector or read_link(vector["link"]) == request
    if "now" in vector:
        assert is_expired(header, vector["first-seen"], vector["now"]) == (vector["expect"] == "refused")


def links(vector: Vector) -> None:
    if vector["read"] == "prefix":
        assert check_prefix(vector["text"]) == vector["text"]
    else:
        assert read_link(vector["text"]).hash.hex() == vector["hash"]


def kind_of_file(name: str) -> FileKind:
    return next(kind for kind in FileKind if kind.value == name)


def armour(vector: Vector) -> None:
    assert unwrap(kind_of_file(vector["file"]), vector["text"]).hex() == vector["bytes"]


def trust(vector: Vector) -> None:
    root = data(vector, "root")
    found = read_trust(data(vector, "file"), root)
    if "held" in vector:
        found = newer(read_trust(data(vector, "held"), root), found)
    assert {
        "sealing-key": found.sealing_key(Purpose.MAIL).hex(),
        "desk": found.desk.hex(),
        "desk-name": found.name,
        "prefix": found.prefix,
        "version": found.version,
        "log-keys": [key.text for key in found.logs],
        "witnesses": [key.text for key in found.witnesses.witnesses],
        "needed": found.witnesses.needed,
        "floor": found.floor,
    }.items() <= vector.items()


def enrolments(vector: Vector) -> None:
    body = EnrolBody.read(Fields.of(data(vector, "body"), "sealed part"))
    if not refresh_holds(data(vector, "previous"), read_header(data(vector, "header")), body):
        raise UntrustedError("enrol-refresh")


def replies(vector: Vector) -> None:
    reply = check_reply(read_reply(data(vector, "reply")), data(vector, "request-hash"), data(vector, "key"))
    found = (reply.ticket.hex(), reply.trust.hex(), reply.epoch)
    assert found == tuple(vector[name] for name in ("ticket", "trust", "epoch"))


def responses(vector: Vector) -> None:
    trusted = read_trust(data(vector, "trust"), data(vector, "root"))
    response = read_response(data(vector, "response"))
    asked = (data(vector, "request-hash"), vector["serial"], data(vector, "file-secret"))
    answer = check_response(response, *asked, trusted)
    found = (answer.action.value, answer.issued, answer.expires, answer.cameras)
    assert found == tuple(vector[name] for name in ("action", "issued", "expires", "cameras"))


def texts(vector: Vector) -> None:
    holds, inside = held(read_any(vector["text"]))
    assert holds == vector["holds"]
    if isinstance(inside, bytes):
        assert inside.hex() == vector["bytes"]
        return
    items = [
        item.encoded.hex() if isinstance(item, Request | Response | LinkAnswer) else None for item in inside
    ]
    assert items == vector["items"]


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
            return "trust", encode([found.content, found.signature])
        case ReplyFile():
            return "reply", encode([found.payload, found.mac])
        case Requests():
            return "requests", found.items
        case Responses():
            return "responses", found.items
        case Answers():
            return "answers", found.items


def calls(vector: Vector) -> None:
    make_calls.read(vector["read"], data(vector, "bytes"))
    assert diagnostic(decode(data(vector, "bytes"))) == vector["means"]


CHECKS: dict[str, Callable[[Vector], None]] = {
    check.__name__: check
    for check in (cbor, codes, requests, links, armour, trust, enrolments, replies, responses, texts, calls)
}
Case = tuple[str, Vector]
RUN: set[tuple[str, str]] = set()


def each(expect: str, *topics: str) -> pytest.MarkDecorator:
    """The vectors with this verdict; without topics those of every file that a check here reads."""
    cases = [
        pytest.param((topic, vector), id=f"{topic}: {vector['name']}")
        for topic in topics or CHECKS
        for vector in load(topic)
        if vector["expect"] == expect
    ]
    RUN.update((topic, expect) for topic in topics or CHECKS)
    return pytest.mark.parametrize("case", cases)


def refused(case: Case) -> None:
    """It fails as the vector says: right family, right reason."""
    topic, vector = case
    with pytest.raises(FAMILIES[vector["expect"]]) as caught:
        CHECKS[topic](vector)
    if isinstance(caught.value, ResponseError):
        assert caught.value.wrong.value == vector["wrong"]
    assert getattr(caught.value, "slug", None) == vector["slug"]


@each("ok")
def test_what_is_good_is_read(case: Case) -> None:
    topic, vector = case
    CHECKS[topic](vector)


@each("malformed")
def test_T14_what_does_not_parse_is_refused(case: Case) -> None:
    refused(case)


@each("untrusted", "requests")
def test_T01_an_altered_request_reads_and_does_not_open(case: Case) -> None:
    refused(case)


@each("untrusted", "trust")
def test_T13_another_trust_file_is_refused(case: Case) -> None:
    refused(case)


@each("untrusted", "responses")
def test_T19_a_forged_or_foreign_file_is_refused(case: Case) -> None:
    refused(case)


@each("untrusted", "replies", "enrolments")
def test_an_enrolment_by_somebody_else_is_refused(case: Case) -> None:
    refused(case)


@pytest.mark.meets("nist-expiry")
@each("refused", "requests")
def test_T12_the_desk_answers_until_the_time_is_over(case: Case) -> None:
    requests(case[1])


@pytest.mark.parametrize("topic", make.TOPICS)
def test_the_file_is_what_its_generator_makes(topic: str) -> None:
    kept = (VECTORS / f"{topic}.txt").read_text(encoding="utf-8")
    assert kept == make.made(topic), "python -m tests.vectors.make writes vectors/ anew"


@pytest.mark.parametrize("topic", make.TOPICS)
def test_every_vector_has_its_own_name_and_every_failure_its_reason(topic: str) -> None:
    vectors = load(topic)
    assert len({vector["name"] for vector in vectors}) == len(vectors)
    assert {vector["expect"] for vector in vectors} <= {"ok", "malformed", "untrusted", "refused"}
    assert all(("slug" in vector) == (vector["expect"] != "ok") for vector in vectors)
    assert topic.startswith("log/") or {(topic, vector["expect"]) for vector in vectors} <= RUN


def test_every_file_has_a_generator_and_a_line_in_the_readme() -> None:
    files = {path.relative_to(VECTORS).as_posix() for path in VECTORS.rglob("*.txt")}
    assert files == {f"{topic}.txt" for topic in make.TOPICS}
    readme = (VECTORS / "README.md").read_text(encoding="utf-8")
    assert not {file for file in files if f"`{file}`" not in readme}


@pytest.mark.meets("asvs-11.2.1", "etsi-5.5-2")
def test_two_hpkes_agree() -> None:
    private = crypto.sha256(b"a desk's key")
    sealed = hpke.seal(crypto.sealing_public(private), b"info", b"content", crypto.sha256(b"a sender's key"))
    assert crypto.unseal(private, b"info", sealed) == b"content"
