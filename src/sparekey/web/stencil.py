"""A page with holes: rendered once, filled in for every reader."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markupsafe import escape

if TYPE_CHECKING:
    from collections.abc import Callable

_OPENS, _ENDS = "\ue000", "\ue001"
"""Around a hole's name: characters for private use, which no template and no catalogue has."""
_HOLE = re.compile(f"{_OPENS}([^{_ENDS}]*){_ENDS}")


def hole(name: str) -> str:
    """What a template is given in the place of a value. Only where the value would be escaped: in a text, in an
    attribute between quotes.
    """
    return f"{_OPENS}{name}{_ENDS}"


class Stencil:
    """What a template rendered around its holes."""

    def __init__(self, rendered: str) -> None:
        self._parts = _HOLE.split(rendered)
        self.holes = tuple(self._parts[1::2])
        """Their names, in order."""

    def filled(self, value: Callable[[str], str]) -> str:
        """The page, each hole filled with its value, escaped."""
        parts = self._parts.copy()
        parts[1::2] = [escape(value(name)) for name in self.holes]
        return "".join(parts)
