"""The one file that reads the real clock."""

from __future__ import annotations

import time
from typing import Protocol


class Clock(Protocol):
    """Time as the rest of the house sees it."""

    def wall(self) -> int:
        """Unix seconds."""

    def monotonic(self) -> float:
        """Seconds that never go back; counted from an unknown start."""

    def sleep(self, seconds: float) -> None:
        """Wait."""


class SystemClock:
    """The machine's own clock."""

    def wall(self) -> int:
        """Unix seconds."""
        return int(time.time())

    def monotonic(self) -> float:
        """Seconds since the machine started, its sleep included where the system can tell."""
        return (
            time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()
        )

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)
