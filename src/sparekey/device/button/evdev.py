"""A switch that the kernel's gpio-keys driver, or any other, shows as a Linux input device (linux/input.h)."""

from __future__ import annotations

import fcntl
import os
import select
import struct
from collections import deque
from typing import TYPE_CHECKING

from sparekey.core.errors import UnavailableError

if TYPE_CHECKING:
    from pathlib import Path

KEY_RESTART = 0x198
"""What a reset switch usually sends (linux/input-event-codes.h)."""
KEY_MAX = 0x2FF

_EVENT = struct.Struct("@LLHHi")
"""`struct input_event`: seconds, microseconds, type, code, value; the first two as long as a machine word."""
_SYN, _KEY, _DROPPED = 0, 1, 3
_BITS = KEY_MAX // 8 + 1
_EVIOCGKEY = 2 << 30 | _BITS << 16 | ord("E") << 8 | 0x18
"""`EVIOCGKEY(len)`: which keys are down, one bit each."""
_BURST = 64


class EvdevButton:
    """One key of an input device."""

    def __init__(self, path: Path, code: int = KEY_RESTART) -> None:
        """Raises UnavailableError (`button`) for what is no input device."""
        self._path = path
        self._code = code
        self._changes: deque[bool] = deque()
        try:
            self._file = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as error:
            raise self._failed(error) from None
        try:
            self._down = self._state()
        except UnavailableError:
            os.close(self._file)
            raise

    def is_down(self) -> bool:
        """Asked of the kernel itself."""
        self._read()
        self._changes.clear()
        self._down = self._state()
        return self._down

    def wait(self, seconds: float) -> bool | None:
        """The next change of this key; other keys and repeats are passed over."""
        if not self._changes:
            try:
                select.select([self._file], [], [], seconds)
            except OSError as error:
                raise self._failed(error) from None
            self._read()
        return self._changes.popleft() if self._changes else None

    def close(self) -> None:
        """Close the device."""
        os.close(self._file)

    def _read(self) -> None:
        try:
            data = os.read(self._file, _EVENT.size * _BURST)
        except BlockingIOError:
            return
        except OSError as error:
            raise self._failed(error) from None
        for _, _, kind, code, value in _EVENT.iter_unpack(data[: len(data) // _EVENT.size * _EVENT.size]):
            if (kind, code) == (_SYN, _DROPPED):  # the kernel lost some: what it says now holds
                self._changed(down=False)
                self._changed(down=self._state())
            elif (kind, code) == (_KEY, self._code) and value in (0, 1):
                self._changed(down=value == 1)

    def _changed(self, *, down: bool) -> None:
        if down is not self._down:
            self._down = down
            self._changes.append(down)

    def _state(self) -> bool:
        bits = bytearray(_BITS)
        try:
            fcntl.ioctl(self._file, _EVIOCGKEY, bits)
        except OSError as error:
            raise self._failed(error) from None
        return bool(bits[self._code // 8] >> self._code % 8 & 1)

    def _failed(self, error: OSError) -> UnavailableError:
        return UnavailableError("button", f"cannot read the switch at {self._path}: {error.strerror}")
