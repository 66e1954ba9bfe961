"""The cookie with the pickup code of the browser that began a recovery."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sparekey.core.crypto import sha256
from sparekey.web import cookies

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection

CLAIM = "claim"
"""The cookie, one for all methods: the pickup code, a dot, and the number of the boot in which it was given."""

_FORM = re.compile(r"([0-9a-f]{32,64})\.([0-9]{1,9})")


def carried(request: HTTPConnection) -> tuple[str | None, int]:
    """The pickup code that a browser brings, or None, and the boot in which it was given, or 0."""
    found = _FORM.fullmatch(cookies.read(request, CLAIM) or "")
    return (found[1], int(found[2])) if found else (None, 0)


def hashed(token: str | None) -> bytes | None:
    """What the machine knows of a pickup code."""
    return sha256(token.encode()) if token else None
