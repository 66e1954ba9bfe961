"""A camera's login: a wrong password shows what to read out, and support's reset password opens one page."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sparekey.core.budget import find
from sparekey.core.codes import Code, code_from_bits
from sparekey.core.errors import Refusal
from sparekey.core.keys import dated_key, log_id
from sparekey.core.methods.security_code import Spoken
from sparekey.core.record import REVEAL_HOLDS
from sparekey.core.throttle import FREE
from sparekey.core.values import Face, MethodName
from tests.device.browser import Browser
from tests.device.called import CODE_PATH, PATH, dictated, sign_in
from tests.device.prepared import AT_SCREEN
from tests.device.recorder import NEW, OLD, OWNER, Recorder, choose

SERIAL = "7F2K-0042"
MAC = "02-00-5e-00-53-01"
WRONG = "not the password"


@pytest.fixture
def camera(tmp_path: Path) -> Recorder:
    """A camera beside a recorder, set up."""
    made = Recorder(tmp_path, "camera-support", model="C-220")
    made.settings = replace(made.settings, mac=MAC)
    made.start()
    made.set_up()
    return made


def reset_password(camera: Recorder, browser: Browser) -> Code:
    """What support says to whoever reads out what the login shows, and nothing but that."""
    page = browser.get("/login")
    (kept,) = [ask for ask in camera.agent.record.requests if ask.revealed]
    assert kept.frozen is not None
    assert kept.number in page.words
    key = camera.keys.device_key
    camera.desk.enrol(SERIAL, dated_key(key), log_id(key))
    return camera.desk.dictate(Spoken(SERIAL, kept.frozen.started, kept.number, MAC), kept.frozen.day)


def signed_in_for_one_purpose(camera: Recorder) -> tuple[Browser, Code]:
    browser = camera.browser()
    sign_in(browser, WRONG)
    code = reset_password(camera, browser)
    assert sign_in(browser, code.shown).path == "/system", browser.page.words
    return browser, code


@pytest.mark.meets("etsi-5.6-2")
def test_T39_nothing_names_the_serial_before_a_wrong_password(camera: Recorder) -> None:
    browser = camera.browser()
    for path in (
        "/",
        "/login",
        "/forgot",
        PATH,
        CODE_PATH,
        "/forgot/support",
        "/nowhere",
        "/system",
        "/home",
    ):
        assert SERIAL not in browser.get(path).html, path
        assert MAC not in browser.page.html
    assert "Sign in with any password" in browser.get("/forgot").words
    assert not camera.agent.record.requests
    assert camera.recovering.open_security_code(bytes(32), face=Face.NETWORK) is Refusal.NOT_OFFERED
    assert SERIAL in camera.browser(**AT_SCREEN).get("/login").words


def test_P09_a_wrong_password_shows_exactly_what_to_read_out(camera: Recorder) -> None:
    browser = camera.browser()
    page = sign_in(browser, WRONG, user="nobody")
    assert page.status == 403
    (kept,) = camera.agent.record.requests
    for told in (SERIAL, MAC, kept.number, "Start time", "Date 2026-", "Example support"):
        assert told in page.words
    assert OWNER not in page.html
    assert SERIAL in browser.get("/forgot").words
    assert sign_in(browser, WRONG).words.count(kept.number) == 1, "the same again"
    assert len(camera.agent.record.requests) == 1
    assert "Read this out to support" in browser.get(PATH).words
    owner = camera.signed_in(client="192.0.2.90")
    assert "A password was wrong, and what support needs was shown" in owner.get("/home").words


def test_P09_behind_a_recorder_there_is_no_mac(camera: Recorder) -> None:
    camera.settings = replace(camera.settings, behind_recorder=True)
    camera.start()
    page = sign_in(camera.browser(), WRONG)
    assert SERIAL in page.words
    assert "MAC" not in page.words


def test_P09_it_is_shown_at_the_pace_of_the_login(camera: Recorder) -> None:
    for _ in range(FREE):
        sign_in(camera.browser(), WRONG)
    page = sign_in(camera.browser(), WRONG)
    assert page.status == 429
    assert SERIAL not in page.html


def test_T39_another_browser_waits_for_half_an_hour_and_the_owner_still_signs_in(camera: Recorder) -> None:
    first = camera.browser()
    sign_in(first, WRONG)
    second = camera.browser(client="192.0.2.78")
    page = sign_in(second, WRONG)
    assert "What support needs is shown in another browser now. It can be shown here in 30 min." in page.words
    assert SERIAL not in page.html
    camera.signed_in(OLD, client="192.0.2.79")
    camera.clock.forward(REVEAL_HOLDS)
    assert SERIAL in sign_in(second, WRONG).words
    assert SERIAL not in first.get("/login").html


def test_T39_when_every_place_is_taken_nothing_is_shown(camera: Recorder) -> None:
    for client in ("192.0.2.1", "192.0.2.2"):
        camera.scanning(client=client)
    page = sign_in(camera.browser(), WRONG)
    assert page.status == 403
    assert SERIAL not in page.html
    assert "User name or password: one of them is not right." in page.words


def test_a_recorder_tells_nothing_of_the_kind(recorder: Recorder) -> None:
    page = sign_in(recorder.browser(), WRONG)
    assert "Read this out" not in page.words
    assert not recorder.agent.record.requests


def test_P10_the_reset_password_opens_one_page_and_nothing_else(camera: Recorder) -> None:
    browser, _code = signed_in_for_one_purpose(camera)
    assert "You are signed in with a reset password" in browser.page.words
    assert "for 30 min" in browser.page.words
    for path in ("/home", "/users", "/audit", "/ways", "/configuration"):
        assert browser.get(path).path == "/login", path
    page = browser.get("/system/default")
    assert "Default: back to factory settings" in page.words
    assert "Recordings yes" in page.words
    assert "Settings – all" in page.words
    page = browser.press("/system/default")
    assert page.status == 422
    assert "Tick this box first." in page.words
    camera.signed_in(OLD, client="192.0.2.79")


def test_P10_default_default_and_the_factory_login_opens_only_a_new_password(camera: Recorder) -> None:
    browser, code = signed_in_for_one_purpose(camera)
    browser.get("/system/default")
    page = browser.press("/system/default", {"understood": "yes"})
    assert page.status == 200
    assert "Back to factory settings" in page.words
    assert "admin" in page.words
    assert not camera.agent.is_set_up
    assert sign_in(browser, code.shown).status == 403
    assert sign_in(browser, OLD).status == 403
    assert sign_in(browser, "admin").path == "/setup"
    assert browser.get("/home").path == "/login"
    browser.get("/setup")
    browser.press("/setup", {"password": NEW, "again": NEW, "address": OWNER})
    camera.signed_in(NEW, client="192.0.2.79")


def test_P10_typed_again_it_opens_the_same_page_until_a_password_is_set(camera: Recorder) -> None:
    browser, code = signed_in_for_one_purpose(camera)
    camera.clock.forward(30 * 60)
    assert browser.get("/system").path == CODE_PATH
    assert browser.get("/system/default").path == CODE_PATH
    assert sign_in(browser, code.shown.lower()).path == "/system"
    camera.reboot()
    browser.app = camera.app
    assert browser.get("/system").path == "/login"
    assert sign_in(browser, code.text).path == "/system"
    browser.get("/forgot/password")
    page = browser.press("/forgot/password", {"user": "admin", "password": NEW, "again": NEW})
    assert page.path == "/forgot/done"
    assert sign_in(browser, code.shown).status == 403
    camera.signed_in(NEW, client="192.0.2.79")


def test_T39_codes_typed_at_the_login_are_counted_as_anywhere(camera: Recorder) -> None:
    browser = camera.browser()
    sign_in(browser, WRONG)
    code = reset_password(camera, browser)
    wrong = code_from_bits(code.bits ^ 1).shown

    def counted() -> int:
        return find(camera.agent.record.budgets, MethodName.SECURITY_CODE, Face.NETWORK).counted

    assert sign_in(browser, wrong).status == 403
    assert counted() == 1
    stranger = camera.browser(client="192.0.2.78")
    assert sign_in(stranger, code.shown).status == 403, "not the browser that was told"
    assert sign_in(browser, code.shown, user="operator").status == 403
    assert counted() == 1, "neither was a proof"
    camera.clock.forward(60)
    for _ in range(4):
        assert sign_in(browser, wrong).status == 403
        camera.clock.forward(16)
    assert counted() == 5
    assert camera.recovering.tries(MethodName.SECURITY_CODE, Face.NETWORK).pause
    camera.clock.forward(60)
    assert sign_in(browser, code.shown).path == "/system"


def test_T39_a_mailed_code_may_be_typed_at_the_login_too(patronum: Recorder) -> None:
    browser, mail = patronum.scanning()
    assert sign_in(browser, mail.code.shown).path == "/forgot/password"
    assert choose(browser).path == "/forgot/done"


def test_P10_at_a_recorder_of_this_profile_the_screen_shows_it_at_once(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path, "camera-support")
    recorder.set_up()
    browser = recorder.browser(**AT_SCREEN)
    browser.get("/forgot")
    assert browser.press(PATH).path == PATH
    code = dictated(recorder, browser)
    browser.get(CODE_PATH)
    assert browser.press(CODE_PATH, {"code": code.shown}).path == "/system"
    assert browser.get("/forgot").path in ("/forgot", "/system")
