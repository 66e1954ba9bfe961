"""Every screen once, before invented devices, as lines of text: `python -m tests.finder.scenes` writes them again.

With a folder behind it, pictures go there as well (they need Debian's chromium).
"""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import DataTable

from sparekey.core.record import Action
from sparekey.core.values import MethodName
from sparekey.finder import qr
from sparekey.finder.journal import Journal
from sparekey.finder.kit import Kit
from sparekey.finder.many import End
from sparekey.finder.rotation import CHANGED
from sparekey.finder.trusting import Known
from sparekey.finder.tui.activate import ActivateScreen
from sparekey.finder.tui.agree import AgreeScreen
from sparekey.finder.tui.answers import AnswersScreen
from sparekey.finder.tui.app import FinderApp
from sparekey.finder.tui.details import DetailsScreen
from sparekey.finder.tui.forgot import ForgotScreen
from sparekey.finder.tui.notice import NoticeScreen
from sparekey.finder.tui.recover import HERE, RecoverScreen
from sparekey.finder.tui.requests import RequestsScreen
from sparekey.finder.tui.results import ResultsScreen
from sparekey.finder.tui.rotate import RotateScreen
from sparekey.finder.tui.square import SquareScreen
from sparekey.finder.tui.table import TableScreen
from sparekey.lan.link import fingerprint
from sparekey.lan.link.client import Met
from sparekey.lan.link.recovery import Opened, Spoken
from sparekey.lan.link.ways import Abilities, Setting, Way
from sparekey.lan.target import Target
from sparekey.language.catalogue import Translator, translator
from sparekey.testing.clock import FixedClock
from sparekey.testing.entropy import FixedEntropy
from tests.finder.answers import OTHER, OURS

SIZES = ((80, 24), (120, 40))
LANGUAGES = ("en", "cs")
SNAPSHOTS = Path(__file__).with_name("snapshots")
NEW = replace(OURS, sender="192.0.2.30", ident="1b2c", name="C-220 1B2C", model="C-220", activated=False,
              addresses=("192.0.2.30",), links=("https://192.0.2.30:8543/",))  # fmt: skip
AXIS = replace(OTHER, sender="192.0.2.90", brand="Axis", model="P3265-LV", serial="ACCC8E000090", macs=(),
               addresses=("192.0.2.90",), ways=None, activated=None)  # fmt: skip
DEVICES = (OURS, NEW, OTHER, AXIS)
KEY = bytes(range(32))
OPEN = tuple(Way(method) for method in MethodName if method in HERE)
CLOSED = (Way(MethodName.QUESTIONS, "not-set-up"), Way(MethodName.TECHNICIAN, "not-offered"))
ABLE = Abilities(Setting.DONE, (*OPEN, *CLOSED), 8, 64, cameras=True)
FRESH = Abilities(Setting.OPEN, (), 8, 64)
PATIENCE = 120
"""Seconds after which a screen that never stands still has failed."""
_BAR = re.compile(r"^ +[▎▍▌▋▊▉] *$|(?<=  )[▁▂▃▄▅▆▇]{1,2} *$")
STILL = 4
"""Looks that see the same."""
SEALED = b"sealed"


@dataclass(frozen=True)
class Told:
    """A device that shows the same open request to everybody."""

    async def send(self, asked: Any, _claim: str = "") -> Opened:
        return Opened(
            claim="0" * 32, method=asked.method, action=Action.NEW_PASSWORD, tries=5, number="7KM2Q4XZ",
            left=13 * 24 * 3600, sealed=SEALED, prefix="HTTPS://DESK.EXAMPLE.COM/R/", desk="Example support",
            spoken=Spoken("7F2K-0042", 1_790_000_000, 20_717) if asked.method is MethodName.SECURITY_CODE else None,
            address="o***@ex***.com" if asked.method is MethodName.MAIL_CODE else "",
        )  # fmt: skip


class App(FinderApp):
    """Before devices that answer at once."""

    async def meet(self, target: Target) -> Met:
        return Met(ABLE if target.host == OURS.sender else FRESH, KEY)

    async def know(self, target: Target) -> Known:
        return Known(target, KEY, ABLE, cast("Any", Told()))


async def _work(address: str) -> tuple[End, object, str]:
    if address.endswith("64"):
        return End.FAILED, None, "the device did not answer in time"
    return End.DONE, None, ""


def scenes(words: Translator) -> dict[str, Screen[Any]]:
    """By name, in the order in which people meet them."""
    dialogs = {
        method.value: RecoverScreen(OURS, method)
        for method in (
            MethodName.SECURITY_CODE,
            MethodName.RESPONSE_FILE,
            MethodName.RESPONSE_KEY,
            MethodName.MAIL_CODE,
            MethodName.KEY_FILE,
            MethodName.RECOVERY_SHEET,
        )
    }
    text = "HTTPS://DESK.EXAMPLE.COM/R/" + "7KM2Q4XZ" * 24
    return {
        "details": DetailsScreen(OURS),
        "details-new": DetailsScreen(NEW),
        "details-other": DetailsScreen(OTHER),
        "agree": AgreeScreen("192.0.2.20:8543", fingerprint.shown(KEY)),
        "forgot": ForgotScreen(OURS, [way.method for way in ABLE.ways if way.is_open]),
        **dialogs,
        "notice": NoticeScreen(),
        "square": SquareScreen(qr.drawn(text)),
        "activate": ActivateScreen([NEW]),
        "activate-many": ActivateScreen([NEW, OURS]),
        "requests": RequestsScreen([OURS, NEW]),
        "answers": AnswersScreen(),
        "passwords": RotateScreen([OURS, OTHER]),
        "results": ResultsScreen(
            words.text("New passwords"), ["192.0.2.20:8543", "192.0.2.64"], _work, words.text(CHANGED)
        ),
    }


@asynccontextmanager
async def shown(language: str, size: tuple[int, int]) -> AsyncIterator[tuple[App, Pilot[int]]]:
    """The application with its table filled."""
    with Journal(None) as journal:
        app = App(Kit(journal, FixedClock(), FixedEntropy(), translator(language)), ())
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            table = app.screen
            assert isinstance(table, TableScreen)
            for found in DEVICES:
                table.add(found, 1000.0)
            async with asyncio.timeout(PATIENCE):
                while table.query_one("#devices", DataTable).row_count < len(DEVICES):
                    await pilot.pause(0.05)
            async with asyncio.timeout(PATIENCE):
                while OURS.brand not in text_of(app):  # the columns still grow
                    await pilot.pause(0.05)
            yield app, pilot


async def pictures(language: str, size: tuple[int, int]) -> AsyncIterator[tuple[str, App]]:
    """Every scene, while it is on the screen."""
    async with shown(language, size) as (app, pilot):
        await still(app, pilot)
        yield "table", app
        for name, screen in scenes(app.kit.words).items():
            await app.push_screen(screen)
            await still(app, pilot)
            yield name, app
            app.pop_screen()
            await pilot.pause()


async def still(app: App, pilot: Pilot[int]) -> None:
    """Wait until nothing moves any more."""
    before, same = "", 0
    async with asyncio.timeout(PATIENCE):
        while same < STILL:
            await pilot.pause(0.05)
            before, same = (now := text_of(app)), same + 1 if now == before else 0


def text_of(app: App) -> str:
    """What stands on the screen, without colours, and without the bars that say how far it is scrolled."""
    strips = app.screen._compositor.render_strips()
    lines = (_BAR.sub("", "".join(segment.text for segment in strip)).rstrip() for strip in strips)
    return "\n".join(lines).rstrip() + "\n"


async def taken(language: str, size: tuple[int, int]) -> dict[str, str]:
    return {name: text_of(app) async for name, app in pictures(language, size)}


def path_of(language: str, size: tuple[int, int]) -> Path:
    return SNAPSHOTS / f"{language}-{size[0]}x{size[1]}.txt"


def written(scenes_: dict[str, str]) -> str:
    return "\n".join(f"=== {name}\n{text}" for name, text in scenes_.items())


def read(text: str) -> dict[str, str]:
    parts = text.removeprefix("=== ").split("\n=== ")
    return {part.partition("\n")[0]: part.partition("\n")[2].rstrip("\n") + "\n" for part in parts}


async def _paint(folder: Path, language: str, size: tuple[int, int]) -> None:
    async for name, app in pictures(language, size):
        target = folder / f"finder-{name}.{language}.{size[0]}.svg"
        target.write_text(app.export_screenshot(), encoding="utf-8")


def main(folder: str = "") -> None:
    """All of them again."""
    SNAPSHOTS.mkdir(exist_ok=True)
    for language in LANGUAGES:
        for size in SIZES:
            path_of(language, size).write_text(written(asyncio.run(taken(language, size))), encoding="utf-8")
            if folder:
                asyncio.run(_paint(Path(folder), language, size))


if __name__ == "__main__":
    main(*sys.argv[1:])
