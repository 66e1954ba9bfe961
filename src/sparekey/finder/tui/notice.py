"""A maker's legal notice, and the box of somebody who read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Checkbox, Static

from sparekey.finder import agreement
from sparekey.finder.tui.fields import Tick

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from sparekey.finder.tui.app import FinderApp


class NoticeScreen(ModalScreen[bool]):
    """Answers whether the person agrees; leaving it is a no."""

    app: FinderApp
    CSS = """
    NoticeScreen { align: center middle; }
    #box { width: 76; height: auto; border: solid $warning; background: $surface; }
    """
    BINDINGS: ClassVar = [Binding("escape", "no")]

    def compose(self) -> ComposeResult:
        """The notice, the box, two buttons."""
        words = self.app.kit.words
        with Vertical(id="box"):
            yield Static(words.text(agreement.TITLE), classes="title")
            yield Static(agreement.notice(words), classes="line", markup=False)
            yield Tick(words.text(agreement.I_AGREE), id="agreed", compact=True)
            with Horizontal(classes="row"):
                yield Button(words.text("No, stop"), id="no")
                yield Button(words.text("Go on"), id="yes", variant="primary", disabled=True)

    def on_mount(self) -> None:
        """First the box."""
        self.query_one("#agreed").focus()

    def on_checkbox_changed(self, event: Checkbox.Changed) -> None:
        """Nobody goes on who did not agree."""
        self.query_one("#yes", Button).disabled = not event.value

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Answer."""
        self.dismiss(event.button.id == "yes")

    def action_no(self) -> None:
        """Leave it."""
        self.dismiss(False)
