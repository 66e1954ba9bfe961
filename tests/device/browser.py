"""A browser for tests: speaks ASGI to the pages, keeps cookies, reads forms, sends what a real one sends."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode, urlsplit

from sparekey.core.values import Face
from sparekey.device.pages.door import FACE


@dataclass
class Page:
    """One answer."""

    status: int
    path: str
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def html(self) -> str:
        return self.body.decode()

    @property
    def words(self) -> str:
        """What a person reads, in one line."""
        reader = _Words()
        reader.feed(self.html)
        return " ".join(" ".join(reader.parts).split())

    @property
    def forms(self) -> list[Form]:
        reader = _Forms()
        reader.feed(self.html)
        return reader.forms

    def form(self, action: str) -> Form:
        """The form that posts there."""
        (form,) = [form for form in self.forms if form.action == action]
        return form

    @property
    def links(self) -> list[str]:
        return re.findall(r'href="([^"]+)"', self.html)

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key == name), "")


@dataclass
class Form:
    """A form as it stands in the page: names, and the values that a browser would send untouched."""

    action: str
    values: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class Browser:
    """One browser at one address. `scheme`, `host`: how it opened the pages."""

    def __init__(
        self,
        app: Any,
        *,
        host: str = "recorder.test",
        scheme: str = "https",
        client: str = "192.0.2.77",
        face: Face = Face.NETWORK,
        language: str = "en",
    ) -> None:
        self.app = app
        self.host = host
        self.scheme = scheme
        self.client = client
        self.face = face
        self.language = language
        self.cookies: dict[str, str] = {}
        self.page = Page(0, "", [], b"")

    def get(self, path: str, **headers: str) -> Page:
        """Open an address and go where it leads."""
        return self._follow(self.send("GET", path, b"", headers))

    def press(self, action: str, values: Mapping[str, str] | None = None, **headers: str) -> Page:
        """Fill in the form of the page that is open, and send it."""
        form = self.page.form(action)
        unknown = set(values or ()) - set(form.values) - {name for name, _ in form.buttons}
        assert not unknown, f"the form has no {unknown}"
        return self.post(action, {**form.values, **(values or {})}, **headers)

    def post(self, path: str, values: Mapping[str, str], **headers: str) -> Page:
        """Send a form that may never have stood in a page."""
        sent = {
            "content-type": "application/x-www-form-urlencoded",
            "origin": f"{self.scheme}://{self.host}",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        return self._follow(self.send("POST", path, urlencode(values).encode(), sent))

    def upload(self, action: str, name: str, data: bytes, field: str = "file") -> Page:
        """Fill in the form of the page that is open with a file, and send it."""
        mark = "a-mark-that-no-file-holds"
        values = {key: value for key, value in self.page.form(action).values.items() if key != field}
        parts = [f'name="{key}"\r\n\r\n{value}'.encode() for key, value in values.items()]
        kind = "Content-Type: application/octet-stream"
        parts.append(f'name="{field}"; filename="{name}"\r\n{kind}\r\n\r\n'.encode() + data)
        lead = f"--{mark}\r\nContent-Disposition: form-data; ".encode()
        body = b"".join(lead + part + b"\r\n" for part in parts) + f"--{mark}--\r\n".encode()
        sent = {
            "content-type": f"multipart/form-data; boundary={mark}",
            "origin": f"{self.scheme}://{self.host}",
        }
        return self._follow(self.send("POST", action, body, sent))

    def send(self, method: str, path: str, body: bytes, headers: Mapping[str, str | None]) -> Page:
        """One request, one answer."""
        told: dict[str, str | None] = {"host": self.host, "accept-language": self.language, **headers}
        if self.cookies:
            told["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        split = urlsplit(path)
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": self.scheme,
            "path": split.path,
            "raw_path": split.path.encode(),
            "query_string": split.query.encode(),
            "root_path": "",
            "headers": [
                (name.encode(), value.encode("latin-1")) for name, value in told.items() if value is not None
            ],
            "client": (self.client, 50000),
            "server": ("192.0.2.4", 443),
            FACE: self.face,
        }
        status, answer, content = asyncio.run(_exchange(self.app, scope, body))
        for name, value in answer:
            if name == "set-cookie":
                self._keep(value)
        self.page = Page(status, path, answer, content)
        return self.page

    def _keep(self, header: str) -> None:
        for name, morsel in SimpleCookie(header).items():
            if morsel["max-age"] == "0":
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = morsel.value

    def _follow(self, page: Page) -> Page:
        for _ in range(5):
            if page.status != 303:
                return page
            page = self.send("GET", page.header("location"), b"", {})
        raise AssertionError("the pages send each other round in circles")


async def _exchange(app: Any, scope: dict[str, Any], body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
    sent: list[Any] = []
    given = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Any:
        if not given:
            await asyncio.Event().wait()  # the browser waits for its answer
        return given.pop()

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)
    headers = [(name.decode(), value.decode("latin-1")) for name, value in sent[0]["headers"]]
    return sent[0]["status"], headers, b"".join(message.get("body", b"") for message in sent[1:])


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._select = ""
        self._asks = False

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._asks = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._asks = given["method"] == "get"
            if not self._asks:
                self.forms.append(Form(given["action"]))
        elif self._asks:
            return  # a search: it changes nothing
        elif tag == "input" and given.get("type") == "checkbox" and "name" in given:
            self.forms[-1].buttons.append((given["name"], given["value"]))
        elif tag == "input" and "name" in given:
            self.forms[-1].values[given["name"]] = given.get("value", "")
        elif tag == "select":
            self.forms[-1].values[given["name"]] = ""
            self._select = given["name"]
        elif tag == "option" and ("selected" in given or not self.forms[-1].values[self._select]):
            self.forms[-1].values[self._select] = given["value"]
        elif tag == "button" and "name" in given:
            self.forms[-1].buttons.append((given["name"], given["value"]))


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in ("title", "script", "style")

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in ("title", "script", "style")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(data)
