"""The last lines of every screen: which keys do what, for the mouse as well, in the person's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.events import Resize

_GAP = "  "


class Keys(Static):
    """`keys`: (key, sentence, action); the sentences are ours and translated."""

    DEFAULT_CSS = "Keys { dock: bottom; height: auto; max-height: 3; background: $panel; padding: 0 1; }"

    def __init__(self, keys: Sequence[tuple[str, str, str]]) -> None:
        self._parts = [
            Content.from_markup(f"[b]$key[/b] [@click={action}]$told[/]", key=key, told=told)
            for key, told, action in keys
        ]
        super().__init__(Content(_GAP).join(self._parts))

    def on_resize(self, event: Resize) -> None:
        """A key and what it does stay on one line."""
        lines: list[list[Content]] = [[]]
        for part in self._parts:
            if Content(_GAP).join([*lines[-1], part]).cell_length > event.size.width:
                lines.append([])
            lines[-1].append(part)
        self.update(Content("\n").join(Content(_GAP).join(line) for line in lines))
