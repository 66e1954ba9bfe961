"""Answers: what a page gives back, an ASGI application each."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from urllib.parse import quote

from sparekey.web.lean.headers import MutableHeaders

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Literal

    from starlette.types import Receive, Scope, Send

_EMPTY = frozenset({204, 304})
"""Status numbers of answers that have no body, and do not say how long it is."""
_IN_A_LOCATION = ":/%#?=@[]!$&'()*+,;"


class Response:
    """A whole answer, its length known."""

    media_type: str | None = None

    def __init__(
        self,
        content: str | bytes | None = None,
        status_code: int = 200,
        headers: Mapping[str, str] | None = None,
        media_type: str | None = None,
    ) -> None:
        self.status_code = status_code
        self.body = content.encode() if isinstance(content, str) else content or b""
        self.raw_headers: list[tuple[bytes, bytes]] = []
        self.headers = MutableHeaders(raw=self.raw_headers)
        for name, value in (headers or {}).items():
            self.headers.append(name, value)
        if status_code not in _EMPTY:
            self.headers.setdefault("content-length", str(len(self.body)))
        self._name(media_type or self.media_type)

    def _name(self, kind: str | None) -> None:
        if kind is not None:
            text = kind.startswith("text/") and "charset=" not in kind
            self.headers.setdefault("content-type", f"{kind}; charset=utf-8" if text else kind)

    def set_cookie(
        self,
        key: str,
        value: str = "",
        max_age: int | None = None,
        path: str = "/",
        *,
        secure: bool = False,
        httponly: bool = False,
        samesite: Literal["lax", "strict"] = "lax",
    ) -> None:
        """Give the browser a cookie. `value`: nothing that would have to be quoted."""
        parts = [f"{key}={value}" if value else f'{key}=""', *(["HttpOnly"] if httponly else [])]
        parts += [] if max_age is None else [f"Max-Age={max_age}"]
        parts += [f"Path={path}", f"SameSite={samesite}", *(["Secure"] if secure else [])]
        self.headers.append("set-cookie", "; ".join(parts))

    def delete_cookie(
        self,
        key: str,
        path: str = "/",
        *,
        secure: bool = False,
        httponly: bool = False,
        samesite: Literal["lax", "strict"] = "lax",
    ) -> None:
        """Take one away."""
        self.set_cookie(key, "", 0, path, secure=secure, httponly=httponly, samesite=samesite)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        start = {"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers}
        await send(start)
        await send({"type": "http.response.body", "body": self.body})


class HTMLResponse(Response):
    """A page."""

    media_type = "text/html"


class PlainTextResponse(Response):
    """A few words."""

    media_type = "text/plain"


class RedirectResponse(Response):
    """Go on somewhere else."""

    def __init__(self, url: str, status_code: int = 307) -> None:
        super().__init__(b"", status_code, {"location": quote(url, safe=_IN_A_LOCATION)})


class StreamingResponse(Response):
    """An answer in parts, each made in a thread when the one before is on its way."""

    def __init__(
        self,
        content: Iterator[bytes],
        status_code: int = 200,
        headers: Mapping[str, str] | None = None,
        media_type: str | None = None,
    ) -> None:
        super().__init__(None, status_code, headers, media_type)
        self._parts = content
        self.raw_headers[:] = [pair for pair in self.raw_headers if pair != (b"content-length", b"0")]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it, until whoever asked is gone."""
        start = {"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers}
        gone = asyncio.create_task(_gone(receive))
        try:
            await send(start)
            while not gone.done():
                part = await asyncio.to_thread(next, self._parts, None)
                if part is None:
                    await send({"type": "http.response.body", "body": b""})
                    break
                await send({"type": "http.response.body", "body": part, "more_body": True})
        finally:
            gone.cancel()


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
