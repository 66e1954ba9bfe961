"""The last line of every screen: which keys do what, for the mouse as well, in the person's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

if TYPE_CHECKING:
    from collections.abc import Sequence


class Keys(Static):
    """`keys`: (key, sentence, action); the sentences are ours and translated."""

    DEFAULT_CSS = "Keys { dock: bottom; height: auto; max-height: 2; background: $panel; padding: 0 1; }"

    def __init__(self, keys: Sequence[tuple[str, str, str]]) -> None:
        parts = [
            Content.from_markup(f"[b]$key[/b] [@click={action}]$told[/]", key=key, told=told)
            for key, told, action in keys
        ]
        super().__init__(Content("  ").join(parts))
