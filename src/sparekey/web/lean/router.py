"""Which page answers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sparekey.web.lean.request import Request

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Sequence

    from starlette.types import Message, Receive, Scope, Send

    from sparekey.web.lean.response import Response

_CAUGHT = re.compile(r"\{(\w+)(?::(path|int))?\}")
_SOME = {None: "[^/]+", "path": ".*", "int": "[0-9]+"}


class Stop(Exception):
    """Answer with the page for this status number instead."""

    def __init__(self, status_code: int, headers: dict[str, str] | None = None) -> None:
        super().__init__()
        self.status_code = status_code
        self.headers = headers


class Route:
    """One path. `{name}` catches a part of it, `{name:int}` a number, `{name:path}` the rest."""

    def __init__(
        self, path: str, endpoint: Callable[[Request], Awaitable[Response]], *, methods: Sequence[str]
    ) -> None:
        self.path = path
        self.endpoint = endpoint
        self.methods = {*methods, *(["HEAD"] if "GET" in methods else [])}
        self._pattern: re.Pattern[str] | None = None
        self._numbers: set[str] = set()
        if "{" in path:
            self._pattern = re.compile(self._expression(path))

    def catches(self, path: str) -> dict[str, str | int] | None:
        """The parts of a path that is this route's; None for another path."""
        if self._pattern is None:
            return {} if path == self.path else None
        found = self._pattern.fullmatch(path)
        if found is None:
            return None
        return {
            name: int(text) if name in self._numbers else text for name, text in found.groupdict().items()
        }

    def _expression(self, path: str) -> str:
        written, at = "", 0
        for caught in _CAUGHT.finditer(path):
            written += re.escape(path[at : caught.start()]) + f"(?P<{caught[1]}>{_SOME[caught[2]]})"
            at = caught.end()
            if caught[2] == "int":
                self._numbers.add(caught[1])
        return written + re.escape(path[at:])


class Router:
    """An ASGI application of routes. `routes`: those that may have a path; the first one counts. `failed`: the answer
    to an exception of one of `kinds`, or to a `Stop`.
    """

    def __init__(
        self,
        routes: Callable[[str], Iterable[Route]],
        kinds: tuple[type[Exception], ...],
        failed: Callable[[Request, Exception], Response],
    ) -> None:
        self._routes = routes
        self._kinds: tuple[type[Exception], ...] = (*kinds, Stop)
        self._failed = failed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        started = False

        async def sending(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            route = self._route(scope)
            answer = await route.endpoint(Request(scope, receive))
            await answer(scope, receive, sending)
        except self._kinds as error:
            if started:
                raise
            await self._failed(Request(scope), error)(scope, receive, send)

    def _route(self, scope: Scope) -> Route:
        """The first that has path and method. Raises Stop."""
        allowed: set[str] = set()
        for route in self._routes(scope["path"]):
            caught = route.catches(scope["path"])
            if caught is None:
                continue
            if scope["method"] in route.methods:
                scope["path_params"] = caught
                return route
            allowed |= route.methods
        if allowed:
            raise Stop(405, {"allow": ", ".join(sorted(allowed))})
        raise Stop(404)
