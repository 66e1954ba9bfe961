"""What stands before every call: it comes from a program, over TLS, small, and not too often (spec/lan.md 5.1, 5.3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sparekey.core.errors import InputError, Refusal, UnavailableError
from sparekey.core.policy import PasswordFault
from sparekey.core.values import Face
from sparekey.device.lan_face.rates import Counter, Sort
from sparekey.device.pages.door import SCREEN_DOOR
from sparekey.device.pages.pickup import hashed
from sparekey.host.problems import of_refusal
from sparekey.lan.link.frame import (
    CLAIM,
    MEDIA_TYPE,
    NEEDS_AGREEMENT,
    PATH,
    REQUEST_LIMIT,
    SLOW_DOWN,
    TOO_FAST,
    WRONG_LOGIN,
    Refused,
    read_asked,
    read_claim,
)
from sparekey.web.lean import PlainTextResponse, Response, Route

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Protocol

    from starlette.requests import Request

    from sparekey.core.messages.fields import Fields
    from sparekey.device.pages.door import Door

    class Told(Protocol):
        """An answer."""

        @property
        def encoded(self) -> bytes:
            """The body."""


MALFORMED = "malformed"
FOREIGN_FILE = "foreign-file"
UNAVAILABLE = "unavailable"

_STATUS = {
    TOO_FAST: 429,
    SLOW_DOWN: 429,
    WRONG_LOGIN: 403,
    MALFORMED: 400,
    FOREIGN_FILE: 422,
    UNAVAILABLE: 503,
    NEEDS_AGREEMENT: 403,
    **{refusal.value: of_refusal(refusal).status for refusal in Refusal},
    **{fault.value: 422 for fault in PasswordFault},
}
_OF_BROWSERS = ("origin", "cookie", "referer")


@dataclass(frozen=True)
class Caller:
    """Who calls. `claim`: the pickup code, or empty; `hash`: what the device knows of it. `source`: for delays."""

    claim: str
    hash: bytes | None
    source: str


class Calls:
    """Makes a route of each call."""

    def __init__(self, door: Door) -> None:
        self.door = door
        self._counters = {sort: Counter(sort) for sort in Sort}

    def route(
        self, name: str, sort: Sort, call: Callable[[Caller, Fields], Told | Refused | Refusal]
    ) -> Route:
        """`call` runs in a thread, with a body that is a map."""

        async def endpoint(request: Request) -> Response:
            if not self._is_program(request):
                return PlainTextResponse("", 403)
            if request.headers.get("content-type") != MEDIA_TYPE:
                return PlainTextResponse("", 415)
            source = self.door.source(request)
            waits = self._counters[sort].take(source, self.door.agent.now().moment.uptime)
            if waits:
                return _no(Refused(TOO_FAST, waits))
            if self.door.agent.is_erasing:
                return _no(Refused(UNAVAILABLE))
            body = await _body(request)
            if body is None:
                return PlainTextResponse("", 413)
            return await self.door.work(_answered, call, request.headers.getlist(CLAIM), source, body)

        return Route(f"{PATH}{name}", endpoint, methods=["POST"])

    def _is_program(self, request: Request) -> bool:
        """Over TLS, not at the screen, and with nothing that only browsers send."""
        at_screen = request.scope.get(SCREEN_DOOR) or self.door.face(request) is Face.SCREEN
        if request.url.scheme != "https" or at_screen:
            return False
        return not any(name in _OF_BROWSERS or name.startswith("sec-fetch-") for name in request.headers)


def _answered(
    call: Callable[[Caller, Fields], Told | Refused | Refusal], claims: list[str], source: str, body: bytes
) -> Response:
    try:
        if len(claims) > 1:
            raise InputError("claim", "one pickup code")
        claim = read_claim(claims[0]) if claims else ""
        told = call(Caller(claim, hashed(claim or None), source), read_asked(body))
    except InputError:
        told = Refused(MALFORMED)
    except UnavailableError:
        told = Refused(UNAVAILABLE)
    if isinstance(told, Refusal):
        told = Refused(told.value)
    if isinstance(told, Refused):
        return _no(told)
    return Response(told.encoded, media_type=MEDIA_TYPE)


def _no(refused: Refused) -> Response:
    return Response(refused.encoded, _STATUS.get(refused.slug, 422), media_type=MEDIA_TYPE)


async def _body(request: Request) -> bytes | None:
    """The whole body, or None as soon as it is too large."""
    data = bytearray()
    async for part in request.stream():
        data += part
        if len(data) > REQUEST_LIMIT:
            return None
    return bytes(data)
