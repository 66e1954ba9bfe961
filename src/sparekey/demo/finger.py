"""Presses the reset button of the demo's camera: words to a socket in the camera's folder."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

from sparekey.core.errors import UnavailableError

if TYPE_CHECKING:
    from pathlib import Path

SWITCH = "switch"
"""The socket's name in the camera's folder, readable by its owner alone."""
DOWN, UP = b"down", b"up"


class Finger:
    """Presses the switch of a camera. Raises UnavailableError (`switch`) when the camera is not on."""

    def __init__(self, folder: Path) -> None:
        self._path = str(folder / SWITCH)

    def press(self) -> None:
        """Down."""
        self._send(DOWN)

    def let_go(self) -> None:
        """Up."""
        self._send(UP)

    def _send(self, word: bytes) -> None:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            try:
                sender.sendto(word, self._path)
            except OSError as error:
                raise UnavailableError("switch", f"the camera is not on ({error.strerror})") from None
