"""What a browser sends: forms, files, cookies, addresses of proxies."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from starlette.requests import Request

from fuzz.target import Target, of_text
from sparekey.desk.proxies import Proxies
from sparekey.web import cookies, forms
from sparekey.web.origin import is_own, is_same_origin

if TYPE_CHECKING:
    from starlette.types import Message, Receive, Scope, Send

URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=edge"
LIMITS = forms.Limits(fields=8, name=32, value=256)
LOOP = asyncio.new_event_loop()
FORM = (
    b'--edge\r\nContent-Disposition: form-data; name="user"\r\n\r\nadmin\r\n'
    b'--edge\r\nContent-Disposition: form-data; name="key"; filename="a.sparekey-key"\r\n'
    b"Content-Type: text/plain\r\n\r\nx\r\n--edge--\r\n"
)


def request(headers: dict[str, str], body: bytes = b"") -> Request:
    """A POST with these headers and this body."""

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    raw = [(name.encode(), value.encode("utf-8", "replace")) for name, value in headers.items()]
    return Request(
        {"type": "http", "method": "POST", "path": "/", "scheme": "https", "headers": raw}, receive
    )


def form(body: bytes, kind: str) -> forms.Form:
    """The form in a body of this kind."""
    return LOOP.run_until_complete(forms.read(request({"content-type": kind}, body), LIMITS))


def any_form(data: bytes) -> object:
    """The first line is the kind, the rest the body."""
    kind, _, body = data.partition(b"\n")
    return form(body, kind.decode("latin-1"))


def forwarded(text: str) -> object:
    """Whom a named proxy says that it speaks for."""
    seen: list[object] = []

    async def app(scope: Scope, _receive: Receive, _send: Send) -> None:
        seen.append(scope["client"])

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(_message: Message) -> None:
        """Nobody listens."""

    headers = [(b"x-forwarded-for", text.encode("utf-8", "replace"))]
    scope = {"type": "http", "client": ("192.0.2.1", 1), "headers": headers}
    LOOP.run_until_complete(Proxies(app, ["192.0.2.0/24"])(scope, receive, send))
    return seen


def cookie(text: str) -> object:
    """What a browser keeps for us."""
    return cookies.read(request({"cookie": text, "host": "recorder.example.com"}), "session")


def origin(text: str) -> object:
    """Where a form comes from, and where it goes."""
    host, _, said = text.partition("\n")
    return is_own(host, "https", ["recorder.example.com"]), is_same_origin("https", host, said, None)


TARGETS = [
    Target("form", lambda data: form(data, URLENCODED), lambda: [b"user=admin&password=a+b%20c", b"a=%ff"]),
    Target("multipart", lambda data: form(data, MULTIPART), lambda: [FORM]),
    Target(
        "form-of-any-kind",
        any_form,
        lambda: [MULTIPART.encode() + b"\n" + FORM, URLENCODED.encode() + b"\na=b"],
    ),
    Target("cookie", of_text(cookie), lambda: [b"__Host-Http-session=abc; other=def"]),
    Target("forwarded", of_text(forwarded), lambda: [b"198.51.100.7, 192.0.2.9", b"[2001:db8::1]"]),
    Target("origin", of_text(origin), lambda: [b"recorder.example.com\nhttps://recorder.example.com"]),
]
