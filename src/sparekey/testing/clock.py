"""A clock that moves when told."""

from __future__ import annotations


class FixedClock:
    """Starts on 21 September 2026 and stands still. `now`: Unix seconds. `uptime`: seconds since the machine
    started.
    """

    def __init__(self, now: int = 1_790_000_000, uptime: float = 1000.0) -> None:
        self.now = now
        self.uptime = uptime

    def wall(self) -> int:
        """Unix seconds."""
        return self.now

    def monotonic(self) -> float:
        """Seconds since the machine started."""
        return self.uptime

    def sleep(self, seconds: float) -> None:
        """Waiting moves the clock."""
        self.forward(seconds)

    def forward(self, seconds: float) -> None:
        """Let time pass."""
        self.now += int(seconds)
        self.uptime += seconds
