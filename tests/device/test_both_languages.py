"""Every page in both languages, from what the browser wishes and from the switch on the page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sparekey.core.budget import TRIES
from sparekey.core.codes import saved_from_bits
from sparekey.core.messages.link import read_link
from sparekey.core.messages.mail import MailBody
from sparekey.core.values import Face
from sparekey.device.config import Listener
from sparekey.device.serve import Doorway
from tests.device.browser import Page
from tests.device.called import PATH, dictated, sign_in, type_code
from tests.device.prepared import (
    AT_SCREEN,
    answers,
    hand_in,
    make_key_file,
    make_sheet,
    set_questions,
    type_saved,
)
from tests.device.recorder import Recorder, choose, link_in, type_in
from tests.device.test_technician_pages import BASE, file_for
from tests.device.test_technician_pages import hand_in as hand_in_at_bench

LANGUAGES = ("en", "cs")


def check(page: Page, language: str) -> None:
    """The marks of a page that a reader can use: language, one heading, no unfilled place, labels."""
    assert f'<html lang="{language}"' in page.html
    assert page.html.count("<h1>") == 1
    assert not re.search(r"%\(\w+\)s|\{\{|None|Undefined", page.html)
    for name in re.findall(r'<input id="([^"]+)"', page.html):
        assert f'<label for="{name}">' in page.html
    assert not re.search(r"<script(?! type=\"module\" src=)| style=| on\w+=\"", page.html)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_of_a_recovery(recorder: Recorder, language: str) -> None:
    browser = recorder.browser(language=language)
    for path in ("/login", "/forgot"):
        check(browser.get(path), language)
    check(browser.press("/forgot/mail"), language)
    mail = recorder.mailed(browser.page)
    for path in ("/forgot/cancel", "/forgot", "/forgot/code"):
        check(browser.get(path), language)
    check(type_in(browser, "0"), language)
    check(type_in(browser, "0000-0000"), language)
    check(type_in(browser, mail.code), language)
    check(choose(browser, "short"), language)
    check(choose(browser), language)
    browser.get("/login")
    check(browser.press("/login", {"password": "wrong"}), language)
    check(browser.press("/login", {"password": "a quite new secret sentence"}), language)
    check(browser.get("/forgot/code"), language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_of_the_ways_without_a_mailbox(tmp_path: Path, recorder: Recorder, language: str) -> None:
    folder = tmp_path / "other"
    folder.mkdir()
    patronum = Recorder(folder, "patronum")
    patronum.set_up()
    set_questions(patronum)
    browser = patronum.browser(language=language)
    check(browser.get("/forgot/questions"), language)
    for _ in range(TRIES):
        check(answers(browser, ("x", "x", "x")), language)
    file, code = make_key_file(recorder), make_sheet(recorder)
    browser = recorder.browser(language=language)
    for path in ("/forgot", "/forgot/key-file", "/forgot/sheet", "/forgot/support"):
        check(browser.get(path), language)
    check(browser.press("/forgot/support"), language)
    for path in ("/forgot", "/forgot/support/answer", "/forgot/cancel"):
        check(browser.get(path), language)
    check(type_saved(browser, "0"), language)
    check(type_saved(browser, saved_from_bits(code.bits ^ 1).shown), language)
    check(hand_in(browser, "nothing"), language)
    check(hand_in(browser, file), language)
    check(choose(browser), language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_of_the_codes_from_support(tmp_path: Path, hikvision: Recorder, language: str) -> None:
    browser = hikvision.browser(language=language)
    check(browser.get(PATH), language)
    check(browser.press(PATH), language)
    check(type_code(browser, "0"), language)
    check(type_code(browser, "0000-0000"), language)
    check(type_code(browser, dictated(hikvision, browser)), language)
    check(browser.get("/forgot/password"), language)
    check(choose(browser), language)
    browser = hikvision.browser(language=language, client="192.0.2.78")
    check(browser.get("/forgot/support"), language)
    check(browser.press("/forgot/support"), language)
    check(browser.get("/forgot/support/key"), language)
    folder = tmp_path / "camera"
    folder.mkdir()
    camera = Recorder(folder, "camera-support", model="C-220")
    camera.set_up()
    browser = camera.browser(language=language)
    check(sign_in(browser, "wrong"), language)
    check(browser.get("/forgot"), language)
    check(sign_in(browser, dictated(camera, browser).shown), language)
    check(browser.get("/system/default"), language)
    check(browser.press("/system/default", {"understood": "yes"}), language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_of_the_bench(patronum: Recorder, language: str) -> None:
    screen = patronum.browser(language=language, **AT_SCREEN)
    check(screen.get(BASE), language)
    check(screen.press(BASE), language)
    check(screen.get(f"{BASE}/answer"), language)
    check(hand_in_at_bench(screen, file_for(patronum, screen)), language)
    check(screen.press(f"{BASE}/erase"), language)


def test_the_switch_keeps_the_page_and_the_request(recorder: Recorder) -> None:
    browser, _ = recorder.scanning()
    shown = link_in(browser.page)
    page = browser.press("/language", {"language": "cs"})
    assert page.path == "/forgot/mail"
    assert '<html lang="cs"' in page.html
    assert link_in(page) == shown


def test_the_request_says_in_which_language_the_mail_shall_be(recorder: Recorder) -> None:
    browser, _ = recorder.scanning(language="cs")
    body = recorder.desk.open(read_link(link_in(browser.page)))
    assert isinstance(body, MailBody)
    assert body.locale == "cs"


@pytest.mark.parametrize(
    ("face", "wish", "seen"),
    [
        (Face.SCREEN, "en", "cs"),
        (Face.SCREEN, None, "cs"),
        (Face.NETWORK, "en", "en"),
        (Face.NETWORK, None, "cs"),
    ],
)
def test_the_recorders_own_language_is_for_its_screen_and_for_who_wishes_none(
    recorder: Recorder, face: Face, wish: str | None, seen: str
) -> None:
    names: set[str] = set()
    screens = recorder.agent.screens
    recorder.app = Doorway(recorder.app, Listener(True, "0.0.0.0", 443, face), names, "cs", screens)
    browser = recorder.browser()
    screens.offer("https://192.0.2.4")
    token = recorder.config.settings.screen_file.read_text().partition("#")[2].partition('"')[0]
    browser.cookies["__Host-Http-screen"] = screens.launch(token) or ""
    page = browser.get("/login") if wish else browser.send("GET", "/login", b"", {"accept-language": None})
    assert f'<html lang="{seen}"' in page.html
    assert names == {"192.0.2.4"}


def test_the_screen_opens_the_keyboard_by_itself(recorder: Recorder) -> None:
    assert (
        "data-kiosk" in recorder.browser(face=Face.SCREEN, scheme="http", host="localhost").get("/login").html
    )
    assert "data-kiosk" not in recorder.browser().get("/login").html
