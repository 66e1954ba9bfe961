"""The security code at the device: what is read out, the code for the day, the password that follows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sparekey.core.budget import TRIES
from sparekey.core.codes import code_from_bits
from sparekey.core.methods.security_code import Spoken
from sparekey.core.methods.spoken import read_spoken, shown_day
from sparekey.core.values import Face
from tests.device.called import CODE_PATH, PATH, dictated, pasted, reading, sign_in, type_code
from tests.device.prepared import AT_SCREEN
from tests.device.recorder import NEW, OLD, Recorder, choose

NETWORK: dict[str, Any] = {}


@pytest.fixture
def secure(tmp_path: Path) -> Recorder:
    """A recorder whose code comes in a mail from support."""
    made = Recorder(tmp_path, "secure-code")
    made.set_up()
    return made


def test_P15_device_what_is_shown_is_what_is_copied_saved_and_drawn(hikvision: Recorder) -> None:
    browser = hikvision.browser()
    assert "Show what to read out" in browser.get(PATH).words
    assert not hikvision.agent.record.requests
    page = browser.press(PATH)
    (kept,) = hikvision.agent.record.requests
    spoken, day = read_spoken(pasted(page))
    assert kept.frozen is not None
    assert spoken == Spoken("7F2K-0042", kept.frozen.started, kept.number)
    assert day == kept.frozen.day
    for value in ("7F2K-0042", kept.number, "2026-", "Example support"):
        assert value in page.words
    assert "MAC" not in page.words
    saved = browser.get(f"{PATH}/file")
    assert saved.header("content-disposition") == f'attachment; filename="{kept.number}.txt"'
    assert read_spoken(saved.html) == (spoken, day)
    assert browser.get(f"{PATH}/qr.png").body.startswith(b"\x89PNG")
    assert page.html.count("<svg") == 1
    assert len(hikvision.agent.record.requests) == 1


def test_P15_device_of_several_codes_the_page_says_which_counts_today(hikvision: Recorder) -> None:
    browser = reading(hikvision)
    tomorrow = dictated(hikvision, browser, days=1)
    assert type_code(browser, tomorrow).status == 403
    assert "That is not the code for today." in browser.page.words
    assert "4 tries left" in browser.page.words
    hikvision.clock.forward(24 * 3600)
    page = browser.get(CODE_PATH)
    _, day = read_spoken(browser.get(f"{PATH}/file").html)
    browser.get(CODE_PATH)
    (kept,) = hikvision.agent.record.requests
    assert kept.frozen is not None
    assert day == kept.frozen.day, "what is read out stays frozen"
    assert f"Today counts the one for {shown_day(day + 1)}." in page.words
    assert type_code(browser, tomorrow).path == "/forgot/temporary"


def test_P15_device_the_password_is_12345_for_that_browser_alone(hikvision: Recorder) -> None:
    browser = reading(hikvision)
    stranger = hikvision.browser(client="192.0.2.78")
    assert sign_in(browser, "12345").status == 403, "not before the code"
    page = type_code(browser, dictated(hikvision, browser))
    assert page.path == "/forgot/temporary"
    assert "In this browser the password is now 12345." in page.words
    assert sign_in(browser, "12345").path == "/forgot/password"
    assert choose(browser, "short").status == 422
    assert choose(browser).path == "/forgot/done"
    hikvision.signed_in(NEW, client="192.0.2.79")
    for seen in (browser, stranger):
        assert sign_in(seen, "12345").status == 403
        assert sign_in(seen, OLD).status == 403


def test_T39_the_temporary_password_is_for_one_browser_alone(hikvision: Recorder) -> None:
    browser = reading(hikvision)
    stranger = hikvision.browser(client="192.0.2.78")
    reading_too = reading(hikvision, client="192.0.2.79")
    type_code(browser, dictated(hikvision, browser))
    for other in (stranger, reading_too):
        assert sign_in(other, "12345").status == 403
        assert other.get("/forgot/password").status != 200 or "New password" not in other.page.words
    agent = hikvision.agent
    assert agent.sign_in("admin", "12345", source="192.0.2.80", face=Face.NETWORK) is None
    assert not agent.knows("admin", "12345")
    hikvision.signed_in(OLD, client="192.0.2.81")
    assert sign_in(browser, "12345", user="other").status == 403
    hikvision.clock.forward(600)
    assert sign_in(browser, "12345").status == 403, "ten minutes"
    assert "12345" not in browser.get("/forgot/temporary").words
    assert browser.page.path == CODE_PATH
    hikvision.signed_in(OLD, client="192.0.2.82")


def test_P15_device_without_such_a_password_there_is_no_such_page(recorder: Recorder) -> None:
    browser = reading(recorder)
    assert "They wait 24 hours before they give it" in browser.page.words
    assert type_code(browser, dictated(recorder, browser)).path == "/forgot/password"
    assert browser.get("/forgot/temporary").path == "/forgot/password"
    assert sign_in(browser, "12345").status == 403


def test_P19_device_at_the_screen_user_name_and_new_password(hikvision: Recorder) -> None:
    browser = reading(hikvision, **AT_SCREEN)
    page = type_code(browser, dictated(hikvision, browser))
    assert page.path == "/forgot/password"
    assert page.form("/forgot/password").values["user"] == "admin"
    page = browser.press("/forgot/password", {"user": "root", "password": NEW, "again": NEW})
    assert page.status == 422
    assert "The code is for the user admin." in page.words
    page = browser.press("/forgot/password", {"user": "admin", "password": NEW, "again": NEW})
    assert page.path == "/forgot/done"
    hikvision.signed_in(NEW)


def test_P12_device_the_secure_code_opens_the_password(secure: Recorder) -> None:
    ways = secure.browser(**AT_SCREEN).get("/forgot")
    assert "Secure Code from support" in ways.words
    browser = reading(secure, **AT_SCREEN)
    assert "look into the junk folder too" in browser.page.words
    assert "Secure Code" in browser.get(CODE_PATH).words
    assert type_code(browser, dictated(secure, browser)).path == "/forgot/password"
    assert choose(browser).path == "/forgot/done"


@pytest.mark.parametrize("how", [NETWORK, AT_SCREEN], ids=["network", "screen"])
def test_P15_device_a_reboot_changes_nothing_of_it(hikvision: Recorder, how: dict[str, Any]) -> None:
    browser = reading(hikvision, **how)
    before = pasted(browser.page)
    code = dictated(hikvision, browser)
    hikvision.clock.now = 5000
    hikvision.reboot()
    browser.app = hikvision.app
    assert pasted(browser.get(PATH)) == before
    assert type_code(browser, code).status == 200


def test_T03_wrong_codes_pause_and_slips_cost_nothing(hikvision: Recorder) -> None:
    browser = reading(hikvision)
    code = dictated(hikvision, browser)
    assert type_code(browser, "ABC").status == 422
    assert "This cost no try." in browser.page.words
    assert "5 tries left" in browser.page.words
    for _ in range(TRIES):
        assert type_code(browser, code_from_bits(code.bits ^ 1)).status == 403
    assert "Then this page opens again by itself." in browser.get(CODE_PATH).words
    hikvision.clock.forward(30)
    assert type_code(browser, code).path == "/forgot/temporary"


def test_T04_another_browser_sees_and_types_nothing(hikvision: Recorder) -> None:
    browser = reading(hikvision)
    code = dictated(hikvision, browser)
    stranger = hikvision.browser(client="192.0.2.78")
    for path in (CODE_PATH, f"{PATH}/file", f"{PATH}/qr.png"):
        assert stranger.get(path).status == 403
    browser.get(CODE_PATH)
    stranger.get("/login")
    stranger.cookies["__Host-Http-browser"] = browser.cookies["__Host-Http-browser"]
    stranger.page = browser.page
    assert stranger.press(CODE_PATH, {"code": code.shown}).status == 403
    assert type_code(browser, code).path == "/forgot/temporary"


def test_an_expired_one_says_so_and_a_closed_one_is_gone(hikvision: Recorder) -> None:
    browser = reading(hikvision)
    number = hikvision.agent.record.requests[0].number
    browser.get("/forgot/cancel")
    assert "Security code from support" in browser.page.words
    browser.press("/forgot/cancel")
    assert not hikvision.agent.record.requests
    browser = reading(hikvision)
    assert number not in browser.page.words
    hikvision.clock.forward(14 * 24 * 3600)
    assert browser.get(CODE_PATH).status == 410
    assert "The time for this request is over." in browser.page.words


def test_where_the_profile_has_none_the_page_says_so(patronum: Recorder) -> None:
    browser = patronum.browser()
    assert browser.get(PATH).status == 409
    assert browser.get(CODE_PATH).status == 403


def test_at_the_screen_it_is_saved_on_the_usb_stick(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path, "hikvision")
    stick = tmp_path / "usb"
    stick.mkdir()
    recorder.settings = replace(recorder.settings, usb=stick)
    recorder.start()
    recorder.set_up()
    browser = reading(recorder, **AT_SCREEN)
    shown = pasted(browser.page)
    assert "It is saved on the USB stick" in browser.press(f"{PATH}/usb").words
    (saved,) = stick.iterdir()
    assert saved.read_text() == shown
    network = reading(recorder)
    assert f"{PATH}/usb" not in [form.action for form in network.page.forms]
