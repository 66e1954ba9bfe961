"""Calls that happen once, on every engine: sent twice, to two nodes, before and after a crash."""

from __future__ import annotations

import json
from collections.abc import Callable
from threading import Barrier, Thread

import pytest

from sparekey.core.errors import UnavailableError
from sparekey.desk.api.repeats import KEPT, LEASE, Busy, Claim, Repeats, Stored
from sparekey.desk.cases.vault import Vault
from sparekey.desk.store.database import Database
from tests.desk.api.programs import SPOKEN, Bench, problem
from tests.desk.casework import SERIAL

NOTE = {"text": "Ticket 4711"}
ONCE = {"idempotency-key": '"8e03978e-40d5-43dd-bc93-6894a57f9324"'}
BARE = {"idempotency-key": "8e03978e-40d5-43dd-bc93-6894a57f9324"}


@pytest.fixture
def bench(database: Database) -> Bench:
    made = Bench(database)
    made.enrol()
    return made


def notes(bench: Bench, number: str) -> int:
    return len(bench.cases.notes.all(number))


def test_T50_the_same_call_twice_happens_once_and_gets_the_same_answer(bench: Bench) -> None:
    desk = bench.program()
    number = desk.open()
    path = f"/cases/{number}/notes"
    first = desk.ask("POST", path, NOTE, ONCE)
    desk.told("POST", path, {"text": "something else"})
    desk.app = bench.another()
    again = desk.ask("POST", path, NOTE, BARE)
    assert (again.status, again.body) == (first.status, first.body)
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["content-type"] == first.headers["content-type"]
    assert notes(bench, number) == 2


def test_T50_a_key_belongs_to_one_call_of_one_token_for_a_day(bench: Bench) -> None:
    desk, other = bench.program(), bench.program(name="Other")
    number = desk.open()
    path = f"/cases/{number}/notes"
    desk.told("POST", path, NOTE, ONCE)
    assert desk.problem("POST", path, {"text": "another"}, ONCE) == (422, "other-call")
    assert desk.problem("POST", f"/cases/{number}/finish", None, ONCE) == (422, "other-call")
    assert desk.problem("POST", path, NOTE, {**ONCE, "if-match": '"1"'}) == (422, "other-call")
    other.told("POST", path, NOTE, ONCE)
    assert notes(bench, number) == 2
    bench.clock.forward(KEPT)
    desk.told("POST", path, {"text": "another"}, ONCE)
    assert notes(bench, number) == 3


@pytest.mark.parametrize("key", ["", '""', "a b", '"a"b', "é", "x" * 129, "a,b"])
def test_a_key_that_is_none_is_refused_before_anything_happens(bench: Bench, key: str) -> None:
    desk = bench.program()
    number = desk.open()
    assert desk.problem("POST", f"/cases/{number}/notes", NOTE, {"idempotency-key": key}) == (400, "key")
    assert notes(bench, number) == 0


def test_a_call_that_was_refused_may_be_mended_under_the_same_key(bench: Bench) -> None:
    desk = bench.program()
    number = desk.open()
    path = f"/cases/{number}/proposal"
    assert desk.problem("PUT", path, {"remedy": "security-code"}, ONCE) == (400, "not-enough")
    assert desk.problem("PUT", path, {"remedy": "nonsense"}, ONCE) == (422, "fields")
    bench.prove(number)
    assert desk.told("PUT", path, {"remedy": "security-code"}, ONCE)["status"] == "proposed"
    assert desk.told("PUT", path, {"remedy": "security-code"}, ONCE)["status"] == "proposed"


def test_T50_a_call_that_is_being_carried_out_is_told_to_wait(bench: Bench) -> None:
    desk = bench.program()
    number = desk.open()
    inner: list[tuple[int, str]] = []
    write = bench.cases.write_note

    def slow(number: str, text: str, by: str, *, once: bytes = b"") -> bool:
        inner.append(desk.problem("POST", f"/cases/{number}/notes", NOTE, ONCE))
        return write(number, text, by, once=once)

    bench.cases.write_note = slow  # type: ignore[method-assign]
    desk.told("POST", f"/cases/{number}/notes", NOTE, ONCE)
    assert inner == [(409, "in-progress")]
    assert notes(bench, number) == 1


@pytest.mark.parametrize("died", [UnavailableError("store", "gone"), RuntimeError("a bug")])
@pytest.mark.parametrize("what", ["note", "evidence", "proposal", "refusal", "paper"])
def test_T50_a_node_that_dies_after_the_change_does_not_let_it_happen_twice(
    bench: Bench, what: str, died: Exception
) -> None:
    desk = bench.program()
    number = desk.open()
    bench.prove(number)
    before = len(bench.cases.show(number).history)  # type: ignore[union-attr]
    calls: dict[str, tuple[str, str, object, bytes]] = {
        "note": ("POST", "notes", NOTE, b""),
        "evidence": ("POST", "evidence", {"kind": "label-photo"}, b""),
        "proposal": ("PUT", "proposal", {"remedy": "security-code"}, b""),
        "refusal": ("POST", "refusal", {"reason": "mistake"}, b""),
        "paper": ("POST", "papers?kind=invoice", None, b"%PDF-1.7"),
    }
    method, path, body, raw = calls[what]
    headers = ONCE | ({"content-type": "application/pdf"} if raw else {})
    note_of = bench.office.staff.note_of

    def dies(*_: object) -> None:
        raise died

    bench.office.staff.note_of = dies  # type: ignore[method-assign,assignment]
    answer = desk.ask(method, f"/cases/{number}/{path}", body, headers, raw=raw)
    assert problem(answer)[0] in (500, 503)
    bench.office.staff.note_of = note_of  # type: ignore[method-assign]
    desk.app = bench.another()
    answer = desk.ask(method, f"/cases/{number}/{path}", body, headers, raw=raw)
    assert answer.status == 200, answer.text
    assert len(json.loads(answer.text)["history"]) == before + 1


def test_a_node_that_is_killed_leaves_its_call_to_the_next_after_half_a_minute(bench: Bench) -> None:
    desk = bench.program()
    number = desk.open()
    path = f"/cases/{number}/notes"

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    bench.repeats.keep = killed  # type: ignore[method-assign,assignment]
    with pytest.raises(KeyboardInterrupt):
        desk.ask("POST", path, NOTE, ONCE)
    bench.repeats = Repeats(bench.database, Vault(bench.keyring))
    desk.app = bench.another()
    assert desk.problem("POST", path, NOTE, ONCE) == (409, "in-progress")
    bench.clock.forward(LEASE)
    desk.told("POST", path, NOTE, ONCE)
    assert notes(bench, number) == 1


@pytest.mark.parametrize("step", ["keep", "leave"])
def test_T50_a_call_whose_end_the_database_missed_is_free_again_as_soon_as_that_is_back(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """At another node too, and without waiting for its time to be over."""
    desk = bench.program()
    number = desk.open()
    path = f"/cases/{number}/notes"
    writing = bench.database.writing

    def away(*_: object, **__: object) -> object:
        raise UnavailableError("store")

    real = getattr(bench.repeats, step)

    def interrupted(*given: object) -> None:
        monkeypatch.setattr(bench.database, "writing", away)
        real(*given)

    monkeypatch.setattr(bench.repeats, step, interrupted)
    if step == "leave":
        monkeypatch.setattr(bench.office.staff, "note_of", away)
    assert problem(desk.ask("POST", path, NOTE, ONCE))[0] == 503
    with pytest.raises(UnavailableError):
        bench.repeats.settle(bench.clock.wall())
    monkeypatch.undo()
    assert bench.database.writing == writing
    node = Repeats(bench.database, Vault(bench.keyring))
    assert desk.problem("POST", path, NOTE, ONCE) == (409, "in-progress")
    assert bench.repeats.settle(bench.clock.wall()) == 1
    assert bench.repeats.settle(bench.clock.wall()) == 0
    bench.repeats = node
    desk.app = bench.another()
    desk.told("POST", path, NOTE, ONCE)
    assert notes(bench, number) == 1


def test_many_requests_under_one_key_open_each_case_once(bench: Bench) -> None:
    desk = bench.program()
    first = desk.told("POST", "/cases", {"request": bench.file()}, ONCE)
    again = desk.told("POST", "/cases", {"request": bench.file()}, {"idempotency-key": "another"})
    assert first["receipts"][0]["serial"] == again["receipts"][0]["serial"] == SERIAL
    assert len(bench.cases.inbox()) == 2


def test_T50_of_two_nodes_one_carries_a_call_out(open_database: Callable[[], Database]) -> None:
    bench = Bench(open_database())
    nodes = [Repeats(open_database(), Vault(bench.keyring)) for _ in range(2)]
    start, found = Barrier(2), []

    def claim(node: Repeats) -> None:
        start.wait()
        found.append(node.claim("token", "key", bytes(32), 1000))

    threads = [Thread(target=claim, args=(node,)) for node in nodes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(type(one).__name__ for one in found) == ["Busy", "Claim"]
    assert Busy.IN_PROGRESS in found


def test_what_is_kept_of_an_answer_is_sealed_and_forgotten(bench: Bench) -> None:
    repeats, now = bench.repeats, bench.clock.wall()
    claim = repeats.claim("token", "key", bytes(32), now)
    assert isinstance(claim, Claim)
    stored = Stored(201, {"location": "/x"}, "tajné".encode())
    repeats.keep(claim, stored)
    repeats.release(claim)
    repeats.leave(claim, now)
    assert repeats.claim("token", "key", bytes(32), now) == stored
    with bench.database.reading() as connection:
        from sqlalchemy import select

        from sparekey.desk.api.tables import api_calls

        (row,) = connection.execute(select(api_calls)).all()
        assert "tajné".encode() not in row.answer
        repeats.prune(now + KEPT)
        assert len(connection.execute(select(api_calls)).all()) == 1
        repeats.prune(now + 2 * KEPT)
        assert connection.execute(select(api_calls)).all() == []


def test_a_reading_needs_no_key(bench: Bench) -> None:
    desk = bench.program()
    number = desk.open(SPOKEN)
    before = desk.told("GET", f"/cases/{number}", None, ONCE)
    desk.told("POST", f"/cases/{number}/notes", NOTE)
    assert desk.told("GET", f"/cases/{number}", None, ONCE) != before
