"""Every page in both languages, from what the browser wishes and from the switch on the page."""

from __future__ import annotations

import re

import pytest

from sparekey.core.values import Face
from sparekey.device.config import Listener
from sparekey.device.serve import Doorway
from tests.device.browser import Page
from tests.device.recorder import Recorder, choose, link_in, type_in

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


def test_the_switch_keeps_the_page_and_the_request(recorder: Recorder) -> None:
    browser, _ = recorder.scanning()
    shown = link_in(browser.page)
    page = browser.press("/language", {"language": "cs"})
    assert page.path == "/forgot/mail"
    assert '<html lang="cs"' in page.html
    assert link_in(page) == shown


def test_the_request_says_in_which_language_the_mail_shall_be(recorder: Recorder) -> None:
    browser, _ = recorder.scanning(language="cs")
    _, body = recorder.desk.open(link_in(browser.page))
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
    recorder.app = Doorway(recorder.app, Listener(True, "0.0.0.0", 443, face), names, "cs")
    browser = recorder.browser()
    page = browser.get("/login") if wish else browser.send("GET", "/login", b"", {"accept-language": None})
    assert f'<html lang="{seen}"' in page.html
    assert names == {"192.0.2.4"}


def test_the_screen_opens_the_keyboard_by_itself(recorder: Recorder) -> None:
    assert (
        "data-kiosk" in recorder.browser(face=Face.SCREEN, scheme="http", host="localhost").get("/login").html
    )
    assert "data-kiosk" not in recorder.browser().get("/login").html
