"""Cases for programs: the desk's side of the link, and the client that speaks to it."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.types import ASGIApp

from sparekey.core.codes import read_number
from sparekey.core.errors import UnavailableError
from sparekey.core.evidence import Remedy
from sparekey.core.messages.link_answer import LinkVerdict
from sparekey.core.messages.link_case import CaseStage
from sparekey.core.messages.response import read_response
from sparekey.desk.cases.link import CasesLink
from sparekey.desk.source import Sources
from sparekey.desk.store.sqlite import open_sqlite
from sparekey.desklink import cases as client
from sparekey.desklink.exchange import Answered, Asked
from sparekey.web.face import face
from sparekey.web.form_token import Token
from sparekey.web.guard import Rules
from sparekey.web.page import Band, Pages
from sparekey.web.statics import Statics
from tests.desk.casework import KEY, SERIAL, Casework
from tests.web.asgi import call

HOST = "desk.example.com"
SECRET = bytes(range(32))


class Wire:
    """An exchange that ends in the application itself."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    def ask(self, asked: Asked) -> Answered:
        method = "GET" if asked.body is None else "POST"
        answer = call(self._app, method, asked.path, list(asked.headers), asked.body or b"", host=HOST)
        return Answered(answer.status, answer.body)


@pytest.fixture
def casework(tmp_path: Path) -> Casework:
    made = Casework(open_sqlite(tmp_path / "desk.sqlite"))
    made.enrol()
    return made


@pytest.fixture
def wire(casework: Casework) -> Wire:
    room = CasesLink(casework.cases, Sources(bytes(32)).mark)
    pages = Pages(
        room.packages,
        statics=Statics(),
        token=Token(bytes(32), casework.entropy),
        band=lambda: Band("Example support"),
        look="desk",
    )
    rules = Rules(own_names=lambda: {f"{HOST}:443"}, larger=room.larger, machine_paths=("/link/",))
    return Wire(face(room.routes(pages), pages=pages, rules=rules, entropy=casework.entropy))


def sent(wire: Wire, *requests: bytes, secret: bytes = SECRET, address: str = "") -> list[str]:
    answers = client.send(wire, requests, secret, "cs", address)  # type: ignore[arg-type]
    return [answer.data.decode() if answer.data else answer.verdict.value for answer in answers]


def fetched(wire: Wire, number: str, secret: bytes = SECRET) -> object:
    return client.fetch(wire, number, secret)  # type: ignore[arg-type]


def test_P27_a_program_sends_a_request_and_fetches_the_file(casework: Casework, wire: Wire) -> None:
    request = casework.request()
    (number,) = sent(wire, request.encoded)
    assert read_number(number)
    assert sent(wire, request.encoded) == [number], "a lost answer is asked for again"
    told = client.fetch(wire, number, SECRET)  # type: ignore[arg-type]
    assert told is not None
    assert told.stage is CaseStage.OPENED
    casework.issue(number, Remedy.RESPONSE_FILE)
    told = client.fetch(wire, number, SECRET)  # type: ignore[arg-type]
    assert told is not None
    assert read_response(told.response).answer.request == request.hash
    assert told.until == casework.clock.wall() + 48 * 3600
    casework.clock.forward(49 * 3600)
    late = client.fetch(wire, number, SECRET)  # type: ignore[arg-type]
    assert late is not None
    assert (late.stage, late.response) == (CaseStage.ISSUED, b"")


def test_P17_a_program_fetches_a_key(casework: Casework, wire: Wire) -> None:
    (number,) = sent(wire, casework.request(key=KEY).encoded)
    casework.issue(number, Remedy.RESPONSE_KEY)
    told = client.fetch(wire, number, SECRET)  # type: ignore[arg-type]
    assert told is not None
    assert told.key == KEY


def test_P27_a_hold_and_a_no_are_told(casework: Casework, wire: Wire) -> None:
    (number,) = sent(wire, casework.request().encoded)
    casework.prove(number)
    casework.cases.propose(number, Remedy.RESPONSE_FILE, "anna")
    casework.approve(number)
    told = client.fetch(wire, number, SECRET)  # type: ignore[arg-type]
    assert told is not None
    assert (told.stage, told.until) == (CaseStage.HELD, casework.clock.wall() + 24 * 3600)
    casework.cases.refuse(number, "anna", "not-proved")
    told = client.fetch(wire, number, SECRET)  # type: ignore[arg-type]
    assert told is not None
    assert (told.stage, told.reason) == (CaseStage.CLOSED, "not-proved")


def test_T26_each_request_is_answered_in_its_place(casework: Casework, wire: Wire) -> None:
    good = casework.request().encoded
    answers = sent(wire, b"broken", good, good[:-1] + bytes([good[-1] ^ 1]))
    assert answers[0] == LinkVerdict.DAMAGED.value
    assert read_number(answers[1])
    assert answers[2] == LinkVerdict.NOT_GENUINE.value
    many = [casework.request(f"PX-{number}").encoded for number in range(101)]
    assert len(set(sent(wire, *many))) == 101


@pytest.mark.meets("asvs-8.2.2")
def test_T06_a_foreign_secret_and_a_foreign_number_are_answered_alike(casework: Casework, wire: Wire) -> None:
    (number,) = sent(wire, casework.request().encoded)
    answers = [
        wire.ask(Asked(f"/link/cases/{case}", headers=(("Sparekey-Pickup", secret),)))
        for case, secret in (
            (number, bytes(32).hex()),
            ("00000000", SECRET.hex()),
            (number, ""),
            (number, "not hexadecimal"),
            ("x", SECRET.hex()),
        )
    ]
    assert {(answer.status, answer.body) for answer in answers} == {(404, b"no-such-case\n")}
    assert fetched(wire, number, bytes(32)) is None


def test_what_is_no_call_and_a_desk_without_a_store(
    casework: Casework, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert wire.ask(Asked("/link/cases", b"nothing")).status == 400
    (number,) = sent(wire, casework.request().encoded)

    def away(*_: object, **__: object) -> None:
        raise UnavailableError("store")

    monkeypatch.setattr(casework.cases, "open_text", away)
    monkeypatch.setattr(casework.cases.doors, "picked_up", away)
    request = casework.request().encoded
    with pytest.raises(UnavailableError, match="desk-busy"):
        sent(wire, request)
    with pytest.raises(UnavailableError, match="desk-busy"):
        fetched(wire, number)


def test_a_desk_that_answers_otherwise_is_none(casework: Casework) -> None:
    class Odd:
        def __init__(self, answered: Answered) -> None:
            self._answered = answered

        def ask(self, _: Asked) -> Answered:
            return self._answered

    request = casework.request().encoded
    for answered in (Answered(200, b"nothing"), Answered(500, b"")):
        odd = Odd(answered)
        with pytest.raises(UnavailableError, match="desk-answer"):
            client.send(odd, [request], SECRET, "en")  # type: ignore[arg-type]
        with pytest.raises(UnavailableError, match="desk-answer"):
            client.fetch(odd, "00000000", SECRET)  # type: ignore[arg-type]


def test_P27_whoever_left_an_address_is_told(casework: Casework, wire: Wire) -> None:
    sent(wire, casework.request(SERIAL).encoded, address="installer@example.com")
    assert "installer@example.com" in [mail.recipient for mail in casework.mailed()]
