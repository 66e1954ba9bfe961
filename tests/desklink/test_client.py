"""The calls of the link: what is said on the wire, and what a caller hears when the desk is not as it should be."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest

from sparekey.core.crypto import sha256
from sparekey.core.errors import InputError, SparekeyError
from sparekey.core.messages.batch import make_batch, read_items
from sparekey.core.messages.header import Kind
from sparekey.core.messages.link_answer import LinkAnswer, LinkVerdict, make_answers
from sparekey.desklink.address import Address, address_of
from sparekey.desklink.client import DeskLink
from sparekey.desklink.exchange import ANSWER_LIMIT, Asked, Exchange
from sparekey.testing.clock import FixedClock
from tests.desklink.line import Line, answer
from tests.vectors.messages.part import request

HERE = Address("localhost", 8600, tls=False)
TAKEN = LinkAnswer(LinkVerdict.TAKEN, b"a reply")


def link(line: Line, clock: FixedClock | None = None) -> DeskLink:
    return DeskLink(Exchange(HERE, clock or FixedClock(), connect=line.dial))


def slug(call: object) -> str:
    assert callable(call)
    with pytest.raises(SparekeyError) as caught:
        call()
    assert "a request" not in str(caught.value)
    return caught.value.slug


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [
        ("HTTPS://DESK.EXAMPLE.COM/R/", Address("desk.example.com", 443, True)),
        ("HTTPS://DESK.EXAMPLE.COM:8443/R/", Address("desk.example.com", 8443, True)),
        ("HTTP://127.0.0.1:8600/R/", Address("127.0.0.1", 8600, False)),
        ("HTTP://DESK.LOCALHOST/R/", Address("desk.localhost", 80, False)),
    ],
)
def test_the_trust_file_says_where_the_desk_is(prefix: str, expected: Address) -> None:
    assert address_of(prefix) == expected


@pytest.mark.meets("asvs-4.1.2", "asvs-12.2.1", "asvs-13.2.4", "etsi-5.8-2")
@pytest.mark.parametrize(
    "prefix",
    [
        "HTTP://DESK.EXAMPLE.COM/R/",
        "HTTPS:///R/",
        "HTTPS://DESK.EXAMPLE.COM/X/R/",
        "HTTPS://DESK.EXAMPLE.COM:0/R/",
        "HTTPS://DESK.EXAMPLE.COM:X/R/",
        "HTTPS://DESK.EXAMPLE.COM:999999/R/",
    ],
)
def test_T35_nothing_is_said_in_clear_or_to_nowhere(prefix: str) -> None:
    assert slug(lambda: address_of(prefix)) == "desk-address"


def test_a_batch_goes_out_and_each_answer_is_in_its_place() -> None:
    answers = [TAKEN, LinkAnswer(LinkVerdict.WAITS)]
    whole = answer(make_answers(answers))
    line = Line(b"HTTP/1.1 100 Continue\r\n\r\n" + whole[:20], whole[20:])
    assert link(line).enrol([b"a request", b"another"]) == answers
    head, _, body = line.heard.partition(b"\r\n\r\n")
    assert head.startswith(b"POST /link/enrolments HTTP/1.1\r\nHost: localhost:8600\r\n")
    assert read_items(body) == [b"a request", b"another"]
    assert (line.dialled, line.closed) == ([("localhost", 8600)], True)


def test_each_kind_has_its_path_and_nothing_is_said_without_items() -> None:
    for name, path in (("notify", b"/link/notices"), ("mail", b"/link/mails")):
        line = Line(answer(make_answers([TAKEN])))
        assert getattr(link(line), name)([b"a request"]) == [TAKEN]
        assert line.heard.startswith(b"POST " + path)
    line = Line()
    assert link(line).enrol([]) == []
    assert line.dialled == []


def test_more_than_a_hundred_go_in_several_calls() -> None:
    line = Line(answer(make_answers([TAKEN] * 100)), answer(make_answers([TAKEN] * 50)))
    assert len(link(line).enrol([b"a request"] * 150)) == 150
    assert len(line.dialled) == 2


def test_letters_of_all_kinds_go_out_together_and_each_answer_names_its_letter() -> None:
    sealed = {kind: request(kind) for kind in (Kind.NOTICE, Kind.ENROL, Kind.MAIL, Kind.SUPPORT)}
    waits, old = LinkAnswer(LinkVerdict.WAITS), LinkAnswer(LinkVerdict.OLD)
    line = Line(*(answer(make_answers([one])) for one in (TAKEN, waits, old)))
    found = link(line).letters([*sealed.values(), b"nonsense"])
    assert [one.verdict.value for one in found] == ["old", "taken", "waits", "other-kind", "other-kind"]
    assert [one.request for one in found] == [sha256(letter) for letter in (*sealed.values(), b"nonsense")]
    assert found[1].data == TAKEN.data
    assert len(line.dialled) == 3
    assert link(Line()).letters([]) == []


def test_the_trust_file_is_fetched() -> None:
    line = Line(answer(b"a trust file"))
    assert link(line).trust() == b"a trust file"
    assert line.heard.startswith(b"GET /link/trust HTTP/1.1")
    assert slug(link(Line(answer(b""))).trust) == "desk-answer"
    assert slug(link(Line(answer(bytes(9000)))).trust) == "desk-answer"
    assert slug(link(Line(answer(b"x", "404 Not Found"))).trust) == "desk-answer"


@pytest.mark.meets("asvs-15.3.2")
@pytest.mark.parametrize(
    ("says", "expected"),
    [
        (answer(b"", "503 Service Unavailable"), "desk-busy"),
        (answer(b"", "429 Too Many Requests"), "desk-busy"),
        (answer(b"", "302 Found"), "desk-answer"),
        (answer(make_answers([TAKEN, TAKEN])), "desk-answer"),
        (answer(make_batch([b"\xff"])), "desk-answer"),
        (answer(b"<html>"), "desk-answer"),
        (b"SSH-2.0-whatever\r\n\r\n", "desk-answer"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort", "desk-answer"),
        (b"", "desk-answer"),
        (answer(bytes(ANSWER_LIMIT + 1)), "desk-answer"),
        (ConnectionResetError(), "desk-unreachable"),
        (TimeoutError(), "desk-unreachable"),
        (ssl.SSLCertVerificationError(), "desk-certificate"),
        (UnicodeError("label too long"), "desk-unreachable"),
    ],
)
def test_T35_whatever_answers_the_caller_hears_an_error_of_ours(
    says: bytes | Exception, expected: str
) -> None:
    assert slug(lambda: link(Line(says)).enrol([b"a request"])) == expected


def test_T35_a_desk_that_drips_is_left_when_the_time_is_over() -> None:
    clock = FixedClock()

    class Dripping(Line):
        def recv(self, most: int) -> bytes:
            clock.forward(7)
            return b"HTTP/1.1 200 OK\r\n" if len(self.patience) < 5 else b"x: y\r\n"

    line = Dripping()
    assert slug(lambda: link(line, clock).enrol([b"a request"])) == "desk-unreachable"
    assert line.closed
    assert max(line.patience) <= 20


def test_an_authority_that_is_no_file_of_certificates_is_told(tmp_path: Path) -> None:
    line, missing = Line(), tmp_path / "ca.pem"
    exchange = Exchange(Address("localhost", 1, True), FixedClock(), ca_file=missing, connect=line.dial)
    with pytest.raises(InputError) as caught:
        exchange.ask(Asked("/link/trust"))
    assert caught.value.slug == "desk-ca"
    assert isinstance(DeskLink.at("HTTPS://DESK.EXAMPLE.COM/R/", FixedClock(), missing), DeskLink)
