"""System -> Default for the signed-in owner."""

from __future__ import annotations

from pathlib import Path

import pytest

from sparekey.core.effects import Happened
from sparekey.core.values import Face, Role
from tests.device.browser import Browser
from tests.device.link import confirmed
from tests.device.recorder import OLD, Recorder

PATH = "/configuration/default"
TICKED = {"understood": "yes"}


@pytest.fixture
def recorder(tmp_path: Path) -> Recorder:
    made = Recorder(tmp_path)
    made.set_up()
    return made


def choose(browser: Browser, current: str = OLD, **ticked: str) -> None:
    browser.get(PATH)
    browser.press(PATH, {"current": current, **ticked})


def test_the_owner_takes_the_device_back_to_factory_settings(recorder: Recorder) -> None:
    browser, other = recorder.signed_in(), recorder.signed_in()
    assert PATH in browser.get("/configuration").links
    assert "Is lost" in browser.get(PATH).words
    key = recorder.keys.device_key
    choose(browser)
    assert "Tick this box first" in browser.page.words
    choose(browser, "not this password", **TICKED)
    assert "This is not your password" in browser.page.words
    assert recorder.agent.is_set_up
    choose(browser, **TICKED)
    assert "starts again as it came from the factory" in browser.page.words
    assert not recorder.agent.is_set_up
    assert recorder.agent.keys.device_key != key
    assert browser.get("/home").path == "/setup"
    assert other.get("/home").path == "/setup", "nobody else stays signed in"
    happened = {line.what for line in recorder.agent.audit.last(9)}
    assert Happened.ERASED in happened


def test_B04_whoever_hears_of_the_device_hears_of_that(recorder: Recorder) -> None:
    choose(recorder.signed_in(), **TICKED)
    assert len(recorder.agent.notices.waiting()) == 1


def test_T04_nobody_but_the_owner_is_offered_that(recorder: Recorder) -> None:
    assert recorder.browser().get(PATH).path == "/login"
    ownership, by = confirmed(recorder)
    assert ownership.set_user(by, "guard", Role.ADMIN, "the guard's own sentence") is None
    browser = recorder.browser(face=Face.SCREEN)
    browser.get("/login")
    browser.press("/login", {"user": "guard", "password": "the guard's own sentence"})
    assert PATH not in browser.get("/configuration").links
    assert browser.get(PATH).status == 403


def test_two_browsers_at_once_reset_it_once(recorder: Recorder) -> None:
    first, second = recorder.signed_in(), recorder.signed_in()
    first.get(PATH)
    second.get(PATH)
    first.press(PATH, {"current": OLD, **TICKED})
    key = recorder.agent.keys.device_key
    second.press(PATH, {"current": OLD, **TICKED})
    assert recorder.agent.keys.device_key == key
    assert second.page.status < 500
