"""What is typed and ticked, in one line each, so that a dialog fits 24 of them; its name stays in sight."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Horizontal
from textual.widgets import Checkbox, Input, Static

if TYPE_CHECKING:
    from textual.app import ComposeResult


class Field(Horizontal):
    """A label and an input with the id `name`."""

    DEFAULT_CSS = """
    Field { height: 1; margin: 0 1; }
    Field Static { width: 45; height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
    Field Input { width: 1fr; }
    """

    def __init__(self, label: str, name: str, *, secret: bool = False, value: str = "") -> None:
        super().__init__()
        self._label = label
        self._input = Input(value, password=secret, id=name, compact=True)
        self._input.cursor_blink = False  # it would send something over a slow line, twice a second

    def compose(self) -> ComposeResult:
        """Side by side."""
        yield Static(self._label)
        yield self._input


class Tick(Checkbox):
    """A box that shows its cross only when it is ticked, whatever the terminal's colours."""

    @property
    def BUTTON_INNER(self) -> str:  # type: ignore[override]  # noqa: N802 - Textual's name; there it never changes
        """What stands in the box."""
        return "X" if self.value else " "
