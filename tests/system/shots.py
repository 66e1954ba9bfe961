"""Takes the pictures of the documents: `python -m tests.system.shots` writes docs/shots/*.png.

A step keeps its name, so that a page that changed is one changed file.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser

from sparekey.demo import plan
from sparekey.demo.doors import FIRST_PORT
from sparekey.demo.site import Site
from sparekey.host.clock import SystemClock
from sparekey.host.entropy import SystemEntropy
from tests.system.browser import RECORDER, chromium, missing, window
from tests.system.walk import FIRST, SECOND, Shown, Walk

SHOTS = Path(__file__).resolve().parents[2] / "docs" / "shots"
CZECH = {"recorder-login", "recorder-square", "phone-request", "mailbox-letter", "recorder-code"}
"""The steps that are shown in Czech too."""
COLOURS = 64


def save(picture: bytes, path: Path) -> None:
    """As a small PNG of a few colours."""
    with Image.open(BytesIO(picture)) as image:
        image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


def walk(browser: Browser, chosen: plan.Plan, language: str) -> Iterator[Shown]:
    """Every step of one language."""
    owner = Walk(browser, chosen, language)
    yield from owner.set_up()
    yield from owner.sign_in_and_out(FIRST)
    yield from owner.recover(FIRST, SECOND)
    owner.close()


def shoot(folder: Path) -> None:
    """All of them."""
    folder.mkdir(parents=True, exist_ok=True)
    for language in ("en", "cs"):
        with tempfile.TemporaryDirectory() as name, chromium() as browser:
            chosen = plan.make("sparekey", "", FIRST_PORT)
            clock, entropy = SystemClock(), SystemEntropy()
            with Site(Path(name), chosen, clock=clock, entropy=entropy, say=lambda _: None) as site:
                site.start()
                if language == "en":
                    story = window(browser, RECORDER, "en-GB")
                    story.page.goto(chosen.start)
                    save(story.page.screenshot(), folder / "demo-story.png")
                for shown in walk(browser, chosen, language):
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
