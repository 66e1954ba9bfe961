"""The service of the orders: the shop's pages, the console and programs all ask here.

Decisions are the machine's (`core/order.py`). Whether a device is erased its case decides, at the service of the cases.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sparekey.core import mailing
from sparekey.core import order as machine
from sparekey.core.codes import read_code
from sparekey.core.crypto import derive
from sparekey.core.errors import InputError, Refusal
from sparekey.core.messages.header import Kind as RequestKind
from sparekey.core.messages.request import Request
from sparekey.core.messages.text import read_any
from sparekey.core.order import (
    Deal,
    DeviceReceived,
    DeviceReturned,
    DeviceSent,
    DeviceUnlocked,
    FileLeft,
    MoneyReturned,
    OrderCancelled,
    Ordered,
    PaymentMissed,
    Received,
    number_from_entropy,
    read_number,
)
from sparekey.desk.cases.asking import Asker
from sparekey.desk.cases.budget import ALL, Budget, Limit
from sparekey.desk.cases.opening import Trouble
from sparekey.desk.cases.vault import Vault
from sparekey.desk.orders import days
from sparekey.desk.orders.codes import OrderCodes
from sparekey.desk.orders.mails import OrderMails
from sparekey.desk.orders.ordering import Customer, Dossier, Past, Wrong, checked
from sparekey.desk.orders.posting import Posting
from sparekey.desk.orders.repository import NAMES, OrderRepository
from sparekey.desk.orders.till import Till

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import tzinfo

    from sparekey.core.codes import Code
    from sparekey.desk.cases.giving import Given
    from sparekey.desk.cases.service import Cases
    from sparekey.desk.keyring import Keyring
    from sparekey.desk.mail.letters import Letters
    from sparekey.desk.mail.ports import Sender
    from sparekey.desk.orders.ordering import Kept, Line
    from sparekey.desk.orders.ports import Payments, Square
    from sparekey.desk.orders.shop import ShopConfig
    from sparekey.desk.orders.till import Imported
    from sparekey.desk.store.database import Database
    from sparekey.host.clock import Clock
    from sparekey.host.entropy import Entropy

DAY = 86400
KEEPS = 365
"""Days for which an order that is over is kept."""
WORK = 32
ORDERED_HERE = Limit("order-source", 5, 15)
"""Orders from one source."""
ORDERED = Limit("order-all", 60, 300)
"""Orders in all."""
MAILED = Limit("order-mail", 3, 6)
"""Orders with one address."""
TYPED = Limit("order-code", 10, 30)
"""Codes typed for one order."""
TYPED_HERE = Limit("order-typed", 60, 300)
"""The same from one source."""


@dataclass(frozen=True)
class OrderView:
    """An order as people at the desk and its customer see it. `due`: the day of the way back, in Unix seconds, or 0."""

    kept: Kept
    status: str
    history: tuple[Past, ...]
    squares: tuple[Square, ...]
    due: int = 0


class Orders:
    """All orders of one desk. Every method raises UnavailableError when the world fails; then nothing changed."""

    def __init__(
        self,
        *,
        shop: ShopConfig,
        payments: Payments,
        cases: Cases,
        database: Database,
        keyring: Keyring,
        clock: Clock,
        entropy: Entropy,
        zone: tzinfo,
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        """`zone`: the workshop's. `wake`: called when mail waits."""
        vault = Vault(keyring)
        self.shop = shop
        self._payments = payments
        self._cases = cases
        self._ticket = keyring.ticket
        self._clock = clock
        self._entropy = entropy
        self._zone = zone
        self._wake = wake
        self._repository = OrderRepository(database, vault)
        self._codes = OrderCodes((keyring.ticket, *keyring.old_tickets))
        self._counts = Budget(database)
        self._posting = Posting(database)
        self.till = Till(self._repository, vault, shop.amount, shop.currency)

    def mails(self, letters: Letters, sender: Sender, url: str) -> OrderMails:
        """The pile of the mails about orders, for an outbox. `url`: the desk's public address."""
        return OrderMails(
            posting=self._posting,
            repository=self._repository,
            codes=self._codes,
            shop=self.shop,
            letters=letters,
            sender=sender,
            url=url,
            clock=self._clock,
            zone=self._zone,
        )

    # What customers do

    def place(
        self, customer: Customer, serial: str, file: str | bytes, source: bytes
    ) -> str | Wrong | Trouble:
        """Order. `file`: the device's own request, where the customer has it already. Returns the number."""
        good = checked(customer, serial, self.shop.returns_to)
        if isinstance(good, Wrong):
            return good
        customer, serial = good
        if file and (wrong := _fits(file, serial)):
            return wrong
        now = self._clock.wall()
        mark = mailing.address_mark(derive(self._ticket, "order mail"), customer.address)
        if not self._counts.take(((ORDERED_HERE, source), (ORDERED, ALL), (MAILED, mark)), now):
            return Wrong.TOO_MANY
        placed = False
        number = ""
        while not placed:
            number = number_from_entropy(self._entropy.bytes(8))
            deal = Deal(
                number, serial, self.shop.amount, self.shop.currency, now, now + self.shop.pay_within * DAY
            )
            past = Past(now, "ordered", "", "customer")
            placed = self._repository.add(number, Dossier(Ordered(deal), customer), past)
        if file:
            self._open(number, file, "", source)
        self._wake()
        return number

    def enter(self, number: str, typed: str, source: bytes) -> str | Refusal:
        """The order that a typed code opens. The same `wrong-code` for another code and for a number that there is not.

        Raises InputError when one of them has not the form: that is no try.
        """
        code, number = read_code(typed), read_number(number)
        limits = [(TYPED, number.encode()), (TYPED_HERE, source)]
        if not self._counts.take(limits, self._clock.wall()):
            return Refusal.TOO_MANY_TRIES
        right = self._codes.is_right(code, number)
        return number if self._repository.get(number) is not None and right else Refusal.WRONG_CODE

    def code(self, number: str) -> Code:
        """The code of an order, for who has just placed it."""
        return self._codes.code(number)

    # What is looked at

    def show(self, number: str) -> OrderView | None:
        """Everything about one order."""
        kept = self._repository.get(number)
        if kept is None:
            return None
        state = kept.state
        return OrderView(
            kept,
            NAMES[type(state)],
            tuple(self._repository.history(number)),
            tuple(self._payments.squares(state.deal)) if isinstance(state, Ordered) else (),
            days.second_of(state.due) if isinstance(state, Received) else 0,
        )

    def lines(
        self, statuses: Sequence[str] = (), *, after: tuple[int, str] = (0, ""), most: int = 50
    ) -> list[Line]:
        """Orders of these states, or all; the oldest first."""
        return self._repository.lines(statuses, after=after, most=most)

    def find(self, text: str) -> list[Line]:
        """The order of a number, and all orders of a serial number."""
        try:
            kept = self._repository.get(read_number(text))
        except InputError:
            kept = None
        serial = kept.state.deal.serial if kept is not None else " ".join(text.split())
        lines = self._repository.lines(serial=serial) if serial else []
        return [line for line in lines if kept is None or line.number == kept.number]

    # What is done

    def sent(self, number: str, by: str = "", seen: int | None = None) -> Refusal | None:
        """The device was given to a carrier."""
        return self._tell(number, DeviceSent(), "sent", by, seen)

    def received(self, number: str, by: str, seen: int | None = None) -> Refusal | None:
        """It arrived; from now on the working days count."""
        due = days.due(self._clock.wall(), self.shop.days, self.shop.country, self._zone)
        return self._tell(number, DeviceReceived(due), "received", by, seen)

    def unlocked(self, number: str, by: str, seen: int | None = None) -> Refusal | None:
        """It took the file."""
        refusal = self._tell(number, DeviceUnlocked(), "unlocked", by, seen)
        kept = self._repository.get(number)
        if refusal is None and kept is not None:
            self._cases.finish(kept.dossier.case, by)
        return refusal

    def returned(self, number: str, by: str, seen: int | None = None) -> Refusal | None:
        """It is on its way back."""
        return self._tell(number, DeviceReturned(), "returned", by, seen)

    def cancel(self, number: str, by: str = "", seen: int | None = None) -> Refusal | None:
        """The customer or the desk says no."""
        return self._tell(number, OrderCancelled(), "cancelled", by, seen)

    def refund(self, number: str, by: str, seen: int | None = None) -> Refusal | None:
        """The money was sent back."""
        return self._tell(number, MoneyReturned(), "refunded", by, seen)

    def hand_in(self, number: str, given: str | bytes, by: str) -> str | Wrong | Trouble | Refusal:
        """A technician hands in the device's own request. Returns the number of its case, in which agents decide."""
        kept = self._repository.get(number)
        if kept is None:
            return Refusal.NO_SUCH_REQUEST
        if (wrong := _fits(given, kept.state.deal.serial)) is not None:
            return wrong
        if NAMES[type(kept.state)] not in ("ordered", "paid", "sent", "received"):
            return Refusal.NOT_NOW
        return self._open(number, given, by, b"")

    def file(self, number: str, by: str) -> Given | Refusal:
        """The signed file that erases the device: only while it is on the bench, and its case has issued it. That it
        leaves is stored before it leaves.
        """
        kept = self._repository.get(number)
        if kept is None:
            return Refusal.NO_SUCH_REQUEST
        case = kept.dossier.case
        if not isinstance(kept.state, Received) or not case:
            return Refusal.NOT_NOW
        given = self._cases.erase_file(case, received=True)
        if isinstance(given, Refusal):
            return given
        return self._tell(number, FileLeft(case), "file", by, detail=case) or given

    def statement(self, data: bytes, by: str) -> Imported:
        """Take in what the bank gave out. Raises InputError for what is no statement of our account."""
        imported = self.till.take(self._payments.credits(data), self._clock.wall(), by)
        self._wake()
        return imported

    def accept(self, mark: bytes, number: str, by: str) -> Refusal | None:
        """Count money that waits as the payment of an order. Raises InputError for what is no number."""
        refusal = self.till.accept(mark, read_number(number), self._clock.wall(), by)
        self._wake()
        return refusal

    # What goes on by itself

    def work(self) -> int:
        """Give up on orders that nobody paid in time. Returns how many."""
        numbers = self._repository.unpaid(self._clock.wall(), WORK)
        for number in numbers:
            self._tell(number, PaymentMissed(), "lapsed", "")
        return len(numbers)

    def prune(self) -> None:
        """Forget orders that are over for long."""
        while self._repository.forget(self._clock.wall() - KEEPS * DAY, WORK):
            continue

    def _open(self, number: str, given: str | bytes, by: str, source: bytes) -> str | Trouble:
        """Open a case for the device's request, and link it. The customer is its asker."""
        kept = self._repository.get(number)
        customer = kept.dossier.customer if kept is not None else None
        asker = Asker(
            opener=f"order {number}".encode(),
            locale=customer.locale if customer is not None else "en",
            address=customer.address if customer is not None else "",
            agent=by,
        )
        receipt = self._cases.open_text(given, asker, source)[0]
        if receipt.trouble is not None:
            return receipt.trouble
        if kept is not None and kept.dossier.case != receipt.number:
            self._repository.link(number, receipt.number, self._past("request", by, receipt.number))
        return receipt.number

    def _tell(
        self,
        number: str,
        event: object,
        what: str,
        by: str,
        seen: int | None = None,
        detail: str = "",
    ) -> Refusal | None:
        past = self._past(what, by, detail)
        told = self._repository.tell(number, lambda state: machine.step(state, event, past.at), past, seen)
        self._wake()
        return Refusal.NO_SUCH_REQUEST if told is None else told[1]

    def _past(self, what: str, by: str, detail: str = "") -> Past:
        role = "technician" if by else "desk" if what == "lapsed" else "customer"
        return Past(self._clock.wall(), what, by, role, detail)


def _fits(given: str | bytes, serial: str) -> Wrong | Trouble | None:
    """Whether this is one request of a technician's kind, of this very device."""
    try:
        found = read_any(given)
    except InputError:
        return Trouble.DAMAGED
    if not isinstance(found, Request) or found.header.kind is not RequestKind.TECHNICIAN:
        return Wrong.FILE
    return None if found.header.identity.serial.upper() == serial.upper() else Wrong.SERIAL
