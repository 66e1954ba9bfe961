"""Pages of lists: a cursor names the last line of the page before, and means nothing else."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlencode

from sparekey.desk.api.problems import stop

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fastapi import Response

    from sparekey.desk.api.shapes import Paging

START = (0, "")
Line = TypeVar("Line")


def after(asked: Paging) -> tuple[int, str]:
    """Where the page begins: time and number of the line before it. Stops with `cursor`."""
    if asked.cursor is None:
        return START
    try:
        text = base64.urlsafe_b64decode(asked.cursor + "=" * (-len(asked.cursor) % 4)).decode("ascii")
    except (ValueError, binascii.Error):
        raise stop("cursor") from None
    at, _, number = text.partition(".")
    if not (at.isdecimal() and len(at) <= 12 and number.isalnum() and len(number) <= 16):
        raise stop("cursor")
    if cursor(int(at), number) != asked.cursor:
        raise stop("cursor")
    return int(at), number


def cursor(at: int, number: str) -> str:
    """The cursor for the page after this line."""
    return base64.urlsafe_b64encode(f"{at}.{number}".encode()).decode().rstrip("=")


def cut(
    lines: Sequence[Line],
    asked: Paging,
    address: str,
    response: Response,
    place: Callable[[Line], tuple[int, str]],
) -> tuple[Sequence[Line], str | None]:
    """The lines of this page and the cursor of the next one, which the header Link names too. `lines`: one more than
    was asked for, if there are so many. `place`: the time and number of a line.
    """
    if len(lines) <= asked.limit:
        return lines, None
    following = cursor(*place(lines[asked.limit - 1]))
    response.headers["link"] = linked(address, asked, following)
    return lines[: asked.limit], following


def linked(address: str, asked: Paging, following: str) -> str:
    """The header Link (RFC 8288) to the next page."""
    fields = asked.model_dump(mode="json", exclude_none=True, exclude_defaults=True, exclude={"cursor"})
    query = urlencode({**fields, "cursor": following}, doseq=True)
    return f'<{address}?{query}>; rel="next"'
