"""Requests to support from many devices, in one file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.screen import Screen
from textual.widgets import Button, Input, Static

from sparekey.core.errors import SparekeyError
from sparekey.core.values import MethodName
from sparekey.finder.exporting import check_name, save
from sparekey.finder.requesting import Requesting
from sparekey.finder.tui.fields import Field
from sparekey.finder.tui.keys import Keys
from sparekey.finder.tui.results import ResultsScreen
from sparekey.finder.tui.targets import about, targets_of

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from sparekey.finder.many import End
    from sparekey.finder.tui.app import FinderApp
    from sparekey.lan.discovery.found import Found

NAME = "site.sparekey-request"


class RequestsScreen(Screen[None]):
    """`chosen`: devices of ours whose password is lost."""

    app: FinderApp
    BINDINGS: ClassVar = [Binding("escape", "app.pop_screen")]

    def __init__(self, chosen: list[Found]) -> None:
        super().__init__()
        self._chosen = chosen

    def compose(self) -> ComposeResult:
        """Which devices, and where their requests go."""
        words = self.app.kit.words
        title = f"{words.text('Requests to support')}: {about(self._chosen, words)}"
        yield Static(title, classes="title", markup=False)
        with VerticalScroll():
            told = words.text(
                "Each device seals its request. Support answers with a file, which you hand in here; until then"
                " the old passwords work. Nothing is lost: recordings and settings stay."
            )
            yield Static(told, classes="line")
            yield Field(words.text("The file to send: FILE.sparekey-request"), "out", value=NAME)
            with Horizontal(classes="row"):
                yield Button(words.text("Save the requests"), id="save", variant="primary")
            yield Static("", id="told", classes="told", markup=False)
        yield Keys([("Esc", words.text("Back"), "app.pop_screen")])

    def on_mount(self) -> None:
        """All is filled in."""
        self.query_one("#save").focus()

    def on_button_pressed(self, _event: Button.Pressed) -> None:
        """Ask each of them; then one file."""
        kit, path = self.app.kit, Path(self.query_one("#out", Input).value.strip()).expanduser()
        places, sealed = targets_of(self._chosen), dict[str, bytes]()
        try:
            check_name(path, len(places))
        except SparekeyError as error:
            self.query_one("#told", Static).update(error.hint or error.slug)
            return
        requesting = Requesting(kit, MethodName.RESPONSE_FILE)

        async def one(place: str) -> tuple[End, object, str]:
            end, opened, why = await requesting.one(await self.app.know(places[place]))
            if opened is not None:
                sealed[place] = opened.sealed
                why = f"{kit.words.text('Request number')} {opened.number}"
            return end, opened, why

        def after() -> str:
            if not sealed:
                return ""
            save(path, [sealed[place] for place in places if place in sealed])
            told = kit.words.text("Saved: %(file)s. Send it to support, or use: sparekey send %(file)s")
            return told % {"file": path}

        title = kit.words.text("Requests to support")
        self.app.push_screen(ResultsScreen(title, list(places), one, "", after))
