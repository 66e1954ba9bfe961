"""Forgot password: which of the dialogs, in order of least loss."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.screen import Screen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from sparekey.core.values import MethodName
from sparekey.finder.tui.keys import Keys
from sparekey.finder.tui.recover import TITLES, RecoverScreen

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from sparekey.finder.tui.app import FinderApp
    from sparekey.lan.discovery.found import Found


class ForgotScreen(Screen[None]):
    """`open_ways`: those that the device offers over the network."""

    app: FinderApp
    BINDINGS: ClassVar = [Binding("escape", "app.pop_screen")]

    def __init__(self, found: Found, open_ways: list[MethodName]) -> None:
        super().__init__()
        self._found = found
        self._open = open_ways

    def compose(self) -> ComposeResult:
        """A list; all of them keep recordings and settings."""
        words = self.app.kit.words
        yield Static(words.text("What do you have, or what can you get?"), classes="title")
        yield Static(words.text("Nothing is lost: recordings and settings stay."), classes="line")
        yield OptionList(*(Option(words.text(TITLES[method]), id=method.value) for method in self._open))
        yield Keys([("Esc", self.app.kit.words.text("Back"), "app.pop_screen")])

    def on_mount(self) -> None:
        """The list has the keys."""
        self.query_one(OptionList).focus()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Go there, in the place of this screen."""
        self.app.switch_screen(RecoverScreen(self._found, MethodName(str(event.option.id))))
