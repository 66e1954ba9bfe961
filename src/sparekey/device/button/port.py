"""What the device asks of whatever reads its switch."""

from __future__ import annotations

from typing import Protocol


class Button(Protocol):
    """One switch. Every call may raise UnavailableError (`button`)."""

    def is_down(self) -> bool:
        """How it is at this moment; every change before that is forgotten."""

    def wait(self, seconds: float) -> bool | None:
        """Wait for the next change, at most so long: whether it went down (True) or up (False); None when nothing
        changed. Changes come in the order in which they happened, none left out.
        """

    def close(self) -> None:
        """Let it go."""
