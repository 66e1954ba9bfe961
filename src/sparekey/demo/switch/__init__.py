"""A reset button for the demo alone: a camera whose switch is a socket in its own folder, pressed by whoever plays it.

It is in a checkout alone: what is installed has no such adapter, and the agent's settings name input devices and pins.
"""

from __future__ import annotations

import select
import socket
from typing import TYPE_CHECKING

from sparekey.demo.finger import DOWN

if TYPE_CHECKING:
    from pathlib import Path


class SocketButton:
    """A `Button` that a finger elsewhere in the demo presses."""

    def __init__(self, path: Path) -> None:
        path.unlink(missing_ok=True)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(path))
        path.chmod(0o600)
        self._down = False

    def is_down(self) -> bool:
        """How it is now."""
        while self.wait(0) is not None:
            pass
        return self._down

    def wait(self, seconds: float) -> bool | None:
        """The next change."""
        if not select.select([self._socket], [], [], seconds)[0]:
            return None
        self._down = self._socket.recv(16) == DOWN
        return self._down

    def close(self) -> None:
        """Let go."""
        self._socket.close()
