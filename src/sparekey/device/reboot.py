"""After a recovery: the device restarts by itself, where its profile says so and its maker says how."""

from __future__ import annotations

import logging
import subprocess
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

DELAY = 10.0
"""Seconds until it begins, so that the page that says so arrives."""
PATIENCE = 60.0
"""Seconds that the maker's program may take to begin it."""

_LOG = logging.getLogger("sparekey.device")


class Reboot:
    """The port: `order` begins a restart soon. `run` carries the maker's command out; tests and makers bring others."""

    def __init__(self, command: Sequence[str], run: Callable[[Sequence[str]], None] | None = None) -> None:
        """`command`: a program and its arguments; none, and the device never restarts by itself."""
        self._command = tuple(command)
        self._run = run or _run
        self._timer: threading.Timer | None = None

    @property
    def can(self) -> bool:
        """Whether the device can restart itself."""
        return bool(self._command)

    def order(self, delay: float = DELAY) -> None:
        """Restart soon. A second order while the first one waits changes nothing."""
        if not self._command or (self._timer is not None and self._timer.is_alive()):
            return
        self._timer = threading.Timer(delay, self._run, (self._command,))
        self._timer.daemon = True
        self._timer.start()


def _run(command: Sequence[str]) -> None:
    try:
        subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE, check=True)
    except (OSError, subprocess.SubprocessError) as error:
        _LOG.warning("the device could not be restarted: %s", type(error).__name__)
