"""What the app leaves on a phone and in addresses: nothing that opens anything, beyond the session's cookie."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.desk.owning import EVA, Device, Owning
from tests.web.asgi import HOST
from tests.web.browser import CHROMIUM, chromium, opened

STORED = "Object.entries({...localStorage, ...sessionStorage})"
DATABASES = "indexedDB.databases().then((all) => all.length)"

pytestmark = pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="chromium is not installed")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Owning]:
    made = Owning(tmp_path, HOST)
    yield made
    made.close()


def test_T43_the_phone_keeps_no_secret_and_no_address_shows_one(desk: Owning, browser: Browser) -> None:
    device = Device(desk)
    device.enrol()
    desk.mails()
    screen = {"width": 390, "height": 844}
    with opened(browser, desk.app, "/app", viewport=screen) as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto("/devices")
        page.locator("#address").fill(EVA)
        page.locator('form[action="/devices/sign-in"] button').click()
        page.locator("#code").wait_for()
        code = desk.code()
        page.locator("#code").fill(code)
        page.locator('form[action="/devices/code"] button.main').click()
        page.get_by_text("There is no device in your list").wait_for()
        pairing = device.square()
        page.goto(device.path(pairing))
        page.locator('form[action^="/P/"] button').click()
        page.locator(".spelled").wait_for()
        page.goto("/devices")
        page.locator(".ways a").click()
        page.locator("#entries p[role=status]:not(:empty)").wait_for()
        assert {name.partition(" ")[0] for name, _ in page.evaluate(STORED)} <= {"log"}, (
            "how long the log was"
        )
        assert page.evaluate(DATABASES) == 0
        assert page.evaluate("document.cookie") == ""
        kept = page.context.cookies()
        assert all(cookie["httpOnly"] and cookie["secure"] for cookie in kept), kept
        session = next(cookie["value"] for cookie in kept if cookie["name"].endswith("owner"))
        secrets = (code, code.replace("-", ""), EVA, session, device.shows(pairing).text)
        assert not [(url, secret) for url in asked for secret in secrets if secret in url]
        assert not [url for url in asked if not url.startswith((f"https://{HOST}/", "blob:", "data:"))]
        page.goto("/devices/account")
        page.locator('form[action="/devices/sign-out"] button').click()
        page.locator("#address").wait_for()
        assert not [cookie for cookie in page.context.cookies() if cookie["name"].endswith("owner")]
