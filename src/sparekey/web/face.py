"""Puts a web face together: routes behind the guard, and a page for everything that goes wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware

from sparekey.core.errors import InputError, UnavailableError, UntrustedError
from sparekey.host.problems import of_error
from sparekey.language.catalogue import N_
from sparekey.web.forms import SENTENCES
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

_MISSING = (
    N_("This page does not exist"),
    N_("Look at the address once more, or start from the first page."),
)
_OTHERWISE = (
    N_("That does not work here"),
    N_("Start from the first page and try again."),
)
_FAMILIES = (InputError, UntrustedError, UnavailableError)
"""Our errors that get a page of their own when a route lets them through. A MisuseError is the guard's."""


def face(
    routes: Sequence[BaseRoute],
    *,
    pages: Pages,
    rules: Rules,
    entropy: Entropy,
    lifespan: Lifespan[Starlette] | None = None,
) -> Starlette:
    """The ASGI application: `routes`, the static files and the language switch, all behind the guard."""

    async def missing(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        answer = pages.problem(request, status, *(_MISSING if status == 404 else _OTHERWISE), back="/")
        answer.headers.update(getattr(error, "headers", None) or {})
        return answer

    async def ours(request: Request, error: Exception) -> Response:
        problem = of_error(cast("SparekeyError", error))
        text = SENTENCES.get(problem.slug, problem.mend)
        return pages.problem(request, problem.status, problem.told, text, back=request.url.path)

    handlers: dict[Any, Any] = {HTTPException: missing, **dict.fromkeys(_FAMILIES, ours)}
    return Starlette(
        routes=[*routes, *pages.routes()],
        middleware=[Middleware(Guard, rules=rules, pages=pages, entropy=entropy)],
        exception_handlers=handlers,
        lifespan=lifespan,
    )
