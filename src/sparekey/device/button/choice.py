"""Which switch a device has, by its settings."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sparekey.core.errors import InputError
from sparekey.core.model import Model, Switch
from sparekey.device.button.evdev import KEY_MAX, KEY_RESTART

if TYPE_CHECKING:
    from sparekey.device.button.port import Button


@dataclass(frozen=True)
class ButtonSettings:
    """The table `[button]`. `event`: an input device such as `/dev/input/event0`, and `code` the key that it sends;
    or `chip`: a GPIO device such as `/dev/gpiochip0`, and its `line`. Neither: no switch is read.
    """

    event: Path | None = None
    code: int = KEY_RESTART
    chip: Path | None = None
    line: int = 0
    active_low: bool = True


def check(settings: ButtonSettings, model: Model, source: str) -> None:
    """Check what types cannot say. `source` names the file. Raises InputError (`config`)."""
    given = settings.event, settings.chip
    if None not in given:
        raise InputError("config", f"{source}: button.event or button.chip: give one of them")
    if given != (None, None) and model.switch is Switch.NONE:
        raise InputError("config", f"{source}: button: the model {model.name} has no switch")
    if not 0 < settings.code <= KEY_MAX or settings.line < 0:
        raise InputError("config", f"{source}: button.code is 1 to {KEY_MAX}, button.line 0 or more")


def open_button(settings: ButtonSettings) -> Button | None:
    """The switch, or None. Raises UnavailableError (`button`)."""
    if settings.event is not None:
        from sparekey.device.button.evdev import EvdevButton

        return EvdevButton(settings.event, settings.code)
    if settings.chip is not None:
        from sparekey.device.button.gpio import GpioButton

        return GpioButton(settings.chip, settings.line, active_low=settings.active_low)
    return None
