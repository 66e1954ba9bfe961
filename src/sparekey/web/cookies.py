"""Cookies that only we can set and only we can read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection
    from starlette.responses import Response

VALUE_LIMIT = 256
"""Characters of a cookie value that is read; a longer one is not ours."""


def read(request: HTTPConnection, name: str) -> str | None:
    """The value that this browser holds under `name`, or None."""
    value = request.cookies.get(_stored(request, name))
    return value if value is not None and len(value) <= VALUE_LIMIT else None


def put(
    response: Response,
    request: HTTPConnection,
    name: str,
    value: str,
    *,
    seconds: int | None = None,
    same_site: Literal["strict", "lax"] = "strict",
) -> None:
    """Sets a cookie for the whole site; without `seconds` it ends with the browser.

    HttpOnly always. Over https also Secure, with the prefix `__Host-Http-` (RFC 6265bis section 4.1.3.4; to browsers
    that do not know it, it is `__Host-`): neither a neighbour on the network nor a script can plant it, such as one on
    a camera's page, whose door is another port of the same host.
    """
    response.set_cookie(
        _stored(request, name),
        value,
        max_age=seconds,
        path="/",
        secure=_https(request),
        httponly=True,
        samesite=same_site,
    )


def drop(response: Response, request: HTTPConnection, name: str) -> None:
    """Takes a cookie away."""
    response.delete_cookie(
        _stored(request, name), path="/", secure=_https(request), httponly=True, samesite="strict"
    )


def _https(request: HTTPConnection) -> bool:
    return bool(request.scope["scheme"] == "https")


def _stored(request: HTTPConnection, name: str) -> str:
    return f"__Host-Http-{name}" if _https(request) else name
