"""A request as a page sees it, read from ASGI's scope when somebody asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from sparekey.web.lean.headers import Headers

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from typing import Any

    from starlette.types import Receive, Scope

    Query = dict[str, str]


class ClientDisconnect(Exception):
    """Whoever asked is gone before the request was complete."""


class Address(NamedTuple):
    """Where a connection comes from."""

    host: str
    port: int


class Url:
    """The parts of the address that was asked for."""

    def __init__(self, scope: Scope) -> None:
        self.scheme: str = scope["scheme"]
        self.path: str = scope["path"]
        self.query: str = scope["query_string"].decode("latin-1")
        self._host = Headers(scope=scope).get("host") or ""

    @property
    def hostname(self) -> str | None:
        """Name or address without the port, an IPv6 address without its brackets. Raises ValueError."""
        return urlsplit(f"//{self._host}").hostname


class HTTPConnection:
    """What is known before a body is read."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self._cookies: dict[str, str] | None = None

    @property
    def headers(self) -> Headers:
        """The header fields."""
        return Headers(scope=self.scope)

    @property
    def url(self) -> Url:
        """The address."""
        return Url(self.scope)

    @property
    def client(self) -> Address | None:
        """Who asks."""
        client = self.scope.get("client")
        return Address(*client) if client else None

    @property
    def cookies(self) -> dict[str, str]:
        """By name; of a name that comes twice the last counts. Only plain values, such as ours."""
        if self._cookies is None:
            self._cookies = {}
            for header in self.headers.getlist("cookie"):
                for pair in header.split(";"):
                    name, between, value = pair.partition("=")
                    if between:
                        self._cookies[name.strip()] = value.strip()
        return self._cookies

    @property
    def query_params(self) -> Query:
        """By name; of a name that comes twice the last counts."""
        return dict(parse_qsl(self.url.query, keep_blank_values=True))

    @property
    def path_params(self) -> dict[str, str | int]:
        """What the route's pattern caught."""
        caught: dict[str, str | int] = self.scope.get("path_params", {})
        return caught


class Request(HTTPConnection):
    """A request with its body."""

    def __init__(self, scope: Scope, receive: Receive | None = None) -> None:
        super().__init__(scope)
        self.receive = receive or _nothing
        self._read = False
        self._body: bytes | None = None

    @property
    def method(self) -> str:
        """In capitals."""
        method: str = self.scope["method"]
        return method

    async def stream(self) -> AsyncIterator[bytes]:
        """The body, part by part, once. Raises ClientDisconnect."""
        if self._body is not None:
            yield self._body
            return
        if self._read:
            raise RuntimeError("the body was read already")
        more = True
        while more:
            message: dict[str, Any] = dict(await self.receive())
            if message["type"] == "http.disconnect":
                raise ClientDisconnect
            more = message.get("more_body", False)
            self._read = not more
            if message.get("body"):
                yield message["body"]

    async def body(self) -> bytes:
        """All of it, as often as somebody asks. Raises ClientDisconnect."""
        if self._body is None:
            self._body = b"".join([part async for part in self.stream()])
        return self._body


async def _nothing() -> dict[str, object]:
    raise RuntimeError("this request has no body to read")
