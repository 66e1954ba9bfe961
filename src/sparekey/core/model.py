"""What a model sheet says: which hardware there is, and which firmware can what (spec/profiles.md section 5)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from sparekey.core.values import MethodName


class DeviceKind(Enum):
    """What the thing is."""

    RECORDER = "recorder"
    CAMERA = "camera"


class Switch(Enum):
    """Where the reset switch is."""

    NONE = "none"
    UNDER_FLAP = "under-flap"
    ON_CABLE = "on-cable"


@dataclass(frozen=True)
class Since:
    """A method that works from a firmware version on."""

    method: MethodName
    firmware: str


@dataclass(frozen=True)
class Model:
    """One model. What is not listed in `since` works with every firmware."""

    name: str
    kind: DeviceKind = DeviceKind.RECORDER
    switch: Switch = Switch.NONE
    since: tuple[Since, ...] = ()

    def needs_firmware(self, method: MethodName, firmware: str) -> str | None:
        """The version to upgrade to before this method works, or None when it works now."""
        for entry in self.since:
            if entry.method is method and _order(firmware) < _order(entry.firmware):
                return entry.firmware
        return None


def _order(version: str) -> tuple[int, ...]:
    """The numbers in a version, in order: `V4.1.10 build 3` is (4, 1, 10, 3)."""
    return tuple(int(part) for part in re.findall(r"\d{1,9}", version))
