"""The console's pages about disputed enrolments: two touches by two people."""

from __future__ import annotations

import pytest

from sparekey.core.admission import Role
from sparekey.core.registry import Ended, Pending
from sparekey.desk.store.database import Database
from tests.desk.desk_console import Room
from tests.desk.enrolling import NEXT, Device


@pytest.fixture
def room(database: Database) -> Room:
    made = Room(database)
    made.books.registrar.enrol(made.books.request(Device()))
    made.books.registrar.enrol(made.books.request(Device(life="another"), NEXT))
    return made


def test_B05_two_people_agree_to_a_disputed_enrolment_each_by_touch(room: Room) -> None:
    (row,) = room.books.disputes.open()
    path, tab = f"/console/disputes/{row.number}", room.browser()
    for name, left in (("Bert", "PX-3216-0001"), ("Cyril", "two people agreed")):
        tab = room.browser(room.member(name, Role.APPROVER)).open("/console/disputes")
        assert "Another device enrolled under this serial number before." in tab.words
        tab.open(path)
        assert ("Agreed already" in tab.words) is (name == "Cyril")
        again = dict(tab.form(f"{path}/agree").values)
        tab.touch(f"{path}/agree")
        assert tab.page.status == 200
        assert left in tab.words
        tab.post(f"{path}/agree", {**again, "answer": "{}"})
        assert tab.page.status in (403, 409)
    found = room.books.disputes.get(row.number)
    assert found is not None
    assert isinstance(found.state, Pending)
    assert tab.open(path).page.status == 404


def test_one_person_dismisses_it(room: Room) -> None:
    (row,) = room.books.disputes.open()
    tab = room.browser(room.member("Bert", Role.APPROVER)).open(f"/console/disputes/{row.number}")
    tab.send(f"/console/disputes/{row.number}/dismiss")
    found = room.books.disputes.get(row.number)
    assert found is not None
    assert isinstance(found.state, Ended)
    auditor = room.browser(room.member("Ann", Role.AUDITOR)).open("/console/disputes")
    assert "No enrolment is disputed." in auditor.words
    assert auditor.open(f"/console/disputes/{row.number}").page.status == 403
