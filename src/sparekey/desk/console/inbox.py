"""The inbox: which cases wait, for whom, and since when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool

from sparekey.desk.cases.asking import Which
from sparekey.desk.console import words
from sparekey.desk.console.door import ROOT, WORKERS
from sparekey.language.moments import duration

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from sparekey.desk.cases.asking import Line
    from sparekey.desk.cases.service import Cases
    from sparekey.desk.console.door import Door
    from sparekey.desk.staff.people import Session

SHOWN = 50
"""Cases on one page."""
LIVE = ("opened", "proposed", "held", "issued")

_FILTERS = ("agent", "evidence", "approval", "hold", "call", "owner")


class Inbox:
    """The page."""

    def __init__(self, door: Door, cases: Cases) -> None:
        self._door = door
        self._cases = cases

    def routes(self) -> list[BaseRoute]:
        """The one."""
        return [self._door.route(ROOT, self._show, *WORKERS)]

    async def _show(self, request: Request, session: Session) -> Response:
        asked = request.query_params
        find, waits = asked.get("find", "")[:100].strip(), asked.get("waits", "")
        after = _after(asked.get("after", ""))
        if find:
            lines = await run_in_threadpool(self._cases.find, find)
        else:
            lines = await run_in_threadpool(self._lines, waits, after)
        spoken = self._door.pages.words(request)
        return self._door.page(
            request,
            session,
            "inbox.html",
            lines=lines[:SHOWN],
            more=f"{lines[SHOWN - 1].opened}.{lines[SHOWN - 1].number}" if len(lines) > SHOWN else "",
            find=find,
            waits=waits,
            filters=_FILTERS,
            waits_names=words.WAITS,
            status_names=words.STATUS,
            age=lambda seconds: duration(seconds, spoken),
        )

    def _lines(self, waits: str, after: tuple[int, str]) -> list[Line]:
        """One more than a page shows."""
        which = Which(LIVE, waits=waits if waits in _FILTERS else None)
        return self._cases.lines(which, after=after, most=SHOWN + 1)


def _after(text: str) -> tuple[int, str]:
    at, _, number = text.partition(".")
    return (int(at), number[:16]) if at.isdecimal() and len(at) < 16 else (0, "")
