"""Pictures of the installers' screens for the documents; `./dev shots` takes them with the others."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser

from tests.finder.scenes import pictures

SIZE = (100, 24)
SHOWN = {"table", "agree", "security-code", "results"}


async def _drawn() -> dict[str, str]:
    return {name: app.export_screenshot() async for name, app in pictures("en", SIZE) if name in SHOWN}


def drawn() -> dict[str, str]:
    """The scenes as SVG, by name. Call it before a browser runs: that one has an event loop of its own."""
    return asyncio.run(_drawn())


def shoot(
    browser: Browser, scenes: dict[str, str], folder: Path, save: Callable[[bytes, Path], None]
) -> None:
    """Each scene as a picture of a terminal."""
    page = browser.new_page(viewport={"width": 1000, "height": 600})
    for name, scene in scenes.items():
        page.set_content(scene.replace("<svg ", '<svg id="terminal" ', 1))
        save(page.locator("#terminal").screenshot(), folder / f"finder-{name}.png")
    page.close()
