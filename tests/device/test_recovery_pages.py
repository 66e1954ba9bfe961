"""Forgot the password: every page from the login to the new password, and every way to stray from it."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

from sparekey.core.budget import FAILURES_LIMIT, TRIES
from sparekey.core.codes import ALPHABET, Code, code_from_bits
from sparekey.core.crypto import derive
from sparekey.core.errors import Refusal
from sparekey.core.messages.armour import FileKind, unwrap
from sparekey.core.messages.link import link, read_link
from sparekey.core.messages.request import read_request
from sparekey.core.values import Face, MethodName
from sparekey.device.recovery import Recovering
from sparekey.host.problems import of_refusal
from sparekey.language.catalogue import translator
from sparekey.web.form_token import Token
from tests.device.recorder import NEW, OLD, OWNER, TLS_HASH, Recorder, choose, link_in, type_in


def wrong(code: Code) -> Code:
    return code_from_bits(code.bits ^ 1)


def slipped(code: Code) -> str:
    """The code with its last character mistyped."""
    return code.text[:-1] + ALPHABET[(ALPHABET.index(code.text[-1]) + 1) % 32]


@pytest.mark.parametrize("profile", ["sparekey", "patronum", "hikvision"])
def test_P05_device_from_the_locked_login_to_being_back_in(tmp_path: Path, profile: str) -> None:
    recorder = Recorder(tmp_path, profile)
    recorder.set_up()
    browser = recorder.browser()
    login = browser.get("/")
    assert login.path == "/login"
    assert recorder.config.policy.words.forgot in login.words
    assert "/forgot" in login.links
    ways = browser.get("/forgot")
    assert recorder.config.policy.words.mail_code in ways.words
    assert "o***@ex***.com. Nothing is lost." in ways.words
    browser, mail = recorder.scanning()
    assert mail.address == OWNER
    assert "Step 1 of 3" in browser.page.words
    assert recorder.config.policy.words.code_field in browser.get("/forgot/code").words
    page = type_in(browser, mail.code)
    assert "Step 3 of 3" in page.words
    page = choose(browser)
    assert page.path == "/forgot/done"
    assert "Everybody was signed out." in page.words
    recorder.signed_in(NEW)
    browser.get("/login")
    assert browser.press("/login", {"password": OLD}).status == 403


def test_P05_device_the_square_is_the_link_and_carries_our_tls_key(recorder: Recorder) -> None:
    browser, _ = recorder.scanning()
    request = read_link(link_in(browser.page))
    assert link(recorder.desk.trust.prefix, request) == link_in(browser.page)
    assert request.header.tls == TLS_HASH
    assert browser.page.html.count("<svg") == 1
    assert browser.get("/forgot/qr.png").body.startswith(b"\x89PNG")


def test_P05_device_the_request_can_be_saved_and_carried(recorder: Recorder) -> None:
    browser, mail = recorder.scanning()
    shown = link_in(browser.page)
    saved = browser.get("/forgot/request")
    assert re.fullmatch(
        r'attachment; filename="[0-9A-Z]{8}\.sparekey-request"', saved.header("content-disposition")
    )
    request = read_request(unwrap(FileKind.REQUEST, saved.html))
    assert link(recorder.desk.trust.prefix, request) == shown
    assert shown in saved.html
    assert mail.code.text not in saved.html


def test_P05_device_greyed_with_the_reason_when_no_address_was_set(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path)
    recorder.set_up(address=None)
    browser = recorder.browser()
    page = browser.get("/forgot")
    assert "No e-mail address was set on this recorder." in page.words
    assert "ask the support of the maker: Example support . Have the serial number ready" in page.words
    assert "/forgot/mail" not in [form.action for form in page.forms]
    assert recorder.recovering.open_mail_code(bytes(32), face=Face.NETWORK, locale="en") is Refusal.NOT_SET_UP


def test_P05_device_opening_again_shows_the_same_request(recorder: Recorder) -> None:
    browser, _ = recorder.scanning()
    shown = link_in(browser.page)
    again = browser.get("/forgot")
    assert "You have already started. Go on here." in again.words
    assert link_in(browser.get("/forgot/mail")) == shown


def test_P05_device_says_until_when_the_request_is_valid(recorder: Recorder) -> None:
    browser, _ = recorder.scanning()
    assert re.search(r"This request is valid until \d+:\d\d tomorrow\.", browser.page.words)
    assert re.search(r"5 tries left, valid until \d+:\d\d tomorrow", browser.get("/forgot/code").words)


def test_T12_without_a_trusted_clock_only_switched_on_time_counts(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path, clock_trusted=False)
    recorder.set_up()
    browser, mail = recorder.scanning()
    assert "valid for 24 hours of switched-on time" in browser.page.words
    recorder.clock.now = 0
    recorder.clock.uptime += 23 * 3600
    assert "valid for 1 hour of switched-on time" in browser.get("/forgot/code").words
    recorder.clock.uptime += 3600
    assert "The time for this request is over." in browser.get("/forgot/code").words
    assert mail.code.text not in browser.page.html


def test_P21_forgot_reserved_email_notice_agree_square(hikvision: Recorder) -> None:
    browser = hikvision.browser()
    login = browser.get("/login")
    assert "Forgot Password" in login.words
    ways = browser.get("/forgot")
    assert "Verify by Reserved Email" in ways.words
    assert "/forgot/notice" in ways.links
    notice = browser.get("/forgot/notice")
    assert "I have read this and agree" in notice.words
    refused = browser.press("/forgot/mail")
    assert refused.path == "/forgot/notice"
    assert hikvision.agent.record.requests == ()
    page = browser.press("/forgot/mail", {"agreed": "yes"})
    assert page.path == "/forgot/mail"
    assert "<svg" in page.html
    assert "Keep the recorder switched on." in page.words


def test_P23_code_then_create_and_confirm_the_new_password(hikvision: Recorder) -> None:
    browser, mail = hikvision.scanning()
    assert "Verification code" in browser.get("/forgot/code").words
    type_in(browser, mail.code)
    assert "This is not the same as above." in choose(browser, NEW, "something else").words
    assert "At least 8 characters" in browser.page.words
    assert choose(browser, "short").status == 422
    assert "The password is too short." in browser.page.words
    assert choose(browser).path == "/forgot/done"
    hikvision.signed_in(NEW)


def test_P22_a_reboot_voids_the_request_and_the_page_says_so(hikvision: Recorder) -> None:
    browser, mail = hikvision.scanning()
    browser.get("/forgot/code")
    hikvision.reboot()
    browser.app = hikvision.app
    page = browser.press("/forgot/code", {"code": mail.code.shown})
    assert page.status == 410
    assert "The recorder was switched off in the meantime." in page.words
    assert "/forgot" in page.links
    assert hikvision.agent.record.requests == ()


def test_B06_a_request_survives_a_reboot_and_its_code_still_works(recorder: Recorder) -> None:
    browser, mail = recorder.scanning()
    shown = link_in(browser.page)
    browser.get("/forgot/code")
    recorder.reboot()
    browser.app = recorder.app
    page = browser.press("/forgot/code", {"code": mail.code.shown})  # the form was open all the time
    assert page.path == "/forgot/password"
    assert link_in(browser.get("/forgot/mail")) == shown


def test_T03_wrong_codes_are_counted_and_told(recorder: Recorder) -> None:
    browser, mail = recorder.scanning()
    for left in range(TRIES - 1, 0, -1):
        page = type_in(browser, wrong(mail.code))
        assert page.status == 403
        assert "That is not the code." in page.words
        assert (f"{left} tries left" if left > 1 else "1 try left") in page.words
    page = type_in(browser, wrong(mail.code))
    assert "There is a pause now." in page.words
    assert "Time to wait: 30 seconds." in page.words
    assert [form.action for form in page.forms] == ["/language"]
    recorder.clock.forward(10)
    assert "Time to wait: 20 seconds." in browser.get("/forgot/code").words
    recorder.clock.forward(20)
    assert type_in(browser, mail.code).path == "/forgot/password"


def test_T03_a_code_posted_during_the_pause_is_not_looked_at(recorder: Recorder) -> None:
    browser, mail = recorder.scanning()
    form = browser.get("/forgot/code").form("/forgot/code")
    for _ in range(TRIES):
        browser.post("/forgot/code", {**form.values, "code": wrong(mail.code).text})
    page = browser.post("/forgot/code", {**form.values, "code": mail.code.text})
    assert page.status == 429
    assert "There is a pause now." in page.words
    assert browser.get("/forgot/password").path == "/forgot/code"


def test_T03_a_slip_is_told_at_once_and_costs_nothing(recorder: Recorder) -> None:
    browser, mail = recorder.scanning()
    for typed, told in (
        (slipped(mail.code), "One character is not right"),
        (mail.code.text[:7], "A code has eight characters"),
        ("ABCD-EFG?", "only digits and letters"),
        ("9" * 40, "A code has eight characters"),
    ):
        page = type_in(browser, typed)
        assert page.status == 422
        assert told in page.words
        assert "This cost no try." in page.words
        assert "5 tries left" in page.words
    assert type_in(browser, f" {mail.code.shown.lower()} ").path == "/forgot/password"


def test_T03_after_a_hundred_the_network_stops_and_the_screen_goes_on(recorder: Recorder) -> None:
    browser, mail = recorder.scanning()
    for _ in range(FAILURES_LIMIT):
        recorder.clock.forward(recorder.recovering.tries(MethodName.MAIL_CODE, Face.NETWORK).pause)
        type_in(browser, wrong(mail.code))
    assert browser.page.status == 429
    assert "Codes are switched off on this side." in browser.page.words
    assert "Use the recorder's own screen." in recorder.browser().get("/forgot").words
    screen, mail = recorder.scanning(face=Face.SCREEN, scheme="http", host="localhost")
    assert type_in(screen, mail.code).path == "/forgot/password"
    assert choose(screen).path == "/forgot/done"
    again, mail = recorder.scanning()  # a completed recovery lowers the counters
    assert type_in(again, mail.code).path == "/forgot/password"


@pytest.mark.meets("asvs-8.2.2")
def test_T04_another_browser_can_neither_see_nor_type_nor_set(recorder: Recorder) -> None:
    browser, mail = recorder.scanning()
    stranger = recorder.browser(client="192.0.2.78")
    for path in ("/forgot/mail", "/forgot/code", "/forgot/password", "/forgot/request", "/forgot/qr.png"):
        page = stranger.get(path)
        assert page.status == 403
        assert "This request was opened somewhere else." in page.words
    form = browser.get("/forgot/code").form("/forgot/code")
    stranger.get("/login")
    stolen = {**stranger.page.form("/login").values, "code": mail.code.text}
    assert stranger.post("/forgot/code", stolen).status == 403
    assert "not genuine" in stranger.page.words  # the form is not the stranger's either
    stranger.cookies["__Host-Http-browser"] = browser.cookies["__Host-Http-browser"]
    assert (
        "opened somewhere else"
        in stranger.post("/forgot/code", {**form.values, "code": mail.code.text}).words
    )
    assert type_in(browser, mail.code).path == "/forgot/password"
    form = browser.page.form("/forgot/password")
    page = stranger.post("/forgot/password", {**form.values, "password": NEW, "again": NEW})
    assert "opened somewhere else" in page.words
    assert choose(browser).path == "/forgot/done"


def test_T04_a_stolen_page_is_of_no_use_before_the_code(recorder: Recorder) -> None:
    browser, _ = recorder.scanning()
    assert browser.get("/forgot/password").path == "/forgot/code"
    token = Token(
        derive(recorder.keys.device_key, "form tokens"), recorder.entropy
    )  # as only the recorder can
    hidden = token.make(browser.cookies["__Host-Http-browser"], "password")
    values = {"token": hidden, "password": NEW, "again": NEW}
    assert browser.post("/forgot/password", values).path == "/forgot/code"
    assert recorder.agent.record.recovered is None


def test_the_right_to_choose_ends_after_ten_minutes_and_the_code_opens_it_again(recorder: Recorder) -> None:
    browser, mail = recorder.scanning()
    type_in(browser, mail.code)
    recorder.clock.forward(601)
    page = choose(browser)
    assert page.path == "/forgot/code"
    assert "The ten minutes for choosing a password are over." in page.words
    assert type_in(browser, mail.code).path == "/forgot/password"
    assert choose(browser).path == "/forgot/done"


def test_an_expired_request_says_so_and_starts_again(recorder: Recorder) -> None:
    browser, mail = recorder.scanning()
    recorder.clock.forward(24 * 3600)
    page = browser.get("/forgot/mail")
    assert page.status == 410
    assert "The time for this request is over." in page.words
    browser.get("/forgot")
    assert browser.press("/forgot/mail").path == "/forgot/mail"
    assert recorder.mailed(browser.page).code != mail.code


def test_a_used_request_says_so(recorder: Recorder) -> None:
    browser, _ = recorder.scanning()
    other = recorder.choosing(client="192.0.2.78")
    choose(other)
    page = browser.get("/forgot/code")
    assert page.status == 410
    assert "It was used, cancelled or replaced." in page.words


def test_closing_a_request(recorder: Recorder) -> None:
    browser, mail = recorder.scanning()
    assert "Do you want to stop?" in browser.get("/forgot/cancel").words
    page = browser.press("/forgot/cancel")
    assert "The request is closed" in page.words
    assert recorder.agent.record.requests == ()
    assert browser.get("/forgot/code").status == 403
    assert mail.code.text not in browser.page.html


def test_no_room_for_a_third_request_from_the_network(recorder: Recorder) -> None:
    for number in (1, 2):
        recorder.scanning(client=f"192.0.2.{number}")
    third = recorder.browser()
    third.get("/forgot")
    page = third.press("/forgot/mail")
    assert page.status == 429
    assert "no room for one more" in page.words
    screen, _ = recorder.scanning(face=Face.SCREEN, scheme="http", host="localhost")
    assert screen.page.path == "/forgot/mail"


def test_the_screen_finds_its_request_again_after_a_reboot(recorder: Recorder) -> None:
    screen, mail = recorder.scanning(face=Face.SCREEN, scheme="http", host="localhost")
    shown = link_in(screen.page)
    recorder.reboot()
    again = recorder.browser(face=Face.SCREEN, scheme="http", host="localhost")
    assert again.get("/forgot/mail").path == "/forgot/mail"
    assert link_in(again.page) == shown
    assert type_in(again, mail.code).path == "/forgot/password"


@pytest.mark.parametrize("refusal", list(Refusal))
def test_every_refusal_has_its_page_with_a_next_step(
    recorder: Recorder, refusal: Refusal, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, _ = recorder.scanning()
    monkeypatch.setattr(Recovering, "cancel", lambda *_, **__: refusal)
    browser.get("/forgot/cancel")
    page = browser.press("/forgot/cancel")
    problem = of_refusal(refusal)
    assert page.status == problem.status
    assert problem.told in unescape(page.words)
    assert translator("en").text(problem.mend) in unescape(page.words)
    (button,) = re.findall(r'<a role="button"[^>]*href="(/[^"]*)"', page.html)
    assert browser.get(button).status == 200
