"""Orders of the technician's unlock at the desk: money, device, file, and what customers hear."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from sparekey.core.errors import InputError, Refusal
from sparekey.core.evidence import Remedy
from sparekey.core.messages.armour import FileKind, unwrap
from sparekey.core.messages.response import read_response
from sparekey.core.order import read_number
from sparekey.core.tlog.leaf import LeafAction
from sparekey.desk.cases.giving import Given
from sparekey.desk.cases.opening import Trouble
from sparekey.desk.mail.ports import Delivery
from sparekey.desk.orders import days
from sparekey.desk.orders.ordering import Wrong
from sparekey.desk.store.database import Database
from sparekey.testing.bank import Transfer
from tests.desk.casework import ANNA, BERT, SERIAL, code_in
from tests.desk.workshop import HERE, JANE, PRICE, Workshop

DAY = 86400


@pytest.fixture
def shop(database: Database) -> Workshop:
    made = Workshop(database)
    made.enrol()
    return made


def handed_in(shop: Workshop, order: str, **request: object) -> str:
    """The device's request, in a case."""
    case = shop.orders.hand_in(order, shop.file(technician=True, **request), "tom")
    assert isinstance(case, str), case
    return case


def approved(shop: Workshop, case: str) -> None:
    """An agent proposes, two people approve, the hold passes."""
    shop.issue(case, Remedy.ERASE_FILE)


def test_P06_the_whole_way_with_a_signed_file(shop: Workshop) -> None:
    number = shop.here()
    case = handed_in(shop, number)
    approved(shop, case)
    given = shop.orders.file(number, "tom")
    assert isinstance(given, Given)
    answer = read_response(unwrap(FileKind.RESPONSE, given.file)).answer
    assert (answer.serial, answer.action, len(answer.approvers)) == (SERIAL, LeafAction.ERASE, 2)
    assert shop.orders.file(number, "tom") == given
    assert shop.orders.unlocked(number, "tom") is None
    assert shop.orders.returned(number, "tom") is None
    view = shop.orders.show(number)
    assert view is not None
    assert [past.what for past in view.history] == [
        "ordered", "paid", "received", "request", "file", "unlocked", "returned",
    ]  # fmt: skip
    assert shop.orders.file(number, "tom") is Refusal.NOT_NOW
    closed = shop.cases.show(case)
    assert closed is not None
    assert closed.status == "closed"


def test_P06_T44_no_file_before_the_device_is_here(shop: Workshop) -> None:
    number = shop.paid()
    approved(shop, handed_in(shop, number))
    assert shop.orders.file(number, "tom") is Refusal.NOT_NOW
    assert shop.orders.sent(number) is None
    assert shop.orders.file(number, "tom") is Refusal.NOT_NOW
    assert shop.orders.received(number, "tom") is None
    assert isinstance(shop.orders.file(number, "tom"), Given)


def test_P06_T18_T44_no_file_with_one_approval(shop: Workshop) -> None:
    number = shop.here()
    assert shop.orders.file(number, "tom") is Refusal.NOT_NOW
    case = handed_in(shop, number)
    shop.prove(case)
    assert shop.cases.propose(case, Remedy.ERASE_FILE, "anna").refusal is None
    assert shop.orders.file(number, "tom") is Refusal.NOT_NOW
    assert shop.approve(case, BERT) == "proposed"
    (again,) = shop.cases.approve([case], BERT, shop.cases.items([case]))
    assert again.refusal is Refusal.ALREADY_DONE
    assert shop.orders.file(number, "tom") is Refusal.NOT_NOW
    assert shop.approve(case, ANNA) == "held"
    assert shop.orders.file(number, "tom") is Refusal.NOT_NOW


def test_P06_the_log_has_it_before_it_leaves(shop: Workshop) -> None:
    number = shop.here()
    case = handed_in(shop, number)
    approved(shop, case)
    view = shop.cases.show(case)
    assert view is not None
    assert view.log_index is not None


def test_P06_T44_a_request_of_another_device_or_kind_is_not_taken(shop: Workshop) -> None:
    number = shop.here()
    shop.enrol("PX-9999")
    assert shop.orders.hand_in(number, shop.file(serial="PX-9999", technician=True), "tom") is Wrong.SERIAL
    assert shop.orders.hand_in(number, shop.file(), "tom") is Wrong.FILE
    assert shop.orders.hand_in(number, b"\xff", "tom") is Trouble.DAMAGED
    assert shop.orders.hand_in("1000000005", shop.file(technician=True), "tom") is Refusal.NO_SUCH_REQUEST
    assert shop.cases.inbox() == []
    assert shop.orders.cancel(number) is None
    assert shop.orders.hand_in(number, shop.file(technician=True), "tom") is Refusal.NOT_NOW


def test_P06_a_newer_request_takes_the_place_of_an_older_one(shop: Workshop) -> None:
    number = shop.here()
    first = handed_in(shop, number)
    second = handed_in(shop, number, number="4F7Q0002")
    approved(shop, first)
    assert shop.orders.file(number, "tom") is Refusal.NOT_NOW
    approved(shop, second)
    assert isinstance(shop.orders.file(number, "tom"), Given)


def test_a_request_may_come_with_the_order(shop: Workshop) -> None:
    number = shop.place(file=shop.file(technician=True))
    (line,) = shop.cases.inbox()
    assert [found.case for found in shop.orders.find(number)] == [line.number]
    assert shop.orders.place(JANE, "PX-9999", shop.file(technician=True), HERE) is Wrong.SERIAL


def test_P06_T44_the_exact_amount_pays_and_everything_else_waits_for_a_person(shop: Workshop) -> None:
    numbers = [shop.place(source=bytes([place])) for place in range(3)]
    exact, low, high = numbers
    taken = shop.orders.statement(
        shop.bank(
            Transfer(PRICE, symbol=exact, reference="1"),
            Transfer("1989.99", symbol=low, reference="2"),
            Transfer("2000.00", symbol=high, reference="3"),
            Transfer(PRICE, "EUR", symbol=low, reference="4"),
            Transfer(PRICE, message=f"{low} {high}", reference="5"),
            Transfer(PRICE, message="for the recorder", reference="6"),
            Transfer("55.00", message="electricity", reference="7"),
            Transfer(PRICE, symbol=exact, reference="8"),
        ),
        "tom",
    )
    assert (taken.paid, taken.listed, taken.known, taken.other) == ((exact,), 6, 0, 1)
    assert [shop.status(number) for number in numbers] == ["paid", "ordered", "ordered"]
    assert {(one.outcome, one.number) for one in shop.orders.till.waiting()} == {
        ("too-little", low), ("too-much", high), ("currency", low),
        ("several", ""), ("no-number", ""), ("again", exact),
    }  # fmt: skip


def test_P06_T44_a_statement_taken_in_twice_counts_once(shop: Workshop) -> None:
    number, other = shop.place(), shop.place(source=b"x")
    transfers = Transfer(PRICE, symbol=number, reference="1"), Transfer("5.00", symbol=other, reference="2")
    shop.orders.statement(shop.bank(*transfers), "tom")
    for name in ("2026-226", "2026-11"):
        taken = shop.orders.statement(shop.bank(*transfers, name=name), "eva")
        assert (taken.paid, taken.listed, taken.known) == ((), 0, 2)
    assert len(shop.orders.till.waiting()) == 1


def test_somebody_decides_about_money_that_waits(shop: Workshop) -> None:
    number, over = shop.place(), shop.place(source=b"x")
    shop.orders.cancel(over)
    shop.orders.statement(
        shop.bank(
            Transfer("2000.00", symbol=number, reference="1"),
            Transfer(PRICE, symbol=over, reference="2"),
            Transfer(PRICE, message="hello", reference="3"),
        ),
        "tom",
    )
    marks = {one.outcome: one.mark for one in shop.orders.till.waiting()}
    assert shop.orders.accept(marks["too-much"], number, "tom") is None
    assert shop.orders.accept(marks["too-much"], number, "tom") is Refusal.ALREADY_DONE
    assert shop.orders.accept(marks["over"], over, "tom") is None
    assert shop.orders.accept(marks["no-number"], "1000000005", "tom") is Refusal.NO_SUCH_REQUEST
    with pytest.raises(InputError):
        shop.orders.accept(marks["no-number"], "1000000006", "tom")
    assert shop.orders.till.settle(marks["no-number"], "tom") is None
    assert shop.orders.till.settle(bytes(32), "tom") is Refusal.ALREADY_DONE
    assert shop.orders.till.waiting() == []
    assert shop.status(number) == "paid"
    assert shop.orders.refund(over, "tom") is None
    assert shop.status(over) == "refunded"


def test_two_who_decide_at_once(shop: Workshop) -> None:
    number = shop.paid()
    view = shop.orders.show(number)
    assert view is not None
    assert shop.orders.received(number, "tom", view.kept.version) is None
    assert shop.orders.refund(number, "eva", view.kept.version) is Refusal.ALREADY_DONE
    assert shop.status(number) == "received"


def test_two_nodes_take_in_the_same_statement(open_database: Callable[[], Database]) -> None:
    shop = Workshop(open_database())
    number = shop.place()
    data = shop.bank(Transfer(PRICE, symbol=number, reference="1"))
    other = Workshop(open_database())
    other.keyring = shop.keyring
    assert shop.orders.statement(data, "tom").paid == (number,)
    assert other.orders.till.take(list(other.orders._payments.credits(data)), 1, "eva").known == 1


def test_nobody_pays_in_time(shop: Workshop) -> None:
    number = shop.place()
    shop.told()
    assert shop.orders.work() == 0
    shop.clock.forward(14 * DAY)
    assert shop.orders.work() == 1
    assert shop.status(number) == "cancelled"
    assert shop.orders.work() == 0
    assert [mail.message["Subject"] for mail in shop.told()] == ["Your order is cancelled"]


def test_P06_customers_hear_of_every_step(shop: Workshop) -> None:
    number = shop.place()
    (placed,) = shop.told()
    assert placed.recipient == JANE.address
    for part in ("plain", "html"):
        text = placed.part(part)
        assert number in text
        assert "CZK\u00a01,990" in text
        assert shop.shop.account in text
        assert "ALL RECORDINGS ARE LOST" in text
        assert not any(word in text for word in (JANE.name, JANE.street, SERIAL)), "a stranger chooses words"
    assert shop.orders.enter(number, code_in(placed).shown, HERE) == number
    shop.orders.statement(shop.bank(Transfer(PRICE, symbol=number)), "tom")
    (paid,) = shop.told()
    assert "Dlouhá 1" in paid.part("plain")
    assert "about 3 working days" in " ".join(paid.part("plain").split())
    shop.orders.received(number, "tom")
    (received,) = shop.told()
    assert "Goes back by: " in received.part("plain")
    shop.orders.refund(number, "tom")
    shop.orders.returned(number, "tom")
    assert {mail.message["Subject"] for mail in shop.told()} == {
        "Your money is on its way back", "Your device is on its way back",
    }  # fmt: skip
    assert shop.told() == []


def test_mails_are_in_the_customers_language(shop: Workshop) -> None:
    placed = shop.orders.place(replace(JANE, locale="cs"), SERIAL, "", HERE)
    assert isinstance(placed, str)
    shop.paid()
    czech = next(mail for mail in shop.told() if mail.message["Content-Language"] == "cs")
    assert "VŠECHNY ZÁZNAMY" in czech.part("plain")


def test_T06_the_same_answer_for_an_unknown_number_and_a_wrong_code(shop: Workshop) -> None:
    number = shop.place()
    code = shop.orders.code(number).shown
    wrong = shop.orders.code("1000000005").shown
    assert shop.orders.enter(number, wrong, HERE) is Refusal.WRONG_CODE
    assert shop.orders.enter("1000000005", wrong, HERE) is Refusal.WRONG_CODE
    for typed in (("1000000006", code), (number, "ABCD")):
        with pytest.raises(InputError):
            shop.orders.enter(*typed, HERE)
    assert shop.orders.enter(number, code, HERE) == number


def test_T03_codes_of_an_order_are_counted(shop: Workshop) -> None:
    number = shop.place()
    wrong = shop.orders.code("1000000005").shown
    for _ in range(10):
        assert shop.orders.enter(number, wrong, HERE) is Refusal.WRONG_CODE
    assert shop.orders.enter(number, shop.orders.code(number).shown, HERE) is Refusal.TOO_MANY_TRIES


def test_T05_the_shop_is_no_mail_cannon(shop: Workshop) -> None:
    placed = [shop.orders.place(JANE, SERIAL, "", bytes([place])) for place in range(4)]
    assert placed[3] is Wrong.TOO_MANY
    assert len(shop.told()) == 3


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"name": ""}, Wrong.NAME),
        ({"street": "x" * 61}, Wrong.STREET),
        ({"city": "a\u202eb"}, Wrong.CITY),
        ({"country": "DE"}, Wrong.COUNTRY),
        ({"address": "jane@example.com\nBcc: all@example.com"}, Wrong.ADDRESS),
    ],
)
def test_an_order_that_does_not_fit_names_the_field(
    shop: Workshop, changed: dict[str, str], wrong: Wrong
) -> None:
    assert shop.orders.place(replace(JANE, **changed), SERIAL, "", HERE) is wrong
    assert shop.orders.place(JANE, "<b>", "", HERE) is Wrong.SERIAL
    assert shop.orders.place(JANE, SERIAL, b"%PDF", HERE) is Trouble.DAMAGED


def test_T37_who_ordered_is_sealed(shop: Workshop) -> None:
    shop.place()
    with shop.database.reading() as connection:
        stored = b"".join(
            bytes(str(row), "utf-8") for table in ("orders", "order_history", "order_mails", "payments")
            for row in connection.exec_driver_sql(f"SELECT * FROM {table}").all()
        )  # fmt: skip
    assert JANE.name.encode() not in stored
    assert JANE.address.encode() not in stored


@pytest.mark.meets("asvs-14.2.7", "etsi-6-6")
def test_orders_that_are_over_for_long_are_forgotten(shop: Workshop) -> None:
    number, live = shop.place(), shop.paid()
    shop.orders.cancel(number)
    shop.clock.forward(366 * DAY)
    shop.orders.prune()
    assert shop.orders.show(number) is None
    assert shop.orders.show(live) is not None


def test_lists_and_search(shop: Workshop) -> None:
    first, second = shop.place(), shop.paid("PX 7")
    assert [line.number for line in shop.orders.lines(("paid",))] == [second]
    everything = shop.orders.lines(most=1)
    assert len(everything) == 1
    after = everything[0].placed, everything[0].number
    assert {everything[0].number, *(line.number for line in shop.orders.lines(after=after))} == {
        first,
        second,
    }
    assert [line.number for line in shop.orders.find(f"{first[:4]} {first[4:]}")] == [first]
    assert [line.number for line in shop.orders.find("px 7")] == [second]
    assert shop.orders.find("") == []
    assert read_number(first) == first


def test_a_mail_that_bounces_stands_on_the_order(shop: Workshop) -> None:
    number = shop.place()
    shop.post.verdict = lambda _: Delivery.NEVER
    for _ in range(6):
        shop.told()
        shop.clock.forward(3600)
    view = shop.orders.show(number)
    assert view is not None
    assert view.history[-1].what == "bounced"


def test_working_days_leave_out_weekends_and_holidays() -> None:
    def at(text: str) -> int:
        return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())

    def due(text: str, country: str) -> str:
        return (
            datetime.fromtimestamp(days.second_of(days.due(at(text), 3, country, UTC)), UTC)
            .date()
            .isoformat()
        )

    assert due("2026-11-25T10:00", "CZ") == "2026-11-30"
    assert due("2026-12-23T10:00", "CZ") == "2026-12-30"
    assert due("2026-12-31T10:00", "CZ") == "2027-01-06"
    assert due("2026-12-31T10:00", "SK") == "2027-01-07"
    assert due("2026-04-02T10:00", "CZ") == "2026-04-09"
