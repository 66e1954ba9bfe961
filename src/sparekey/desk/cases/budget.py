"""How often somebody may do something, counted in the database: for each source, for each case, and in all."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select, update

from sparekey.desk.cases.tables import case_counts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Connection

    from sparekey.desk.store.database import Database

HOUR = 3600
DAY_HOURS = 24
ALL = b""
"""The mark under which everybody counts."""


@dataclass(frozen=True)
class Limit:
    """At most so many of a kind in one clock hour, and in 24 of them."""

    kind: str
    hour: int
    day: int


OPENED_HERE = Limit("opened-source", 20, 60)
"""Cases without a ticket from one source."""
OPENED = Limit("opened-all", 300, 2000)
"""Cases without a ticket in all."""
TICKETED = Limit("ticketed-source", 10_000, 30_000)
"""Cases with one, from one source."""
OPENED_BY_PROGRAM = Limit("opened-program", 600, 5000)
"""Cases without a ticket from one program of a help desk, which has an own token."""
TYPED_CODES = Limit("code-case", 10, 30)
"""Wrong and right codes typed for one case."""
TYPED_HERE = Limit("code-source", 60, 300)
"""The same from one source."""
MAILED_OWNER = Limit("mail-device", 3, 6)
"""Times that the owner of one device is told of a new case."""
MAILED_ASKER = Limit("mail-asker", 6, 20)
"""First mails to one address that somebody left."""
MAILED_MAILBOX = Limit("mail-mailbox", 3, 6)
"""Codes mailed to the confirmed mailbox for one case."""
HANDED = Limit("upload-source", 30, 100)
"""Files handed in from one source."""


class Budget:
    """Counts. Every method raises UnavailableError when the database fails."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, wanted: Sequence[tuple[Limit, bytes]], now: int, amount: int = 1) -> bool:
        """As `take`, in a transaction of its own: stored when it returns."""
        with self._database.writing() as connection:
            return take(connection, wanted, now, amount)

    def prune(self, now: int) -> None:
        """Forget what no limit asks for any more."""
        with self._database.writing() as connection:
            connection.execute(delete(case_counts).where(case_counts.c.hour <= now // HOUR - DAY_HOURS))


def take(connection: Connection, wanted: Sequence[tuple[Limit, bytes]], now: int, amount: int = 1) -> bool:
    """Count this for every limit and mark, if it fits under all of them."""
    hour = now // HOUR
    for limit, mark in wanted:
        total = func.coalesce(func.sum(case_counts.c.count), 0)
        of_this_hour = func.coalesce(func.sum(case_counts.c.count).filter(case_counts.c.hour == hour), 0)
        query = select(total, of_this_hour).where(_mine(limit, mark), case_counts.c.hour > hour - DAY_HOURS)
        of_the_day, of_the_hour = connection.execute(query).one()
        if of_the_day + amount > limit.day or of_the_hour + amount > limit.hour:
            return False
    for limit, mark in wanted:
        more = update(case_counts).where(_mine(limit, mark), case_counts.c.hour == hour)
        if not connection.execute(more.values(count=case_counts.c.count + amount)).rowcount:
            row = {"kind": limit.kind, "mark": mark, "hour": hour, "count": amount}
            connection.execute(insert(case_counts).values(row))
    return True


def take_each(connection: Connection, limit: Limit, marks: Sequence[bytes], now: int) -> list[bool]:
    """Count one for each of these marks that it fits for; a mark that stands there twice asks twice. Returns for each
    place whether it fitted.
    """
    hour = now // HOUR
    query = select(case_counts.c.mark, case_counts.c.hour, case_counts.c.count).where(
        case_counts.c.kind == limit.kind,
        case_counts.c.mark.in_(set(marks)),
        case_counts.c.hour > hour - DAY_HOURS,
    )
    days, hours, fitted = Counter[bytes](), Counter[bytes](), Counter[bytes]()
    rows = connection.execute(query).all()
    for mark, at, count in rows:
        days[mark] += count
        hours[mark] += count if at == hour else 0
    known = {mark for mark, at, _ in rows if at == hour}
    verdicts = []
    for mark in marks:
        fits = days[mark] < limit.day and hours[mark] < limit.hour
        for counter in (days, hours, fitted):
            counter[mark] += fits
        verdicts.append(fits)
    for mark in known & {mark for mark, count in fitted.items() if count}:
        more = update(case_counts).where(_mine(limit, mark), case_counts.c.hour == hour)
        connection.execute(more.values(count=case_counts.c.count + fitted[mark]))
    new = [
        {"kind": limit.kind, "mark": mark, "hour": hour, "count": count}
        for mark, count in fitted.items()
        if count and mark not in known
    ]
    if new:
        connection.execute(insert(case_counts), new)
    return verdicts


def _mine(limit: Limit, mark: bytes) -> ColumnElement[bool]:
    return (case_counts.c.kind == limit.kind) & (case_counts.c.mark == mark)
