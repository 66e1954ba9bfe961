"""Every page of the phone, both languages, as axe-core sees it on a phone's screen: nothing is found."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.desk.owning import EVA, Device, Owning
from tests.web.asgi import HOST
from tests.web.browser import CHROMIUM, chromium, opened

AXE = Path(__file__).resolve().parents[2] / ".cache" / "phone" / "node_modules" / "axe-core" / "axe.min.js"
RUN = "axe.run().then((told) => told.violations.map((one) => `${one.id}: ${one.nodes[0].html}`))"
TOO_WIDE = "document.documentElement.scrollWidth > innerWidth"
SMALL = """[...document.querySelectorAll("main button, main [role=button], main summary")]
    .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 44)
    .map((one) => one.outerHTML.slice(0, 80))"""

pytestmark = [
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="chromium is not installed"),
    pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed; ./dev test installs it"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Owning]:
    made = Owning(tmp_path, HOST)
    yield made
    made.close()


def look(page: Page, seen: list[str]) -> None:
    """Note what is wrong with the page that is open."""
    page.evaluate(AXE.read_text("utf-8"))
    where = page.url.partition(HOST)[2][:40]
    seen += [f"{where} {found}" for found in page.evaluate(RUN)]
    seen += [f"{where} small: {found}" for found in page.evaluate(SMALL)]
    if page.evaluate(TOO_WIDE):
        seen.append(f"{where} is wider than the phone")


@pytest.mark.parametrize("language", ["en", "cs"])
def test_axe_finds_nothing_on_any_page_of_the_phone(desk: Owning, browser: Browser, language: str) -> None:
    device = Device(desk)
    device.comes_from_the_factory()
    device.enrol()
    desk.mails()
    seen: list[str] = []
    screen = {"width": 390, "height": 844}
    with opened(browser, desk.app, "/app", locale=language, viewport=screen) as page:
        for path in ("/app", "/app/scan", "/app/phones", "/devices"):
            page.goto(path)
            look(page, seen)
        page.goto(device.path(device.square()))
        look(page, seen)
        page.locator("#address").fill(EVA)
        page.locator('form[action="/devices/sign-in"] button').click()
        page.locator("#code").wait_for()
        look(page, seen)
        page.locator("#code").fill(desk.code())
        page.locator('form[action="/devices/code"] button.main').click()
        page.locator('form[action^="/P/"] button').wait_for()
        look(page, seen)
        page.locator('form[action^="/P/"] button').click()
        page.locator(".spelled").wait_for()
        look(page, seen)
        desk.clock.forward(72 * 3600)
        number = desk.case()
        for path in ("/app", "/devices", "/devices/account", "/devices/account/again"):
            page.goto(path)
            look(page, seen)
        page.goto("/devices")
        page.locator(".ways a").click()
        page.locator("#entries p[role=status]:not(:empty)").wait_for()
        page.locator("main a.second").hover()
        look(page, seen)
        page.locator("main button.loss").hover()
        look(page, seen)
        one = page.url
        for name in ("stolen", "transfer", "remove"):
            page.goto(f"{one}/{name}")
            look(page, seen)
        desk.mails()
        page.goto(f"{one}/mine/{number}")
        look(page, seen)
        page.locator("#address").fill(EVA)
        page.locator('form[action="/devices/sign-in"] button').click()
        page.locator("#code").fill(desk.code())
        page.locator('form[action="/devices/code"] button.main').click()
        page.locator(f'form[action$="/mine/{number}"] button').wait_for()
        look(page, seen)
        page.locator(f'form[action$="/mine/{number}"] button').click()
        page.locator(".notice.done").wait_for()
        look(page, seen)
        for name in ("stolen", "transfer"):
            page.goto(f"{one}/{name}")
            look(page, seen)
        page.goto(one)
        look(page, seen)
        page.locator('form[action$="/stop"] button').click()
        page.locator(".notice.done").wait_for()
        look(page, seen)
        device.recovered()
        page.goto(one)
        look(page, seen)
        page.goto("/app")
        page.locator("#ended:not([hidden])").wait_for()
        look(page, seen)
        page.goto("/R/" + desk.text(desk.request()))
        look(page, seen)
        page.locator("form[action^='/R/'] button").click()
        page.locator("ol").wait_for()
        look(page, seen)
        carried = Device(desk, "7F2K-0043").enrols()
        for path in (device.asks(), device.tells(), device.confirms(), carried):
            page.goto(path)
            look(page, seen)
        page.locator("main form button.main").click()
        page.locator("details summary").click()
        look(page, seen)
        answer = page.locator("main textarea").input_value()
        page.goto("/E/" + answer.rpartition("/")[2])
        page.locator("details summary").click()
        look(page, seen)
        page.goto("/app/scan")
        page.locator("summary").first.click()
        page.locator("#text").fill(answer)
        page.locator("#pasted button").click()
        page.locator('[data-screen="reply"] summary').click()
        page.locator("#copy").click()
        page.locator("#copied:not(:empty)").wait_for()
        look(page, seen)
    assert seen == []
