"""What pages are answered with: Starlette's classes at the desk, `web.lean` on a device."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.responses import HTMLResponse, RedirectResponse, Response
    from starlette.routing import Route


@dataclass(frozen=True)
class Answers:
    """One kit of them."""

    whole: type[Response]
    page: type[HTMLResponse]
    redirect: type[RedirectResponse]
    route: type[Route]


def of_starlette() -> Answers:
    """For an application of `web.face`."""
    from starlette.responses import HTMLResponse, RedirectResponse, Response
    from starlette.routing import Route

    return Answers(Response, HTMLResponse, RedirectResponse, Route)


def lean() -> Answers:
    """For an application of `web.lean.face`."""
    from sparekey.web.lean import HTMLResponse, RedirectResponse, Response, Route

    return Answers(Response, HTMLResponse, RedirectResponse, Route)
