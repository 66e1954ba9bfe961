"""Locked out, and support helps: the request is exported, waits, and is answered by a file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from sparekey.core.codes import Code, code_from_bits
from sparekey.core.errors import Refusal
from sparekey.core.keys import dated_key, file_secret, log_id
from sparekey.core.messages.armour import FileKind, unwrap, wrap
from sparekey.core.messages.link import link
from sparekey.core.messages.request import Request, read_request
from sparekey.core.messages.xml import read_xml
from sparekey.core.values import Face, MethodName
from tests.device.browser import Browser, Page
from tests.device.prepared import AT_SCREEN, send_file
from tests.device.recorder import NEW, OLD, OWNER, TLS_HASH, Recorder, choose, link_in

FILES = ("/forgot/support/file", "/forgot/support/xml", "/forgot/support/qr.png", "/forgot/support/answer")


def asking(recorder: Recorder, **how: Any) -> Browser:
    """A browser that shows a request to support."""
    browser = recorder.browser(**how)
    browser.get("/forgot/support")
    assert browser.press("/forgot/support").path == "/forgot/support"
    return browser


def exported(browser: Browser) -> Request:
    return read_request(unwrap(FileKind.REQUEST, browser.get("/forgot/support/file").html))


def answered(recorder: Recorder, request: Request, **how: Any) -> str:
    """What support sends back."""
    key = recorder.keys.device_key
    recorder.desk.enrol(request.header.identity.serial, dated_key(key), log_id(key))
    return wrap(FileKind.RESPONSE, recorder.desk.answer(request, **how).encoded, {"For": "the recorder"})


def hand_in(browser: Browser, data: str | bytes | None) -> Page:
    browser.get("/forgot/support/answer")
    return send_file(browser, "/forgot/support/answer", data)


def test_B06_device_exported_as_square_file_xml_and_text(recorder: Recorder) -> None:
    browser = recorder.browser()
    assert "/forgot/support" in browser.get("/forgot").links
    page = browser.get("/forgot/support")
    assert "Example support" in page.words
    assert "Support waits 24 hours before the file is sent." in page.words
    assert not recorder.agent.record.requests
    page = browser.press("/forgot/support")
    (kept,) = recorder.agent.record.requests
    shown = link_in(page)
    assert kept.number in page.words
    assert page.html.count("<svg") == 1
    saved = browser.get("/forgot/support/file")
    assert saved.header("content-disposition") == f'attachment; filename="{kept.number}.sparekey-request"'
    request = exported(browser)
    assert link(recorder.desk.trust.prefix, request) == shown
    assert request.header.tls == TLS_HASH
    document = browser.get("/forgot/support/xml")
    assert document.header("content-disposition") == f'attachment; filename="{kept.number}.xml"'
    assert read_xml(document.body) == request
    assert browser.get("/forgot/support/qr.png").body.startswith(b"\x89PNG")
    for text in (saved.html, document.html):
        assert OWNER not in text


def test_B06_device_shown_again_in_the_same_browser_and_after_a_reboot(recorder: Recorder) -> None:
    browser = asking(recorder)
    before = exported(browser)
    assert "You have already started. Go on here." in browser.get("/forgot").words
    browser.get("/forgot/support")
    recorder.clock.forward(3600)
    recorder.reboot()
    browser.app = recorder.app
    assert browser.get("/forgot/support").path == "/forgot/support"
    assert exported(browser) == before
    assert "valid until" in browser.get("/forgot/support").words
    assert len(recorder.agent.record.requests) == 1


def test_B06_device_the_screen_finds_its_request_after_a_reboot(recorder: Recorder) -> None:
    before = exported(asking(recorder, **AT_SCREEN))
    recorder.reboot()
    assert exported(recorder.browser(**AT_SCREEN)) == before


def test_B06_device_opening_again_changes_nothing(recorder: Recorder) -> None:
    browser = asking(recorder)
    before = exported(browser)
    other = recorder.browser()
    other.get("/forgot/support")
    values = other.page.form("/forgot/support").values
    browser.cookies["__Host-Http-browser"] = other.cookies["__Host-Http-browser"]
    assert browser.post("/forgot/support", values).path == "/forgot/support"
    assert exported(browser) == before


@pytest.mark.parametrize("reboot", [False, True])
def test_P16_device_the_file_from_support_opens_it(recorder: Recorder, reboot: bool) -> None:
    browser = asking(recorder)
    file = answered(recorder, exported(browser))
    if reboot:
        recorder.reboot()
        browser.app = recorder.app
    page = hand_in(browser, file)
    assert page.path == "/forgot/password"
    assert "Step 3 of 3" in page.words
    assert choose(browser).path == "/forgot/done"
    recorder.signed_in(NEW)
    assert browser.get("/forgot/support/answer").status == 403


def typed_key(browser: Browser, typed: str) -> Page:
    browser.get("/forgot/support/key")
    return browser.press("/forgot/support/key", {"code": typed})


def key_for(recorder: Recorder, browser: Browser) -> Code:
    """What support reads out for the request of this browser."""
    key = recorder.desk.dictate_key(exported(browser))
    assert key is not None
    return key


def test_P17_device_the_key_for_a_photographed_square_opens_it(hikvision: Recorder) -> None:
    ways = hikvision.browser().get("/forgot")
    assert "They give you a key of eight letters and digits." in ways.words
    browser = asking(hikvision)
    page = browser.page
    assert "Come back with the file or the key that they send. The file works for 24 hours." in page.words
    assert "/forgot/support/key" in page.links
    key = key_for(hikvision, browser)
    assert typed_key(browser, key.text[:-1]).status == 422
    assert typed_key(browser, code_from_bits(key.bits ^ 1).shown).status == 403
    assert "That is not the key for this request." in browser.page.words
    assert "4 tries left" in browser.page.words
    assert "5 tries left" in browser.get("/forgot/support/answer").words, "the file has tries of its own"
    assert typed_key(browser, key.shown).path == "/forgot/password"
    assert choose(browser).path == "/forgot/done"
    hikvision.signed_in(NEW)
    assert browser.get("/forgot/support/key").status == 403


def test_P17_device_after_the_key_the_file_is_worth_nothing(hikvision: Recorder) -> None:
    browser, other = asking(hikvision), asking(hikvision, client="192.0.2.78")
    key, file = key_for(hikvision, browser), answered(hikvision, exported(browser))
    stranger = hikvision.browser(client="192.0.2.79")
    assert stranger.get("/forgot/support/key").status == 403
    assert typed_key(other, key.shown).status == 403, "it belongs to another request"
    assert typed_key(browser, key.shown).path == "/forgot/password"
    choose(browser)
    again = asking(hikvision)
    assert "This file answers another request." in hand_in(again, file).words


def test_P17_device_the_recommended_profile_takes_no_key(recorder: Recorder) -> None:
    browser = asking(recorder)
    assert "/forgot/support/key" not in browser.page.links
    page = browser.get("/forgot/support/key")
    assert page.status == 409
    assert not page.forms[1:]


@pytest.mark.parametrize("trusted", [True, False], ids=["a good clock", "1970"])
def test_P16_device_an_unplugged_night_and_a_clock_of_1970(tmp_path: Path, trusted: bool) -> None:
    recorder = Recorder(tmp_path, "hikvision", clock_trusted=trusted)
    recorder.set_up()
    browser = asking(recorder)
    file = answered(recorder, exported(browser))
    recorder.clock.now += 25 * 3600
    recorder.reboot()
    browser.app = recorder.app
    if not trusted:
        recorder.clock.now = 3600
    page = hand_in(browser, file)
    assert page.status == (410 if trusted else 200)
    assert page.path == ("/forgot/support/answer" if trusted else "/forgot/password")


def test_P16_device_a_file_that_does_not_hold_is_counted_and_one_for_another_request_is_not(
    recorder: Recorder,
) -> None:
    browser, other = asking(recorder), asking(recorder, client="192.0.2.78")
    for data, told in (
        (answered(recorder, exported(other)), "This file answers another request."),
        (other.get("/forgot/support/file").body, "This is not a file from support."),
        (b"\xff", "This is not a file from support."),
        (None, "Choose the file from support first."),
    ):
        page = hand_in(browser, data)
        assert page.status == 422
        assert told in page.words
        assert "5 tries left" in page.words
    page = hand_in(browser, answered(recorder, exported(browser), logged=False))
    assert page.status == 403
    assert "This file does not open this device" in page.words
    assert "4 tries left" in page.words
    page = hand_in(browser, answered(recorder, exported(browser), valid=60))
    assert page.path == "/forgot/password"


def test_P16_device_after_its_time_the_file_is_refused_and_the_request_stays(recorder: Recorder) -> None:
    browser = asking(recorder)
    file = answered(recorder, exported(browser))
    recorder.clock.forward(25 * 3600)
    page = hand_in(browser, file)
    assert page.status == 410
    assert (
        "The time of this file is over. Ask support for a new one: the request is still open." in page.words
    )
    assert hand_in(browser, answered(recorder, exported(browser))).path == "/forgot/password"


def test_T04_another_browser_sees_nothing_of_the_request(recorder: Recorder) -> None:
    browser = asking(recorder)
    (kept,) = recorder.agent.record.requests
    stranger = recorder.browser(client="192.0.2.78")
    assert kept.number not in stranger.get("/forgot/support").words
    for path in FILES:
        page = stranger.get(path)
        assert page.status == 403
        assert "This request was opened somewhere else." in page.words
    file = answered(recorder, exported(browser))
    stranger.get("/login")
    stranger.cookies["__Host-Http-browser"] = browser.cookies["__Host-Http-browser"]
    browser.get("/forgot/support/answer")
    stranger.page = browser.page
    assert send_file(stranger, "/forgot/support/answer", file).status == 403
    recorder.signed_in(OLD)
    assert hand_in(browser, file).path == "/forgot/password"


def test_an_expired_request_says_so_and_a_new_one_can_be_made(recorder: Recorder) -> None:
    browser = asking(recorder)
    before = exported(browser)
    recorder.clock.forward(14 * 24 * 3600)
    assert browser.get("/forgot/support/file").status == 410
    assert "The time for this request is over." in browser.page.words
    browser.get("/forgot/support")
    browser.press("/forgot/support")
    assert exported(browser).header.number != before.header.number


def test_closing_one_of_two_requests_leaves_the_other(recorder: Recorder) -> None:
    browser, _ = recorder.scanning()
    browser.get("/forgot/support")
    browser.press("/forgot/support")
    mail, support = recorder.agent.record.requests
    page = browser.get("/forgot/cancel")
    assert "Which request do you want to close?" in page.words
    browser.press("/forgot/cancel", {"number": mail.number})
    assert list(recorder.agent.record.requests) == [support]
    assert browser.get("/forgot/support").path == "/forgot/support"
    assert support.number in browser.page.words
    browser.get("/forgot/cancel")
    assert "File from support" in browser.page.words
    assert "The request is closed" in browser.press("/forgot/cancel").words
    assert not recorder.agent.record.requests
    assert "__Host-Http-claim" not in browser.cookies


@pytest.mark.parametrize("number", ["", "AAAAAAAA", "nonsense"])
def test_T04_nobody_closes_what_is_not_theirs(recorder: Recorder, number: str) -> None:
    browser = asking(recorder)
    (kept,) = recorder.agent.record.requests
    stranger = asking(recorder, client="192.0.2.78")
    stranger.get("/forgot/cancel")
    assert kept.number not in stranger.page.words
    stranger.press("/forgot/cancel", {"number": number or kept.number})
    assert kept in recorder.agent.record.requests
    assert browser.get("/forgot/support/file").status == 200


def test_the_screen_and_a_signed_in_administrator_may_close_what_others_opened(recorder: Recorder) -> None:
    asking(recorder)
    screen = recorder.browser(**AT_SCREEN)
    assert "opened over the network" in screen.get("/forgot/cancel").words
    screen.press("/forgot/cancel")
    assert recorder.agent.record.requests == ()
    asking(recorder, client="192.0.2.78")
    owner = recorder.signed_in()
    owner.get("/forgot/cancel")
    owner.press("/forgot/cancel")
    assert recorder.agent.record.requests == ()


def test_where_the_profile_has_no_file_the_page_says_so(tmp_path_factory: pytest.TempPathFactory) -> None:
    recorder = Recorder(tmp_path_factory.mktemp("recorder"), "patronum")
    assert recorder.browser().get("/forgot/support").path != "/forgot/support", "it has no password yet"
    recorder.set_up()
    page = recorder.browser().get("/forgot/support")
    assert page.status == 409
    assert recorder.recovering.open_support(bytes(32), face=Face.NETWORK) is Refusal.NOT_SET_UP


def test_no_room_for_a_third_request_of_any_kind(recorder: Recorder) -> None:
    recorder.scanning(client="192.0.2.1")
    asking(recorder, client="192.0.2.2")
    third = recorder.browser()
    third.get("/forgot/support")
    page = third.press("/forgot/support")
    assert page.status == 429
    assert "no room for one more" in page.words
    assert asking(recorder, **AT_SCREEN).page.status == 200


@pytest.mark.meets("nist-look-up-stored")
def test_T02_neither_secret_of_a_request_is_stored(recorder: Recorder) -> None:
    asking(recorder)
    (kept,) = recorder.agent.record.requests
    assert kept.method is MethodName.RESPONSE_FILE
    stored = b"".join(file.read_bytes() for file in recorder.folder.glob("device.sqlite*"))
    assert kept.salt in stored
    assert file_secret(recorder.keys.device_key, kept.number, kept.salt) not in stored
    assert re.fullmatch(r"[0-9A-Z]{8}", kept.number)
