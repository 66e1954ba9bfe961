"""Which mails about an order wait, in the database: an order and a kind, never a word of what they say."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from sqlalchemy import insert, update

from sparekey.desk.orders.tables import order_mails
from sparekey.desk.store import due
from sparekey.desk.store.due import NEVER

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from sparekey.desk.store.database import Database

TOLD = 7 * 86400
"""Seconds for which a mail is worth sending."""


class Kind(Enum):
    """What a mail says; the value is the name of its folder."""

    ORDERED = "order_placed"
    PAID = "order_paid"
    RECEIVED = "order_received"
    RETURNED = "order_returned"
    CANCELLED = "order_cancelled"
    REFUNDED = "order_refunded"


@dataclass(frozen=True)
class OrderMail:
    """A mail taken by one worker."""

    id: int
    number: str
    kind: Kind
    round: int
    good_until: int
    attempts: int


class Posting:
    """Takes, and gives back. Every method raises UnavailableError when the database fails."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def claim(self, now: int, lease: int, most: int) -> list[OrderMail]:
        """Take mails that are due. Looks first without a transaction: mostly there is nothing."""
        rows = due.take(self._database, order_mails, now, lease, most)
        return [
            OrderMail(row.id, row.number, Kind(row.kind), row.round, row.good_until, row.attempts + 1)
            for row in rows
        ]

    def done(self, *mails: int) -> None:
        """They went out, or never will."""
        with self._database.writing() as connection:
            chosen = update(order_mails).where(order_mails.c.id.in_(mails))
            connection.execute(chosen.values(due=NEVER, attempts=0))

    def postpone(self, mail: int, *, due: int, attempts: int) -> None:
        """Give it back."""
        with self._database.writing() as connection:
            chosen = update(order_mails).where(order_mails.c.id == mail)
            connection.execute(chosen.values(due=due, attempts=attempts))


def put(connection: Connection, number: str, kind: Kind, now: int, round_: int = 0) -> None:
    """Queue one mail in a transaction that is open already."""
    connection.execute(
        insert(order_mails).values(
            number=number,
            kind=kind.value,
            round=round_,
            good_until=now + TOLD,
            due=now,
            attempts=0,
        )
    )
