"""Counts how long the switch is held, by the monotonic clock (spec/requests.md section 13)."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from sparekey.core.errors import UnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable

    from sparekey.device.button.port import Button
    from sparekey.host.clock import Clock

LOOK = 1.0
"""Seconds after which the watch looks whether it is to end."""
AGAIN = 60.0
"""Seconds until a switch that does not answer is asked again."""

_LOG = logging.getLogger("sparekey.device")


class Watch:
    """Tells of each press at once, and of a long one as soon as it is long enough, once.

    `pressed`: somebody is at the device. `held`: gets the whole seconds. A press that began before the watch did
    counts for nothing: a switch that is jammed, or held while power comes on, was not pressed while it was on.
    """

    def __init__(
        self,
        button: Button,
        clock: Clock,
        hold: int,
        *,
        pressed: Callable[[], None],
        held: Callable[[int], object],
    ) -> None:
        self._button = button
        self._clock = clock
        self._hold = hold
        self._pressed = pressed
        self._held = held
        self._since: float | None = None
        self._known = False

    def look(self) -> None:
        """Wait for one change, or until the press is long enough, or a short while. Raises UnavailableError."""
        if not self._known:
            self._button.is_down()  # whatever it was before does not count
            self._known, self._since = True, None
        left = LOOK if self._since is None else self._hold - (self._clock.monotonic() - self._since)
        down = self._button.wait(max(0.0, min(LOOK, left)))
        if down:
            self._since = self._clock.monotonic()
            self._pressed()
        elif down is False:
            self._since = None
        elif self._since is not None and self._clock.monotonic() - self._since >= self._hold:
            seconds = int(self._clock.monotonic() - self._since)
            self._since = None
            self._held(seconds)

    def forget(self) -> None:
        """The switch did not answer: what is held now must be let go and pressed again."""
        self._known, self._since = False, None


class WatchMan:
    """Runs a watch in a thread of its own until it is told to end."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._run, name="button", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def end(self) -> None:
        """End, and wait for it."""
        self._ends.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ends.is_set():
            try:
                self._watch.look()
            except UnavailableError as error:
                _LOG.warning("the reset button does not answer: %s", error.hint)
                self._watch.forget()
                self._ends.wait(AGAIN)
