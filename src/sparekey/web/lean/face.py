"""A device's face, as `web.face` makes one of Starlette: routes behind the guard, pages for what goes wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from sparekey.web.guard import Guard, Rules
from sparekey.web.lean.router import Router, Stop
from sparekey.web.problems import FAMILIES, missing, ours

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from starlette.routing import BaseRoute
    from starlette.types import ASGIApp

    from sparekey.core.errors import SparekeyError
    from sparekey.host.entropy import Entropy
    from sparekey.web.lean.router import Route
    from sparekey.web.page import Pages


def lean_face(
    routes: Callable[[str], Sequence[BaseRoute]], *, pages: Pages, rules: Rules, entropy: Entropy
) -> ASGIApp:
    """The ASGI application: the routes for a path, the static files and the language switch, all behind the guard."""
    always = pages.routes()

    def failed(request: Any, error: Exception) -> Any:
        if isinstance(error, Stop):
            return missing(pages, request, error.status_code, error.headers)
        return ours(pages, request, cast("SparekeyError", error))

    def found(path: str) -> list[Route]:
        return cast("list[Route]", [*routes(path), *always])

    router = Router(found, FAMILIES, failed)
    return Guard(router, rules=rules, pages=pages, entropy=entropy)
