"""An order of the technician's unlock: money and device on their ways, and when nobody can take it back any more."""

from __future__ import annotations

import pytest

from sparekey.core import order
from sparekey.core.codes.check import check_digit
from sparekey.core.errors import InputError, MisuseError, Refusal
from sparekey.core.order import (
    TABLE,
    Cancelled,
    Deal,
    DeviceReceived,
    DeviceReturned,
    DeviceSent,
    DeviceUnlocked,
    FileLeft,
    MoneyReturned,
    OrderCancelled,
    Ordered,
    Paid,
    PaymentAccepted,
    PaymentMatched,
    PaymentMissed,
    Received,
    Refunded,
    Returned,
    Sent,
    State,
    TellCustomer,
    Unlocked,
    number_from_entropy,
    read_number,
    working_day,
)
from sparekey.core.table import Step
from sparekey.host.snapshot import freeze, thaw

NOW = 1_790_000_000
WEEK = 7 * 86400
NUMBER = number_from_entropy(bytes(range(8)))
DEAL = Deal(NUMBER, "PX-3216-0001", 199_000, "CZK", NOW, NOW + WEEK)
EXACT = PaymentMatched(199_000, "CZK")


def told(state: State, event: object, now: int = NOW) -> Step[State]:
    stepped = order.step(state, event, now)
    assert thaw(freeze(stepped.state), State) == stepped.state
    return stepped


def after(*events: object) -> State:
    """The state after these events, none of which is refused."""
    state: State = Ordered(DEAL)
    for event in events:
        stepped = told(state, event)
        assert stepped.refusal is None, event
        state = stepped.state
    return state


HERE = (EXACT, DeviceSent(), DeviceReceived(20_000))
LEFT = (*HERE, FileLeft("4F7Q0001"))


def test_P06_the_whole_way() -> None:
    state: State = Ordered(DEAL)
    reached, said = [], []
    for event in (*LEFT, DeviceUnlocked(), DeviceReturned()):
        stepped = told(state, event)
        state = stepped.state
        reached.append(type(state))
        said += [effect.what for effect in stepped.effects if isinstance(effect, TellCustomer)]
    assert reached == [Paid, Sent, Received, Received, Unlocked, Returned]
    assert said == ["paid", "received", "returned"]
    assert after(EXACT, DeviceReceived(20_000)) == Received(DEAL, NOW, 20_000)


@pytest.mark.parametrize(("amount", "currency"), [(198_999, "CZK"), (199_001, "CZK"), (199_000, "EUR")])
def test_P06_only_the_exact_amount_pays(amount: int, currency: str) -> None:
    stepped = told(Ordered(DEAL), PaymentMatched(amount, currency))
    assert (stepped.state, stepped.refusal) == (Ordered(DEAL), Refusal.NOT_ENOUGH)
    assert after(PaymentAccepted()) == Paid(DEAL, NOW)


def test_nobody_waits_for_money_without_end() -> None:
    assert told(Ordered(DEAL), PaymentMissed(), NOW + WEEK - 1).state == Ordered(DEAL)
    late = told(Ordered(DEAL), PaymentMissed(), NOW + WEEK).state
    assert late == Cancelled(DEAL, NOW + WEEK)
    owed = told(late, PaymentAccepted()).state
    assert isinstance(owed, Cancelled)
    assert owed.owed
    assert told(owed, PaymentAccepted()).refusal is Refusal.ALREADY_DONE


def test_P06_without_a_file_nothing_is_unlocked() -> None:
    here = after(*HERE)
    assert told(here, DeviceUnlocked()).refusal is Refusal.NOT_NOW
    for state in (Ordered(DEAL), after(EXACT), after(EXACT, DeviceSent()), after(*LEFT, DeviceUnlocked())):
        assert told(state, FileLeft("4F7Q0001")).refusal is Refusal.NOT_NOW


def test_P06_once_a_file_has_left_nobody_takes_it_back() -> None:
    for event in (OrderCancelled(), MoneyReturned()):
        stepped = told(after(*LEFT), event)
        assert (stepped.state, stepped.refusal) == (after(*LEFT), Refusal.ALREADY_DONE)


def test_a_cancelled_order_owes_what_was_paid_and_what_is_here() -> None:
    assert after(OrderCancelled()) == Cancelled(DEAL, NOW)
    assert told(after(OrderCancelled()), MoneyReturned()).refusal is Refusal.NOT_NOW
    assert told(after(OrderCancelled()), DeviceReturned()).refusal is Refusal.NOT_NOW
    for before in ((EXACT,), (EXACT, DeviceSent())):
        assert after(*before, OrderCancelled()) == Cancelled(DEAL, NOW, owed=True)
    here = after(*HERE, OrderCancelled())
    assert here == Cancelled(DEAL, NOW, owed=True, here=True)
    assert after(*HERE, OrderCancelled(), DeviceReturned()) == Cancelled(DEAL, NOW, owed=True)
    assert after(*HERE, OrderCancelled(), MoneyReturned()) == Refunded(DEAL, NOW, here=True)
    assert after(*HERE, OrderCancelled(), MoneyReturned(), DeviceReturned()) == Refunded(DEAL, NOW)


def test_the_desk_may_give_up_and_pay_back() -> None:
    assert after(EXACT, MoneyReturned()) == Refunded(DEAL, NOW)
    assert after(EXACT, DeviceSent(), MoneyReturned()) == Refunded(DEAL, NOW)
    assert after(*HERE, MoneyReturned()) == Refunded(DEAL, NOW, here=True)
    assert told(after(EXACT, MoneyReturned()), DeviceReturned()).refusal is Refusal.NOT_NOW


def test_a_device_that_arrives_too_late_goes_back_as_it_came() -> None:
    assert after(OrderCancelled(), DeviceReceived(1)) == Cancelled(DEAL, NOW, here=True)
    assert after(EXACT, MoneyReturned(), DeviceReceived(1)) == Refunded(DEAL, NOW, here=True)


def test_what_the_table_does_not_have_is_refused() -> None:
    events = {event for _, event in TABLE}
    samples = {PaymentMatched: EXACT, DeviceReceived: DeviceReceived(1), FileLeft: FileLeft("4F7Q0001")}
    state = after(*LEFT, DeviceUnlocked(), DeviceReturned())
    for event in events:
        stepped = told(state, samples[event] if event in samples else event())
        assert (stepped.state, stepped.refusal) == (state, Refusal.NOT_NOW)


def test_a_number_has_a_check_digit() -> None:
    assert read_number(f" {NUMBER[:4]} {NUMBER[4:]}-") == NUMBER
    assert read_number(number_from_entropy(bytes(8)))
    assert read_number(number_from_entropy(b"\xff" * 8))
    with pytest.raises(MisuseError):
        number_from_entropy(bytes(7))
    slips = [NUMBER[:place] + str((int(NUMBER[place]) + 1) % 10) + NUMBER[place + 1 :] for place in range(10)]
    for wrong in (*slips, NUMBER[:-1], NUMBER + "0", "", "²" * 10, "abcdefghij", "0" * 10):
        with pytest.raises(InputError, match="order-number"):
            read_number(wrong)


def test_working_days_pass_over_the_free_ones() -> None:
    weekend = {5, 6}
    assert working_day(3, 3, lambda day: day % 7 in weekend) == 8
    assert working_day(4, 1, lambda day: day % 7 in weekend) == 7
    assert working_day(4, 0, lambda _: False) == 4


@pytest.mark.parametrize(
    ("before", "event", "what"),
    [
        ((), EXACT, "paid"),
        ((), PaymentAccepted(), "paid"),
        ((), OrderCancelled(), "cancelled"),
        ((EXACT,), OrderCancelled(), "cancelled"),
        ((EXACT,), MoneyReturned(), "refunded"),
        ((EXACT, DeviceSent()), DeviceReceived(20_000), "received"),
        (HERE, OrderCancelled(), "cancelled"),
        (HERE, MoneyReturned(), "refunded"),
        ((*HERE, OrderCancelled()), MoneyReturned(), "refunded"),
        ((*HERE, OrderCancelled()), DeviceReturned(), "returned"),
        ((*HERE, MoneyReturned()), DeviceReturned(), "returned"),
        ((*LEFT, DeviceUnlocked()), DeviceReturned(), "returned"),
    ],
)
def test_P06_the_customer_is_told_what_happened(before: tuple[object, ...], event: object, what: str) -> None:
    assert told(after(*before), event).effects == (TellCustomer(NUMBER, what),)


def test_P06_the_customer_is_told_that_no_payment_came() -> None:
    assert told(Ordered(DEAL), PaymentMissed(), NOW + WEEK).effects == (TellCustomer(NUMBER, "cancelled"),)


@pytest.mark.parametrize(
    ("entropy", "number"),
    [(0, "100000000"), (1, "100000001"), (9 * 10**8 - 1, "999999999"), (9 * 10**8, "100000000")],
)
def test_an_order_s_number_has_nine_digits_and_their_check(entropy: int, number: str) -> None:
    assert number_from_entropy(entropy.to_bytes(8, "big")) == number + check_digit(number)
