"""What auditors read, and one page of plain charts for everybody of the staff."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool

from sparekey.core.admission import Role
from sparekey.core.evidence import Remedy
from sparekey.desk.cases.reasons import REASONS
from sparekey.desk.console import names, words
from sparekey.desk.console.door import ROOT
from sparekey.desk.figures import DAY, DAYS
from sparekey.desk.staff.book import DEEDS_SHOWN
from sparekey.language.moments import duration

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from sparekey.desk.console.door import Door
    from sparekey.desk.figures import Counts
    from sparekey.desk.staff.people import Session
    from sparekey.host.clock import Clock

_GIVEN = {remedy.value: name for remedy, name in words.REMEDIES.items()}


class Overseeing:
    """The pages."""

    def __init__(self, door: Door, counts: Counts, clock: Clock) -> None:
        self._door = door
        self._counts = counts
        self._clock = clock

    def routes(self) -> list[BaseRoute]:
        """Both."""
        return [
            self._door.route(f"{ROOT}/audit", self._audit, Role.AUDITOR, Role.ADMIN),
            self._door.route(f"{ROOT}/numbers", self._numbers),
        ]

    async def _audit(self, request: Request, session: Session) -> Response:
        asked = request.query_params
        before, by = asked.get("before", ""), asked.get("by", "")[:16]
        known = int(before) if before.isdecimal() and len(before) < 16 else None
        deeds = await run_in_threadpool(self._door.staff.deeds, known, by)
        return self._door.page(
            request,
            session,
            "audit.html",
            deeds=[deed for _, deed in deeds],
            more=deeds[-1][0] if len(deeds) == DEEDS_SHOWN else 0,
            by=by,
            programs=await self._door.names(),
            what=names.DEEDS,
        )

    async def _numbers(self, request: Request, session: Session) -> Response:
        figures = await run_in_threadpool(self._counts.figures, self._clock.wall())
        spoken = self._door.pages.words(request)
        first = datetime.fromtimestamp(figures.first * DAY, UTC).strftime("%Y-%m-%d")
        return self._door.page(
            request,
            session,
            "numbers.html",
            figures=figures,
            days=DAYS,
            first=first,
            given_names=_GIVEN,
            reasons=REASONS,
            erase=Remedy.ERASE_FILE.value,
            age=lambda seconds: duration(seconds, spoken),
        )
