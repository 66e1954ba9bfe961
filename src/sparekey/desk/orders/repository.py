"""Orders in the desk's database: a state and its mails in one transaction, one winner where two decide at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, or_, select, update

from sparekey.core.errors import Refusal
from sparekey.core.order import (
    Cancelled,
    Ordered,
    Paid,
    Received,
    Refunded,
    Returned,
    Sent,
    TellCustomer,
    Unlocked,
)
from sparekey.desk.orders.ordering import Dossier, Kept, Line, Past
from sparekey.desk.orders.posting import Kind, put
from sparekey.desk.orders.tables import order_history, order_mails, orders
from sparekey.host.snapshot import freeze, thaw

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from sqlalchemy import Connection

    from sparekey.core.order import State
    from sparekey.core.table import Step
    from sparekey.desk.cases.vault import Vault
    from sparekey.desk.store.database import Database

NAMES: dict[type, str] = {
    Ordered: "ordered",
    Paid: "paid",
    Sent: "sent",
    Received: "received",
    Unlocked: "unlocked",
    Returned: "returned",
    Cancelled: "cancelled",
    Refunded: "refunded",
}
"""How states are called in lists."""
OVER = ("returned", "cancelled", "refunded")


class OrderRepository:
    """Every method raises UnavailableError when the database fails; then nothing changed."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self.database = database
        self._vault = vault

    def add(self, number: str, dossier: Dossier, past: Past) -> bool:
        """Place an order, and queue its first mail. False when the number is taken."""
        state = dossier.state
        with self.database.writing() as connection:
            taken = select(orders.c.number).where(orders.c.number == number)
            if connection.execute(taken).first() is not None:
                return False
            connection.execute(
                insert(orders).values(
                    number=number,
                    serial=state.deal.serial,
                    status=NAMES[type(state)],
                    case_number=dossier.case,
                    due=state.deal.pay_by,
                    placed=past.at,
                    changed=past.at,
                    version=1,
                    dossier=self._seal(number, dossier),
                )
            )
            note(connection, number, past)
            put(connection, number, Kind.ORDERED, past.at)
        return True

    def get(self, number: str) -> Kept | None:
        """One order."""
        with self.database.reading() as connection:
            row = connection.execute(select(orders).where(orders.c.number == number)).first()
        return None if row is None else self._kept(row)

    def tell(
        self, number: str, step: Callable[[State], Step[State]], past: Past, seen: int | None = None
    ) -> tuple[Kept, Refusal | None] | None:
        """Apply an event; None when there is no such order. `seen`: the version that whoever decides looked at; when it
        is another one by now the answer is ALREADY_DONE.
        """
        with self.database.writing() as connection:
            return self.tell_in(connection, number, step, past, seen)

    def tell_in(
        self,
        connection: Connection,
        number: str,
        step: Callable[[State], Step[State]],
        past: Past,
        seen: int | None = None,
    ) -> tuple[Kept, Refusal | None] | None:
        """The same in a transaction that is open already."""
        row = connection.execute(select(orders).where(orders.c.number == number).with_for_update()).first()
        if row is None:
            return None
        kept = self._kept(row)
        if seen is not None and seen != kept.version:
            return kept, Refusal.ALREADY_DONE
        made = step(kept.state)
        if made.refusal is not None or (made.state == kept.state and not made.effects):
            return kept, made.refusal
        new = self._store(connection, kept, replace(kept.dossier, state=made.state), past)
        for effect in made.effects:
            if isinstance(effect, TellCustomer):
                put(connection, number, Kind(f"order_{effect.what}"), past.at, new.version)
        return new, None

    def link(self, number: str, case: str, past: Past) -> Kept | None:
        """The device's request is in this case."""
        with self.database.writing() as connection:
            row = connection.execute(
                select(orders).where(orders.c.number == number).with_for_update()
            ).first()
            if row is None:
                return None
            kept = self._kept(row)
            return self._store(connection, kept, replace(kept.dossier, case=case), past)

    def lines(
        self,
        statuses: Sequence[str] = (),
        *,
        serial: str = "",
        after: tuple[int, str] = (0, ""),
        most: int = 50,
    ) -> list[Line]:
        """Orders of these states, or all; the oldest first. `after`: placing time and number of the line before."""
        at, number = after
        query = (
            select(orders)
            .where(or_(orders.c.placed > at, (orders.c.placed == at) & (orders.c.number > number)))
            .order_by(orders.c.placed, orders.c.number)
            .limit(most)
        )
        if statuses:
            query = query.where(orders.c.status.in_(statuses))
        if serial:
            query = query.where(func.upper(orders.c.serial) == serial.upper())
        with self.database.reading() as connection:
            return [_line(row) for row in connection.execute(query)]

    def history(self, number: str) -> list[Past]:
        """What happened to an order, oldest first."""
        query = select(order_history).where(order_history.c.number == number).order_by(order_history.c.id)
        with self.database.reading() as connection:
            rows = connection.execute(query).all()
        return [Past(row.at, row.what, row.by, row.role, row.detail) for row in rows]

    def note(self, number: str, past: Past) -> None:
        """Add a line to an order's history."""
        with self.database.writing() as connection:
            note(connection, number, past)

    def unpaid(self, now: int, most: int) -> list[str]:
        """Orders that nobody paid in time."""
        query = select(orders.c.number).where(orders.c.due.between(1, now)).order_by(orders.c.due)
        with self.database.reading() as connection:
            return list(connection.execute(query.limit(most)).scalars())

    def forget(self, before: int, most: int) -> int:
        """Forget orders that are over and that nothing happened to since then. Returns how many."""
        over = orders.c.status.in_(OVER) & (orders.c.changed < before)
        with self.database.writing() as connection:
            numbers = list(connection.execute(select(orders.c.number).where(over).limit(most)).scalars())
            for table in (order_mails, order_history, orders):
                connection.execute(delete(table).where(table.c.number.in_(numbers)))
        return len(numbers)

    def _store(self, connection: Connection, kept: Kept, dossier: Dossier, past: Past) -> Kept:
        state = dossier.state
        connection.execute(
            update(orders)
            .where(orders.c.number == kept.number)
            .values(
                status=NAMES[type(state)],
                case_number=dossier.case,
                due=state.deal.pay_by if isinstance(state, Ordered) else 0,
                changed=past.at,
                version=kept.version + 1,
                dossier=self._seal(kept.number, dossier),
            )
        )
        note(connection, kept.number, past)
        return Kept(kept.number, kept.version + 1, past.at, dossier)

    def _seal(self, number: str, dossier: Dossier) -> bytes:
        return self._vault.seal(f"order {number}", freeze(dossier))

    def _kept(self, row: Any) -> Kept:
        dossier: Dossier = thaw(self._vault.open(f"order {row.number}", row.dossier), Dossier)
        return Kept(row.number, row.version, row.changed, dossier)


def note(connection: Connection, number: str, past: Past) -> None:
    """Add a line in a transaction that is open already."""
    connection.execute(
        insert(order_history).values(
            number=number, at=past.at, what=past.what, by=past.by, role=past.role, detail=past.detail
        )
    )


def _line(row: Any) -> Line:
    return Line(row.number, row.serial, row.status, row.case_number, row.placed, row.changed)
