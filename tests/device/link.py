"""A program that calls a recorder of `recorder.py`: ASGI, with what a real caller sends."""

from __future__ import annotations

import asyncio
from typing import Any, TypeVar

from sparekey.core.codes import to_base32
from sparekey.core.messages.fields import Fields
from sparekey.core.messages.request import Request
from sparekey.core.values import Face, MethodName, Role, Secret
from sparekey.device.ownership import Confirmed, Ownership
from sparekey.device.pages.door import FACE
from sparekey.lan.link import owner, recovery
from sparekey.lan.link.frame import CLAIM, MEDIA_TYPE, PATH, Asked, Refused, read_refused
from tests.device.recorder import OLD, Recorder

T = TypeVar("T")

LOGIN = owner.Login("admin", Secret(OLD))


class Caller:
    """One program at one address."""

    def __init__(
        self, app: Any, *, client: str = "192.0.2.88", scheme: str = "https", face: Face = Face.NETWORK
    ) -> None:
        self.app = app
        self.client = client
        self.scheme = scheme
        self.face = face
        self.status = 0
        self.headers: dict[str, str] = {}

    def ask(self, asked: Asked[T], claim: str = "") -> T | Refused:
        """One call, and what the device says."""
        status, body = self.post(asked.name, asked.encoded, **({CLAIM: claim} if claim else {}))
        if status == 200:
            return asked.answer(Fields.of(body, "answer"))
        return read_refused(body)

    def post(self, name: str, body: bytes, **headers: str) -> tuple[int, bytes]:
        """Any body, with any headers beside or instead of the usual ones; empty ones are left out."""
        sent = {"host": "recorder.test", "content-type": MEDIA_TYPE, **headers}
        return self.send("POST", f"{PATH}{name}", body, sent)

    def send(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        """One HTTP request."""
        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": method,
            "scheme": self.scheme,
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "headers": [(name.encode(), value.encode()) for name, value in headers.items() if value],
            "server": ("192.0.2.4", 8543),
            "client": (self.client, 50000),
            FACE: self.face,
        }
        got: list[dict[str, Any]] = []
        parts = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive() -> dict[str, Any]:
            return parts.pop() if parts else {"type": "http.disconnect"}

        async def say(message: dict[str, Any]) -> None:
            got.append(message)

        asyncio.run(self.app(scope, receive, say))
        self.status = got[0]["status"]
        self.headers = {name.decode(): value.decode() for name, value in got[0]["headers"]}
        return self.status, b"".join(part.get("body", b"") for part in got[1:])


def opened(told: object) -> recovery.Opened:
    assert isinstance(told, recovery.Opened), told
    return told


def typed(method: MethodName, text: str) -> recovery.Apply:
    return recovery.Apply(method, Secret(text))


def confirmed(recorder: Recorder, password: str = OLD) -> tuple[Ownership, Confirmed]:
    ownership = Ownership(recorder.agent)
    told = ownership.confirm("admin", password, source="here", face=Face.SCREEN)
    assert isinstance(told, Confirmed)
    return ownership, told


def known(recorder: Recorder) -> owner.Known:
    settings = recorder.settings
    return owner.Known(settings.serial, settings.model, settings.firmware, settings.name, Role.ADMIN)


def link_text(request: Request) -> str:
    return to_base32(request.encoded)
