"""Stands before every page: who may ask, how much, and what the answer carries; the last net under a bug.

Pure ASGI. Numbered threats: spec/security.md.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from sparekey.core.codes import number_from_entropy
from sparekey.language.catalogue import N_
from sparekey.web.headers import SECURITY, STRICT
from sparekey.web.lean import ClientDisconnect, Headers, PlainTextResponse, Request
from sparekey.web.origin import is_own, is_same_origin

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from sparekey.host.entropy import Entropy

_LOG = logging.getLogger("sparekey.web")
_DRESS = [(name.encode(), value.encode()) for name, value in SECURITY]
_STRICT = [*_DRESS, (STRICT[0].encode(), STRICT[1].encode())]
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_DRAIN = 4 * 1024 * 1024
"""Bytes of a refused upload that are read and dropped, so that the browser shows the answer, not a reset."""
_IN_HAND = 192 * 1024 * 1024
"""Bytes of large bodies that one process has in hand at once, whoever sends them."""


@dataclass(frozen=True)
class Rules:
    """What one face lets in."""

    own_names: Callable[[], Collection[str]] = field(repr=False)
    """Our addresses and names at this moment; see `origin.is_own`."""
    body_limit: int = 64 * 1024
    """Bytes of a request body."""
    target_limit: int = 2048
    """Bytes of a path, and of a query."""
    machine_paths: tuple[str, ...] = ()
    """Path prefixes spoken by programs too: a POST that carries no mark of a browser passes there."""
    larger: tuple[tuple[str, int], ...] = ()
    """Paths that take more than `body_limit`, each with its own limit in bytes."""

    only_https: bool = False
    """Whether browsers are told to come by https alone from now on; only where they trust the certificate."""

    def limit(self, path: str) -> int:
        """Bytes of a body that is sent to this path."""
        return dict(self.larger).get(path, self.body_limit)


class Apologies(Protocol):
    """Says what happened, to people by pages, to programs otherwise."""

    def problem(
        self,
        request: Request,
        status: int,
        title: str,
        text: str,
        *,
        reference: str = "",
        bare: bool = False,
    ) -> Response:
        """See `page.Pages.problem`."""


class _TooBigError(Exception):
    """The body passed the limit while it was being read. `more`: it was not at its end."""

    def __init__(self, *, more: bool) -> None:
        super().__init__()
        self.more = more


class _CrowdedError(Exception):
    """So many send large bodies at once that this one does not fit."""


class Guard:
    """The middleware. Use it inside Starlette (`face.face` does), so that it is first to see an exception."""

    def __init__(
        self,
        app: ASGIApp,
        rules: Rules,
        pages: Apologies,
        entropy: Entropy,
        *,
        gone: type[Exception] = ClientDisconnect,
    ) -> None:
        """`gone`: what reading a body raises when whoever sent it is gone."""
        self._gone = gone
        self._app = app
        self._rules = rules
        self._pages = pages
        self._entropy = entropy
        self._in_hand = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI: http is guarded, lifespan passes, websockets are closed."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":  # nothing here speaks it
            await send({"type": "websocket.close", "code": 1008})
        else:
            await self._http(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def dressed(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = message["headers"]
                known = {name for name, _ in headers}
                headers += [pair for pair in (_STRICT if strict else _DRESS) if pair[0] not in known]
            await send(message)

        refusal = self._refusal(scope)
        strict = self._rules.only_https and refusal is None  # a foreign name is promised nothing
        if refusal is not None:
            if refusal.status_code == 413:
                await _drain(receive)
            await refusal(scope, receive, dressed)
            return
        limit = self._rules.limit(scope["path"])
        body = _Body(receive, limit, self if limit > self._rules.body_limit else None)
        try:
            await self._app(scope, body.receive, dressed)
        except _TooBigError as error:
            answer = self._too_big(scope)
            if error.more:
                await _drain(receive)
        except _CrowdedError:
            answer = self._page(scope, 503, *_CROWDED)
            await _drain(receive)
        except self._gone:
            return
        except Exception as error:  # noqa: BLE001 - the last net: the person gets a page and nothing leaks
            answer = self._apology(scope, error)
        else:
            return
        finally:
            body.forget()
        if started:
            raise ConnectionAbortedError("the answer had already begun") from None
        await answer(scope, receive, dressed)

    def take_in_hand(self, more: int) -> None:
        """So many bytes more of a large body, or less. Raises _CrowdedError."""
        if self._in_hand + more > _IN_HAND:
            raise _CrowdedError
        self._in_hand += more

    def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        hosts = headers.getlist("host")
        scheme = scope["scheme"]
        if len(hosts) != 1 or not is_own(hosts[0], scheme, self._rules.own_names()):
            return self._page(scope, 421, *_ELSEWHERE)
        target = (scope.get("raw_path") or scope["path"].encode(), scope["query_string"])
        if max(map(len, target)) > self._rules.target_limit:
            return self._page(scope, 414, *_LONG)
        if scope["method"] not in _SAFE and not self._ours(scope, headers, scheme, hosts[0]):
            return self._page(scope, 403, *_FOREIGN)
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length[:12]) > self._rules.limit(scope["path"]):
            return self._too_big(scope)
        return None

    def _ours(self, scope: Scope, headers: Headers, scheme: str, host: str) -> bool:
        origins, site = headers.getlist("origin"), headers.get("sec-fetch-site")
        if len(origins) > 1:
            return False
        if not origins and site is None:
            return any(scope["path"].startswith(prefix) for prefix in self._rules.machine_paths)
        return is_same_origin(scheme, host, origins[0] if origins else None, site)

    def _too_big(self, scope: Scope) -> Response:
        return self._page(scope, 413, *_BIG)

    def _apology(self, scope: Scope, error: Exception) -> Response:
        reference = number_from_entropy(self._entropy.bytes(5))
        # Never the exception's text or its traceback: they may hold what somebody typed.
        _LOG.error("%s at %s, reference %s", type(error).__name__, _place(error), reference)
        return self._page(scope, 500, *_BROKEN, reference=reference)

    def _page(self, scope: Scope, status: int, title: str, text: str, reference: str = "") -> Response:
        try:
            return self._pages.problem(
                Request(scope), status, title, text, reference=reference, bare=status == 421
            )
        except Exception as error:  # noqa: BLE001 - when even the page breaks, plain text is left
            _LOG.error("%s at %s while showing a problem", type(error).__name__, _place(error))
            return PlainTextResponse(f"{title}\n{text}\n{reference}".rstrip() + "\n", status)


_ELSEWHERE = (
    N_("This is not the right address"),
    N_("You reached this page under a name that does not belong to it. Open it by its own address."),
)
_LONG = (
    N_("The address is too long"),
    N_("The address of this page is longer than any address here. Scan or type it again."),
)
_FOREIGN = (
    N_("Nothing was changed"),
    N_("The form was not sent from our own page. Open the page by its address and repeat."),
)
_BIG = (
    N_("This is too big"),
    N_("What you sent is bigger than anything this page takes. Choose the file that was saved for it."),
)
_CROWDED = (
    N_("Many are sending files just now"),
    N_("Yours was not taken. Wait a minute, then send it again."),
)
_BROKEN = (
    N_("Something broke on our side"),
    N_("You did nothing wrong. Try once more; if it happens again, tell support this reference."),
)


class _Body:
    """A body within its limit. `guard`: who counts it among all large ones, until it is forgotten."""

    def __init__(self, receive: Receive, limit: int, guard: Guard | None) -> None:
        self._receive = receive
        self._limit = limit
        self._guard = guard
        self._total = 0

    async def receive(self) -> Message:
        message = await self._receive()
        more = len(message.get("body", b""))
        if self._guard is not None:
            self._guard.take_in_hand(more)
        self._total += more
        if self._total > self._limit:
            raise _TooBigError(more=bool(message.get("more_body")))
        return message

    def forget(self) -> None:
        if self._guard is not None:
            self._guard.take_in_hand(-self._total)


async def _drain(receive: Receive) -> None:
    total = 0
    while total < _DRAIN:
        message = await receive()
        total += len(message.get("body", b""))
        if message["type"] != "http.request" or not message.get("more_body"):
            return


def _place(error: Exception) -> str:
    """Module and line where it was raised: a place in our code, no data."""
    trace, place = error.__traceback__, "?"
    while trace is not None:
        place = f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place
