"""The desk's pages in a real browser: what fits, and the button that comes after a minute."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.desk.room import Room
from tests.web.asgi import HOST
from tests.web.browser import chromium, opened

BEYOND = "document.documentElement.scrollWidth > innerWidth"
LATER = "seconds => document.getAnimations().forEach((one) => { one.currentTime = 1000 * seconds })"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    made = Room(tmp_path, host=HOST)
    yield made
    made.close()


@pytest.mark.parametrize("reduced", ["no-preference", "reduce"])
def test_send_it_again_appears_after_a_minute_without_script(
    room: Room, browser: Browser, reduced: str
) -> None:
    path = "/R/" + room.text(room.request())
    with opened(browser, room.app, path, reduced_motion=reduced) as page:
        page.get_by_role("button", name="Send the code").click()
        page.get_by_role("heading", name="Look into your mailbox").wait_for()
        again, soon = page.get_by_text("Send it again"), page.get_by_text("Please wait one minute")
        page.evaluate(LATER, 59)
        assert (again.is_visible(), soon.is_visible()) == (False, True)
        page.evaluate(LATER, 62)
        assert (again.is_visible(), soon.is_visible()) == (True, False)
        room.clock.forward(62)
        again.click()
        page.wait_for_load_state()
    room.work()
    assert len(room.post.taken) == 2


@pytest.mark.parametrize("language", ["en", "cs"])
@pytest.mark.parametrize("width", [1280, 390])
def test_every_page_fits_the_screen(room: Room, browser: Browser, language: str, width: int) -> None:
    path = "/R/" + room.text(room.request("a" * 30 + "@example.com", "b" * 30 + "@example.org"))
    with opened(browser, room.app, "/", locale=language) as page:
        page.set_viewport_size({"width": width, "height": 720})
        assert not page.evaluate(BEYOND)
        page.goto(path)
        assert not page.evaluate(BEYOND)
        button = page.locator("main button").bounding_box()
        assert button is not None
        assert button["y"] + button["height"] < 720
        page.locator("main button").click()
        page.wait_for_load_state()
        assert not page.evaluate(BEYOND)
