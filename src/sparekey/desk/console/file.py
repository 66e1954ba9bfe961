"""A file of many requests while it is being opened: how far it is, and what became of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool

from sparekey.core.admission import Role
from sparekey.desk.console import words
from sparekey.desk.console.door import ROOT
from sparekey.language.catalogue import N_

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from sparekey.desk.cases.service import Cases
    from sparekey.desk.console.door import Door
    from sparekey.desk.staff.people import Session

FILES = f"{ROOT}/files"
SHOWN = 200
"""Requests on one page, and troubles above them."""
AGAIN = 3
"""Seconds after which the page of a file that is being opened loads itself again."""

_GONE = (
    N_("There is no such file"),
    N_("What became of a file is kept for 30 days. Its cases stay in the inbox."),
)


class FilePages:
    """The page."""

    def __init__(self, door: Door, cases: Cases) -> None:
        self._door = door
        self._cases = cases

    def routes(self) -> list[BaseRoute]:
        """All of them."""
        return [self._door.route(f"{FILES}/{{number}}", self._show, Role.AGENT)]

    async def _show(self, request: Request, session: Session) -> Response:
        number = request.path_params["number"][:32]
        standing = await run_in_threadpool(self._cases.files.look, number)
        if standing is None:
            return self._door.pages.problem(request, 404, *_GONE, back=ROOT)
        numbered = list(enumerate(standing.results, 1))
        opened = [(place, one) for place, one in numbered if isinstance(one, str)]
        troubles = [(place, one) for place, one in numbered if not isinstance(one, str)]
        asked = request.query_params.get("from", "1")
        start = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 7 else 1
        start = min(max(1, start), max(1, len(numbered)))
        return self._door.page(
            request,
            session,
            "file.html",
            here=f"{FILES}/{number}",
            standing=standing,
            again=AGAIN,
            opened=opened,
            troubles=troubles,
            lines=numbered[start - 1 : start - 1 + SHOWN],
            start=start,
            shown=SHOWN,
            opening=words.OPENING,
        )
