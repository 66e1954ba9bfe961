"""The console in a real browser with a virtual authenticator: the one thing there that needs script."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from sparekey.core.admission import Role
from sparekey.core.messages.armour import FileKind, wrap
from sparekey.core.messages.batch import make_batch
from sparekey.desk.cases import batches
from sparekey.desk.store.sqlite import open_sqlite
from tests.desk.casework import ASKER
from tests.desk.desk_console import Room
from tests.desk.enrolling import NEXT, Device
from tests.desk.test_company import BACK, Fake
from tests.web.asgi import HOST
from tests.web.browser import chromium, opened

BEYOND = "document.documentElement.scrollWidth > innerWidth"
SMALL = (
    "[...document.querySelectorAll('a, button, input:not([type=hidden]), select, summary')]"
    ".filter(e => e.offsetParent && !e.closest('p, li p, dd, .sr, .skip') && e.type !== 'checkbox')"
    ".map(e => [e.textContent.trim() || e.name, Math.round(e.getBoundingClientRect().height)])"
    ".filter(([, height]) => height < 44)"
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    database = open_sqlite(tmp_path / "desk.sqlite")
    yield Room(database, host=HOST, provider=Fake(at_once=f"https://{HOST}{BACK}"))
    database.close()


def authenticator(page: Page) -> str:
    """Give the browser an authenticator that verifies its person by itself."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return str(made["authenticatorId"])


def test_joining_by_a_link_and_signing_in_by_passkey(room: Room, browser: Browser) -> None:
    room.office.staff.end("", room.office.staff.rights_of(room.admins[1].id)[0].state.right.number)
    code = room.office.invite("Olga Nováková", Role.ADMIN)
    with opened(browser, room.app, f"/console/join#{code.shown}") as page:
        authenticator(page)
        assert page.locator("#code").input_value() == code.shown
        assert "#" not in page.url
        page.get_by_role("button", name="Continue").click()
        page.get_by_role("button", name="Make the passkey").click()
        page.get_by_role("heading", name="You are in, Olga Nováková").wait_for()
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("button", name="Sign in with your passkey").click()
        page.get_by_role("heading", name="Olga Nováková").wait_for()
        page.get_by_role("button", name="Sign out").click()
        page.get_by_role("heading", name="Sign in to the console").wait_for()


def test_a_passkey_that_does_not_answer_is_told_in_words(room: Room, browser: Browser) -> None:
    with opened(browser, room.app, "/console/sign-in") as page:
        page.evaluate("() => { navigator.credentials.get = () => Promise.reject(new Error('no')) }")
        page.get_by_role("button", name="Sign in with your passkey").click()
        page.get_by_text("The passkey did not answer.").wait_for()


def test_the_companys_sign_in_and_back_again(room: Room, browser: Browser) -> None:
    session = room.office.signed_in(room.admins[0])
    room.office.staff.connect_company(session, "https://login.example.com alice")
    with opened(browser, room.app, "/console/sign-in") as page:
        page.get_by_role("button", name="Sign in with Example login").click()
        page.get_by_role("heading", name="Alice").wait_for()
        assert page.url.endswith("/console/me")


@pytest.mark.parametrize("language", ["en", "cs"])
@pytest.mark.parametrize("width", [1280, 390])
def test_pages_fit_the_screen(room: Room, browser: Browser, language: str, width: int) -> None:
    token = room.office.token(room.admins[0])
    room.office.join(
        room.office.invite("Carol", Role.AGENT, Role.APPROVER, by=room.office.signed_in(room.admins[0]))
    )
    room.member("Dan", Role.AGENT, Role.TECHNICIAN, Role.AUDITOR)
    with opened(browser, room.app, "/console/sign-in", locale=language) as page:
        page.set_viewport_size({"width": width, "height": 720 if width == 1280 else 844})
        looked_at(page, f"sign-in-{language}-{width}")
        page.goto("/console/join")
        looked_at(page, f"join-{language}-{width}")
        page.context.add_cookies(
            [
                {
                    "name": "__Host-Http-staff",
                    "value": token,
                    "url": f"https://{HOST}",
                    "secure": True,
                    "httpOnly": True,
                }
            ]
        )
        for path in ("me", "people"):
            page.goto(f"/console/{path}")
            looked_at(page, f"{path}-{language}-{width}")
        page.locator("form[action='/console/people/review'] button").click()
        looked_at(page, f"agree-{language}-{width}")


@pytest.mark.parametrize("language", ["en", "cs"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_pages_of_a_case_fit_the_screen(room: Room, browser: Browser, language: str, width: int) -> None:
    room.work.enrol()
    worker = room.member("Jana Dvořáková", Role.AGENT, Role.APPROVER, Role.AUDITOR)
    token, other = room.office.token(worker), room.office.token(room.member("Petr", Role.APPROVER))
    number = room.work.opened()
    room.work.opened(room.work.file())
    with opened(browser, room.app, "/console/sign-in", locale=language) as page:
        page.set_viewport_size({"width": width, "height": 720 if width == 1280 else 844})
        sign_in(page, token)
        for path in ("", "/new", f"/cases/{number}", "/approvals", "/numbers", "/audit"):
            page.goto(f"/console{path}")
            looked_at(page, f"{path[1:4] or 'inbox'}-{language}-{width}")
        page.goto(f"/console/cases/{number}")
        for kind in ("invoice", "installer"):
            page.locator(f"form[action$='/evidence']:has([value='{kind}']) button").click()
            page.wait_for_load_state()
        page.locator("form[action$='/propose'] button").click()
        looked_at(page, f"proposed-{language}-{width}")
        sign_in(page, other)
        page.goto("/console/approvals")
        page.locator("[name=number]").check()
        page.locator("form[action='/console/approvals'] button").click()
        looked_at(page, f"approve-{language}-{width}")
        room.work.approve(number)
        room.work.clock.forward(24 * 3600)
        room.work.cases.work()
        sign_in(page, room.office.token(worker))
        page.goto(f"/console/cases/{number}")
        looked_at(page, f"issued-{language}-{width}")
        page.locator("form[action$='/answer'] button").click()
        looked_at(page, f"answer-{language}-{width}")


def sign_in(page: Page, token: str) -> None:
    page.context.add_cookies(
        [
            {
                "name": "__Host-Http-staff",
                "value": token,
                "url": f"https://{HOST}",
                "secure": True,
                "httpOnly": True,
            }
        ]
    )


def looked_at(page: Page, name: str) -> None:
    page.wait_for_load_state("networkidle")
    if "SHOTS" in os.environ:
        page.screenshot(path=Path(os.environ["SHOTS"], f"{name}.png"))
    assert not page.evaluate(BEYOND), name
    assert page.evaluate(SMALL) == [], name


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("cs", 390)])
def test_the_pages_of_many_devices_and_of_the_registry_fit_the_screen(
    room: Room, browser: Browser, monkeypatch: pytest.MonkeyPatch, language: str, width: int
) -> None:
    monkeypatch.setattr(batches, "PART", 2)
    worker = room.member("Jana Dvořáková", Role.AGENT, Role.APPROVER)
    serials = [f"PX-3216-{place:04}" for place in range(5)]
    for serial in serials:
        room.work.enrol(serial)
    requests = [room.work.request(serial).encoded for serial in serials]
    receipts = room.work.cases.open_text(wrap(FileKind.REQUESTS, make_batch(requests), {}), ASKER)
    room.books.registrar.enrol(room.books.request(Device()))
    room.books.registrar.enrol(room.books.request(Device(life="another"), NEXT))
    (dispute,) = room.books.disputes.open()
    with opened(browser, room.app, "/console/sign-in", locale=language) as page:
        page.set_viewport_size({"width": width, "height": 720 if width == 1280 else 844})
        sign_in(page, room.office.token(worker))
        for path in ("disputes", f"disputes/{dispute.number}", "devices?serial=PX-3216-0001"):
            page.goto(f"/console/{path}")
            looked_at(page, f"{path.partition('?')[0].replace('/', '-')[:9]}-{language}-{width}")
        page.goto(f"/console/batches/{receipts[0].number}")
        looked_at(page, f"batch-{language}-{width}")
        page.locator("button[name=all]").click()
        page.locator("main a.main").wait_for()  # part after part, without a press
        looked_at(page, f"went-{language}-{width}")
        page.locator("main a.main").click()
        page.locator("form[action$='/propose'] button").wait_for()
        looked_at(page, f"ready-{language}-{width}")
        page.locator("form[action$='/propose'] button").click()
        page.locator("main a.main").click()
        page.locator("form[action$='/review'] button").click()
        looked_at(page, f"many-approve-{language}-{width}")
