"""The one file that reads the real clock."""

from __future__ import annotations

import time
from typing import Protocol

_UNKEPT = 5  # TIME_ERROR: nobody set it for so long that it may be wrong


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


class PatientClock:
    """A clock that nobody can set forward while it runs: for what has to take its time, such as a hold in which an
    owner can say no. Where the other one is behind, so is this one.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._began = clock.wall() - clock.monotonic()

    def wall(self) -> int:
        """Unix seconds."""
        return min(self._clock.wall(), int(self._began + self._clock.monotonic()) + 1)


def is_kept() -> bool | None:
    """Whether something, such as NTP, keeps this machine's clock right, as the Linux kernel was told (adjtimex(2),
    which any user may ask). None where nobody knows.
    """
    import ctypes

    try:
        state = ctypes.CDLL(None).adjtimex((ctypes.c_ubyte * 512)())
    except (OSError, AttributeError):
        return None
    return None if state < 0 else state != _UNKEPT
