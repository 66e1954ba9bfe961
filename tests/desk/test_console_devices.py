"""The console's page about one device: what the registry knows, stolen and back, whose own it is."""

from __future__ import annotations

import pytest

from sparekey.core.admission import Role
from sparekey.desk.store.database import Database
from tests.desk.desk_console import Room
from tests.desk.enrolling import NEXT, Device

SERIAL = "PX-3216-0001"
PAGE = f"/console/devices?serial={SERIAL}"


@pytest.fixture
def room(database: Database) -> Room:
    made = Room(database)
    made.books.registrar.enrol(made.books.request(Device()))
    return made


def test_it_says_what_is_known_and_how_a_new_owner_comes_in(room: Room) -> None:
    anna = room.browser(room.member("Anna", Role.AGENT)).open(PAGE)
    assert "It came first under this serial number." in anna.words
    assert "Nobody can do it alone." in anna.words
    assert anna.open(f"/console/devices?serial={SERIAL.lower()}").words.count(SERIAL) >= 1
    assert "No device enrolled here" in anna.open("/console/devices?serial=PX-0").words
    assert "What is known of a device" in anna.open("/console/devices").words
    room.books.registrar.enrol(room.books.request(Device(life="another"), NEXT))
    assert "Somebody else wants to enrol" in anna.open(PAGE).words
    room.books.registrar.transfer(SERIAL)
    assert "the next owner is awaited" in anna.open(PAGE).words


def test_an_agent_marks_it_stolen_and_an_approvers_passkey_brings_it_back(room: Room) -> None:
    anna = room.browser(room.member("Anna", Role.AGENT)).open(PAGE)
    anna.send("/console/devices/stolen")
    assert "Nothing is given for it." in anna.words
    assert "An approver can say that it is back." in anna.words
    assert room.books.registrar.standing(SERIAL).stolen
    assert "/console/devices/found" not in anna.page.text
    bert = room.browser(room.member("Bert", Role.APPROVER)).open(PAGE)
    signed = bert.page
    bert.send("/console/devices/found", {"answer": "{}"})
    assert bert.page.status == 403
    assert room.books.registrar.standing(SERIAL).stolen
    bert.page = signed
    bert.touch("/console/devices/found")
    assert bert.page.status == 200
    assert not room.books.registrar.standing(SERIAL).stolen
    bert.page = signed
    bert.touch("/console/devices/found")
    assert bert.page.status == 409
    deeds = [deed.what for _, deed in room.office.staff.deeds()]
    assert "device-stolen" in deeds
    assert deeds.count("device-found") == 1


def test_T31_a_touch_of_an_earlier_report_brings_nothing_back(room: Room) -> None:
    room.books.registrar.report_stolen(SERIAL)
    bert = room.browser(room.member("Bert", Role.APPROVER)).open(PAGE)
    room.books.registrar.report_found(SERIAL)
    room.books.clock.forward(60)
    room.books.registrar.report_stolen(SERIAL)
    bert.touch("/console/devices/found")
    assert bert.page.status == 403
    assert room.books.registrar.standing(SERIAL).stolen


def test_B05_whose_own_it_is_decides_nothing_about_it(room: Room) -> None:
    member = room.member("Bert", Role.APPROVER)
    bert = room.browser(member).open(PAGE)
    bert.send("/console/devices/own", {"person": room.admins[0].id})
    assert bert.page.status == 409
    bert.open(PAGE).send("/console/devices/own")
    assert "Own device of" in bert.words
    assert room.books.registrar.standing(SERIAL).owners == (member.id,)
    room.books.registrar.report_stolen(SERIAL)
    bert.open(PAGE).touch("/console/devices/found")
    assert bert.page.status == 409
    assert "It is your own device" in bert.words
    cyril = room.member("Cyril", Role.APPROVER)
    admin = room.browser(room.admins[0]).open(PAGE).send("/console/devices/own", {"person": cyril.id})
    assert "Bert, Cyril" in admin.words or "Cyril, Bert" in admin.words


def test_B05_T25_an_admin_says_that_it_is_not_theirs_any_more_and_never_of_themselves(room: Room) -> None:
    first, second = room.admins[:2]
    bert = room.member("Bert", Role.APPROVER)
    for owner in (first, bert):
        room.books.registrar.own(SERIAL, owner.id)
    away = "/console/devices/not-own"
    admin = room.browser(first).open(PAGE)
    own: dict[str, str | list[str]] = {**admin.form(away).values, "person": first.id}
    assert admin.post(away, own).page.status == 409
    assert admin.open(PAGE).send(away, {"person": "nobody"}).page.status == 409
    tab = room.browser(bert).open(PAGE)
    assert away not in tab.page.text
    assert tab.post(away, own).page.status == 403
    assert room.books.registrar.standing(SERIAL).owners == tuple(sorted((first.id, bert.id)))
    admin.open(PAGE).send(away, {"person": bert.id})
    assert room.books.registrar.standing(SERIAL).owners == (first.id,)
    assert away not in admin.page.text
    room.browser(second).open(PAGE).send(away, {"person": first.id})
    assert room.books.registrar.standing(SERIAL).owners == ()
    about = [deed.about for _, deed in room.office.staff.deeds() if deed.what == "device-not-own"]
    assert f"{SERIAL} {bert.id}" in about


def test_an_auditor_reads_and_changes_nothing(room: Room) -> None:
    auditor = room.browser(room.member("Dora", Role.AUDITOR)).open(PAGE)
    assert auditor.page.status == 200
    assert "What you can do" not in auditor.words
    auditor.post("/console/devices/stolen", {"serial": SERIAL})
    assert auditor.page.status == 403
    anna = room.browser(room.member("Anna", Role.AGENT)).open(PAGE)
    anna.send("/console/devices/stolen", {"serial": "PX-0"})
    assert anna.page.status == 409
