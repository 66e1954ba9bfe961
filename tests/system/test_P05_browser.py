"""P05 in a real browser, with the mouse alone: each screen says its words in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from sparekey.demo import plan
from sparekey.demo.doors import FIRST_PORT
from sparekey.demo.site import Site
from sparekey.host.clock import SystemClock
from sparekey.host.entropy import SystemEntropy
from tests.system.browser import chromium, faults, missing
from tests.system.walk import FIRST, SECOND, THIRD, Shown, Walk

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing())


@pytest.fixture
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    chosen = plan.make("patronum", "", FIRST_PORT + 100)
    with Site(tmp_path, chosen, clock=SystemClock(), entropy=SystemEntropy(), say=lambda _: None) as running:
        running.start(("mailbox", "support desk", "recorder"))
        yield running


def look(shown: Shown, language: str) -> list[str]:
    """What is wrong with one screen."""
    text = shown.page.inner_text("body")
    for frame in shown.page.frames[1:]:
        text += frame.locator("body").inner_text()
    found = [f"{shown.name}: does not say “{word}”" for word in shown.words if word not in text]
    return found + [f"{shown.name}: {fault}" for fault in faults(shown.page, language)]


def test_P05_device_the_owner_gets_back_in_with_the_mouse_alone_in_both_languages(
    browser: Browser, site: Site
) -> None:
    wrong: list[str] = []
    english, czech = Walk(browser, site, "en"), Walk(browser, site, "cs")
    walked = (
        (english, english.set_up()),
        (english, english.sign_in_and_out(FIRST)),
        (english, english.recover(FIRST, SECOND)),
        (czech, czech.sign_in_and_out(SECOND)),
        (czech, czech.recover(SECOND, THIRD)),
    )
    seen: list[str] = []
    for walk, steps in walked:
        for shown in steps:  # looked at while it shows
            seen.append(shown.name)
            wrong += look(shown, walk.language)
    for walk in (english, czech):
        wrong += [complaint for opened in walk.windows for complaint in opened.complaints]
    assert not wrong, "\n".join(wrong)
    assert seen.count("recorder-back") == 2
