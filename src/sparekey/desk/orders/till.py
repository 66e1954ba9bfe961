"""What becomes of money that came: it pays an order, or waits for a person. Each credit counts once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from sparekey.core import order as machine
from sparekey.core.errors import Refusal
from sparekey.core.order import Cancelled, Ordered, PaymentAccepted, PaymentMatched, Refunded
from sparekey.desk.orders.ordering import Past, Payment
from sparekey.desk.orders.tables import orders, payments

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Connection

    from sparekey.core.order import State
    from sparekey.core.table import Step
    from sparekey.desk.cases.vault import Vault
    from sparekey.desk.orders.ports import Credit
    from sparekey.desk.orders.repository import OrderRepository

BATCH = 100
"""Credits of one transaction."""


@dataclass(frozen=True)
class Imported:
    """What a statement brought. `paid`: orders that are paid by it. `listed`: credits for a person to look at. `known`:
    those that were there already. `other`: those that are no order's.
    """

    paid: tuple[str, ...] = ()
    listed: int = 0
    known: int = 0
    other: int = 0


class Till:
    """Takes money in. `price`: of an unlock now, in minor units of `currency`."""

    def __init__(self, repository: OrderRepository, vault: Vault, price: int, currency: str) -> None:
        self._repository = repository
        self._database = repository.database
        self._vault = vault
        self._price = price, currency

    def take(self, credits_: Sequence[Credit], now: int, by: str) -> Imported:
        """Match each with the order that it names. Money that names none is nothing of ours; but where it is exactly
        the price, somebody should look whose it is.
        """
        paid: list[str] = []
        counted = {"listed": 0, "known": 0, "other": 0}
        for start in range(0, len(credits_), BATCH):
            with self._database.writing() as connection:
                for credit in credits_[start : start + BATCH]:
                    number, what = self._one(connection, credit, now, by)
                    if what == "paid":
                        paid.append(number)
                    else:
                        counted[what] += 1
        return Imported(tuple(paid), **counted)

    def waiting(self, most: int = 200) -> list[Payment]:
        """What a person has to look at, the oldest first."""
        query = select(payments).where(payments.c.waits == 1).order_by(payments.c.at, payments.c.mark)
        with self._database.reading() as connection:
            rows = connection.execute(query.limit(most)).all()
        return [
            Payment(
                row.mark,
                row.at,
                row.day,
                row.amount,
                row.currency,
                row.number,
                row.outcome,
                self._vault.open(f"payment {row.mark.hex()}", row.told).decode(),
            )
            for row in rows
        ]

    def accept(self, mark: bytes, number: str, now: int, by: str) -> Refusal | None:
        """Somebody counts this money as the payment of an order, or as owed where the order is over."""
        with self._database.writing() as connection:
            row = self._waiting(connection, mark)
            if row is None:
                return Refusal.ALREADY_DONE
            past = Past(now, "accepted", by, "technician", _said(row.amount, row.currency))
            told = self._repository.tell_in(connection, number, _step(PaymentAccepted(), now), past)
            if told is None:
                return Refusal.NO_SUCH_REQUEST
            if told[1] is None:
                self._settled(connection, mark, number, by)
            return told[1]

    def settle(self, mark: bytes, by: str) -> Refusal | None:
        """Somebody dealt with it otherwise: sent it back, or it is for something else."""
        with self._database.writing() as connection:
            row = self._waiting(connection, mark)
            if row is None:
                return Refusal.ALREADY_DONE
            self._settled(connection, mark, row.number, by)
            return None

    def _one(self, connection: Connection, credit: Credit, now: int, by: str) -> tuple[str, str]:
        same = select(payments.c.mark).where(payments.c.mark == credit.mark)
        if connection.execute(same).first() is not None:
            return "", "known"
        named = select(orders.c.number).where(orders.c.number.in_(credit.numbers))
        found = list(connection.execute(named).scalars())
        number = found[0] if len(found) == 1 else ""
        if number:
            outcome = self._matched(connection, number, credit, now, by)
        elif found:
            outcome = "several"
        elif (credit.amount, credit.currency) == self._price:
            outcome = "no-number"
        else:
            return "", "other"
        connection.execute(
            insert(payments).values(
                mark=credit.mark,
                at=now,
                day=credit.day,
                amount=credit.amount,
                currency=credit.currency,
                number=number,
                outcome=outcome,
                waits=int(outcome != "paid"),
                by=by,
                told=self._vault.seal(f"payment {credit.mark.hex()}", credit.told.encode()),
            )
        )
        return number, "paid" if outcome == "paid" else "listed"

    def _matched(self, connection: Connection, number: str, credit: Credit, now: int, by: str) -> str:
        event = PaymentMatched(credit.amount, credit.currency)
        past = Past(now, "paid", by, "desk", _said(credit.amount, credit.currency))
        told = self._repository.tell_in(connection, number, _step(event, now), past)
        if told is None:
            return "no-number"
        kept, refusal = told
        if refusal is None:
            return "paid"
        state, deal = kept.state, kept.state.deal
        if isinstance(state, Cancelled | Refunded):
            return "over"
        if not isinstance(state, Ordered):
            return "again"
        if credit.currency != deal.currency:
            return "currency"
        return "too-little" if credit.amount < deal.price else "too-much"

    def _waiting(self, connection: Connection, mark: bytes) -> Payment | None:
        query = select(payments).where(payments.c.mark == mark, payments.c.waits == 1).with_for_update()
        row = connection.execute(query).first()
        if row is None:
            return None
        return Payment(mark, row.at, row.day, row.amount, row.currency, row.number, row.outcome)

    @staticmethod
    def _settled(connection: Connection, mark: bytes, number: str, by: str) -> None:
        chosen = update(payments).where(payments.c.mark == mark)
        connection.execute(chosen.values(waits=0, number=number, by=by))


def _step(event: object, now: int) -> Callable[[State], Step[State]]:
    return lambda state: machine.step(state, event, now)


def _said(amount: int, currency: str) -> str:
    return f"{amount} {currency}"
