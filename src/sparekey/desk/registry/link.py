"""The link for programs: batches of sealed requests in, an answer for each in its place (spec/desklink.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from sparekey.core.errors import InputError, UnavailableError
from sparekey.core.messages.batch import read_items
from sparekey.core.messages.link_answer import LINK_MOST, make_answers

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from starlette.requests import Request

    from sparekey.core.messages.link_answer import LinkAnswer
    from sparekey.desk.registry.intray import Intray

LINK = "/link/"
BODY_LIMIT = 131_072
"""Bytes of a call, at most."""
_BINARY = "application/octet-stream"


class Link:
    """The calls. `trust`: gives the newest trust file's bytes."""

    def __init__(self, intray: Intray, trust: Callable[[], bytes]) -> None:
        self._calls = {"enrolments": intray.enrolments, "notices": intray.notices, "mails": intray.mails}
        self._trust = trust

    @property
    def paths(self) -> tuple[str, ...]:
        """Where batches go."""
        return tuple(LINK + name for name in self._calls)

    def routes(self) -> list[Route]:
        """All of them."""
        calls = [self._call(LINK + name, take) for name, take in self._calls.items()]
        return [*calls, Route(LINK + "trust", self._trust_file)]

    def _call(self, path: str, take: Callable[[Sequence[bytes]], list[LinkAnswer]]) -> Route:
        async def endpoint(request: Request) -> Response:
            try:
                items = read_items(await request.body())
            except InputError as error:
                return PlainTextResponse(f"{error.slug}\n", 400)
            if len(items) > LINK_MOST:
                return PlainTextResponse("batch-size\n", 413)
            try:
                answers = await run_in_threadpool(take, items)
            except UnavailableError:
                return PlainTextResponse("store\n", 503)
            return Response(make_answers(answers), media_type=_BINARY)

        return Route(path, endpoint, methods=["POST"])

    async def _trust_file(self, _request: Request) -> Response:
        return Response(self._trust(), media_type=_BINARY)
