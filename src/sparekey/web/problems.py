"""The pages for what goes wrong in a web face."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core.errors import InputError, UnavailableError, UntrustedError
from sparekey.host.problems import of_error
from sparekey.language.catalogue import N_
from sparekey.web.forms import SENTENCES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request
    from starlette.responses import Response

    from sparekey.core.errors import SparekeyError
    from sparekey.web.page import Pages

FAMILIES = (InputError, UntrustedError, UnavailableError)
"""Our errors that get a page of their own when a route lets them through. A MisuseError is the guard's."""
RETRY = "30"
"""Seconds after which whoever gets a 503 may try again."""
_MISSING = (
    N_("This page does not exist"),
    N_("Look at the address once more, or start from the first page."),
)
_OTHERWISE = (
    N_("That does not work here"),
    N_("Start from the first page and try again."),
)


def missing(pages: Pages, request: Request, status: int, headers: Mapping[str, str] | None) -> Response:
    """There is no such page, or not in this way."""
    answer = pages.problem(request, status, *(_MISSING if status == 404 else _OTHERWISE), back="/")
    answer.headers.update(headers or {})
    return answer


def ours(
    pages: Pages, request: Request, error: SparekeyError, away: tuple[str, str] | None = None
) -> Response:
    """An error of one of the families. `away`: title and text for where the store does not answer."""
    problem = of_error(error)
    title, text = problem.told, SENTENCES.get(problem.slug, problem.mend)
    if away is not None and problem.slug == "store":
        title, text = away
    answer = pages.problem(request, problem.status, title, text, back=request.url.path)
    if problem.status == 503:
        answer.headers["retry-after"] = RETRY
    return answer
