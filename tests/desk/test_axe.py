"""Every public page of support, of the shop, and of the console, in both languages, as axe-core sees it: on a phone's
screen and on a desk's.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from sparekey.core.admission import Role
from sparekey.core.evidence import Remedy
from sparekey.core.messages.armour import FileKind, wrap
from sparekey.core.messages.batch import make_batch
from sparekey.desk.store.sqlite import open_sqlite
from tests.desk.casework import OWNER, Casework, code_in
from tests.desk.desk_console import Room
from tests.desk.help_desk import face_of
from tests.desk.room import Room as PublicRoom
from tests.desk.test_console_browser import sign_in
from tests.desk.workshop import Workshop, shop_face
from tests.phone.test_axe import AXE, RUN, SMALL, TOO_WIDE
from tests.web.asgi import HOST
from tests.web.browser import CHROMIUM, chromium, opened

PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1280, "height": 720}
SCREENS = [("en", PHONE), ("cs", DESK)]
ONE = [("cs", PHONE)]
if "SHOTS" in os.environ:
    SCREENS += [("cs", PHONE), ("en", DESK)]
    ONE = SCREENS
TYPED = {
    "serial": "PX-3216-0001",
    "started": "2026-09-21 10:00:00",
    "number": "7KM2-Q4XZ",
    "address": "caller@example.com",
}

pytestmark = [
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="chromium is not installed"),
    pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed; ./dev test installs it"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


class Looking:
    """Notes what is wrong with each page that is open; with SHOTS in the environment, takes its picture there."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.seen: list[str] = []

    def at(self, name: str, path: str = "") -> None:
        page = self.page
        if path:
            page.goto(path)
        page.wait_for_load_state("networkidle")
        page.evaluate(AXE.read_text("utf-8"))
        self.seen += [f"{name}: {found}" for found in page.evaluate(RUN)]
        self.seen += [f"{name} small: {found}" for found in page.evaluate(SMALL)]
        if page.evaluate(TOO_WIDE):
            self.seen.append(f"{name} is wider than the screen")
        if "SHOTS" in os.environ:
            language = page.get_attribute("html", "lang")
            width = (page.viewport_size or PHONE)["width"]
            page.screenshot(path=Path(os.environ["SHOTS"], f"{name}-{language}-{width}.png"))

    def press(self, action: str, **fields: str) -> None:
        """Fill in a form and send it."""
        form = self.page.locator(f"form[action='{action}']")
        for name, value in fields.items():
            form.locator(f"[name={name}]").fill(value)
        form.locator("button").last.click()
        self.page.wait_for_load_state("networkidle")


@pytest.mark.parametrize(("language", "screen"), SCREENS)
def test_axe_finds_nothing_on_the_pages_of_support(
    tmp_path: Path, browser: Browser, language: str, screen: ViewportSize
) -> None:
    work = Casework(open_sqlite(tmp_path / "desk.sqlite"))
    work.enrol()
    app = face_of(work, HOST, shop=True)
    many = [work.request(f"PX-3216-{place:04}").encoded for place in range(3)] + [b"broken"]
    file = {"name": "all.sparekey-request", "mimeType": "text/plain"}
    file["buffer"] = wrap(FileKind.REQUESTS, make_batch(many), {}).encode()  # type: ignore[assignment]
    with opened(browser, app, "/help", locale=language, viewport=screen) as page:
        look = Looking(page)
        for name in ("", "request", "codes", "case", "ways"):
            look.at(f"help-{name or 'start'}", f"/help/{name}".rstrip("/"))
        page.locator("form[action='/help/ways'] button").click()
        look.at("help-ways-shown")
        page.goto("/help/codes")
        look.press("/help/codes", **TYPED | {"started": "noon"})
        look.at("help-codes-wrong")
        look.press("/help/codes", started=TYPED["started"])
        look.at("help-opened")
        number = work.cases.inbox()[0].number
        code = code_in(work.mail("caller@example.com")).shown
        page.goto("/help/request")
        page.locator("#file").set_input_files(file)  # type: ignore[arg-type]
        look.press("/help/request")
        look.at("help-opened-many")
        page.goto("/help/case")
        look.press("/help/case", number=number, code=code.lower()[:8] + ("x" if code[8] != "X" else "y"))
        look.at("help-case-wrong")
        look.press("/help/case", number=number, code=code)
        look.at("help-case-open")
        look.press("/help/case/mailbox")
        look.at("help-case-mailed")
        page.locator("summary").click()
        look.at("help-case-papers")
        work.prove(number)
        work.cases.propose(number, Remedy.SECURITY_CODE, "anna")
        work.approve(number)
        look.at("help-case-held", "/help/case/view")
        work.clock.forward(24 * 3600)
        work.cases.work()
        page.goto("/help/case")
        look.press("/help/case", number=number, code=code)
        look.at("help-case-issued")
        look.press("/help/case/finish")
        look.at("help-case-closed")
        owner = work.opened(work.file())
        page.goto("/help/case")
        mail = [mail for mail in work.mailed() if mail.recipient == OWNER][-1]
        look.press("/help/case", number=owner, code=code_in(mail).shown)
        look.at("help-case-owner")
    assert look.seen == []


@pytest.mark.parametrize(("language", "screen"), ONE)
def test_axe_finds_nothing_on_the_desk_s_own_pages(
    tmp_path: Path, browser: Browser, language: str, screen: ViewportSize
) -> None:
    room = PublicRoom(tmp_path, host=HOST)
    with opened(browser, room.app, "/", locale=language, viewport=screen) as page:
        look = Looking(page)
        look.at("desk-home")
        look.at("desk-stop", "/registration/stop")
        look.at("desk-log", "/log")
        page.goto("/R/" + room.text(room.request()))
        look.at("desk-square")
        page.locator("main form button").click()
        look.at("desk-sent")
    room.close()
    assert look.seen == []


@pytest.mark.parametrize(("language", "screen"), ONE)
def test_axe_finds_nothing_in_the_shop(
    tmp_path: Path, browser: Browser, language: str, screen: ViewportSize
) -> None:
    shop = Workshop(open_sqlite(tmp_path / "desk.sqlite"))
    shop.enrol()
    address = {"serial": "PX-3216-0001", "address": "jane@example.com", "name": "Jane Doe"}
    address |= {"street": "Krátká 2", "city": "602 00 Brno"}
    with opened(browser, shop_face(shop, HOST), "/unlock", locale=language, viewport=screen) as page:
        look = Looking(page)
        look.at("shop-start")
        page.locator("a.main").click()
        look.at("shop-order")
        for field, text in address.items():
            page.fill(f"#{field}", text)
        page.check("[name=erase]")
        page.locator("button.loss").click()
        page.wait_for_url("**/unlock/view")
        look.at("shop-pay")
        number = shop.orders.lines()[0].number
        shop.orders.received(number, "tom")
        look.at("shop-received", page.url)
        look.at("shop-status", page.url.replace("/view", "/status"))
    assert look.seen == []


@pytest.mark.parametrize(("language", "screen"), SCREENS)
def test_axe_finds_nothing_in_the_console(
    tmp_path: Path, browser: Browser, language: str, screen: ViewportSize
) -> None:
    database = open_sqlite(tmp_path / "desk.sqlite")
    room = Room(database, host=HOST)
    room.work.enrol()
    everything = room.member("Jana Dvořáková", *(role for role in Role if role is not Role.ADMIN))
    other = room.office.token(room.member("Petr", Role.APPROVER))
    number = room.work.opened()
    room.work.opened(room.work.file())
    here = room.work.here()
    with opened(browser, room.app, "/console/sign-in", locale=language, viewport=screen) as page:
        look = Looking(page)
        look.at("console-sign-in")
        look.at("console-join", "/console/join")
        sign_in(page, room.office.token(room.admins[0]))
        look.at("console-people", "/console/people")
        sign_in(page, room.office.token(everything))
        page.goto("/console")
        rooms = re.findall(r'href="(/console/[a-z]+)"', page.content())
        for path in ("/console", *dict.fromkeys(rooms)):
            look.at(f"console-{path.rpartition('/')[2]}", path)
        look.at("console-case", f"/console/cases/{number}")
        look.at("console-order", f"/console/orders/{here}")
        room.work.prove(number)
        room.work.cases.propose(number, Remedy.SECURITY_CODE, "anna")
        look.at("console-proposed", f"/console/cases/{number}")
        sign_in(page, other)
        page.goto("/console/approvals")
        page.locator("[name=number]").check()
        page.locator("form[action='/console/approvals'] button").click()
        look.at("console-approve")
        room.work.approve(number)
        room.work.clock.forward(24 * 3600)
        room.work.cases.work()
        sign_in(page, room.office.token(everything))
        look.at("console-issued", f"/console/cases/{number}")
        page.locator("form[action$='/answer'] button").click()
        look.at("console-answer")
    database.close()
    assert look.seen == []
