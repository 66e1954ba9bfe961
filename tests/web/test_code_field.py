"""The field for a code, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from sparekey.core.codes import code_from_bits
from tests.web.browser import chromium, opened
from tests.web.gallery import app

CODES = [code_from_bits((number * 0x9E3779B97F4A7C15 >> 7) % (1 << 35)) for number in range(40)]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with opened(browser, app, "/code", locale="en-GB") as found:
        yield found


def hint(page: Page) -> str:
    return page.locator("output").inner_text()


def test_a_code_is_clicked_with_the_mouse_alone(page: Page) -> None:
    code = CODES[3]
    page.locator("h1").click()
    for left, character in zip(range(7, 0, -1), code.text, strict=False):
        page.locator(f"[data-key='{character}']").click()
        assert hint(page) == (f"{left} characters to go" if left > 1 else "1 character to go")
    page.locator(f"[data-key='{code.text[7]}']").click()
    assert page.input_value("#code") == code.shown
    assert hint(page) == "The code is complete."
    page.get_by_role("button", name="Delete").click()
    assert page.input_value("#code") == code.shown[:-1]


def test_the_check_character_is_the_same_as_ours(page: Page) -> None:
    for code in CODES:
        page.fill("#code", code.text)
        assert (page.input_value("#code"), hint(page)) == (code.shown, "The code is complete.")


def test_one_wrong_character_is_told_at_once_and_corrected_in_place(page: Page) -> None:
    code = CODES[5].text
    slip = code[:2] + ("8" if code[2] != "8" else "9") + code[3:]
    page.fill("#code", slip)
    assert hint(page) == "One character is not right. Look again."
    page.locator("#code").evaluate("field => field.setSelectionRange(2, 3)")
    page.locator(f"[data-key='{code[2]}']").click()
    assert hint(page) == "The code is complete."


def test_typing_folds_look_alikes_and_drops_what_no_code_has(page: Page) -> None:
    page.locator("#code").click()
    page.keyboard.type("o i-l ab!u cd9")
    assert page.input_value("#code") == "011A-BCD9"
    page.keyboard.type("zzz")
    assert page.input_value("#code") == "011A-BCD9"


def test_deleting_goes_through_the_dash(page: Page) -> None:
    page.fill("#code", "ABCD-EF")
    page.locator("#code").focus()
    seen = []
    for _ in range(4):
        page.keyboard.press("Backspace")
        seen.append(page.input_value("#code"))
    assert seen == ["ABCD-E", "ABCD", "ABC", "AB"]
    page.fill("#code", "ABCD-EF")
    page.locator("#code").evaluate("field => field.setSelectionRange(5, 5)")
    page.keyboard.press("Backspace")
    assert page.input_value("#code") == "ABCE-F"


@pytest.mark.meets("asvs-2.2.2", "asvs-14.3.3")
def test_nothing_of_a_code_leaves_the_page_while_it_is_typed(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    sent = []
    page.on("request", lambda request: sent.append(request.url))
    page.fill("#code", CODES[0].text)
    assert hint(page) == "The code is complete."
    assert sent == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_without_script_the_code_is_a_plain_line(browser: Browser) -> None:
    with opened(browser, app, "/code", java_script_enabled=False) as page:
        page.fill("#code", "abcd efgh")
        assert page.input_value("#code") == "abcd efgh"
        assert not page.locator("fieldset").is_visible()
        assert page.get_by_role("button", name="Continue").is_visible()
