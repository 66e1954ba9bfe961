"""The telephone call to support: what a page says is read out, and the code that comes back."""

from __future__ import annotations

from html import unescape

from sparekey.core.codes import Code
from sparekey.core.keys import dated_key, log_id
from sparekey.core.methods.spoken import read_spoken
from tests.device.browser import Browser, Page
from tests.device.recorder import Recorder

PATH = "/forgot/security-code"
CODE_PATH = "/forgot/security-code/code"


def reading(recorder: Recorder, **how: object) -> Browser:
    """A browser that shows what to read out."""
    browser = recorder.browser(**how)
    browser.get(PATH)
    assert browser.press(PATH).path == PATH, browser.page.words
    return browser


def dictated(recorder: Recorder, browser: Browser, days: int = 0) -> Code:
    """What support says to whoever reads that page out: the code for its date, or for so many days later."""
    key = recorder.keys.device_key
    recorder.desk.enrol(recorder.settings.serial, dated_key(key), log_id(key))
    text = browser.get(f"{PATH}/file").html
    spoken, day = read_spoken(text)
    return recorder.desk.dictate(spoken, day + days)


def type_code(browser: Browser, code: Code | str) -> Page:
    browser.get(CODE_PATH)
    return browser.press(CODE_PATH, {"code": code if isinstance(code, str) else code.shown})


def sign_in(browser: Browser, password: str, user: str = "admin") -> Page:
    """Try a password at the login."""
    browser.get("/login")
    return browser.press("/login", {"user": user, "password": password})


def pasted(page: Page) -> str:
    """The text that a page gives for copying."""
    return unescape(page.html.split("<textarea", 1)[1].split(">", 1)[1].split("<", 1)[0])
