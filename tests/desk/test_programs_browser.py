"""The page of programs in a real browser: it fits the screen, and a token is made and taken away by keys alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from sparekey.desk.api.scopes import Scope
from sparekey.desk.store.sqlite import open_sqlite
from tests.desk.desk_console import Room
from tests.desk.test_console_browser import looked_at, sign_in
from tests.web.asgi import HOST
from tests.web.browser import chromium, opened

PROGRAMS = "/console/programs"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    database = open_sqlite(tmp_path / "desk.sqlite")
    yield Room(database, host=HOST)
    database.close()


@pytest.mark.parametrize("language", ["en", "cs"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_fits_the_screen(room: Room, browser: Browser, language: str, width: int) -> None:
    ended = room.tokens.make("Old system", [Scope.READ], 30).token
    room.tokens.revoke(ended.id)
    room.tokens.make("Wall display", [Scope.READ], 90, room.admins[0].id)
    token = room.office.token(room.admins[0])
    with opened(browser, room.app, "/console/sign-in", locale=language) as page:
        page.set_viewport_size({"width": width, "height": 720 if width == 1280 else 844})
        sign_in(page, token)
        page.goto(PROGRAMS)
        looked_at(page, f"programs-{language}-{width}")
        page.locator("#name").focus()
        page.keyboard.type("Tickets")
        for _ in range(2):
            page.keyboard.press("Tab")
            page.keyboard.press("Space")
        page.keyboard.press("Enter")
        page.locator(".notice.done .mark").wait_for()
        looked_at(page, f"program-made-{language}-{width}")
    made = {token.name: token.scopes for token in room.tokens.all()}
    assert made["Tickets"] == {Scope.OPEN, Scope.READ}
