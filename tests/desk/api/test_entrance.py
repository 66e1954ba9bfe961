"""What comes wrong ends in a document that says so, and changes nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from sparekey.core.messages.armour import BATCH_ARMOUR_LIMIT
from sparekey.desk.api.entrance import SMALL
from sparekey.desk.cases.uploads import UPLOAD_LIMIT
from sparekey.desk.store.sqlite import open_sqlite
from tests.desk.api.programs import ROOT, SPOKEN, Bench, problem
from tests.desk.office import HOST
from tests.web.asgi import call

JSON = {"content-type": "application/json"}


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    database = open_sqlite(tmp_path / "desk.sqlite")
    yield Bench(database)
    database.close()


def test_what_is_not_there_and_what_is_not_taken(bench: Bench) -> None:
    desk = bench.program()
    for path in ("", "/", "/nothing", "/cases/", "/cases/4F7Q0001/approve"):
        assert desk.problem("GET", path) == (404, "no-such-call"), path
    assert desk.problem("GET", "/cases/4F7Q0001") == (404, "no-such-case")
    assert desk.problem("GET", "/cases/' OR 1=1") == (404, "no-such-case")
    answer = desk.ask("DELETE", "/cases")
    assert problem(answer) == (405, "method")
    assert answer.headers["allow"] == "GET, POST"
    assert desk.ask("PATCH", "/cases/4F7Q0001/proposal").headers["allow"] == "DELETE, PUT"
    for method in ("OPTIONS", "TRACE", "HEAD"):
        assert desk.ask(method, "/cases").status == 405


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[1]]",
        b'{"text": "a", "text": "b"}',
        b'{"text": {"a": 1, "a": 2}}',
        b'{"text": NaN}',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"text": 1' + b"0" * 5000 + b"}",
    ],
)
def test_a_body_that_is_no_strict_json_is_refused(bench: Bench, body: bytes) -> None:
    desk = bench.program()
    number = desk.open()
    path = f"/cases/{number}/notes"
    assert len(body) < SMALL or body.startswith(b"[[")
    status, slug = desk.problem("POST", path, raw=body[: SMALL - 1], headers=JSON)
    assert (status, slug) in ((400, "json"), (422, "fields"))
    assert bench.cases.notes.all(number) == ()


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, [{"in": "body", "pointer": "/text", "problem": "missing"}]),
        ({"text": "x", "colour": 1}, [{"in": "body", "pointer": "", "problem": "unknown"}]),
        ({"text": 7}, [{"in": "body", "pointer": "/text", "problem": "unfit"}]),
        ({"text": "\ud800"}, [{"in": "body", "pointer": "/text", "problem": "unfit"}]),
        ([], [{"in": "body", "pointer": "", "problem": "unfit"}]),
        ("x", [{"in": "body", "pointer": "", "problem": "unfit"}]),
    ],
)
def test_fields_that_do_not_fit_are_pointed_at(bench: Bench, body: object, errors: object) -> None:
    desk = bench.program()
    number = desk.open()
    answer = desk.ask("POST", f"/cases/{number}/notes", body)
    assert problem(answer) == (422, "fields")
    assert json.loads(answer.text)["errors"] == errors


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=201", "limit=x", "status=mine", "serial=%00", "serial=a%2Cb", "colour=1", "since=1",
     "since=2026-09-21", "since=2026-09-21T10:00:00", "before=2026-13-21T10:00:00Z"],
)  # fmt: skip
def test_a_query_that_does_not_fit_is_refused(bench: Bench, query: str) -> None:
    assert bench.program().problem("GET", f"/cases?{query}") == (422, "fields")


def test_a_call_without_a_query_takes_none(bench: Bench) -> None:
    desk = bench.program()
    assert desk.problem("GET", f"/cases/{desk.open()}?x=1") == (422, "fields")


def test_an_address_that_is_none_is_pointed_at(bench: Bench) -> None:
    answer = bench.program().ask("POST", "/cases", {**SPOKEN, "asking": {"address": "nobody"}})
    assert json.loads(answer.text)["errors"][0]["pointer"] == "/asking/address"


def test_bodies_have_their_limits_and_types(bench: Bench) -> None:
    desk = bench.program()
    number = desk.open()
    notes = f"/cases/{number}/notes"
    assert desk.problem("POST", notes, raw=b"x" * (SMALL + 1), headers=JSON) == (413, "size")
    assert desk.problem("POST", notes, raw=b"{}", headers={"content-type": "text/plain"}) == (
        415,
        "media-type",
    )
    assert desk.problem("POST", notes, raw=b"{}") == (415, "media-type")
    assert desk.problem("POST", f"/cases/{number}/finish", raw=b"{}", headers=JSON) == (413, "size")
    large = {"content-type": "application/pdf"}
    paper = f"/cases/{number}/papers?kind=invoice"
    assert desk.problem("POST", paper, raw=bytes(UPLOAD_LIMIT + 1), headers=large) == (413, "size")
    assert desk.problem("POST", paper, raw=b"", headers=large) == (413, "upload-size")
    huge = {"content-length": str(BATCH_ARMOUR_LIMIT * 2), **JSON}
    assert desk.problem("POST", "/cases", headers=huge) == (413, "size")
    for _ in range(6):
        assert desk.ask("POST", paper, raw=b"%PDF-1", headers=large).status == 200
    assert desk.problem("POST", paper, raw=b"%PDF-1", headers=large) == (409, "upload-many")


def test_the_guard_speaks_in_documents_too(bench: Bench) -> None:
    desk = bench.program()
    elsewhere = call(bench.app, "GET", f"{ROOT}/log", {}, host="evil.example.com")
    assert problem(elsewhere) == (421, "elsewhere")
    assert desk.problem("GET", "/cases?serial=" + "x" * 5000) == (414, "too-long")
    foreign = {"origin": "https://evil.example.com"}
    assert desk.problem("POST", "/cases", SPOKEN, foreign) == (403, "foreign")
    answer = desk.ask("GET", "/cases", headers=foreign)
    assert not [name for name in answer.headers if name.startswith("access-control")]
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "set-cookie" not in answer.headers


def test_problems_speak_the_readers_language(bench: Bench) -> None:
    desk = bench.program()
    english = json.loads(desk.ask("GET", "/cases/4F7Q0001").text)
    czech = json.loads(desk.ask("GET", "/cases/4F7Q0001", headers={"accept-language": "cs-CZ"}).text)
    assert english["slug"] == czech["slug"]
    assert english["title"] != czech["title"]


def test_the_host_that_is_ours_answers(bench: Bench) -> None:
    assert call(bench.app, "GET", f"{ROOT}/log", {}, host=HOST).status == 200
