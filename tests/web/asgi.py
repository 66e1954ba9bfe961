"""Calls an ASGI application without any socket."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message

HOST = "recorder.example.com"
FORM = {"content-type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Headers
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def cookies(self) -> dict[str, str]:
        pairs = [cookie.split(";")[0].partition("=") for cookie in self.headers.getlist("set-cookie")]
        return {name: value for name, _, value in pairs}


def call(
    app: ASGIApp,
    method: str,
    target: str,
    headers: dict[str, str] | Sequence[tuple[str, str]] = (),
    body: bytes | Sequence[bytes] = b"",
    *,
    scheme: str = "https",
    host: str | None = HOST,
    client: str = "192.0.2.9",
) -> Answer:
    """One request. A body given in several pieces goes without a Content-Length."""
    pairs = list(headers.items()) if isinstance(headers, dict) else list(headers)
    pieces = [body] if isinstance(body, bytes) else list(body)
    if isinstance(body, bytes) and body:
        pairs.append(("content-length", str(len(body))))
    if host is not None:
        pairs.append(("host", host))
    path, _, query = target.partition("?")
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": scheme,
        "path": path, "raw_path": path.encode(), "query_string": query.encode(), "root_path": "",
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in pairs],
        "client": (client, 50000), "server": ("192.0.2.4", 443),
    }  # fmt: skip
    sent: list[Message] = []

    async def receive() -> Message:
        if pieces:
            piece = pieces.pop(0)
            return {"type": "http.request", "body": piece, "more_body": bool(pieces)}
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    async def run() -> None:
        await app(scope, receive, send)

    asyncio.run(run())
    start, *rest = sent
    return Answer(
        start["status"], Headers(raw=start["headers"]), b"".join(message.get("body", b"") for message in rest)
    )


def get(app: ASGIApp, target: str, headers: dict[str, str] | None = None, *, scheme: str = "https") -> Answer:
    """Opens a page."""
    return call(app, "GET", target, headers or {}, scheme=scheme)


def filled(app: ASGIApp, page: str, fields: dict[str, str]) -> tuple[dict[str, str], bytes]:
    """Headers and body of the form on our own `page`: cookie, Origin and hidden field are right."""
    answer = get(app, page)
    token = re.search(
        r'action="/post"[^>]*>\s*<input type="hidden" name="token" value="([0-9a-f]{64})"', answer.text
    )
    assert token
    cookie = "; ".join(f"{name}={value}" for name, value in answer.cookies.items())
    headers = {**FORM, "origin": f"https://{HOST}", "cookie": cookie}
    return headers, urlencode({**fields, "token": token[1]}).encode()
