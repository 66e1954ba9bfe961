"""The screens, driven by keys as a person drives them; nobody answers here but invented devices."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from textual.pilot import Pilot
from textual.widgets import Button, DataTable, Input, Static

from sparekey.finder.journal import Journal
from sparekey.finder.kit import Kit
from sparekey.finder.many import End
from sparekey.finder.tui.app import FinderApp
from sparekey.finder.tui.details import DetailsScreen
from sparekey.finder.tui.results import ResultsScreen
from sparekey.finder.tui.rotate import RotateScreen
from sparekey.finder.tui.table import TableScreen
from sparekey.language.catalogue import translator
from sparekey.testing.clock import FixedClock
from sparekey.testing.entropy import FixedEntropy
from tests.finder.answers import OTHER, OURS

HOSTILE = replace(
    OTHER, sender="192.0.2.66", name="[@click=app.quit]x[/]", model="[red]A[/", macs=("02-00-5e-00-53-66",),
    addresses=("192.0.2.66",), serial="DS-2",
)  # fmt: skip


def app(language: str = "en") -> FinderApp:
    return FinderApp(Kit(Journal(None), FixedClock(), FixedEntropy(), translator(language)), ())


def play(
    story: Callable[[FinderApp, Pilot[int]], Awaitable[None]],
    language: str = "en",
    size: tuple[int, int] = (80, 24),
) -> None:
    async def run() -> None:
        shown = app(language)
        async with shown.run_test(size=size) as pilot:
            await pilot.pause()
            assert isinstance(shown.screen, TableScreen)
            for found in (OURS, OTHER, HOSTILE):
                shown.screen.add(found, 1000.0)
            await pilot.pause(0.7)
            await story(shown, pilot)

    asyncio.run(run())


def lines(shown: FinderApp) -> list[list[str]]:
    table = shown.screen.query_one("#devices", DataTable)
    return [[str(cell) for cell in table.get_row_at(at)] for at in range(table.row_count)]


def said(shown: FinderApp, name: str) -> str:
    return str(shown.screen.query_one(name, Static).render())


def test_the_table_lists_sorts_filters_and_marks() -> None:
    async def story(shown: FinderApp, pilot: Pilot[int]) -> None:
        assert [line[4] for line in lines(shown)] == ["192.0.2.20", "192.0.2.64", "192.0.2.66"]
        await pilot.press("s", "s")
        assert {line[4] for line in lines(shown)} == {"192.0.2.20", "192.0.2.64", "192.0.2.66"}
        await pilot.press("slash", *"hikvision")
        assert sorted(line[4] for line in lines(shown)) == ["192.0.2.64", "192.0.2.66"]
        await pilot.press("enter", "space")
        assert sorted(line[0] for line in lines(shown)) == [" ", "*"]
        assert "Selected: 1." in said(shown, "#status")

    play(story)


@pytest.mark.meets("asvs-3.2.2")
def test_T14_what_a_stranger_wrote_is_shown_and_never_run() -> None:
    async def story(shown: FinderApp, pilot: Pilot[int]) -> None:
        assert any("[@click=app.quit]x[/]" in line for line in lines(shown))
        await pilot.press("slash", *"192.0.2.66", "enter", "enter")
        await pilot.pause()
        assert isinstance(shown.screen, DetailsScreen)
        assert "[red]A[/" in str(shown.screen.query_one(".title", Static).render())

    play(story)


def test_P25_another_makers_device_tells_its_makers_own_way() -> None:
    async def story(shown: FinderApp, pilot: Pilot[int]) -> None:
        await pilot.press("slash", *"2042", "enter", "enter")
        await pilot.pause()
        told = said(shown, "#ways")
        assert "File from the maker's support" in told
        assert "sparekey rotate" in told
        await pilot.press("f", "a")
        assert isinstance(shown.screen, DetailsScreen), "no dialog opens for what is not ours"
        await pilot.press("escape")
        assert isinstance(shown.screen, TableScreen)

    play(story)


def test_a_change_without_a_place_for_the_password_is_not_begun() -> None:
    async def story(shown: FinderApp, pilot: Pilot[int]) -> None:
        await pilot.press("p")
        await pilot.pause()
        assert isinstance(shown.screen, RotateScreen)
        shown.screen.query_one("#password", Input).value = "works now"
        await pilot.click("#do")
        await pilot.pause()
        assert "Say where" in said(shown, "#told")
        shown.screen.query_one("#save", Input).value = "/nowhere/at/all.kdbx"
        shown.screen.query_one("#do", Button).press()
        await pilot.pause(0.3)
        assert "there is no folder" in said(shown, "#told")
        assert isinstance(shown.screen, RotateScreen)

    play(story)


def test_failures_alone_are_done_once_more_and_a_cancel_keeps_what_is_done() -> None:
    calls: list[str] = []
    held = asyncio.Event()

    async def work(address: str) -> tuple[End, object, str]:
        calls.append(address)
        if address == "slow":
            await held.wait()
        if address == "fails" and calls.count(address) == 1:
            return End.FAILED, None, "no answer"
        return End.DONE, None, ""

    async def story(shown: FinderApp, pilot: Pilot[int]) -> None:
        saved: list[int] = []

        def after() -> str:
            saved.append(1)
            return "Saved."

        await shown.push_screen(ResultsScreen("Work", ["good", "fails"], work, "done", after))
        await pilot.pause(0.2)
        assert "Done: 1. Refused: 0. No answer: 1. Saved." in said(shown, "#status")
        await pilot.press("t")
        await pilot.pause(0.2)
        assert calls == ["good", "fails", "fails"]
        await pilot.press("escape")
        await shown.push_screen(ResultsScreen("Work", ["slow"], work, "done", after))
        await pilot.pause(0.2)
        await pilot.press("c")
        await pilot.pause(0.2)
        assert len(saved) == 3
        assert "No answer: 1." in said(shown, "#status")

    play(story)


def test_every_screen_speaks_czech() -> None:
    async def story(shown: FinderApp, pilot: Pilot[int]) -> None:
        assert "Hledat znovu" in str(shown.screen.query_one("Keys", Static).render())
        await pilot.press("p")
        await pilot.pause()
        assert "Nová hesla" in str(shown.screen.query_one(".title", Static).render())

    play(story, "cs")


def test_T14_a_mistake_of_ours_shows_nothing_that_was_typed(capsys: pytest.CaptureFixture[str]) -> None:
    async def run() -> None:
        shown = app()

        def breaks() -> None:
            raise RuntimeError("typed by a person")

        with pytest.raises(RuntimeError):
            async with shown.run_test() as pilot:
                shown.call_later(breaks)
                await pilot.pause()
                await pilot.pause()
        assert shown.return_code == 1

    asyncio.run(run())
    told = " ".join(capsys.readouterr().err.split())
    assert "by our mistake" in told
    assert "typed by a person" not in told


def test_a_line_that_did_not_change_is_not_drawn_again() -> None:
    async def story(shown: FinderApp, pilot: Pilot[int]) -> None:
        table = shown.screen.query_one("#devices", DataTable)
        cleared: list[int] = []
        table.clear = lambda *_: cleared.append(1)  # type: ignore[method-assign,assignment]
        assert isinstance(shown.screen, TableScreen)
        shown.screen.add(OURS, 1001.0)
        shown.screen.add(replace(OURS, firmware="2"), 1001.0)
        await pilot.press("space")
        await pilot.pause(0.7)
        assert not cleared
        assert lines(shown)[0][0] == "*"

    play(story)
