"""A reset button for the demo alone: a camera whose switch is a socket in its own folder, pressed by whoever plays it.

No device that is installed can be given one: the agent's settings name input devices and pins, and nothing else.
"""

from __future__ import annotations

import select
import socket
from typing import TYPE_CHECKING

from sparekey.core.errors import UnavailableError

if TYPE_CHECKING:
    from pathlib import Path

SWITCH = "switch"
"""The socket's name in the camera's folder, readable by its owner alone."""
_DOWN, _UP = b"down", b"up"


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
        self._down = self._socket.recv(16) == _DOWN
        return self._down

    def close(self) -> None:
        """Let go."""
        self._socket.close()


class Finger:
    """Presses the switch of a camera. Raises UnavailableError (`switch`) when the camera is not on."""

    def __init__(self, folder: Path) -> None:
        self._path = str(folder / SWITCH)

    def press(self) -> None:
        """Down."""
        self._send(_DOWN)

    def let_go(self) -> None:
        """Up."""
        self._send(_UP)

    def _send(self, word: bytes) -> None:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            try:
                sender.sendto(word, self._path)
            except OSError as error:
                raise UnavailableError("switch", f"the camera is not on ({error.strerror})") from None
