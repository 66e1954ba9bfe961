"""One sentence for whatever a page stands on: `This [recorder|camera] is ready` is two messages, translated each."""

from __future__ import annotations

import re

_CHOICE = re.compile(r"\[([^\[\]|]*)\|([^\[\]|]*)\]")


def of_recorder(message: str) -> str:
    """The message as a recorder says it; one without a choice as it is."""
    return _CHOICE.sub(r"\1", message) if "|" in message else message


def of_camera(message: str) -> str:
    """The message as a camera says it."""
    return _CHOICE.sub(r"\2", message) if "|" in message else message
