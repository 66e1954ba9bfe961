"""One door: what a browser asks goes to one camera, what the camera answers comes back, and nothing else crosses."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from markupsafe import escape

from sparekey.core.errors import InputError, SparekeyError, UnavailableError, UntrustedError
from sparekey.device.cameras.doors import crossing
from sparekey.lan.http import Client, Limits
from sparekey.lan.http import Request as Call
from sparekey.language.catalogue import N_, choose, translator
from sparekey.web import cookies
from sparekey.web.lean import HTMLResponse, Request, Response
from sparekey.web.origin import is_own, is_same_origin

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from starlette.types import Message, Receive, Scope, Send

    from sparekey.device.cameras.doors.tickets import Tickets, Visit
    from sparekey.host.entropy import Entropy
    from sparekey.lan.http import Stream
    from sparekey.lan.target import Target

ENTRY = "/.sparekey/"
"""Where a ticket is handed in; no camera's page is ever asked for it."""
AT_ONCE = 8
"""Calls to one camera at the same time."""
BODY_LIMIT = 4 * 1024 * 1024
"""Bytes that a browser may send."""
PATH_LIMIT = 4096
LIMITS = Limits(connect=5.0, silence=30.0, total=600.0, body=256 * 1024 * 1024)
"""Of one answer of a camera, which may be a live picture."""
_LOOKS = frozenset({"GET", "HEAD"})
_METHODS = _LOOKS | {"POST", "PUT", "DELETE"}


class Relay:
    """The ASGI application of one door. `own_names`: what people may call the recorder. `pin`: the camera's TLS key as
    it is remembered; `pinned` remembers the first one. `may`: whether a camera can be there.
    """

    def __init__(
        self,
        camera: int,
        port: int,
        *,
        tickets: Tickets,
        own_names: Callable[[], Collection[str]],
        entropy: Entropy,
        pin: Callable[[], bytes | None],
        pinned: Callable[[bytes], None],
        may: Callable[[Target], bool],
    ) -> None:
        self._camera = camera
        self._port = port
        self._tickets = tickets
        self._own_names = own_names
        self._entropy = entropy
        self._pin = pin
        self._pinned = pinned
        self._may = may
        self._busy = 0
        self._cookie = f"camera-{port}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request of a browser."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        request = Request(scope, receive)
        told = self._refusal(request)
        if told is None and request.url.path.startswith(ENTRY):
            await self._enter(request)(scope, receive, send)
            return
        visit = self._tickets.visit(cookies.read(request, self._cookie), self._camera)
        if told is None and visit is None:
            told = (403, *_NO_TICKET)
        if told is None and self._busy >= AT_ONCE:
            told = (503, *_BUSY)
        if told is not None or visit is None:
            await _page(request, *(told or (403, *_NO_TICKET)))(scope, receive, send)
            return
        self._busy += 1
        try:
            await self._cross(request, visit, send)
        finally:
            self._busy -= 1

    def _refusal(self, request: Request) -> tuple[int, str, str] | None:
        """What no door lets through, whoever asks."""
        headers, scheme = request.headers, request.url.scheme
        hosts = headers.getlist("host")
        names = [f"{name}:{self._port}" for name in self._own_names()]
        if len(hosts) != 1 or not is_own(hosts[0], scheme, names):
            return (421, *_NO_TICKET)
        site, enters = headers.get("sec-fetch-site"), request.url.path.startswith(ENTRY)
        if site not in (None, "same-origin", "none") and not (enters and site == "same-site"):
            return (403, *_FOREIGN)
        origin = headers.get("origin")
        if request.method not in _LOOKS and not is_same_origin(scheme, hosts[0], origin, site):
            return (403, *_FOREIGN)
        if request.method not in _METHODS or "upgrade" in headers or "service-worker" in headers:
            return (403, *_NOT_HERE)
        return None

    def _enter(self, request: Request) -> Response:
        visit = self._tickets.redeem(request.url.path.removeprefix(ENTRY), self._camera)
        if visit is None or request.method != "GET":
            return _page(request, 403, *_NO_TICKET)
        # A page, and no redirect: to the browser, what it asks for next then comes from this door itself.
        response = HTMLResponse(_ONWARD, headers=dict(crossing.OWN))
        # What an earlier camera behind this door left in the browser.
        response.headers["clear-site-data"] = '"cache", "storage"'
        cookies.put(response, request, self._cookie, visit)
        return response

    async def _cross(self, request: Request, visit: Visit, send: Send) -> None:
        began = False

        async def sending(message: Message) -> None:
            nonlocal began
            began = True
            await send(message)

        try:
            call = await _call(request, visit)
            client = self._client(visit)
            async with client.streaming(call) as stream:
                if stream.key_hash is not None and self._pin() is None:
                    self._pinned(stream.key_hash)
                await self._answer(request, visit, stream, sending)
        except SparekeyError as error:
            if not began:
                await _page(request, *_told(error))(request.scope, request.receive, send)
                return
            raise ConnectionAbortedError("the camera's answer broke off") from None

    def _client(self, visit: Visit) -> Client:
        pin = self._pin() if visit.target.tls else None
        return Client(visit.target, self._entropy, pin=pin, limits=LIMITS)

    async def _answer(self, request: Request, visit: Visit, stream: Stream, send: Send) -> None:
        head = stream.head
        if not 200 <= head.status <= 599:
            raise InputError("http", "the camera answers with a number that means nothing")
        crossing.keep_cookies(head.headers, visit)
        headers = crossing.outward(head.headers)
        if head.status in (301, 302, 303, 307, 308) and head.header("location"):
            on = crossing.led_on(head.header("location"), _path(request), visit.target)
            if on is None or not self._may(on[1]):
                await _page(request, 502, *_LED_AWAY)(request.scope, request.receive, send)
                return
            headers.append(("location", on[0]))
            visit.target = on[1]
        if head.header("www-authenticate") and request.headers.get("sec-fetch-mode") == "navigate":
            await _page(request, 502, *_CHALLENGE)(request.scope, request.receive, send)
            return
        raw = [(name.encode(), value.encode("latin-1")) for name, value in headers]
        await send({"type": "http.response.start", "status": head.status, "headers": raw})
        async for part in stream.parts():
            await send({"type": "http.response.body", "body": part, "more_body": True})
        if stream.short:
            raise InputError("http", "the camera's answer stops in the middle")
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _call(request: Request, visit: Visit) -> Call:
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > BODY_LIMIT:
            raise InputError("oversize", "the browser sends more than a camera takes")
    changes = request.method not in _LOOKS
    headers = crossing.inward(request.headers.items(), visit, changes=changes)
    path = _path(request)
    if len(path) > PATH_LIMIT:
        raise InputError("oversize", "this address is too long")
    return Call(request.method, path, headers, bytes(body))


def _path(request: Request) -> str:
    """Path and query as they came, with what HTTP cannot carry written as it may."""
    raw: bytes = request.scope.get("raw_path") or request.url.path.encode()
    query: bytes = request.scope["query_string"]
    whole = raw + (b"?" + query if query else b"")
    return quote(whole, safe="".join(map(chr, range(0x21, 0x7F))))


def _told(error: SparekeyError) -> tuple[int, str, str]:
    if isinstance(error, UntrustedError):
        return (502, *_OTHER_KEY)
    if isinstance(error, UnavailableError):
        return (504, *_SILENT)
    return (502, *_GARBLED)


def _page(request: Request, status: int, title: str, text: str) -> Response:
    """A page of ours at a door: bare, since our style lives at another one."""
    words = translator(choose(request.headers.get("accept-language"), None))
    told, mend = escape(words.text(title)), escape(words.text(text))
    content = (
        f'<!doctype html><html lang="{words.code}"><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{told}</title>'
        f'<body style="font: 112.5% sans-serif; max-width: 40rem; margin: 2rem auto; padding: 0 1rem">'
        f"<h1>{told}</h1><p>{mend}</p></body></html>"
    )
    headers = {name: value for name, value in crossing.OWN if name != "content-security-policy"}
    headers["content-security-policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    return HTMLResponse(content, status, headers=headers)


_ONWARD = (
    '<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=/"><a href="/">…</a>'
)
_NO_TICKET = (
    N_("This page opens from the recorder only"),
    N_("Sign in to the recorder, open Camera, then Remote Device, and press WEB beside the camera."),
)
_FOREIGN = (
    N_("Nothing was passed on to the camera"),
    N_("This was not asked from the camera's own page. Open it from the recorder once more."),
)
_NOT_HERE = (
    N_("This does not pass through the recorder"),
    N_("The camera's page wants a live connection or a program in the background. The rest of it works."),
)
_BUSY = (
    N_("The camera is asked too much at once"),
    N_("Wait a few seconds, then load this page again."),
)
_LED_AWAY = (
    N_("The camera wants to lead you somewhere else"),
    N_("That is not the camera any more, so the recorder does not follow. Go back and take another way."),
)
_CHALLENGE = (
    N_("This camera asks for its password in the browser's own window"),
    N_("That does not pass through the recorder. Open the camera's address on a computer in its network."),
)
_SILENT = (
    N_("The camera does not answer"),
    N_("Check that it has power and its cable, then load this page again."),
)
_OTHER_KEY = (
    N_("Something else answers at the camera's address"),
    N_("Its key is not the one that the recorder remembers. Look at it on the recorder's page of cameras."),
)
_GARBLED = (
    N_("The camera's answer cannot be read"),
    N_("Load this page again. If it stays, restart the camera."),
)
