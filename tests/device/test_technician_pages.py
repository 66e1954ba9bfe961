"""The technician's bench: only at the screen, only shortly after power-on, told before, and then everything is gone."""

from __future__ import annotations

from pathlib import Path

import pytest

from sparekey.core.messages.armour import FileKind, unwrap, wrap
from sparekey.core.messages.request import Kind, read_request
from sparekey.core.record import Action
from tests.device.browser import Browser, Page
from tests.device.prepared import AT_SCREEN, send_file
from tests.device.recorder import NEW, OLD, TLS_HASH, Recorder
from tests.device.test_support_pages import answered

BASE = "/forgot/technician"
BENCH = 300


@pytest.fixture
def screen(patronum: Recorder) -> Browser:
    """The screen of a unit that was switched on a moment ago."""
    return patronum.browser(**AT_SCREEN)


def asked(recorder: Recorder, screen: Browser) -> Page:
    assert BASE in screen.get("/forgot").links
    page = screen.get(BASE)
    assert "All recordings and all settings are erased." in page.words
    assert not recorder.agent.record.requests
    return screen.press(BASE)


def file_for(recorder: Recorder, screen: Browser, action: Action = Action.ERASE) -> str:
    request = read_request(unwrap(FileKind.REQUEST, screen.get(f"{BASE}/file").html))
    assert request.header.kind is Kind.TECHNICIAN
    assert request.header.tls == TLS_HASH
    return answered(recorder, request, action=action)


def switch_off_and_on(recorder: Recorder, *browsers: Browser) -> None:
    recorder.reboot()
    for browser in browsers:
        browser.app = recorder.app


def hand_in(screen: Browser, data: str) -> Page:
    screen.get(f"{BASE}/answer")
    return send_file(screen, f"{BASE}/answer", data)


def test_P06_device_from_the_bench_to_an_empty_recorder(patronum: Recorder, screen: Browser) -> None:
    page = asked(patronum, screen)
    (kept,) = patronum.agent.record.requests
    assert kept.number in page.words
    assert page.html.count("<svg") == 1
    assert "hand the file in within 5 minutes" in page.words
    file = file_for(patronum, screen)
    patronum.clock.forward(3600)
    switch_off_and_on(patronum, screen)
    assert kept.number in screen.get(BASE).words, "the same request after days on the bench"
    page = hand_in(screen, file)
    assert page.path == f"{BASE}/erase"
    assert "Before anything is lost" in page.words
    assert "Recordings – all" in page.words
    assert patronum.agent.is_set_up
    page = screen.press(f"{BASE}/erase")
    assert page.status == 422
    assert "Tick this box first." in page.words
    page = screen.press(f"{BASE}/erase", {"understood": "yes"})
    assert "Back to factory settings" in page.words
    assert not patronum.agent.is_set_up
    assert not patronum.agent.record.accounts
    assert screen.get("/").path == "/login"
    assert screen.press("/login", {"user": "admin", "password": OLD}).status == 403
    assert screen.press("/login", {"user": "admin", "password": "admin"}).path == "/setup"


def test_P06_T23_device_not_over_the_network(patronum: Recorder, screen: Browser) -> None:
    browser = patronum.browser()
    assert BASE not in browser.get("/forgot").links
    for path in (BASE, f"{BASE}/answer", f"{BASE}/erase", f"{BASE}/file"):
        page = browser.get(path)
        assert page.status == 403 or page.path == "/forgot" or page.status == 409, path
    asked(patronum, screen)
    file = file_for(patronum, screen)
    hand_in(screen, file)
    stranger = patronum.browser()
    stranger.get("/login")
    stranger.page = screen.get(f"{BASE}/erase")
    stranger.cookies["__Host-Http-browser"] = screen.cookies["browser"]
    page = stranger.press(f"{BASE}/erase", {"understood": "yes"})
    assert page.path in ("/forgot", "/language", f"{BASE}/answer") or page.status in (400, 403, 409)
    assert patronum.agent.is_set_up


def test_P06_T23_device_later_than_five_minutes_it_waits_for_the_next_power_on(
    patronum: Recorder, screen: Browser
) -> None:
    asked(patronum, screen)
    file = file_for(patronum, screen)
    hand_in(screen, file)
    patronum.clock.forward(BENCH + 1)
    page = screen.get(f"{BASE}/erase")
    assert page.path != f"{BASE}/erase"
    assert patronum.agent.is_set_up
    page = screen.get("/forgot")
    assert "switch the recorder off and on, and come back here" in page.words
    assert BASE not in page.links
    switch_off_and_on(patronum, screen)
    assert hand_in(screen, file).path == f"{BASE}/erase"
    assert screen.press(f"{BASE}/erase", {"understood": "yes"}).status == 200
    assert not patronum.agent.is_set_up


def test_P06_device_a_file_for_a_password_does_not_erase(patronum: Recorder, screen: Browser) -> None:
    asked(patronum, screen)
    page = hand_in(screen, file_for(patronum, screen, Action.NEW_PASSWORD))
    assert page.status == 403
    assert "This file does not open this device" in page.words
    assert screen.get(f"{BASE}/erase").path == f"{BASE}/answer"
    assert patronum.agent.is_set_up


def test_P06_device_the_right_to_erase_sets_no_password(patronum: Recorder, screen: Browser) -> None:
    asked(patronum, screen)
    hand_in(screen, file_for(patronum, screen))
    assert screen.get("/forgot/password").path == f"{BASE}/erase"
    assert screen.get("/system").path == "/login"
    assert patronum.recovering.choose_password(
        patronum.agent.record.rights[0].claim, NEW, face=AT_SCREEN["face"]
    )
    patronum.signed_in(OLD)


def test_what_does_not_let_itself_be_erased_is_told(
    patronum: Recorder, screen: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(patronum, screen)
    hand_in(screen, file_for(patronum, screen))
    monkeypatch.setattr("sparekey.device.secret_file.is_gone", lambda path: False)
    page = screen.press(f"{BASE}/erase", {"understood": "yes"})
    assert page.status == 503
    assert "The recorder is being erased" in page.words
    assert screen.get("/forgot").status == 503
    monkeypatch.undo()
    patronum.agent.tick()
    assert not patronum.agent.is_set_up
    assert screen.get("/").path == "/login"


def test_a_foreign_file_and_a_broken_one_are_told(
    patronum: Recorder, screen: Browser, tmp_path: Path
) -> None:
    asked(patronum, screen)
    for data in ("nothing", wrap(FileKind.RESPONSE, b"\xff", {}), "<a>" * 100):
        page = hand_in(screen, data)
        assert page.status == 422
        assert "This is not a file from support." in page.words
