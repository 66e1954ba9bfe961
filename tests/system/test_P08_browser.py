"""P08 in a real browser: a camera's page through the recorder, also when the camera means no good."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from tests.device.recorder import OLD
from tests.system.browser import RECORDER, chromium, faults, missing
from tests.system.hostile_camera import HostileCamera
from tests.system.test_device_process import Device

pytestmark = [pytest.mark.skipif(bool(missing()), reason=missing()), pytest.mark.enable_socket]

TABLE = '\n[cameras]\nnetworks = ["127.0.1.0/24"]\ndoors = "https://127.0.0.1:{port}"\n'
FIRST_DOOR = 18960


@pytest.fixture
def recorder(tmp_path: Path) -> Iterator[Device]:
    device = Device(tmp_path)
    with device.config.open("a", encoding="utf-8") as file:
        file.write(TABLE.format(port=FIRST_DOOR))
    device.start()
    browser = device.browser()
    browser.get("/setup")
    browser.press("/setup", {"password": OLD, "again": OLD, "address": "owner@example.com"})
    yield device
    device.end(signal.SIGTERM)


def sign_in(page: Page, door: str) -> None:
    page.goto(f"{door}/login")
    page.fill("#user", "admin")
    page.fill("#password", OLD)
    page.click("main button.main")
    page.wait_for_url("**/home")


def add(page: Page, door: str, address: str, name: str) -> None:
    page.goto(f"{door}/camera/remote/add")
    page.fill("#address", address)
    page.fill("#name", name)
    page.click("main button.main")
    page.wait_for_url("**/camera/remote/*")


def open_web(page: Page, door: str, name: str) -> Page:
    page.goto(f"{door}/camera/remote")
    with page.context.expect_page() as opened:
        page.get_by_role("button", name=f"WEB: open the page of {name}").click()
    web = opened.value
    web.get_by_role("heading", name="Hello from the camera").wait_for()
    return web


@pytest.mark.meets("asvs-3.5.4")
def test_P08_T40_a_hostile_camera_neither_reads_nor_changes_the_recorder(recorder: Device) -> None:
    door = next(url for url in recorder.urls if url.startswith("https"))
    with (
        HostileCamera("127.0.1.21") as hostile,
        HostileCamera("127.0.1.22") as neighbour,
        chromium() as browser,
    ):
        context = browser.new_context(
            ignore_https_errors=True, viewport={"width": RECORDER[0], "height": RECORDER[1]}
        )
        page = context.new_page()
        sign_in(page, door)
        add(page, door, hostile.at, "Gate")
        assert faults(page, "en") == []
        add(page, door, neighbour.at, "Yard")
        hostile.recorder, hostile.neighbour = door, f"https://127.0.0.1:{FIRST_DOOR + 1}"
        neighbour.recorder = neighbour.neighbour = door
        other = open_web(page, door, "Yard")
        web = open_web(page, door, "Gate")
        assert urlsplit(web.url).port == FIRST_DOOR
        assert urlsplit(other.url).port == FIRST_DOOR + 1
        assert web.evaluate("window.opener") is None
        web.evaluate("window.done")
        said = web.evaluate("window.said")
        assert said == {
            "read": "no",
            "blind": "no",
            "neighbour": "no",
            "worker": "no",
            "socket": "no",
            "own": "own answer",
        }
        assert web.evaluate("window.seen") == []
        # What the camera heard: none of the recorder's cookies, and its own page as the place that it came from.
        values = [cookie["value"] for cookie in context.cookies() if cookie["domain"] == "127.0.0.1"]
        assert values
        assert not [value for value in values if value in str(hostile.heard)]
        posted = [told for method, path, told, _ in hostile.heard if (method, path) == ("POST", "/own")]
        assert [(told["origin"], told["cookie"]) for told in posted] == [
            (f"http://{hostile.at}", "__Host-Http-session=stolen; sid=of-the-camera")
        ]
        # What the browser has: nothing of the camera.
        assert not [value for value in values if value in ("stolen", "of-the-camera", "1")]
        assert "planted" not in str(context.cookies())
        page.goto(f"{door}/home")
        page.get_by_role("heading", name="You are signed in as admin").wait_for()
        web.goto(f"https://127.0.0.1:{FIRST_DOOR}/away")
        web.get_by_role("heading", name="The camera wants to lead you somewhere else").wait_for()
        # Nobody else's browser passes, with or without the old address.
        stranger = browser.new_context(ignore_https_errors=True).new_page()
        answer = stranger.goto(f"https://127.0.0.1:{FIRST_DOOR}/")
        assert answer is not None
        assert answer.status == 403
        # And when the recorder's session ends, so does the visit.
        page.get_by_role("button", name="Sign out").click()
        page.wait_for_url("**/login")
        ended = web.goto(f"https://127.0.0.1:{FIRST_DOOR}/")
        assert ended is not None
        assert ended.status == 403
