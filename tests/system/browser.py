"""A real Chromium for the system tests, and what must hold for every page that it shows."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

RECORDER = (1280, 720)
PHONE = (390, 844)
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
PATIENCE = 15_000
"""Milliseconds in which something must be there."""

_CHROMIUM = Path("/usr/bin/chromium")

UNLABELLED = """() => [...document.querySelectorAll("input:not([type=hidden]), textarea, button, iframe")]
    .filter((thing) => thing.checkVisibility())
    .filter((thing) => !(thing.labels?.length || thing.textContent.trim() || thing.ariaLabel || thing.title))
    .map((thing) => thing.outerHTML.slice(0, 120))"""
"""Fields and buttons that have no name for those who cannot see them."""
NAMELESS_LINKS = """() => [...document.querySelectorAll("a[href], [role=img], img")]
    .filter((thing) => thing.checkVisibility())
    .filter((thing) => !(thing.textContent.trim() || thing.ariaLabel || thing.hasAttribute("alt")))
    .map((thing) => thing.outerHTML.slice(0, 120))"""
DOUBLE_IDS = """() => [...document.querySelectorAll("[id]")].map((thing) => thing.id)
    .filter((id, place, all) => all.indexOf(id) !== place)"""
DANGLING = """() => [...document.querySelectorAll("[for], [aria-describedby], [aria-controls]")]
    .flatMap((thing) => ["for", "aria-describedby", "aria-controls"]
        .flatMap((name) => (thing.getAttribute(name) ?? "").split(" ").filter(Boolean)))
    .filter((id) => !document.getElementById(id))"""
MAIN_BELOW = """() => [...document.querySelectorAll("main button.main, main a.main, main .ways .way")]
    .slice(0, 1).map((thing) => [thing.textContent.trim(), thing.getBoundingClientRect().bottom])
    .filter(([, bottom]) => bottom > innerHeight)"""
"""The first main button, when one must scroll to see it."""
TOO_WIDE = "() => document.documentElement.scrollWidth > innerWidth"


@dataclass
class Window:
    """One person's browser window. `complaints`: what scripts, the console and the content policy said."""

    page: Page
    complaints: list[str] = field(default_factory=list)

    def hear(self, message: ConsoleMessage) -> None:
        """Keep errors and warnings."""
        # A page that says "no" comes with a status that Chromium mentions; our words on it are tested.
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.complaints.append(f"{self.page.url}: {message.text}")


def missing() -> str:
    """Why there is no browser here, or "" when there is one."""
    found = _CHROMIUM.exists() or shutil.which("chromium")
    return "" if found else "chromium is not installed: apt install chromium"


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser itself, without a window on any screen."""
    path = str(_CHROMIUM) if _CHROMIUM.exists() else shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, headless=True, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def window(browser: Browser, size: tuple[int, int], locale: str, *, phone: bool = False) -> Window:
    """A new person's window with cookies of its own. Its language is what the browser asks for."""
    width, height = size
    context: BrowserContext = browser.new_context(
        viewport={"width": width, "height": height}, locale=locale, has_touch=phone, is_mobile=phone
    )
    context.set_default_timeout(PATIENCE)
    made = Window(context.new_page())
    made.page.on("console", made.hear)
    made.page.on("pageerror", lambda error: made.complaints.append(f"{made.page.url}: {error}"))
    return made


def no_keys(page: Page) -> None:
    """From now on, every pressed key is a complaint."""
    page.context.add_init_script(
        "addEventListener('keydown', () => console.error('a key was pressed'), true)"
    )


def faults(page: Page, language: str) -> list[str]:
    """What is wrong with a page for people who read, hear, click or hold it in one hand."""
    found = [f"without a label: {thing}" for thing in page.evaluate(UNLABELLED)]
    found += [f"without a name: {thing}" for thing in page.evaluate(NAMELESS_LINKS)]
    found += [f"twice: #{name}" for name in page.evaluate(DOUBLE_IDS)]
    found += [f"points nowhere: #{name}" for name in page.evaluate(DANGLING)]
    found += [f"one must scroll to see: {name}" for name in page.evaluate(MAIN_BELOW)]
    if page.locator("h1").count() != 1:
        found.append(f"{page.locator('h1').count()} first headings")
    if page.get_attribute("html", "lang") != language:
        found.append(f"its language says {page.get_attribute('html', 'lang')}")
    if not page.title():
        found.append("no title")
    if page.evaluate(TOO_WIDE):
        found.append("wider than the screen")
    return [f"{page.url}: {fault}" for fault in found]
