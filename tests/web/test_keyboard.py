"""The on-screen keyboard and the pages as a whole, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.web.browser import chromium, opened
from tests.web.gallery import SHEETS, app, desk, screen

SMALL = """() => [...document.querySelectorAll("a, button, input:not([type=hidden])")]
    .filter((thing) => thing.checkVisibility() && !thing.matches(".skip, p a, li a:not(.way), label input"))
    .map((thing) => [thing.textContent || thing.name, thing.getBoundingClientRect()])
    .filter(([, box]) => box.width < 44 || box.height < 44).map(([name]) => name)"""
BEYOND = "document.documentElement.scrollWidth > innerWidth"
LAST = """() => Math.max(...[...document.querySelectorAll("main button, main [role=button], main a.way")]
    .filter((thing) => thing.checkVisibility()).map((thing) => thing.getBoundingClientRect().bottom), 0)"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


def press(page: Page, *names: str) -> None:
    for name in names:
        page.locator("#keyboard").get_by_role("button", name=name, exact=True).click()


def test_a_password_is_typed_and_sent_with_the_mouse_alone(browser: Browser) -> None:
    with opened(browser, app, "/login", locale="en-GB") as page:
        assert not page.locator("#keyboard").is_visible()
        page.get_by_role("button", name="Keyboard").nth(1).click()
        press(
            page,
            "a",
            "Capitals",
            "B",
            "Capitals",
            "Symbols",
            "[",
            "Letters",
            "Space",
            "4",
            "x",
            "Delete",
            "_",
        )
        assert page.input_value("#password") == "aB[ 4_"
        page.get_by_role("button", name="Show").click()
        assert page.get_attribute("#password", "type") == "text"
        page.get_by_role("button", name="Sign in").click()
        assert page.inner_text("body") == "admin|aB[ 4_|"


def test_a_click_beside_closes_it_and_the_close_key_too(browser: Browser) -> None:
    with opened(browser, app, "/login", locale="en-GB") as page:
        keyboard = page.locator("#keyboard")
        button = page.get_by_role("button", name="Keyboard").first
        button.click()
        assert button.get_attribute("aria-expanded") == "true"
        page.locator("h1").click()
        assert not keyboard.is_visible()
        assert button.get_attribute("aria-expanded") == "false"
        button.click()
        press(page, "Close")
        assert not keyboard.is_visible()
        button.click()
        page.keyboard.press("Escape")
        assert not keyboard.is_visible()


def test_it_is_worked_with_the_real_keyboard_alone(browser: Browser) -> None:
    with opened(browser, app, "/login", locale="en-GB") as page:
        page.get_by_role("button", name="Keyboard").nth(1).focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Enter")  # the first key, 1
        page.keyboard.press("Tab")
        page.keyboard.press("Space")  # the second key, 2
        assert page.input_value("#password") == "12"
        page.keyboard.press("Escape")
        assert page.evaluate("document.activeElement.id") == "password"


def test_at_the_screen_it_opens_by_itself_and_speaks_czech(browser: Browser) -> None:
    with opened(browser, screen, "/set-password", locale="cs-CZ") as page:
        for field in ("email", "password", "again"):
            page.click(f"#{field}")
            box, keys = page.locator(f"#{field}").bounding_box(), page.locator("#keyboard").bounding_box()
            assert box
            assert keys
            assert box["y"] >= 0
            assert box["y"] + box["height"] <= keys["y"]
        press(page, "ž", "Velká písmena", "Ř", "Velká písmena", "Znaky", "?", "Písmena", "Mezera", "z")
        assert page.input_value("#again") == "žŘ? z"
        assert page.locator("#keyboard .row").nth(2).inner_text().split() == list("qwertzuiop")


def test_it_writes_at_the_caret(browser: Browser) -> None:
    with opened(browser, app, "/set-password", locale="en-GB") as page:
        page.fill("#email", "janexample.com")
        page.get_by_role("button", name="Keyboard").first.click()
        page.locator("#email").evaluate("field => field.setSelectionRange(3, 3)")
        press(page, "@")
        assert page.input_value("#email") == "jan@example.com"
        page.locator("#email").evaluate("field => field.setSelectionRange(0, 4)")
        press(page, "Delete")
        assert page.input_value("#email") == "example.com"


def test_an_empty_field_is_told_in_the_pages_language(browser: Browser) -> None:
    with opened(browser, app, "/login", locale="cs-CZ") as page:
        page.locator("button.main").click()
        assert (
            page.locator("#password").evaluate("field => field.validationMessage")
            == "Vyplňte prosím toto pole."
        )
        page.fill("#password", "x")
        assert page.locator("#password").evaluate("field => field.validity.valid")


@pytest.mark.parametrize("size", [(1280, 720), (390, 844)], ids=["monitor", "phone"])
@pytest.mark.parametrize("locale", ["en-GB", "cs-CZ"])
def test_every_sheet_fits_and_can_be_hit(browser: Browser, size: tuple[int, int], locale: str) -> None:
    for which in (app, desk):
        with opened(browser, which, "/login", locale=locale) as page:
            page.set_viewport_size({"width": size[0], "height": size[1]})
            for name in SHEETS:
                page.goto(f"/{name}")
                assert page.evaluate(SMALL) == [], name
                assert not page.evaluate(BEYOND), name
                if name != "scan" or size[0] > 1000:  # nobody scans a phone's screen with the same phone
                    assert page.evaluate(LAST) <= size[1], name


def test_the_letters_are_as_big_as_promised(browser: Browser) -> None:
    for which, wide in [(app, "18px"), (desk, "16px")]:
        with opened(browser, which, "/login") as page:
            assert page.evaluate("getComputedStyle(document.body).fontSize") == wide
            page.set_viewport_size({"width": 390, "height": 844})
            assert page.evaluate("getComputedStyle(document.body).fontSize") == "18px"
