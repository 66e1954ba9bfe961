"""Configuration -> User: who may sign in, the reserved address, and what happened."""

from __future__ import annotations

import pytest

from sparekey.core.values import Face, Role
from tests.device.browser import Browser, Page
from tests.device.recorder import NEW, OLD, OWNER, Recorder, choose

GUARD = "somebody at the iron gate"


def sign_in(recorder: Recorder, user: str, password: str, client: str = "192.0.2.60") -> Browser:
    browser = recorder.browser(client=client)
    browser.get("/login")
    browser.press("/login", {"user": user, "password": password})
    return browser


def add(
    browser: Browser, name: str = "guard", role: str = "operator", password: str = GUARD, **more: str
) -> Page:
    browser.get("/users/add")
    typed = {"name": name, "role": role, "password": password, "again": password, "current": OLD, **more}
    return browser.press("/users/add", typed)


def change_address(browser: Browser, address: str) -> Page:
    browser.get("/users/admin/address")
    return browser.press("/users/admin/address", {"address": address, "current": OLD})


def test_P20_the_address_click_by_click(hikvision: Recorder) -> None:
    browser = hikvision.signed_in()
    for path in ("/configuration", "/users", "/users/admin", "/users/admin/address"):
        assert path in browser.page.links
        browser.get(path)
    assert f"Now: {OWNER}, not yet confirmed" in browser.page.words
    page = change_address(browser, "new@example.com")
    assert page.path == "/users/admin"
    assert "Reserved E-mail Settings" in page.words
    assert "n***@ex***.com, not yet confirmed" in page.words
    assert hikvision.agent.record.listening(hikvision.agent.age()) == ("new@example.com", OWNER)


def test_P20_a_changed_address_voids_the_code_that_is_under_way(hikvision: Recorder) -> None:
    other, mail = hikvision.scanning()
    change_address(hikvision.signed_in(), "new@example.com")
    page = other.get("/forgot/code")
    assert page.status == 410
    assert mail.code.shown not in page.html


def test_P20_an_empty_line_removes_the_address_and_says_what_that_means(recorder: Recorder) -> None:
    browser = recorder.signed_in()
    assert "An empty line removes the address" in browser.get("/users/admin/address").words
    assert browser.page.form("/users/admin/address").values["address"] == OWNER, "never emptied by accident"
    page = change_address(browser, "")
    assert "none was set" in page.words
    assert recorder.agent.record.reserved is None
    assert "not yet Reserve the e-mail address" in browser.get("/ways").words
    page = change_address(browser, "nobody")
    assert page.status == 422
    assert "This does not look like an e-mail address." in page.words


def test_P20_the_address_page_is_the_owners_alone(recorder: Recorder) -> None:
    browser = recorder.signed_in()
    assert browser.get("/users/nobody/address").path == "/users"
    form = browser.get("/users/admin/address").form("/users/admin/address")
    assert (
        browser.post("/users/nobody/address", {**form.values, "address": "", "current": OLD}).path == "/users"
    )
    add(browser, "second", "admin")
    other = sign_in(recorder, "second", GUARD)
    assert other.get("/users/admin/address").status == 403
    assert other.get("/ways").status == 403
    assert OWNER not in other.page.html
    assert "Reserved E-mail Settings" not in other.get("/users/admin").words
    assert "ways back in" not in other.get("/home").words


def test_P20_users_are_added_changed_and_deleted(recorder: Recorder) -> None:
    browser = recorder.signed_in()
    assert add(browser).path == "/users"
    assert "guard Operator" in browser.page.words
    guard = sign_in(recorder, "guard", GUARD)
    assert guard.page.path == "/home"
    browser.get("/users/guard")
    assert browser.press("/users/guard", {"role": "viewer", "current": OLD}).path == "/users"
    assert "guard Viewer" in browser.page.words
    assert guard.get("/home").path == "/home", "the password is the old one"
    browser.get("/users/guard")
    browser.press("/users/guard", {"role": "viewer", "password": NEW, "again": NEW, "current": OLD})
    assert guard.get("/home").path == "/login", "a new password ends the sessions of the old one"
    assert sign_in(recorder, "guard", GUARD).page.status == 403
    guard = sign_in(recorder, "guard", NEW, "192.0.2.61")
    assert guard.page.path == "/home"
    browser.get("/users/guard/delete")
    assert browser.press("/users/guard/delete", {"current": "wrong"}).status == 422
    assert browser.press("/users/guard/delete", {"current": OLD}).path == "/users"
    assert "guard" not in browser.page.words
    assert guard.get("/home").path == "/login"
    add(browser)
    assert guard.get("/home").path == "/login", "a new user of the old name is somebody else"
    for path in ("/users/nobody", "/users/nobody/delete"):
        assert browser.get(path).path == "/users"
    form = browser.get("/users/guard/delete").form("/users/guard/delete")
    for path in ("/users/nobody", "/users/nobody/delete"):
        assert browser.post(path, {**form.values, "current": OLD}).status in (200, 403)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"name": "two words"}, "A user name has 1 to 32 letters"),
        ({"name": ""}, "A user name has 1 to 32 letters"),
        ({"name": ".."}, "This name cannot be used."),
        ({"name": "Add"}, "This name cannot be used."),
        ({"name": "Admin"}, "There is a user of this name already."),
        ({"role": ""}, "Choose what this user may do."),
        ({"role": "king"}, "Choose what this user may do."),
        ({"password": "short"}, "The password is too short."),
        ({"name": "gatekeeper", "password": "gatekeeper of the hall"}, "holds the name of the device"),
        ({"again": "something else"}, "This is not the same as above."),
    ],
)
def test_a_user_with_a_fault_is_told_next_to_the_field(
    recorder: Recorder, typed: dict[str, str], told: str
) -> None:
    page = add(recorder.signed_in(), **typed)
    assert page.status == 422
    assert told in page.words
    assert len(recorder.agent.record.accounts) == 1


def test_a_change_with_a_fault_changes_nothing(recorder: Recorder) -> None:
    browser = recorder.signed_in()
    add(browser)
    before = recorder.agent.record
    for typed in (
        {"role": "", "current": OLD},
        {"role": "viewer", "password": "short", "again": "short", "current": OLD},
        {"role": "viewer", "again": NEW, "current": OLD},
        {"role": "viewer", "current": "wrong"},
    ):
        browser.get("/users/guard")
        assert browser.press("/users/guard", typed).status == 422
    assert recorder.agent.record == before


def test_T09_suspended_users_are_let_in_again_by_looking_at_them(recorder: Recorder) -> None:
    add(recorder.signed_in())
    choose(recorder.choosing())
    assert sign_in(recorder, "guard", GUARD).page.status == 403
    browser = recorder.signed_in(NEW)
    assert "Suspended until you look at it" in browser.get("/users").words
    assert "Save and let in again" in browser.get("/users/guard").words
    browser.press("/users/guard", {"role": "operator", "current": NEW})
    assert "Suspended" not in browser.page.words
    assert sign_in(recorder, "guard", GUARD, "192.0.2.62").page.path == "/home"


@pytest.mark.meets("asvs-6.2.2", "asvs-7.4.3", "etsi-5.1-4")
def test_one_changes_the_own_password_and_stays_signed_in_here_alone(recorder: Recorder) -> None:
    browser, elsewhere = recorder.signed_in(), recorder.signed_in()
    browser.get("/users/admin")
    page = browser.press("/users/admin", {"current": OLD, "password": "short", "again": "short"})
    assert page.status == 422
    page = browser.press("/users/admin", {"current": OLD, "password": NEW, "again": NEW})
    assert "Your new password is set." in page.words
    assert browser.get("/home").path == "/home"
    assert elsewhere.get("/home").path == "/login"
    recorder.signed_in(NEW)


@pytest.mark.meets("asvs-8.2.3")
def test_T04_a_user_who_is_no_administrator_sees_the_own_password_and_nothing_else(
    recorder: Recorder,
) -> None:
    add(recorder.signed_in())
    guard = sign_in(recorder, "guard", GUARD)
    assert "What happened last" not in guard.page.words
    assert guard.get("/configuration").links.count("/users/guard") == 1
    for path in ("/users", "/users/admin"):
        assert guard.get(path).path == "/users/guard"
    for path in ("/users/add", "/users/guard/delete", "/users/admin/delete", "/audit", "/ways"):
        page = guard.get(path)
        assert page.status == 403
        assert "This page is for the administrator." in page.words
    form = guard.get("/users/guard").form("/users/guard")
    typed = {**form.values, "current": GUARD, "role": "admin", "password": NEW, "again": NEW}
    assert guard.post("/users/admin", typed).path == "/users/guard"
    guard.post("/users/guard", typed)
    account = recorder.agent.record.account("guard")
    assert account is not None
    assert account.role is Role.OPERATOR, "nobody gives rights to oneself"
    assert sign_in(recorder, "guard", NEW, "192.0.2.63").page.path == "/home"
    recorder.signed_in()


def test_P20_the_account_that_recovery_is_for_stays(recorder: Recorder) -> None:
    browser = recorder.signed_in()
    add(browser, "second", "admin")
    other = sign_in(recorder, "second", GUARD)
    assert "/users/admin/delete" not in other.get("/users/admin").links
    assert other.get("/users/admin/delete").status == 409
    form = other.get("/users/second/delete").form("/users/second/delete")
    assert other.post("/users/admin/delete", {**form.values, "current": GUARD}).status == 409
    other.get("/users/admin")
    other.press("/users/admin", {"password": NEW, "again": NEW, "current": GUARD})
    assert browser.get("/home").path == "/login"
    recorder.signed_in(NEW)
    other.get("/users/second/delete")
    assert other.press("/users/second/delete", {"current": GUARD}).path == "/login"


@pytest.mark.meets("asvs-16.3.1")
def test_what_happened_is_told_line_by_line_in_pages(recorder: Recorder) -> None:
    browser = recorder.signed_in()
    assert "/audit" in browser.page.links
    add(browser)
    change_address(browser, "new@example.com")
    for _ in range(60):
        recorder.agent.sign_in("admin", OLD, source="192.0.2.70", face=Face.SCREEN)
    words = browser.get("/audit").words
    assert "Page 1 of 3" in words
    assert "admin signed in, at the recorder's screen" in words
    assert "/audit?page=2" in browser.page.links
    words = browser.get("/audit?page=3").words
    assert "The user guard was added, over the network" in words
    assert "The e-mail address for codes was changed, over the network" in words
    assert "The first password was set" in words
    for asked in ("0", "99", "x", "-1", "²", "9" * 40, ""):
        assert browser.get(f"/audit?page={asked.encode().hex() if asked == '²' else asked}").status == 200


@pytest.mark.meets("asvs-3.5.3")
def test_T10_looking_at_the_owners_pages_changes_nothing(recorder: Recorder) -> None:
    browser = recorder.signed_in()
    add(browser)
    before = recorder.agent.record
    for path in ("/home", "/ways", "/ways/key-file", "/ways/sheet", "/configuration", "/users", "/users/add",
                 "/users/guard", "/users/guard/delete", "/users/admin", "/users/admin/address", "/audit"):  # fmt: skip
        assert browser.get(path).status == 200
    assert recorder.agent.record == before


@pytest.mark.meets("etsi-5.5-5")
@pytest.mark.parametrize(
    "path", ["/users/add", "/users/admin", "/users/admin/address", "/ways/key-file", "/ways/sheet"]
)
def test_T10_no_change_without_our_hidden_field(recorder: Recorder, path: str) -> None:
    browser = recorder.signed_in()
    before = recorder.agent.record
    typed = {
        "current": OLD,
        "address": "evil@example.com",
        "password": NEW,
        "again": NEW,
        "name": "x",
        "role": "admin",
    }
    assert browser.post(path, typed).status == 403
    assert recorder.agent.record == before
