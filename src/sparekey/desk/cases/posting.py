"""Which mails about a case wait, in the database: a case, a kind and a place, never a word of what they say."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select, update

from sparekey.desk.cases.tables import case_mails
from sparekey.desk.store import due
from sparekey.desk.store.due import NEVER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from sparekey.desk.store.database import Database

ASKER = 0
"""The place of the address that the asker left. From 1 on: the addresses that the device sealed."""
OWNERS = (1, 2)
"""Both are queued always: so it shows in no time whether a device is known. Which of them there is tells the
sending.
"""
DAY = 86400


class Kind(Enum):
    """What a mail says; the value is the name of its folder."""

    OPENED = "case_opened"
    ASKED = "case_asked"
    HELD = "case_held"
    CANCELLED = "case_cancelled"
    REFUSED = "case_refused"
    ISSUED = "case_issued"
    SECURE_CODE = "secure_code"
    MAILBOX_CODE = "mailbox_code"


@dataclass(frozen=True)
class CaseMail:
    """A mail taken by one worker."""

    id: int
    number: str
    kind: Kind
    place: int
    round: int
    good_until: int
    attempts: int


class Posting:
    """Queues, takes, and gives back. Every method raises UnavailableError when the database fails."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def queue(
        self, number: str, kind: Kind, places: Sequence[int], now: int, good_until: int, round_: int = 0
    ) -> None:
        """Queue a mail for each place, unless it was queued before."""
        with self._database.writing() as connection:
            for place in places:
                put(connection, number, kind, place, now, good_until, round_)

    def rounds(self, number: str, kind: Kind) -> int:
        """How many mails of this kind were queued for a case."""
        chosen = (case_mails.c.number == number) & (case_mails.c.kind == kind.value)
        with self._database.reading() as connection:
            query = select(func.count()).select_from(case_mails).where(chosen)
            return connection.execute(query).scalar_one()

    def claim(self, now: int, lease: int, most: int) -> list[CaseMail]:
        """Take mails that are due. Looks first without a transaction: mostly there is nothing."""
        rows = due.take(self._database, case_mails, now, lease, most)
        return [
            CaseMail(
                row.id, row.number, Kind(row.kind), row.place, row.round, row.good_until, row.attempts + 1
            )
            for row in rows
        ]

    def done(self, *mails: int) -> None:
        """They went out, or never will; what stays is the mark that they were queued."""
        with self._database.writing() as connection:
            connection.execute(
                update(case_mails).where(case_mails.c.id.in_(mails)).values(due=NEVER, attempts=0)
            )

    def postpone(self, mail: int, *, due: int, attempts: int) -> None:
        """Give it back."""
        with self._database.writing() as connection:
            chosen = update(case_mails).where(case_mails.c.id == mail)
            connection.execute(chosen.values(due=due, attempts=attempts))

    def waiting(self) -> int:
        """How many wait."""
        query = select(func.count()).select_from(case_mails).where(case_mails.c.due < NEVER)
        with self._database.reading() as connection:
            return connection.execute(query).scalar_one()


def put(
    connection: Connection, number: str, kind: Kind, place: int, now: int, good_until: int, round_: int = 0
) -> None:
    """Queue one mail in a transaction that is open already, unless it was queued before."""
    same = select(case_mails.c.id).where(
        case_mails.c.number == number,
        case_mails.c.kind == kind.value,
        case_mails.c.place == place,
        case_mails.c.round == round_,
    )
    if connection.execute(same).first() is None:
        connection.execute(insert(case_mails).values(row(number, kind, place, now, good_until, round_)))


def put_all(connection: Connection, rows: Sequence[dict[str, object]]) -> None:
    """Queue mails of cases that are new in this very transaction. `rows`: made by `row`."""
    if rows:
        connection.execute(insert(case_mails), list(rows))


def row(number: str, kind: Kind, place: int, now: int, good_until: int, round_: int = 0) -> dict[str, object]:
    """A mail as its table has it."""
    return {
        "number": number,
        "kind": kind.value,
        "place": place,
        "round": round_,
        "good_until": good_until,
        "due": now,
        "attempts": 0,
    }
