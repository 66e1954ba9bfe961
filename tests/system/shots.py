"""Takes the pictures of the documents: `python -m tests.system.shots` writes docs/shots/*.png.

A step keeps its name, so that a page that changed is one changed file.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from io import BytesIO
from itertools import product
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser

from sparekey.demo import plan
from sparekey.demo.doors import FIRST_PORT
from sparekey.demo.site import Site
from sparekey.host.clock import SystemClock
from sparekey.host.entropy import SystemEntropy
from tests.phone import shots as phone
from tests.system import finder_shots
from tests.system.browser import RECORDER, chromium, missing, window
from tests.system.walk import FIRST, SECOND, Shown, Walk

SHOTS = Path(__file__).resolve().parents[2] / "docs" / "shots"
CZECH = {
    "recorder-login",
    "recorder-square",
    "phone-request",
    "mailbox-letter",
    "recorder-code",
    "ways-back",
    "recorder-own-questions",
    "recorder-own-sheet-paper",
}
"""The steps that are shown in Czech too."""
TWICE = {
    "recorder-set-up",
    "recorder-set-up-done",
    "recorder-first-page",
    "recorder-own-ways",
    "recorder-configuration",
}
"""Steps of the second recorder that look as on the first one, or lead only to the next."""
COLOURS = 64


def save(picture: bytes, path: Path) -> None:
    """As a small PNG of a few colours."""
    with Image.open(BytesIO(picture)) as image:
        image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


def lost(browser: Browser, site: Site, language: str) -> Iterator[Shown]:
    """Everything is prepared, and yet the password is lost: every step of one language."""
    owner = Walk(browser, site, language)
    yield from owner.set_up()
    yield from owner.sign_in(FIRST)
    yield from owner.print_sheet(FIRST)
    yield from owner.look_around(FIRST)
    owner.sign_out()
    yield from owner.sign_in_and_out(FIRST)
    yield from owner.recover(FIRST, SECOND)
    owner.close()


def first_login(browser: Browser, site: Site, language: str) -> Iterator[Shown]:
    """What a recorder of the other kind asks for at the first login."""
    owner = Walk(browser, site, language)
    with tempfile.TemporaryDirectory() as name:
        yield from owner.set_up()
        yield from owner.sign_in(FIRST)
        yield from owner.set_questions(FIRST)
        yield from owner.save_key_file(FIRST, Path(name))
    owner.close()


def story(browser: Browser, chosen: plan.Plan, folder: Path) -> None:
    """The two pages of the demo's own."""
    opened = window(browser, RECORDER, "en-GB")
    for name, path in (("demo-story", "/"), ("demo-prepare", "/prepare")):
        opened.page.goto(chosen.start + path)
        save(opened.page.screenshot(), folder / f"{name}.png")
    opened.page.context.close()


def app(folder: Path) -> None:
    """The app, step by step."""
    for language in ("en", "cs"):
        for name, picture in phone.steps(language):
            if language == "en":
                save(picture, folder / f"{name}.png")
            elif name in phone.CZECH:
                save(picture, folder / f"{name}.{language}.png")


def shoot(folder: Path) -> None:
    """All of them."""
    folder.mkdir(parents=True, exist_ok=True)
    app(folder)
    scenes = finder_shots.drawn()
    with chromium() as browser:
        finder_shots.shoot(browser, scenes, folder, save)
    for language, (profile, walk) in product(("en", "cs"), (("sparekey", lost), ("patronum", first_login))):
        with tempfile.TemporaryDirectory() as name, chromium() as browser:
            chosen = plan.make(profile, "", FIRST_PORT)
            clock, entropy = SystemClock(), SystemEntropy()
            with Site(Path(name), chosen, clock=clock, entropy=entropy, say=lambda _: None) as site:
                site.start()
                if (language, profile) == ("en", "patronum"):
                    story(browser, chosen, folder)
                for shown in walk(browser, site, language):
                    if walk is first_login and shown.name in TWICE:
                        continue
                    if language == "en":
                        save(shown.page.screenshot(), folder / f"{shown.name}.png")
                    elif shown.name in CZECH:
                        save(shown.page.screenshot(), folder / f"{shown.name}.{language}.png")


if __name__ == "__main__":
    if missing():
        sys.exit(missing())
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else SHOTS
    shoot(target)
    print(f"The pictures are in {target}.")
