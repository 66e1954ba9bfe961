"""The first password: what each profile asks for, what is told, and what is refused."""

from __future__ import annotations

import threading
from html import unescape
from pathlib import Path

import pytest

from sparekey.core.device.life import PRESENCE_LASTS
from sparekey.core.errors import Refusal
from sparekey.core.values import Face
from tests.device.browser import Browser, Page
from tests.device.recorder import NEW, OLD, OWNER, Recorder


def fill_in(browser: Browser, address: str = OWNER, **more: str) -> Page:
    return browser.press("/setup", {"password": OLD, "again": OLD, "address": address, **more})


def at_setup(recorder: Recorder, **how: object) -> Browser:
    browser = recorder.browser(**how)
    browser.get("/")
    if recorder.config.policy.factory_login:
        browser.press("/login", {"user": "admin", "password": "admin"})
    assert browser.page.path == "/setup", browser.page.words
    return browser


@pytest.mark.meets("asvs-6.3.2", "etsi-5.1-1", "etsi-5.12-1")
@pytest.mark.parametrize("profile", ["sparekey", "hikvision"])
def test_P02_without_a_factory_login_the_first_page_asks_for_a_password(tmp_path: Path, profile: str) -> None:
    recorder = Recorder(tmp_path, profile)
    browser = recorder.browser()
    page = browser.get("/")
    assert page.path == "/setup"
    assert "This recorder has no password yet. Choose one. Your user name is admin ." in page.words
    assert f"At least {recorder.config.policy.password.least} characters." in page.words
    assert "the code to get back in goes there" in page.words
    page = fill_in(browser)
    assert "The recorder is ready" in page.words
    assert recorder.agent.record.reserved is not None
    assert recorder.agent.record.reserved.address == OWNER
    recorder.signed_in()


def test_P02_the_factory_login_opens_nothing_but_the_page_that_ends_it(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path, "patronum")
    browser = recorder.browser()
    assert browser.get("/setup").path == "/login"
    assert "factory password" in browser.page.words
    assert browser.press("/login", {"user": "admin", "password": "wrong"}).status == 403
    assert browser.press("/login", {"user": "admin", "password": "admin"}).path == "/setup"
    for path in ("/home", "/forgot", "/forgot/mail", "/forgot/code", "/forgot/done"):
        assert browser.get(path).path in ("/login", path)
        assert "signed in as" not in browser.page.words
    assert "__Host-Http-session" not in browser.cookies
    stranger = recorder.browser()
    assert stranger.get("/setup").path == "/login"
    browser.get("/setup")
    assert fill_in(browser).path == "/setup/done"
    assert "__Host-Http-setup" not in browser.cookies
    browser.get("/login")
    assert browser.press("/login", {"user": "admin", "password": "admin"}).status == 403


def test_P02_patronum_is_not_ready_without_an_address(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path, "patronum")
    browser = at_setup(recorder)
    assert "without an address" not in browser.page.words
    page = fill_in(browser, "")
    assert page.status == 422
    assert "this recorder is not ready without one" in page.words
    form = browser.page.form("/setup")
    page = browser.post("/setup", {**form.values, "password": OLD, "again": OLD, "without": "yes"})
    assert page.status == 422
    assert not recorder.agent.is_set_up


@pytest.mark.meets("etsi-5.12-1")
def test_going_on_without_an_address_is_a_choice_that_is_made_knowingly(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path)
    browser = at_setup(recorder)
    assert "Without an address, only the support of the maker can help you then." in browser.page.words
    assert "or choose to go on without one" in fill_in(browser, "").words
    assert fill_in(browser, "", without="yes").path == "/setup/done"
    assert recorder.agent.record.reserved is None


@pytest.mark.meets("nist-guidance")
@pytest.mark.parametrize(
    ("password", "again", "told"),
    [
        ("k7 lamp", "k7 lamp", "The password is too short."),
        ("a" * 65, "a" * 65, "The password is too long."),
        ("aaaaaaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaaaaaa", "too plain"),
        ("thequickbrownfox", "thequickbrownfox", "Many people use this password"),
        ("my px-3216 in the hall", "my px-3216 in the hall", "holds the name of the device"),
        (OLD, NEW, "This is not the same as above."),
    ],
)
def test_a_password_with_a_fault_is_told_next_to_its_field(
    tmp_path: Path, password: str, again: str, told: str
) -> None:
    recorder = Recorder(tmp_path)
    browser = at_setup(recorder)
    page = browser.press("/setup", {"password": password, "again": again, "address": OWNER})
    assert page.status == 422
    assert told in page.words
    assert page.form("/setup").values["address"] == OWNER
    assert page.form("/setup").values["password"] == ""
    assert password not in unescape(page.html)
    assert not recorder.agent.is_set_up


def test_an_address_that_is_none_is_told(tmp_path: Path) -> None:
    browser = at_setup(Recorder(tmp_path))
    page = fill_in(browser, "nobody")
    assert "This does not look like an e-mail address." in page.words


@pytest.mark.meets("asvs-8.2.4")
def test_T23_half_an_hour_after_power_on_the_network_waits_for_somebody_at_the_recorder(
    tmp_path: Path,
) -> None:
    recorder = Recorder(tmp_path)
    browser = at_setup(recorder)
    recorder.clock.forward(PRESENCE_LASTS + 1)
    page = fill_in(browser)
    assert page.status == 403
    assert "Unplug it, wait 10 seconds, plug it in" in page.words
    assert recorder.browser().get("/").status == 403
    assert recorder.agent.activate(OLD, None, Face.NETWORK) is Refusal.NEEDS_PRESENCE
    screen = at_setup(recorder, face=Face.SCREEN, scheme="http", host="localhost")
    assert fill_in(screen).path == "/setup/done"


def test_T09_of_two_browsers_that_set_up_at_once_the_second_is_told(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path)
    first, second = at_setup(recorder), at_setup(recorder)
    assert fill_in(first).path == "/setup/done"
    page = fill_in(second)
    assert page.status == 409
    assert "Somebody was faster" in page.words
    assert "/login" in page.links


def test_T09_two_threads_one_first_password(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path)
    together = threading.Barrier(2)
    answers: dict[str, Refusal | None] = {}

    def activate(password: str) -> None:
        together.wait()
        answers[password] = recorder.agent.activate(password, None, Face.NETWORK)

    threads = [threading.Thread(target=activate, args=(password,)) for password in (OLD, NEW)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, answers.values())) == ["None", "Refusal.ALREADY_DONE"]
    (winner,) = [password for password, refusal in answers.items() if refusal is None]
    recorder.signed_in(winner)
