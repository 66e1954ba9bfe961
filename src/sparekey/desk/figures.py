"""Counts of what the desk does: for its own page of charts and for whoever watches it. Never who or which device."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from sparekey.desk.cases.tables import case_history, case_mails, cases
from sparekey.desk.orders.tables import order_mails
from sparekey.desk.owners.tables import codes
from sparekey.desk.registry.tables import news
from sparekey.desk.store.due import NEVER
from sparekey.desk.store.tables import outbox

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sparekey.desk.store.database import Database

DAY = 86400
DAYS = 28
"""Days on the charts, today's included."""
_PILES = (outbox, case_mails, order_mails, news, codes)


@dataclass(frozen=True)
class Series:
    """One kind of thing, counted for each day; the last one is today. `kind`: its slug."""

    kind: str
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        """In all these days."""
        return sum(self.counts)


@dataclass(frozen=True)
class Figures:
    """`opened`: cases. `given`: by remedy, when it was proposed. `refused`: by reason. `hours`: the middle time from
    opening to what was issued, in seconds, for each day; 0 where nothing was.
    """

    first: int
    opened: Series
    given: tuple[Series, ...]
    refused: tuple[Series, ...]
    hours: Series


class Counts:
    """Asks the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def figures(self, now: int) -> Figures:
        """The charts. `now`: Unix seconds. Raises UnavailableError."""
        first = now // DAY - DAYS + 1
        day = (case_history.c.at // DAY).label("day")
        query = (
            select(case_history.c.what, case_history.c.detail, day, func.count())
            .where(
                case_history.c.at >= first * DAY, case_history.c.what.in_(("opened", "proposed", "refused"))
            )
            .group_by(case_history.c.what, case_history.c.detail, day)
        )
        issued = select(cases.c.opened, cases.c.changed).where(
            cases.c.log_index.is_not(None), cases.c.changed >= first * DAY
        )
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
            times = connection.execute(issued).all()
        found: dict[tuple[str, str], list[int]] = {}
        for what, detail, at, count in rows:
            kind = (what, detail if what != "opened" else "")
            found.setdefault(kind, [0] * DAYS)[int(at) - first] += count
        waited: list[list[int]] = [[] for _ in range(DAYS)]
        for opened, changed in times:
            waited[changed // DAY - first].append(changed - opened)
        return Figures(
            first=first,
            opened=Series("opened", tuple(found.get(("opened", ""), [0] * DAYS))),
            given=_of(found, "proposed"),
            refused=_of(found, "refused"),
            hours=Series("hours", tuple(int(median(some)) if some else 0 for some in waited)),
        )

    def cases(self) -> Mapping[str, int]:
        """How many cases there are in each state."""
        query = select(cases.c.status, func.count().label("cases")).group_by(cases.c.status)
        with self._database.reading() as connection:
            return {row.status: row.cases for row in connection.execute(query)}

    def mails(self) -> int:
        """How many mails wait, on all piles."""
        waiting = [select(func.count()).select_from(pile).where(pile.c.due < NEVER) for pile in _PILES]
        with self._database.reading() as connection:
            return sum(connection.execute(query).scalar_one() for query in waiting)


def _of(found: Mapping[tuple[str, str], list[int]], what: str) -> tuple[Series, ...]:
    made = [Series(detail, tuple(counts)) for (kind, detail), counts in found.items() if kind == what]
    return tuple(sorted(made, key=lambda series: (-series.total, series.kind)))
