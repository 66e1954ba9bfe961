"""The machine of one order of the technician's unlock, from the shop to the way back (spec/support.md section 9).

The money and the device go their ways here; whether the device is erased, a case decides. The file that erases leaves
the desk only while the order is *Received*, and from then on nobody takes the order back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from sparekey.core import table
from sparekey.core.codes.check import check_digit
from sparekey.core.errors import InputError, MisuseError, Refusal
from sparekey.core.table import Step

NUMBER_LENGTH = 10
"""Digits of an order's number, its check digit included: what a bank's variable symbol holds."""


@dataclass(frozen=True)
class Deal:
    """What every state carries. `price`: in the currency's minor unit. `placed`, `pay_by`: Unix seconds."""

    number: str
    serial: str
    price: int
    currency: str
    placed: int
    pay_by: int


@dataclass(frozen=True)
class Ordered:
    """Waits for the money."""

    deal: Deal


@dataclass(frozen=True)
class Paid:
    """Waits for the device."""

    deal: Deal
    at: int


@dataclass(frozen=True)
class Sent:
    """The device is on its way here."""

    deal: Deal
    at: int


@dataclass(frozen=True)
class Received:
    """The device is on the bench. `due`: the day on which it goes back, in days since 1970. `left`: the case whose
    file has left the desk to erase it, or empty.
    """

    deal: Deal
    at: int
    due: int
    left: str = ""


@dataclass(frozen=True)
class Unlocked:
    """It is erased, at factory settings, and waits for its way back."""

    deal: Deal
    at: int


@dataclass(frozen=True)
class Returned:
    """It is on its way back, and the order is over."""

    deal: Deal
    at: int


@dataclass(frozen=True)
class Cancelled:
    """Nothing will be done. `owed`: the money is to be sent back. `here`: the device is."""

    deal: Deal
    at: int
    owed: bool = False
    here: bool = False


@dataclass(frozen=True)
class Refunded:
    """The money was sent back. `here`: the device is to be sent back too."""

    deal: Deal
    at: int
    here: bool = False


State = Ordered | Paid | Sent | Received | Unlocked | Returned | Cancelled | Refunded


@dataclass(frozen=True)
class PaymentMatched:
    """Money came that names this order. `amount`: in the minor unit."""

    amount: int
    currency: str


@dataclass(frozen=True)
class PaymentAccepted:
    """Somebody looked at what came, and counts it as the payment."""


@dataclass(frozen=True)
class PaymentMissed:
    """Time passed; perhaps nobody pays any more."""


@dataclass(frozen=True)
class DeviceSent:
    """It was given to a carrier."""


@dataclass(frozen=True)
class DeviceReceived:
    """It arrived. `due`: the day on which it goes back, in days since 1970."""

    due: int


@dataclass(frozen=True)
class FileLeft:
    """The file that erases is about to leave the desk. `case`: the one that decided it."""

    case: str


@dataclass(frozen=True)
class DeviceUnlocked:
    """It took the file, and is at factory settings."""


@dataclass(frozen=True)
class DeviceReturned:
    """It was given to a carrier, to its owner."""


@dataclass(frozen=True)
class OrderCancelled:
    """The customer or the desk said no."""


@dataclass(frozen=True)
class MoneyReturned:
    """The money was sent back."""


@dataclass(frozen=True)
class TellCustomer:
    """Tell the customer. `what`: paid, received, returned, cancelled or refunded."""

    number: str
    what: str


def payment_matched(state: Ordered, event: PaymentMatched, now: int) -> Step[Ordered | Paid]:
    """The exact amount, no more and no less; everything else is for a person."""
    if (event.amount, event.currency) != (state.deal.price, state.deal.currency):
        return Step(state, refusal=Refusal.NOT_ENOUGH)
    return _told(Paid(state.deal, now), "paid")


def payment_accepted(state: Ordered, _event: PaymentAccepted, now: int) -> Step[Paid]:
    """As if the amount had been exact."""
    return _told(Paid(state.deal, now), "paid")


def paid_too_late(state: Cancelled, _event: PaymentAccepted, _now: int) -> Step[Cancelled]:
    """The order is over: the money is owed."""
    if state.owed:
        return Step(state, refusal=Refusal.ALREADY_DONE)
    return Step(replace(state, owed=True))


def payment_missed(state: Ordered, _event: PaymentMissed, now: int) -> Step[Ordered | Cancelled]:
    """After the time to pay the order is over."""
    if now < state.deal.pay_by:
        return Step(state)
    return _told(Cancelled(state.deal, now), "cancelled")


def device_sent(state: Paid, _event: DeviceSent, now: int) -> Step[Sent]:
    """On its way."""
    return Step(Sent(state.deal, now))


def device_received(state: Paid | Sent, event: DeviceReceived, now: int) -> Step[Received]:
    """From now on the working days count."""
    return _told(Received(state.deal, now, event.due), "received")


def arrived_cancelled(state: Cancelled, _event: DeviceReceived, _now: int) -> Step[Cancelled]:
    """Nothing is done with it: it goes back as it came."""
    return Step(replace(state, here=True))


def arrived_refunded(state: Refunded, _event: DeviceReceived, _now: int) -> Step[Refunded]:
    """The same."""
    return Step(replace(state, here=True))


def file_left(state: Received, event: FileLeft, _now: int) -> Step[Received]:
    """From now on the order cannot be taken back."""
    return Step(replace(state, left=event.case))


def device_unlocked(state: Received, _event: DeviceUnlocked, now: int) -> Step[Received | Unlocked]:
    """Only a file unlocks it."""
    if not state.left:
        return Step(state, refusal=Refusal.NOT_NOW)
    return Step(Unlocked(state.deal, now))


def device_returned(state: Unlocked, _event: DeviceReturned, now: int) -> Step[Returned]:
    """The end that was ordered."""
    return _told(Returned(state.deal, now), "returned")


def sent_back_cancelled(state: Cancelled, _event: DeviceReturned, _now: int) -> Step[Cancelled]:
    """A device that was not unlocked goes back."""
    if not state.here:
        return Step(state, refusal=Refusal.NOT_NOW)
    return _told(replace(state, here=False), "returned")


def sent_back_refunded(state: Refunded, _event: DeviceReturned, _now: int) -> Step[Refunded]:
    """The same."""
    if not state.here:
        return Step(state, refusal=Refusal.NOT_NOW)
    return _told(replace(state, here=False), "returned")


def unpaid_cancelled(state: Ordered, _event: OrderCancelled, now: int) -> Step[Cancelled]:
    """Nobody owes anybody anything."""
    return _told(Cancelled(state.deal, now), "cancelled")


def paid_cancelled(state: Paid | Sent, _event: OrderCancelled, now: int) -> Step[Cancelled]:
    """What was paid is owed."""
    return _told(Cancelled(state.deal, now, owed=True), "cancelled")


def received_cancelled(state: Received, _event: OrderCancelled, now: int) -> Step[Received | Cancelled]:
    """Until a file has left. What is here goes back."""
    if state.left:
        return Step(state, refusal=Refusal.ALREADY_DONE)
    return _told(Cancelled(state.deal, now, owed=True, here=True), "cancelled")


def money_returned(state: Paid | Sent, _event: MoneyReturned, now: int) -> Step[Refunded]:
    """The desk gives up, and gives the money back at once."""
    return _told(Refunded(state.deal, now), "refunded")


def received_refunded(state: Received, _event: MoneyReturned, now: int) -> Step[Received | Refunded]:
    """The same, until a file has left."""
    if state.left:
        return Step(state, refusal=Refusal.ALREADY_DONE)
    return _told(Refunded(state.deal, now, here=True), "refunded")


def owed_returned(state: Cancelled, _event: MoneyReturned, now: int) -> Step[Cancelled | Refunded]:
    """What was owed is paid back."""
    if not state.owed:
        return Step(state, refusal=Refusal.NOT_NOW)
    return _told(Refunded(state.deal, now, state.here), "refunded")


TABLE: table.Table = {
    (Ordered, PaymentMatched): payment_matched,
    (Ordered, PaymentAccepted): payment_accepted,
    (Ordered, PaymentMissed): payment_missed,
    (Ordered, OrderCancelled): unpaid_cancelled,
    (Paid, DeviceSent): device_sent,
    (Paid, DeviceReceived): device_received,
    (Paid, OrderCancelled): paid_cancelled,
    (Paid, MoneyReturned): money_returned,
    (Sent, DeviceReceived): device_received,
    (Sent, OrderCancelled): paid_cancelled,
    (Sent, MoneyReturned): money_returned,
    (Received, FileLeft): file_left,
    (Received, DeviceUnlocked): device_unlocked,
    (Received, OrderCancelled): received_cancelled,
    (Received, MoneyReturned): received_refunded,
    (Unlocked, DeviceReturned): device_returned,
    (Cancelled, PaymentAccepted): paid_too_late,
    (Cancelled, DeviceReceived): arrived_cancelled,
    (Cancelled, DeviceReturned): sent_back_cancelled,
    (Cancelled, MoneyReturned): owed_returned,
    (Refunded, DeviceReceived): arrived_refunded,
    (Refunded, DeviceReturned): sent_back_refunded,
}
"""The diagram. `now`: Unix seconds."""


def step(state: State, event: object, now: int) -> Step[State]:
    """Apply an event to an order."""
    return table.step(TABLE, state, event, now)


def number_from_entropy(entropy: bytes) -> str:
    """An order's number from eight random bytes: nine digits, not beginning with 0, and their check digit."""
    if len(entropy) != 8:
        raise MisuseError("order-entropy", "an order's number takes eight random bytes")
    body = str(10**8 + int.from_bytes(entropy, "big") % (9 * 10**8))
    return body + check_digit(body)


def read_number(text: str) -> str:
    """An order's number as somebody typed it. Raises InputError (`order-number`) for what is none."""
    digits = "".join(text.split()).replace("-", "")
    plain = digits.isascii() and digits.isdecimal() and len(digits) == NUMBER_LENGTH and digits[0] != "0"
    if not plain or check_digit(digits[:-1]) != digits[-1]:
        raise InputError("order-number", "an order's number has ten digits; compare it with the mail")
    return digits


def working_day(day: int, count: int, free: Callable[[int], bool]) -> int:
    """The day that is `count` working days after `day`, both in days since 1970. `free`: whether nobody works."""
    while count > 0:
        day += 1
        count -= not free(day)
    return day


S = TypeVar("S", bound=State)


def _told(state: S, what: str) -> Step[S]:
    return Step(state, (TellCustomer(state.deal.number, what),))
