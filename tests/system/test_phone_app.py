"""The app in a real browser against a real desk: it starts without a network, and never with an old script."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

import sparekey
from tests.system.browser import PHONE, chromium, missing, window
from tests.system.test_desk_process import Desk

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing())

FIRST_PAGE = 150_000
"""Bytes of the app's first page with everything that it loads, without the decoder."""
NO_MAIL = '\n[smtp]\nhost = "127.0.0.1"\nport = 9\nstarttls = false\nsender = "desk@example.com"\n'
SLOW = {"offline": False, "latency": 400, "downloadThroughput": 25_000, "uploadThroughput": 8_000}
"""A phone at the edge of a village: bytes a second, and milliseconds there and back."""
READY = "navigator.serviceWorker.ready.then(({ active }) => active?.state === 'activated')"
KEPT = "caches.keys().then((names) => names.join())"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "desk", NO_MAIL)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    made = window(browser, PHONE, "en-GB", phone=True)
    yield made.page
    made.page.context.close()
    assert made.complaints == []


def newer(folder: Path) -> Path:
    """A desk of the next version: its first script does one thing more."""
    shutil.copytree(Path(sparekey.__file__).parent, folder / "sparekey")
    script = folder / "sparekey" / "desk" / "phone" / "static" / "start.js"
    script.write_text(script.read_text("utf-8") + "\ndocument.documentElement.dataset.made = 'new';\n")
    return folder


def test_B11_it_starts_without_a_network_and_never_with_an_old_script(
    desk: Desk, page: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with desk.running():
        page.goto(f"{desk.url}/app")
        page.wait_for_function(READY)
        old = page.evaluate(KEPT)
        assert "," not in old
    page.goto(f"{desk.url}/app")
    page.get_by_role("button", name="Reset device password").click()
    page.get_by_role("button", name="Open the camera").wait_for()
    page.get_by_text("Other ways").click()
    page.get_by_label("The text of the square").fill("nothing of ours/")
    page.get_by_role("button", name="Continue").click()
    page.get_by_text("This is something else").wait_for()
    monkeypatch.setenv("PYTHONPATH", str(newer(tmp_path / "next")))
    with desk.running():
        page.goto(f"{desk.url}/app")
        page.wait_for_function("document.documentElement.dataset.made === 'new'")
        page.wait_for_function(f"{KEPT}.then((now) => now && now !== '{old}' && !now.includes(','))")
    page.goto(f"{desk.url}/app")
    page.wait_for_function("document.documentElement.dataset.made === 'new'")


@pytest.mark.meets("asvs-3.6.1", "asvs-3.7.1", "asvs-14.2.3")
def test_B11_the_first_page_is_small_and_comes_from_one_place(desk: Desk, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": PHONE[0], "height": PHONE[1]}, service_workers="block")
    page = context.new_page()
    loaded: dict[str, int] = {}
    page.on("response", lambda answer: loaded.update({answer.url: len(answer.body())}))
    with desk.running():
        page.goto(f"{desk.url}/app", wait_until="networkidle")
        assert {urlsplit(address).netloc for address in loaded} == {urlsplit(desk.url).netloc}
        assert 0 < sum(loaded.values()) <= FIRST_PAGE, loaded
        assert not [address for address in loaded if "/zxing/" in address]
        page.goto(f"{desk.url}/app/scan", wait_until="networkidle")
        assert {urlsplit(address).netloc for address in loaded} == {urlsplit(desk.url).netloc}
    context.close()


def test_B11_chromium_finds_nothing_that_keeps_it_from_being_installed(desk: Desk, page: Page) -> None:
    with desk.running():
        page.goto(f"{desk.url}/app")
        page.wait_for_function(READY)
        devtools = page.context.new_cdp_session(page)
        found = devtools.send("Page.getAppManifest")
        assert found["errors"] == []
        errors = [
            error["errorId"]
            for error in devtools.send("Page.getInstallabilityErrors")["installabilityErrors"]
        ]
        assert set(errors) <= {"in-incognito"}, "the window of this test is one; nothing else is in the way"


def test_B11_it_works_on_a_slow_connection(desk: Desk, browser: Browser) -> None:
    """The first page and the scanner come over a bad line, without the worker that would have kept them."""
    context = browser.new_context(viewport={"width": PHONE[0], "height": PHONE[1]}, service_workers="block")
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Network.emulateNetworkConditions", SLOW)
    with desk.running():
        page.goto(f"{desk.url}/app", wait_until="commit", timeout=60_000)
        page.get_by_role("button", name="Reset device password").click(timeout=60_000)
        page.get_by_role("button", name="Open the camera").wait_for(timeout=60_000)
        page.get_by_text("Other ways").click()
        page.get_by_label("The text of the square").fill("nothing of ours/")
        page.get_by_role("button", name="Continue").click()
        page.get_by_text("This is something else").wait_for(timeout=60_000)
    context.close()
