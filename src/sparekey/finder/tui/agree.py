"""First contact: is the fingerprint the one that the device's own screen shows?"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Static

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from sparekey.finder.tui.app import FinderApp


class AgreeScreen(ModalScreen[bool]):
    """Answers with what the person says; leaving it is a no."""

    app: FinderApp
    CSS = """
    AgreeScreen { align: center middle; }
    #box { width: 76; height: auto; border: solid $warning; background: $surface; }
    """
    BINDINGS: ClassVar = [Binding("escape", "no")]

    def __init__(self, place: str, shown: str) -> None:
        super().__init__()
        self._place = place
        self._shown = shown

    def compose(self) -> ComposeResult:
        """The fingerprint and two buttons; the harmless one has the focus."""
        words = self.app.kit.words
        told = words.text(
            "First contact with %(place)s. The page Info on its own screen shows its fingerprint:"
        )
        with Vertical(id="box"):
            yield Static(told % {"place": self._place}, classes="line", markup=False)
            yield Static(self._shown, classes="told", markup=False)
            yield Static(words.text("Is it the same?"), classes="line")
            with Horizontal(classes="row"):
                yield Button(words.text("No, stop"), id="no")
                yield Button(words.text("Yes, the same"), id="yes", variant="primary")

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Answer."""
        self.dismiss(event.button.id == "yes")

    def action_no(self) -> None:
        """Leave it."""
        self.dismiss(False)
