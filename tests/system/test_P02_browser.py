"""P02 in a real browser: the first login ends when everything is prepared, on a screen and on paper."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from sparekey.demo import plan
from sparekey.demo.doors import FIRST_PORT
from sparekey.demo.site import Site
from sparekey.host.clock import SystemClock
from sparekey.host.entropy import SystemEntropy
from tests.system.browser import PHONE, RECORDER, chromium, faults, missing
from tests.system.walk import FIRST, Shown, Walk

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing())
LONG = {"recorder-own-questions", "recorder-own-questions-refused", "recorder-user-add"}
"""Forms with so many fields that their button is further down."""
LATER = ("/home", "/configuration", "/users", "/audit")


@contextmanager
def running(folder: Path, profile: str) -> Iterator[Site]:
    chosen = plan.make(profile, "", FIRST_PORT + 300)
    with Site(folder, chosen, clock=SystemClock(), entropy=SystemEntropy(), say=lambda _: None) as site:
        site.start(("mailbox", "support desk", "recorder"))
        yield site


@pytest.fixture
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


def look(shown: Shown, language: str) -> list[str]:
    """What is wrong with one screen, on a recorder's monitor and in one hand."""
    text = shown.page.inner_text("body")
    found = [f"{shown.name}: does not say “{word}”" for word in shown.words if word not in text]
    seen = faults(shown.page, language)
    found += [f"{shown.name}: {fault}" for fault in seen if "scroll" not in fault or shown.name not in LONG]
    width, height = PHONE
    shown.page.set_viewport_size({"width": width, "height": height})
    found += [f"{shown.name}: {fault}" for fault in faults(shown.page, language) if "wider" in fault]
    width, height = RECORDER
    shown.page.set_viewport_size({"width": width, "height": height})
    return found


def walked(owner: Walk, *steps: Iterator[Shown]) -> list[str]:
    """What is wrong with all screens of these steps, each looked at while it shows."""
    wrong = [fault for step in steps for shown in step for fault in look(shown, owner.language)]
    return wrong + [complaint for opened in owner.windows for complaint in opened.complaints]


def opens(owner: Walk, site: Site) -> set[str]:
    """The later pages that open by now."""
    page = owner.recorder.page
    opened = set()
    for path in LATER:
        page.goto(site.plan.screen + path)
        opened |= {path} & {page.url.removeprefix(site.plan.screen)}
    page.goto(site.plan.screen + "/ways")
    return opened


@pytest.mark.parametrize("language", ["en", "cs"])
def test_P02_the_first_login_ends_when_questions_key_file_and_address_are_done(
    language: str, browser: Browser, tmp_path: Path
) -> None:
    with running(tmp_path / "site", "patronum") as site:
        owner = Walk(browser, site, language)
        wrong = walked(owner, owner.set_up(), owner.sign_in(FIRST))
        assert not opens(owner, site)
        wrong += walked(owner, owner.set_questions(FIRST))
        assert not opens(owner, site)
        wrong += walked(owner, owner.save_key_file(FIRST, tmp_path))
        assert opens(owner, site) == set(LATER)
        wrong += walked(owner, owner.look_around(FIRST))
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("language", ["en", "cs"])
def test_B08_the_sheet_is_printed_and_its_code_typed_again(
    language: str, browser: Browser, tmp_path: Path
) -> None:
    with running(tmp_path / "site", "sparekey") as site:
        owner = Walk(browser, site, language)
        wrong = walked(owner, owner.set_up(), owner.sign_in(FIRST), owner.print_sheet(FIRST))
    assert not wrong, "\n".join(wrong)
