"""The pictures of the phone for the documents: each step of the app, on a desk in this process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page

from tests.desk.owning import EVA, Device, Owning
from tests.phone.film import Hand, film
from tests.phone.test_scan_page import PHONE, filming, square
from tests.web.asgi import HOST
from tests.web.browser import opened

CZECH = {"phone-app", "phone-scan", "phone-kept", "phone-add", "phone-asked", "phone-ended"}
"""The steps that are shown in Czech too."""
DAYS = 4 * 86400


def steps(language: str) -> Iterator[tuple[str, bytes]]:
    """Each step's name and picture, in the order in which somebody meets them."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        desk = Owning(folder, HOST)
        device = Device(desk)
        device.comes_from_the_factory()
        device.enrol()
        shown = square(desk.config.prefix + desk.text(desk.request()))
        with (
            filming(film(folder / "film.y4m", shown, Hand(turn=4, share=0.7, blur=9))) as browser,
            opened(browser, desk.app, "/app", locale=language, **PHONE) as page,
        ):
            yield from _lost(desk, page)
            yield from _carried(desk, page)
            yield from _added(desk, device, page)
            yield from _asked(desk, device, page)
        desk.close()


def _shot(name: str, page: Page) -> tuple[str, bytes]:
    page.wait_for_load_state("networkidle")
    return name, page.screenshot()


def _lost(desk: Owning, page: Page) -> Iterator[tuple[str, bytes]]:
    """The password is lost: scan, or keep it until the network is back."""
    yield _shot("phone-app", page)
    page.locator("a.big").click()
    page.locator("#hint:not(:empty)").wait_for()
    page.wait_for_timeout(1500)
    yield _shot("phone-scan", page)
    page.locator("#stop").click()
    page.locator("#scan summary").first.click()
    yield _shot("phone-other-ways", page)
    page.evaluate("Object.defineProperty(navigator, 'onLine', {get: () => false})")
    _paste(page, desk.config.prefix + desk.text(desk.request()))
    page.locator("#keep").wait_for()
    yield _shot("phone-kept", page)


def _carried(desk: Owning, page: Page) -> Iterator[tuple[str, bytes]]:
    """A device without Internet is registered, and gets its answer."""
    path = Device(desk, "7F2K-0043").enrols()
    page.goto(path)
    yield _shot("phone-register", page)
    page.locator("main form button.main").click()
    page.locator("main summary").click()
    yield _shot("phone-registered", page)
    answer = page.locator("main textarea").input_value()
    page.goto("/app/scan")
    page.locator("#scan summary").first.click()
    _paste(page, answer)
    page.locator("#save").wait_for()
    yield _shot("phone-answer", page)


def _added(desk: Owning, device: Device, page: Page) -> Iterator[tuple[str, bytes]]:
    """A device is added to the list."""
    page.goto(device.path(device.square()))
    yield _shot("phone-sign-in", page)
    desk.mails()
    page.locator("#address").fill(EVA)
    page.locator('form[action="/devices/sign-in"] button').click()
    page.locator("#code").wait_for()
    yield _shot("phone-code", page)
    page.locator("#code").fill(desk.code())
    page.locator('form[action="/devices/code"] button.main').click()
    page.locator('form[action^="/P/"] button').wait_for()
    yield _shot("phone-add", page)
    page.locator('form[action^="/P/"] button').click()
    page.locator(".spelled").wait_for()
    yield _shot("phone-added", page)
    page.goto("/devices")
    page.locator(".ways a").click()
    page.locator("#entries p[role=status]:not(:empty)").wait_for()
    yield _shot("phone-device", page)


def _asked(desk: Owning, device: Device, page: Page) -> Iterator[tuple[str, bytes]]:
    """Somebody asks support for a way in; later the password is recovered."""
    desk.clock.forward(DAYS)
    number = desk.case()
    page.goto("/devices")
    yield _shot("phone-devices", page)
    page.locator(".ways a").click()
    page.locator("#entries p[role=status]:not(:empty)").wait_for()
    yield _shot("phone-asked", page)
    one = page.url
    page.goto(f"{one}/mine/{number}")
    yield _shot("phone-again", page)
    desk.mails()
    page.locator("#address").fill(EVA)
    page.locator('form[action="/devices/sign-in"] button').click()
    page.locator("#code").fill(desk.code())
    page.locator('form[action="/devices/code"] button.main').click()
    page.locator('form[action*="/mine/"] button').wait_for()
    yield _shot("phone-mine", page)
    page.goto(one)
    page.locator('form[action$="/stop"] button').click()
    page.locator(".notice.done").wait_for()
    yield _shot("phone-stopped", page)
    page.goto(f"{one}/transfer")
    yield _shot("phone-give-away", page)
    device.recovered()
    page.goto(one)
    yield _shot("phone-ended", page)


def _paste(page: Page, text: str) -> None:
    page.locator("#text").fill(text)
    page.locator("#pasted button").click()
