"""A request as a square, to photograph from the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import ScrollableContainer
from textual.screen import Screen
from textual.widgets import Static

from sparekey.finder.tui.keys import Keys

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from sparekey.finder.tui.app import FinderApp


class SquareScreen(Screen[None]):
    """`drawn`: its lines. Dark on light whatever the terminal's colours; where it does not fit, it scrolls."""

    app: FinderApp
    CSS = "SquareScreen #square { width: auto; height: auto; color: #ffffff; background: #000000; }"
    BINDINGS: ClassVar = [Binding("escape", "app.pop_screen")]

    def __init__(self, drawn: str) -> None:
        super().__init__()
        self._drawn = drawn

    def compose(self) -> ComposeResult:
        """Nothing but the square."""
        with ScrollableContainer():
            yield Static(self._drawn, id="square", markup=False)
        yield Keys([("Esc", self.app.kit.words.text("Back"), "app.pop_screen")])
