"""What a check is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from sparekey.demo.stage import Stage


@dataclass(frozen=True)
class Check:
    """Plays one row (`P05.device`) on a fresh site with the rules of `profile`.

    `play` returns when all went as the procedure says and what must be refused was refused; otherwise it
    raises UnlikeError.
    A row with several checks is ok when all of them are. `needs`: a module that is in a checkout alone, or "".
    """

    row: str
    profile: str
    play: Callable[[Stage], None]
    needs: str = ""
