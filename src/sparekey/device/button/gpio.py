"""A switch on a pin of the GPIO character device (linux/gpio.h), by the binding `gpiod` (extra `gpio`)."""

from __future__ import annotations

from collections import deque
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sparekey.core.errors import UnavailableError

if TYPE_CHECKING:
    from pathlib import Path

BOUNCE = timedelta(milliseconds=20)
"""For how long contacts bounce."""


class GpioButton:
    """One line of a chip."""

    def __init__(self, chip: Path, line: int, *, active_low: bool = True) -> None:
        """Raises UnavailableError (`button`) for a line that cannot be had, or without the binding."""
        try:
            import gpiod
            from gpiod.line import Bias, Direction, Edge, Value
        except ImportError:
            raise UnavailableError(
                "button", "the part that reads pins is missing: install sparekey[gpio]"
            ) from None
        self._line = line
        self._active: Any = Value.ACTIVE
        self._rising = gpiod.EdgeEvent.Type.RISING_EDGE
        self._changes: deque[bool] = deque()
        wanted = gpiod.LineSettings(
            direction=Direction.INPUT,
            edge_detection=Edge.BOTH,
            bias=Bias.PULL_UP if active_low else Bias.PULL_DOWN,
            active_low=active_low,
            debounce_period=BOUNCE,
        )
        try:
            self._request = gpiod.request_lines(str(chip), config={line: wanted}, consumer="sparekey")
        except (OSError, ValueError) as error:
            raise UnavailableError("button", f"cannot use line {line} of {chip}: {error}") from None

    def is_down(self) -> bool:
        """Asked of the pin itself."""
        self._read(0)
        self._changes.clear()
        try:
            return bool(self._request.get_value(self._line) == self._active)
        except OSError as error:
            raise self._failed(error) from None

    def wait(self, seconds: float) -> bool | None:
        """The next edge."""
        if not self._changes:
            self._read(seconds)
        return self._changes.popleft() if self._changes else None

    def close(self) -> None:
        """Give the line back."""
        self._request.release()

    def _read(self, seconds: float) -> None:
        try:
            if self._request.wait_edge_events(timedelta(seconds=seconds)):
                edges = self._request.read_edge_events()
                self._changes.extend(edge.event_type is self._rising for edge in edges)
        except OSError as error:
            raise self._failed(error) from None

    def _failed(self, error: OSError) -> UnavailableError:
        return UnavailableError("button", f"cannot read line {self._line}: {error}")
