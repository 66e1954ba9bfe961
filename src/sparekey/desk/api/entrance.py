"""The way into every call: whose token, how many calls, what body, and whether it happened before."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from fastapi.exceptions import RequestValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from sparekey.core.crypto import sha256
from sparekey.core.errors import InputError
from sparekey.desk.api.problems import ProblemError, stop
from sparekey.desk.api.repeats import Busy, Claim, Repeats, Stored
from sparekey.desk.cases.budget import Limit

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from sparekey.desk.api.scopes import Scope
    from sparekey.desk.api.tokens import Token, Tokens
    from sparekey.desk.cases.budget import Budget
    from sparekey.desk.source import Sources
    from sparekey.host.clock import Clock

HOUR = 3600
FAILED = Limit("api-failed", 60, 300)
"""Tokens from one source that do not hold. Beyond it the answer is shorter; a token that holds always passes."""
JSON = "application/json"
SMALL = 64 * 1024
"""Bytes of a body, unless a call takes more."""

_BEARER = re.compile(r"bearer +(\S{1,200})", re.IGNORECASE)
_KEY = re.compile(r'"([!#-\[\]-~]{1,128})"|([!#-+\--~]{1,128})')
_VERSION = re.compile(r'"(\d{1,9})"', re.ASCII)
_KEPT_HEADERS = ("location", "etag", "content-type", "content-language")


@dataclass(frozen=True)
class Terms:
    """What a call asks for. `scope`: of the token; None for everybody, or for any token where it is `known` that there
    is one. `limit`: bytes of a body. `media`: types of a body, none for no body. `asks`: it has a query.
    """

    scope: Scope | None = None
    limit: int = SMALL
    media: tuple[str, ...] = ()
    asks: bool = False
    known: bool = False

    @property
    def tokens(self) -> bool:
        """It needs one."""
        return self.known or self.scope is not None


@dataclass(frozen=True)
class Caller:
    """Who calls. `body`: as it came. `once`: marks what must not happen twice, or is empty. `seen`: the version of the
    case that the caller looked at, None when it does not say.
    """

    token: Token
    body: bytes = field(repr=False)
    once: bytes = field(default=b"", repr=False)
    seen: int | None = None

    @property
    def by(self) -> str:
        """What stands in histories."""
        return self.token.actor

    @property
    def mark(self) -> bytes:
        """For whom is counted."""
        return self.token.actor.encode()


class Entrance:
    """Lets calls in. `per_hour`: calls of one token in a clock hour."""

    def __init__(
        self,
        *,
        tokens: Tokens,
        repeats: Repeats,
        counts: Budget,
        sources: Sources,
        clock: Clock,
        per_hour: int,
    ) -> None:
        self._tokens = tokens
        self._repeats = repeats
        self._counts = counts
        self._sources = sources
        self._clock = clock
        self._per_hour = per_hour

    async def enter(
        self, request: Request, terms: Terms, go: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        """Check everything that is not the call's own business, in this order, and go on."""
        token = None
        if terms.tokens:
            token = await run_in_threadpool(self._let_in, request, terms.scope)
        if request.scope["query_string"] and not terms.asks:
            raise stop("fields", errors=[{"in": "query", "pointer": "", "problem": "unknown"}])
        body = await _body(request, terms)
        if token is None:
            return await go(request)
        caller = Caller(token, body, seen=_seen(request))
        value = await run_in_threadpool(_value, body) if JSON in terms.media else None
        strict = _Strict(request.scope, caller, value)
        key = _key(request)
        if key is None or request.method == "GET":
            return self._dressed(request, await go(strict))
        claim = await run_in_threadpool(self._claim, request, caller, key)
        if isinstance(claim, Stored):
            return self._dressed(request, Response(claim.body, claim.status, claim.headers))
        strict.begin(claim)
        try:
            answer = await go(strict)
        except (ProblemError, RequestValidationError, InputError):
            await run_in_threadpool(self._repeats.release, claim)
            raise
        except BaseException:
            await run_in_threadpool(self._repeats.leave, claim, self._clock.wall())
            raise
        kept = {name: answer.headers[name] for name in _KEPT_HEADERS if name in answer.headers}
        await run_in_threadpool(
            self._repeats.keep, claim, Stored(answer.status_code, kept, bytes(answer.body))
        )
        return self._dressed(request, answer)

    def _let_in(self, request: Request, scope: Scope | None) -> Token:
        given = request.headers.getlist("authorization")
        found = _BEARER.fullmatch(given[0]) if len(given) == 1 else None
        token = None if found is None else self._tokens.find(found[1])
        if token is None:
            told = {"www-authenticate": 'Bearer realm="sparekey desk"'}
            if given:
                if not self._counts.take(((FAILED, self._sources.mark(request)),), self._clock.wall()):
                    raise stop("rate", self._waits())
                told["www-authenticate"] += ', error="invalid_token"'
            raise stop("token", told)
        calls = self._tokens.count(token)
        request.state.rate = self._rate(calls)
        if calls > self._per_hour:
            raise stop("rate", self._waits())
        if scope is not None and scope not in token.scopes:
            wanted = f'Bearer realm="sparekey desk", error="insufficient_scope", scope="{scope.value}"'
            raise stop("scope", {"www-authenticate": wanted}, scope=scope.value)
        return token

    def _rate(self, calls: int) -> dict[str, str]:
        """draft-ietf-httpapi-ratelimit-headers."""
        left, until = max(0, self._per_hour - calls), HOUR - self._clock.wall() % HOUR
        return {
            "ratelimit-policy": f'"hour";q={self._per_hour};w={HOUR}',
            "ratelimit": f'"hour";r={left};t={until}',
        }

    def _waits(self) -> dict[str, str]:
        return {"retry-after": str(HOUR - self._clock.wall() % HOUR)}

    @staticmethod
    def _dressed(request: Request, answer: Response) -> Response:
        answer.headers.update(request.state.rate)
        return answer

    def _claim(self, request: Request, caller: Caller, key: str) -> Claim | Stored:
        headers = [request.headers.get(name, "") for name in ("content-type", "if-match")]
        parts = [request.method, request.scope["path"], *headers]
        asked = sha256("\x00".join(parts).encode() + b"\x00" + caller.body)
        claim = self._repeats.claim(caller.token.id, key, asked, self._clock.wall())
        if isinstance(claim, Busy):
            raise stop(claim.value, {"retry-after": "5"} if claim is Busy.IN_PROGRESS else {})
        return claim


class _Strict(Request):
    """Its body was read already, and its JSON is `value`."""

    def __init__(self, scope: Any, caller: Caller, value: Any) -> None:
        super().__init__(scope)
        self._body = caller.body
        self._value = value
        self.state.caller = caller

    def begin(self, claim: Claim) -> None:
        """From now on this is the call that happens once."""
        caller: Caller = self.state.caller
        self.state.caller = Caller(caller.token, caller.body, claim.once, caller.seen)

    async def json(self) -> Any:
        """The value."""
        return self._value


def caller_of(request: Request) -> Caller:
    """Who calls, for a call that has a scope."""
    caller: Caller = request.state.caller
    return caller


async def _body(request: Request, terms: Terms) -> bytes:
    """Read, never more than the call takes."""
    pieces, total = [], 0
    async for piece in request.stream():
        total += len(piece)
        if total > terms.limit:
            raise stop("size")
        pieces.append(piece)
    if total and not terms.media:
        raise stop("size")
    if terms.media:
        media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media not in terms.media:
            raise stop("media-type", {"accept": ", ".join(terms.media)})
    return b"".join(pieces)


def _key(request: Request) -> str | None:
    given = request.headers.getlist("idempotency-key")
    if not given:
        return None
    found = _KEY.fullmatch(given[0].strip()) if len(given) == 1 else None
    if found is None:
        raise stop("key")
    return found[1] or found[2]


def _seen(request: Request) -> int | None:
    given = request.headers.get("if-match")
    if given is None or given.strip() == "*":
        return None
    found = _VERSION.fullmatch(given.strip())
    if found is None:
        raise stop("changed")
    return int(found[1])


def _value(body: bytes) -> Any:
    """JSON in which no name stands twice."""
    try:
        return json.loads(body, object_pairs_hook=_object, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise stop("json") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError
    return made


def _no_constant(_name: str) -> None:
    raise ValueError
