"""What a help desk's system does with a desk, call by call."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from sparekey.core.case import Missing
from sparekey.core.evidence import EvidenceKind, Remedy
from sparekey.core.messages.armour import FileKind, wrap
from sparekey.core.messages.batch import make_batch
from sparekey.desk.api.scopes import Scope
from sparekey.desk.store.sqlite import open_sqlite
from sparekey.testing.bank import Transfer
from tests.desk.api.programs import ROOT, SPOKEN, Bench, problem
from tests.desk.casework import OWNER, SERIAL, code_in
from tests.desk.workshop import PRICE

PNG = b"\x89PNG\r\n\x1a\n" + bytes(8)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    database = open_sqlite(tmp_path / "desk.sqlite")
    made = Bench(database)
    made.enrol()
    yield made
    database.close()


def test_a_case_from_the_first_call_to_the_code(bench: Bench) -> None:
    desk = bench.program()
    answer = desk.ask(
        "POST", "/cases", {**SPOKEN, "asking": {"address": "caller@example.com", "locale": "cs"}}
    )
    assert answer.status == 201
    (receipt,) = json.loads(answer.text)["receipts"]
    number = receipt["case"]
    assert answer.headers["location"] == f"{ROOT}/cases/{number}"
    assert receipt == {"serial": SERIAL, "case": number, "trouble": None}
    told = desk.told("GET", f"/cases/{number}")
    assert (told["status"], told["asked"], told["answer"]) == ("opened", "security-code", False)
    assert told["opened"] == "2026-09-21T13:33:20Z" or told["opened"].endswith("Z")
    assert told["judgement"]["waits_for"] == "evidence"
    assert told["judgement"]["ways"][0]["missing"] == Missing.EVIDENCE.value
    for kind in ("invoice", "installer"):
        told = desk.told("POST", f"/cases/{number}/evidence", {"kind": kind})
    assert [piece["kind"] for piece in told["evidence"]] == ["invoice", "installer"]
    told = desk.told("PUT", f"/cases/{number}/proposal", {"remedy": "security-code", "options": []})
    assert told["status"] == "proposed"
    assert (told["proposal"]["approvals"], told["proposal"]["approvals_needed"]) == (0, 1)
    assert desk.problem("GET", f"/cases/{number}/answer") == (409, "not-now")
    assert bench.approve(number) == "held"
    bench.clock.forward(24 * 3600)
    bench.cases.work()
    told = desk.told("GET", f"/cases/{number}")
    assert (told["status"], told["answer"]) == ("issued", True)
    given = desk.told("GET", f"/cases/{number}/answer")
    assert [code["code"] for code in given["codes"]]
    assert sum(code["likely"] for code in given["codes"]) == 1
    assert (given["key"], given["file"]) == (None, None)
    assert desk.told("POST", f"/cases/{number}/finish")["ending"] == "done"
    deeds = [deed.what for _, deed in bench.office.staff.deeds(by=desk.actor)][::-1]
    assert deeds == [
        "case-opened",
        "case-evidence",
        "case-evidence",
        "case-proposed",
        "case-answer",
        "case-answer",
        "case-finished",
    ]


def test_P27_one_file_for_many_and_each_is_decided_on_its_own(bench: Bench) -> None:
    good = [bench.request(f"PX-3216-{place:04}") for place in range(1, 6)]
    broken = [good[0].encoded[:-1] + b"\x00", b"nothing", good[1].encoded[:40]]
    text = wrap(FileKind.REQUESTS, make_batch([*(one.encoded for one in good), *broken]), {})
    desk = bench.program()
    receipts = desk.told("POST", "/cases", {"request": text})["receipts"]
    assert [bool(one["case"]) for one in receipts] == [True] * 5 + [False] * 3
    assert [one["trouble"]["slug"] for one in receipts[5:]] == ["not-genuine", "damaged", "damaged"]
    first, second = receipts[0]["case"], receipts[1]["case"]
    assert desk.told("POST", f"/cases/{first}/refusal", {"reason": "mistake"})["reason"] == "mistake"
    assert desk.told("GET", f"/cases/{second}")["status"] == "opened"


def test_nothing_that_opens_is_a_problem_that_says_what_is_wrong_with_each(bench: Bench) -> None:
    desk = bench.program()
    answer = desk.ask("POST", "/cases", {"request": "what?"}, {"accept-language": "cs"})
    assert problem(answer) == (422, "nothing-opened")
    (receipt,) = json.loads(answer.text)["receipts"]
    assert receipt["trouble"]["slug"] == "damaged"
    assert answer.headers["content-language"] == "cs"


def test_the_same_request_of_the_same_program_is_the_same_case(bench: Bench) -> None:
    desk, other = bench.program(), bench.program(name="Other")
    assert desk.open() == desk.open()
    assert desk.open() != other.open()


def test_lists_are_filtered_and_come_page_by_page(bench: Bench) -> None:
    desk = bench.program()
    numbers = []
    for place in range(5):
        numbers.append(desk.open({"spoken": {**SPOKEN["spoken"], "serial": f"PX-{place}"}}))
        bench.clock.forward(60)
    page = desk.told("GET", "/cases?limit=2")
    seen = [line["number"] for line in page["cases"]]
    while page["next"]:
        answer = desk.ask("GET", f"/cases?limit=2&cursor={page['next']}")
        page = json.loads(answer.text)
        seen += [line["number"] for line in page["cases"]]
        if page["next"]:
            assert answer.headers["link"] == f'<{ROOT}/cases?limit=2&cursor={page["next"]}>; rel="next"'
        else:
            assert "link" not in answer.headers
    assert seen == numbers
    assert [line["number"] for line in desk.told("GET", "/cases?serial=px-3")["cases"]] == [numbers[3]]
    desk.told("POST", f"/cases/{numbers[0]}/refusal", {"reason": "mistake"})
    closed = desk.told("GET", "/cases?status=closed&status=held")["cases"]
    assert [line["number"] for line in closed] == [numbers[0]]
    opened = desk.told("GET", f"/cases/{numbers[2]}")["opened"]
    young = desk.told("GET", f"/cases?since={opened}")["cases"]
    assert [line["number"] for line in young] == numbers[2:]
    old = desk.told("GET", f"/cases?before={opened}")["cases"]
    assert [line["number"] for line in old] == numbers[:2]


@pytest.mark.parametrize("cursor", ["x", "é", "MTIz", "MS4w%3D", "----", "OTk5OTk5OTk5OTk5OTk5OS5B"])
def test_a_cursor_that_nobody_gave_is_refused(bench: Bench, cursor: str) -> None:
    assert bench.program().problem("GET", f"/cases?cursor={cursor}") == (422, "cursor")


def test_a_decision_about_what_has_changed_since_changes_nothing(bench: Bench) -> None:
    desk = bench.program()
    number = desk.open()
    tag = desk.ask("GET", f"/cases/{number}").headers["etag"]
    desk.told("POST", f"/cases/{number}/evidence", {"kind": "invoice"})
    refusal = ("POST", f"/cases/{number}/refusal", {"reason": "mistake"})
    assert desk.problem(*refusal, {"if-match": tag}) == (412, "changed")
    assert desk.problem(*refusal, {"if-match": "W/1"}) == (412, "changed")
    tag = desk.ask("GET", f"/cases/{number}").headers["etag"]
    assert desk.told(*refusal, {"if-match": tag})["status"] == "closed"


def test_a_code_that_the_caller_reads_from_the_mailbox_is_evidence(bench: Bench) -> None:
    desk = bench.program()
    number = desk.open()
    bench.mailed()
    answer = desk.ask("POST", f"/cases/{number}/mailbox-code")
    assert answer.status == 202
    code = code_in(bench.mail(OWNER)).shown
    path = f"/cases/{number}/evidence"
    assert desk.problem("POST", path, {"kind": "mailbox-code", "code": "ABCD"}) == (422, "code")
    wrong = "0000-0000" if code != "0000-0000" else "1111-1111"
    assert desk.problem("POST", path, {"kind": "mailbox-code", "code": wrong})[1] in ("wrong-code", "code")
    told = desk.told("POST", path, {"kind": "mailbox-code", "code": code.lower()})
    assert [piece["kind"] for piece in told["evidence"]] == ["mailbox-code"]


def test_papers_and_notes_are_for_the_staff(bench: Bench) -> None:
    desk = bench.program()
    number = desk.open()
    path = f"/cases/{number}/papers?kind=invoice"
    assert desk.problem("POST", path, raw=b"hello", headers={"content-type": "image/png"}) == (
        415,
        "upload-kind",
    )
    assert desk.problem("POST", path, raw=PNG, headers={"content-type": "text/html"}) == (415, "media-type")
    answer = desk.ask("POST", path, raw=PNG, headers={"content-type": "image/png"})
    assert answer.status == 200, answer.text
    (paper,) = json.loads(answer.text)["papers"]
    assert (paper["kind"], paper["media"], paper["size"]) == ("invoice", "image/png", len(PNG))
    told = desk.told("POST", f"/cases/{number}/notes", {"text": "Ticket 4711\nThe caller is on a ladder."})
    assert [note["text"] for note in told["notes"]] == ["Ticket 4711\nThe caller is on a ladder."]
    assert told["notes"][0]["program"] is True
    for text in ("  ", "a\x00b", "a\x1b[31m"):
        assert desk.problem("POST", f"/cases/{number}/notes", {"text": text}) == (422, "note")
    assert desk.problem("POST", f"/cases/{number}/notes", {"text": ""}) == (422, "fields")
    assert desk.problem("POST", f"/cases/{number}/notes", {"text": "x" * 2001}) == (422, "fields")
    assert desk.problem("POST", "/cases/4F7Q0001/notes", {"text": "x"}) == (404, "no-such-case")


def test_a_response_file_is_read_whole(bench: Bench) -> None:
    desk = bench.program()
    number = desk.open({"request": bench.file()})
    bench.issue(number, Remedy.RESPONSE_FILE)
    given = desk.told("GET", f"/cases/{number}/answer")
    assert given["remedy"] == "response-file"
    assert given["file"].startswith("-----BEGIN SPAREKEY RESPONSE")
    assert given["file_name"].endswith(".sparekey-response")


def test_an_erase_never_leaves_here_and_a_mailed_code_neither(bench: Bench) -> None:
    desk = bench.program()
    erase = desk.open({"request": bench.file(technician=True)})
    bench.issue(erase, Remedy.ERASE_FILE)
    mailed = desk.open()
    told = desk.told("PUT", f"/cases/{mailed}/proposal", {"remedy": "security-code", "options": ["by-mail"]})
    assert told["proposal"]["options"] == ["by-mail"]
    assert bench.approve(mailed) == "issued"
    for number in (erase, mailed):
        assert desk.problem("GET", f"/cases/{number}/answer") == (403, "not-offered")
        assert desk.told("GET", f"/cases/{number}")["answer"] is False


def test_a_proposal_is_taken_back_and_what_does_not_fit_is_refused(bench: Bench) -> None:
    desk = bench.program()
    number = desk.open()
    path = f"/cases/{number}/proposal"
    assert desk.problem("PUT", path, {"remedy": "security-code"}) == (400, "not-enough")
    assert desk.problem("PUT", path, {"remedy": "response-file"}) == (403, "not-offered")
    assert desk.problem("PUT", path, {"remedy": "security-code", "options": ["cameras"]}) == (422, "fields")
    assert desk.problem("DELETE", path) == (409, "not-now")
    bench.prove(number)
    assert desk.told("PUT", path, {"remedy": "security-code"})["status"] == "proposed"
    told = desk.told("DELETE", path)
    assert (told["status"], told["proposal"]) == ("opened", None)
    assert [event["what"] for event in told["history"]][-2:] == ["proposed", "withdrawn"]


def test_orders_and_statements(bench: Bench) -> None:
    desk = bench.program()
    number = bench.place()
    page = desk.told("GET", "/orders")
    assert [(line["number"], line["status"], line["case"]) for line in page["orders"]] == [
        (number, "ordered", None)
    ]
    data = bench.bank(Transfer(PRICE, symbol=number, reference=number))
    xml = {"content-type": "application/xml"}
    answer = desk.ask("POST", "/statements", raw=data, headers=xml)
    assert json.loads(answer.text) == {"paid": [number], "listed": 0, "known": 0, "other": 0}
    answer = desk.ask("POST", "/statements", raw=data, headers=xml)
    assert json.loads(answer.text) == {"paid": [], "listed": 0, "known": 1, "other": 0}
    told = desk.told("GET", f"/orders/{number}")
    assert (told["status"], told["price"], told["currency"], told["due"]) == ("paid", "1990.00", "CZK", None)
    assert bench.orders.received(number, "tom") is None
    assert desk.told("GET", f"/orders/{number}")["due"] is not None
    assert "Jane" not in desk.ask("GET", f"/orders/{number}").text
    assert problem(desk.ask("POST", "/statements", raw=b"<a/>", headers=xml)) == (422, "statement")
    assert desk.problem("GET", "/orders/1234567890") == (404, "no-such-order")
    assert desk.problem("GET", "/orders/x") == (404, "no-such-order")


def test_a_desk_that_sells_nothing_says_so(bench: Bench) -> None:
    desk = bench.program()
    bench.selling = False
    desk.app = bench.another()
    assert desk.problem("GET", "/orders") == (404, "no-shop")


def test_what_everybody_may_read(bench: Bench) -> None:
    nobody = bench.program()
    nobody.secret = ""
    assert nobody.told("GET", "/log")["entries"] == 0
    slugs = [one["slug"] for one in nobody.told("GET", "/problems")]
    assert len(slugs) == len(set(slugs))
    assert {"scope", "wrong-code", "unavailable"} <= set(slugs)
    assert nobody.told("GET", "/openapi.json")["openapi"].startswith("3.1")


def test_a_token_says_what_it_is(bench: Bench) -> None:
    told = bench.program(Scope.READ, Scope.OPEN).told("GET", "/token")
    assert (told["name"], told["scopes"]) == ("Tickets", ["cases:open", "cases:read"])


def test_evidence_of_a_paper_is_entered_by_whoever_looked_at_it(bench: Bench) -> None:
    desk = bench.program()
    number = desk.open()
    desk.told("POST", f"/cases/{number}/evidence", {"kind": "label-photo"})
    view = bench.cases.show(number)
    assert view is not None
    assert [(piece.kind, piece.by) for piece in view.file.evidence] == [
        (EvidenceKind.LABEL_PHOTO, desk.actor)
    ]
