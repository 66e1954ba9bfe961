"""What an owner decides over a device in the app: stop a case or claim it, report it, give it away."""

from __future__ import annotations

import json

import pytest

from sparekey.core.errors import Refusal
from sparekey.core.evidence import EvidenceKind, Remedy
from sparekey.desk.cases.service import Approver
from sparekey.desk.owners.accounts import FRESH
from tests.desk.owning import ADAM, SERIAL, Device, Owning, act, decide, one
from tests.device.browser import Browser


@pytest.fixture
def desk(owning: Owning) -> Owning:
    return owning


@pytest.fixture
def device(desk: Owning) -> Device:
    made = Device(desk)
    made.enrol()
    desk.mails()
    return made


# What an owner does


@pytest.mark.meets("nist-loss")
def test_stolen_and_found(desk: Owning, device: Device) -> None:
    browser = desk.signed_in()
    desk.paired(browser, device)
    one(browser)
    decide(browser, "stolen", sure="yes")
    assert "Reported stolen" in browser.page.words
    assert desk.registry.registrar.standing(SERIAL).stolen
    decide(browser, "found", sure="yes")
    assert not desk.registry.registrar.standing(SERIAL).stolen


def test_B04_phone_a_case_is_shown_and_stopped(desk: Owning, device: Device) -> None:
    browser, stranger = desk.signed_in(), desk.signed_in(ADAM)
    desk.paired(browser, device)
    number = desk.case()
    assert SERIAL in browser.get("/devices/news").html
    assert stranger.get("/devices/news").html == "[]"
    assert desk.browser().get("/devices/news").html == "[]"
    assert f"for a way into {SERIAL}" in browser.get("/devices").words
    assert "unless you stop it before" not in one(browser).words
    page = one(browser)
    form = next(form for form in page.forms if form.action.endswith("/stop"))
    assert stranger.get("/devices").status == 200
    refused = stranger.post(form.action, {**form.values})
    assert refused.status in (303, 403, 200)
    view = desk.cases.show(number)
    assert view is not None
    assert view.status == "opened", "nobody else stops it"
    assert act(browser, "stop", case="00000000").status == 409
    one(browser)
    assert "It is stopped." in act(browser, "stop").words
    view = desk.cases.show(number)
    assert view is not None
    assert view.status not in ("opened", "proposed", "held")
    assert "All quiet." in browser.get("/devices").words


def test_T43_an_ended_pairing_sees_and_stops_nothing(desk: Owning, device: Device) -> None:
    browser = desk.signed_in()
    desk.paired(browser, device)
    number = desk.case()
    page = one(browser)
    form = next(form for form in page.forms if form.action.endswith("/stop"))
    device.recovered()
    assert browser.post(form.action, form.values).status == 409
    view = desk.cases.show(number)
    assert view is not None
    assert view.status == "opened"
    assert [one["what"] for one in json.loads(browser.get("/devices/news").html)] == ["ended"]
    assert number not in one(browser).html


@pytest.mark.parametrize("name", ["stolen", "transfer"])
def test_T43_what_decides_over_a_device_asks_again_who_it_is(desk: Owning, device: Device, name: str) -> None:
    """A phone that lies about, signed in, gives nothing away; the same account goes on where it was."""
    browser = desk.signed_in()
    desk.paired(browser, device)
    one(browser)
    (path,) = [link for link in browser.page.links if link.endswith(f"/{name}")]
    form = next(form for form in browser.get(path).forms if form.action == path)
    desk.clock.forward(FRESH)
    assert "who you are" in browser.post(path, {**form.values, "sure": "yes"}).words
    assert "Say once more who you are" in browser.get(path).words
    assert "All quiet." in one(browser).words
    browser.get(path)
    assert desk.again(browser).path == path
    act(browser, name, sure="yes")
    assert "All quiet." not in browser.get("/devices").words
    stranger = desk.signed_in(ADAM)
    assert stranger.get(path).path == "/devices"
    assert stranger.post(path, {**form.values, "sure": "yes"}).status in (303, 403, 200)
    desk.clock.forward(FRESH)
    assert "show once more who you are" in browser.get("/devices/account").words


def test_T43_signing_in_again_ends_the_session_of_before(desk: Owning) -> None:
    browser = desk.signed_in()
    before = dict(browser.cookies)
    browser.get("/devices/account/again")
    desk.again(browser)
    thief = desk.browser()
    thief.cookies.update(before)
    assert "Your e-mail address" in thief.get("/devices").words


# A paired phone as evidence


def held_case(desk: Owning, device: Device, *, factory: bool = True, hours: int = 72) -> tuple[Browser, str]:
    """Somebody who paired long enough ago, and a case about their device."""
    if factory:
        device.comes_from_the_factory()
    device.enrol()
    browser = desk.signed_in()
    desk.paired(browser, device)
    desk.clock.forward(hours * 3600)
    number = desk.case()
    one(browser)
    return browser, number


def kinds(desk: Owning, number: str) -> frozenset[EvidenceKind]:
    view = desk.cases.show(number)
    assert view is not None
    return view.file.kinds


def test_B04_phone_the_owners_word_is_evidence_held_and_can_be_taken_back(desk: Owning) -> None:
    browser, number = held_case(desk, Device(desk))
    (path,) = [link for link in browser.page.links if link.endswith(f"/mine/{number}")]
    assert "Say once more who you are" in browser.get(path).words
    assert "Is it you who asks?" in desk.again(browser).words
    assert f"{number[:4]}-{number[4:]}" in browser.page.words, "as the mails say it"
    assert "Support knows that it is yours." in act(browser, number).words
    assert kinds(desk, number) == {EvidenceKind.PAIRED_PHONE}
    page = one(browser)
    assert "You said that this is yours." in page.words
    assert not [link for link in page.links if "/mine/" in link], "once is enough"
    desk.cases.propose(number, Remedy.SECURITY_CODE, "anna")
    desk.cases.approve([number], Approver("anna", b"anna-key"), desk.cases.items([number]))
    view = desk.cases.show(number)
    assert view is not None
    assert view.status == "held", "by a phone alone nothing is given at once"
    assert "unless you stop it before" in one(browser).words
    assert "It is stopped." in act(browser, "stop").words
    view = desk.cases.show(number)
    assert view is not None
    assert view.status == "closed"


@pytest.mark.parametrize(("factory", "hours"), [(False, 72), (True, 71)], ids=["first-use", "too new"])
def test_T43_a_phone_that_may_be_anybodys_is_no_evidence(desk: Owning, factory: bool, hours: int) -> None:
    device = Device(desk)
    browser, number = held_case(desk, device, factory=factory, hours=hours)
    assert not [link for link in browser.page.links if "/mine/" in link]
    assert "Stop it" in browser.page.words
    path = browser.page.path + f"/mine/{number}"
    token = next(form for form in browser.page.forms if form.action.endswith("/stop")).values
    browser.get(path)
    desk.again(browser)
    assert "/mine/" not in browser.get(path).path
    browser.post(path, token)
    assert kinds(desk, number) == frozenset()
    assert desk.cases.paired_phone(number, desk.clock.wall()).refusal is Refusal.NOT_ENOUGH


def test_T43_an_ended_or_foreign_pairing_proves_nothing(desk: Owning) -> None:
    device = Device(desk)
    browser, number = held_case(desk, device)
    (path,) = [link for link in browser.page.links if link.endswith(f"/mine/{number}")]
    token = next(form for form in browser.page.forms if form.action.endswith("/stop")).values
    browser.get(path)
    desk.again(browser)
    stranger = desk.signed_in(ADAM)
    assert stranger.get(path).path == "/devices"
    stranger.post(path, {**token})
    device.recovered()
    browser.post(path, token)
    assert kinds(desk, number) == frozenset()
    assert (
        desk.cases.add_evidence(number, EvidenceKind.PAIRED_PHONE, "anna").refusal is Refusal.NOT_AUTHORISED
    )


def test_T43_what_proved_the_owner_of_before_is_gone_with_them(desk: Owning) -> None:
    device = Device(desk)
    browser, number = held_case(desk, device)
    browser.get(browser.page.path + f"/mine/{number}")
    desk.again(browser)
    act(browser, number)
    assert kinds(desk, number) == {EvidenceKind.PAIRED_PHONE}
    desk.registry.registrar.transfer(SERIAL)
    desk.cases.propose(number, Remedy.SECURITY_CODE, "anna")
    assert kinds(desk, number) == frozenset()
