"""Foreign sites, foreign names, strange posts: refused before any page of the device runs."""

from __future__ import annotations

import pytest

from tests.device.prepared import make_sheet
from tests.device.recorder import NEW, OWNER, Recorder


@pytest.mark.parametrize("host", ["attacker.example", "recorder.test.attacker.example", "192.0.2.99", ""])
def test_T10_a_foreign_name_gets_nothing(recorder: Recorder, host: str) -> None:
    page = recorder.browser(host=host).get("/login")
    assert page.status == 421
    assert "7F2K-0042" not in page.html


LOCKED_OUT = (
    "/forgot/questions",
    "/forgot/key-file",
    "/forgot/sheet",
    "/forgot/mail",
    "/forgot/code",
    "/forgot/support",
    "/forgot/support/answer",
    "/forgot/password",
    "/forgot/cancel",
)


@pytest.mark.meets("asvs-3.5.1")
@pytest.mark.parametrize("origin", ["https://attacker.example", "http://recorder.test", "null", ""])
@pytest.mark.parametrize("path", ["/login", "/logout", "/setup", "/language", *LOCKED_OUT])
def test_T10_no_post_from_a_foreign_page(recorder: Recorder, origin: str, path: str) -> None:
    browser, _ = recorder.scanning()
    before = recorder.agent.record
    values = browser.get("/forgot/code").form("/forgot/code").values
    assert browser.post(path, {**values, "code": "00000000"}, origin=origin).status == 403
    assert recorder.agent.record == before


@pytest.mark.meets("asvs-2.2.2")
@pytest.mark.parametrize("path", [*LOCKED_OUT, "/login"])
def test_T10_a_post_without_our_hidden_field_changes_nothing(recorder: Recorder, path: str) -> None:
    browser = recorder.choosing()
    before = recorder.agent.record
    page = browser.post(path, {"password": NEW, "again": NEW, "user": "admin", "agreed": "yes", "code": "x"})
    assert page.status == 403
    assert recorder.agent.record == before


@pytest.mark.meets("asvs-3.5.3")
def test_T10_looking_changes_nothing(recorder: Recorder) -> None:
    browser, _ = recorder.scanning()
    make_sheet(recorder)
    browser.get("/forgot/support")
    browser.press("/forgot/support")
    before = recorder.agent.record
    carried = (
        "/forgot/qr.png",
        "/forgot/request",
        *(f"/forgot/support/{name}" for name in ("file", "xml", "qr.png")),
    )
    others = ("/", "/login", "/logout", "/setup", "/setup/done", "/forgot", "/forgot/notice", "/forgot/done")
    for path in (*others, *LOCKED_OUT, *carried):
        browser.get(path)
        recorder.browser().get(path)
    assert recorder.agent.record == before


@pytest.mark.meets("nist-session-cookie", "asvs-3.3.1", "asvs-3.3.2", "asvs-3.3.3", "asvs-3.3.4")
def test_T10_cookies_are_ours_alone(recorder: Recorder) -> None:
    browser, _ = recorder.scanning()
    browser.get("/login")
    browser.press("/login", {"user": "admin", "password": "wrong"})
    signed = recorder.browser()
    signed.get("/login")
    form = signed.page.form("/login")
    page = signed.send(
        "POST",
        "/login",
        f"token={form.values['token']}&user=admin&password=an+old+password+to+lose".encode(),
        {"content-type": "application/x-www-form-urlencoded", "origin": "https://recorder.test"},
    )
    (cookie,) = [value for name, value in page.headers if name == "set-cookie"]
    for part in ("__Host-Http-session=", "HttpOnly", "SameSite=strict", "Secure", "Path=/"):
        assert part in cookie


@pytest.mark.meets("asvs-7.2.1", "asvs-7.2.4")
@pytest.mark.parametrize(
    ("cookie", "value"),
    [
        ("__Host-Http-claim", "not a claim"),
        ("__Host-Http-claim", "0" * 32 + ".1"),
        ("__Host-Http-claim", "0" * 32 + "." + "9" * 30),
        ("__Host-Http-session", "é"),
        ("__Host-Http-recovered", "zz"),
        ("__Host-Http-setup", "'"),
    ],
)
def test_T14_strange_cookies_are_strangers(recorder: Recorder, cookie: str, value: str) -> None:
    browser = recorder.browser()
    browser.cookies[cookie] = value
    for path in ("/", "/home", "/forgot", "/forgot/done", *LOCKED_OUT):
        assert browser.get(path).status in (200, 403, 409, 410)
        assert OWNER not in browser.page.html


@pytest.mark.parametrize("code", ["", "\x00", "\u202e" * 8, "0" * 8000, "ABCD-EFGH", "ÀÉÎÕÜ ñ8"])
def test_T14_strange_codes_are_told_and_never_break_the_page(recorder: Recorder, code: str) -> None:
    browser, _ = recorder.scanning()
    browser.get("/forgot/code")
    assert browser.press("/forgot/code", {"code": code}).status in (400, 422)
    assert recorder.agent.record.budgets == ()


@pytest.mark.meets("nist-whole")
def test_T14_a_long_password_is_refused_in_words(recorder: Recorder) -> None:
    browser = recorder.browser()
    browser.get("/login")
    assert browser.press("/login", {"user": "admin", "password": "x" * 9000}).status == 400
    assert "too long" in browser.page.words
