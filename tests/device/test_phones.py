"""Configuration -> Phones: the square that adds one, the list, and how all of them end."""

from __future__ import annotations

import pytest

from sparekey.core.codes import Code
from sparekey.core.keys import dated_key
from sparekey.core.messages.pairing import Pairing, paired_code, read_pairing
from sparekey.device.phones import PHONES_LIMIT, SQUARE_LASTS, TRIES
from tests.device.browser import Browser, Page
from tests.device.recorder import NEW, OLD, OWNER, Recorder, choose, type_in
from tests.device.test_users import add as add_user
from tests.device.test_users import sign_in


def show(browser: Browser, password: str = OLD) -> Page:
    browser.get("/phones/add")
    return browser.press("/phones", {"current": password})


def shown(page: Page) -> Pairing:
    text = page.html.partition('spellcheck="false">HTTPS://')[2].partition("<")[0]
    return read_pairing("HTTPS://" + text)


def code_of(recorder: Recorder, pairing: Pairing) -> Code:
    """What the desk shows."""
    return paired_code(dated_key(recorder.agent.keys.device_key), pairing.token)


def pair(recorder: Recorder, browser: Browser, name: str = "Eva's phone", password: str = OLD) -> Page:
    code = code_of(recorder, shown(show(browser, password)))
    return browser.press("/phones/paired", {"name": name, "code": code.shown})


def names(recorder: Recorder) -> list[str]:
    return [phone.name for phone in recorder.agent.phones.all()]


def test_P13_a_phone_is_added_with_the_code_that_it_shows(recorder: Recorder) -> None:
    browser = recorder.signed_in()
    assert "/phones" in browser.get("/configuration").links
    pairing = shown(show(browser))
    assert pairing.holds(dated_key(recorder.agent.keys.device_key))
    assert (pairing.serial, pairing.desk) == (recorder.settings.serial, recorder.agent.trust.desk)
    page = browser.press(
        "/phones/paired", {"name": " Eva's  phone ", "code": code_of(recorder, pairing).shown.lower()}
    )
    assert page.path == "/phones"
    assert "Eva" in page.words
    assert "added" in page.words
    recorder.reboot()
    assert names(recorder) == ["Eva's phone"]


def test_P13_any_recovery_ends_them_all_and_says_so(recorder: Recorder) -> None:
    browser = recorder.signed_in()
    pair(recorder, browser)
    before = shown(show(browser))
    other, mail = recorder.scanning()
    type_in(other, mail.code)
    page = choose(other)
    assert "Phones must be added again" in page.words
    assert "/phones" in page.links
    assert names(recorder) == []
    again = recorder.signed_in(NEW)
    assert "No phone is added." in again.get("/phones").words
    after = shown(show(again, NEW))
    assert after.series > before.series
    assert after.age >= before.age
    recorder.agent.phones._end_before(recorder.agent.record.generation)
    assert shown(show(again, NEW)).series == after.series


def test_T43_the_square_is_shown_to_the_owner_with_the_password_alone(recorder: Recorder) -> None:
    stranger = recorder.browser()
    assert stranger.get("/phones").path == "/login"
    browser = recorder.signed_in()
    page = show(browser, "something else")
    assert page.status == 422
    assert "HTTPS://" not in page.html
    assert "HTTPS://" not in browser.get("/phones").html
    add_user(browser, "second", "admin", "somebody at the iron gate")
    other = sign_in(recorder, "second", "somebody at the iron gate")
    assert other.get("/phones").status == 403


def test_T43_a_square_is_over_with_time_wrong_codes_and_a_restart(recorder: Recorder) -> None:
    browser = recorder.signed_in()
    code = code_of(recorder, shown(show(browser)))
    recorder.clock.forward(SQUARE_LASTS)
    assert browser.press("/phones/paired", {"name": "late", "code": code.shown}).status == 410
    code = code_of(recorder, shown(show(browser)))
    wrong = paired_code(bytes(32), bytes(16))
    for _ in range(TRIES):
        assert browser.press("/phones/paired", {"name": "wrong", "code": wrong.shown}).status in (410, 422)
    assert names(recorder) == []
    assert browser.get("/phones").status == 200
    show(browser)
    form = browser.page.form("/phones/paired")
    assert browser.post("/phones/paired", {**form.values, "name": "old", "code": code.shown}).status == 422


@pytest.mark.parametrize(("name", "code"), [("", "ABCD-EFGH"), ("x" * 41, "ABCD-EFGH"), ("ok", "ABCD")])
def test_a_name_and_a_whole_code_are_asked_for(recorder: Recorder, name: str, code: str) -> None:
    browser = recorder.signed_in()
    show(browser)
    page = browser.press("/phones/paired", {"name": name, "code": code})
    assert page.status == 422
    assert "HTTPS://" in page.html, "the square stays"
    assert names(recorder) == []


def test_a_removed_phone_ends_every_earlier_square(recorder: Recorder) -> None:
    browser = recorder.signed_in()
    pair(recorder, browser)
    pair(recorder, browser, "Adam's phone")
    series = shown(show(browser)).series
    number = str(recorder.agent.phones.all()[0].id)
    assert f"/phones/remove/{number}" in browser.get("/phones").links
    browser.get(f"/phones/remove/{number}")
    assert browser.press("/phones/remove", {"current": "wrong"}).status == 422
    page = browser.press("/phones/remove", {"current": OLD})
    assert "the desk has yet to hear of it" in page.words
    assert names(recorder) == ["Adam's phone"]
    assert browser.get("/phones/remove/99").path == "/phones"
    browser.get("/phones/remove/all")
    assert browser.press("/phones/remove", {"phone": "99", "current": OLD}).path == "/phones"
    browser.get("/phones/remove/all")
    assert browser.press("/phones/remove", {"phone": "99", "current": "wrong"}).path == "/phones"
    assert shown(show(browser)).series == series + 1
    browser.get("/phones/remove/all")
    browser.press("/phones/remove", {"current": OLD})
    assert names(recorder) == []
    assert shown(show(browser)).series == series + 2


def test_the_list_has_an_end(recorder: Recorder) -> None:
    browser = recorder.signed_in()
    for number in range(PHONES_LIMIT):
        pair(recorder, browser, f"phone {number}")
    page = pair(recorder, browser, "one too many")
    assert page.status == 409
    assert "Eight phones" in page.words
    assert OWNER not in page.html
