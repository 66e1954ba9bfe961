"""What makes an agent look twice, each sign alone, and for whom a case waits once there is an answer."""

from __future__ import annotations

import pytest

from sparekey.core.case import Standing
from sparekey.core.evidence import Remedy
from sparekey.desk.cases.asking import Asker, Route, Which
from sparekey.desk.cases.view import Signal
from sparekey.desk.console import words
from sparekey.desk.store.database import Database
from tests.desk.casework import KEY, OWNER, SERIAL, Casework

THEMSELVES = Asker(b"a browser", address=OWNER)


@pytest.fixture
def casework(database: Database) -> Casework:
    return Casework(database)


def seen(casework: Casework, number: str) -> set[Signal]:
    view = casework.cases.show(number)
    assert view is not None
    return set(view.signals)


def test_nothing_is_odd_where_the_owner_asks_from_the_enrolled_device(casework: Casework) -> None:
    casework.enrol()
    assert seen(casework, casework.opened(casework.file(), THEMSELVES)) == set()


def test_a_device_that_is_not_known_or_that_nobody_confirmed(casework: Casework) -> None:
    assert seen(casework, casework.opened()) == {Signal.NOT_ENROLLED}
    casework.enrol(confirmed=False)
    assert seen(casework, casework.opened(casework.file(), THEMSELVES)) == {Signal.NOT_CONFIRMED}


def test_a_request_that_does_not_come_from_the_enrolled_device(casework: Casework) -> None:
    casework.enrol()
    assert seen(casework, casework.opened(casework.file(ticketed=False), THEMSELVES)) == {Signal.NO_TICKET}


def test_the_answer_would_go_to_an_address_that_the_device_does_not_know(casework: Casework) -> None:
    casework.enrol()
    other = Asker(b"a browser", address="stranger@example.com")
    assert seen(casework, casework.opened(casework.file(), other)) == {Signal.OTHER_ADDRESS}


def test_many_cases_of_one_device_within_a_month(casework: Casework) -> None:
    casework.enrol()
    for place in range(3):
        number = casework.opened(casework.file(number=f"4F7Q000{place}"), THEMSELVES)
        assert seen(casework, number) == set()
    number = casework.opened(casework.file(number="4F7Q0009"), THEMSELVES)
    assert seen(casework, number) == {Signal.MANY_CASES}
    casework.clock.forward(31 * 86400)
    assert seen(casework, number) == set()


def test_a_disputed_and_a_stolen_device(casework: Casework, monkeypatch: pytest.MonkeyPatch) -> None:
    standing = Standing(enrolled=True, confirmed=True, conflict=True, stolen=True, epoch=1)
    casework.enrol()
    monkeypatch.setattr(
        casework.registry, "standing", lambda serial: standing if serial == SERIAL else Standing()
    )
    number = casework.opened(casework.file(), THEMSELVES)
    assert seen(casework, number) == {Signal.CONFLICT, Signal.STOLEN}


def test_every_sign_has_its_words() -> None:
    assert set(words.SIGNALS) == set(Signal)


@pytest.mark.parametrize(
    ("route", "remedy", "options", "waits"),
    [
        (Route.CALL, Remedy.RESPONSE_KEY, 0, "call"),
        (Route.CALL, Remedy.RESPONSE_FILE, 0, "owner"),
        (Route.DOWNLOAD, Remedy.RESPONSE_KEY, 0, "owner"),
        (Route.CALL, Remedy.SECURITY_CODE, 0, "call"),
        (Route.CALL, Remedy.SECURITY_CODE, 1, "owner"),
    ],
)
def test_who_asked_for_a_call_waits_for_it_once_there_is_something_to_read_out(
    casework: Casework, route: Route, remedy: Remedy, options: int, waits: str
) -> None:
    casework.enrol()
    asker = Asker(b"a browser", route=route, phone="+420 000 000 000")
    given = None if remedy is Remedy.SECURITY_CODE else casework.file(key=KEY)
    number = casework.opened(given, asker)
    casework.issue(number, remedy, options)
    view = casework.cases.show(number)
    assert view is not None
    assert (view.status, view.waits) == ("issued", waits)
    assert [line.number for line in casework.cases.lines(Which(waits="call"))] == [number] * (waits == "call")
