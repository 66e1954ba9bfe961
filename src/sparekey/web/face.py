"""Puts a web face together: routes behind the guard, and a page for everything that goes wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect

from sparekey.web import problems
from sparekey.web.guard import Guard, Rules

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute
    from starlette.types import Lifespan

    from sparekey.core.errors import SparekeyError
    from sparekey.host.entropy import Entropy
    from sparekey.web.page import Pages


def face(
    routes: Sequence[BaseRoute],
    *,
    pages: Pages,
    rules: Rules,
    entropy: Entropy,
    lifespan: Lifespan[Starlette] | None = None,
    away: tuple[str, str] | None = None,
) -> Starlette:
    """The ASGI application: `routes`, the static files and the language switch, all behind the guard. `away`: title and
    text of the page for when the store does not answer.
    """

    async def missing(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        return problems.missing(pages, request, status, getattr(error, "headers", None))

    async def ours(request: Request, error: Exception) -> Response:
        return problems.ours(pages, request, cast("SparekeyError", error), away)

    handlers: dict[Any, Any] = {HTTPException: missing, **dict.fromkeys(problems.FAMILIES, ours)}
    return Starlette(
        routes=[*routes, *pages.routes()],
        middleware=[Middleware(Guard, rules=rules, pages=pages, entropy=entropy, gone=ClientDisconnect)],
        exception_handlers=handlers,
        lifespan=lifespan,
    )
