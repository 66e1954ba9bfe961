"""What can be said of a procedure, and how the verdicts of its parts make one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

OK = "ok"
UNBUILT = "todo"
FAILED = "failed: "
SKIPPED = "skipped: "


class UnlikeError(Exception):
    """The site did something else than the procedure says. Its text tells what, in one line."""


def expect(holds: object, why: str) -> None:
    """Raises UnlikeError with `why` unless it holds."""
    if not holds:
        raise UnlikeError(why)


def failed(why: str) -> str:
    """A verdict in one line."""
    return FAILED + " ".join(why.split())


def skipped(why: str) -> str:
    """It cannot be played here, and this is why: no verdict on the procedure."""
    return SKIPPED + why


def bare(parts: Mapping[str, str]) -> str:
    """The verdict of a row from those of its parts: failed if any failed, ok if all are ok, else todo."""
    for row, verdict in parts.items():
        if verdict.startswith(FAILED):
            return failed(f"see {row}")
    return OK if all(verdict == OK for verdict in parts.values()) else UNBUILT
