"""Enrolments that wait for two people and 72 hours, on every engine."""

from __future__ import annotations

import re

import pytest

from sparekey.core.codes import Code, code_from_bits, read_code
from sparekey.core.errors import Refusal
from sparekey.core.messages.link_answer import LinkVerdict
from sparekey.core.registry import HOLD, Admission, Disputed, Ended, Outcome, Pending, dispute_item
from sparekey.desk.registry.disputes import STOP_TRIES
from sparekey.desk.registry.rows import DisputeRow
from sparekey.desk.registry.rules import RegistryRules
from sparekey.desk.store.database import Database
from tests.desk.enrolling import NEXT, OWNER, STOP_PAGE, Books, Device, Letter

SERIAL = "PX-3216-0001"


@pytest.fixture
def books(database: Database) -> Books:
    """Somebody enrolled, and somebody else wants to under the same serial."""
    made = Books(database)
    made.registrar.enrol(made.request(Device()))
    assert made.registrar.enrol(made.request(another(), NEXT)).verdict is LinkVerdict.WAITS
    return made


def another() -> Device:
    return Device(life="another")


def only(books: Books) -> DisputeRow:
    (row,) = books.disputes.open()
    return row


def agree(books: Books, row: DisputeRow, by: str, key: int) -> Refusal | None:
    items = (b"something else", dispute_item(row.state.claim))
    return books.disputes.agree(row.number, by, bytes([key]) * 8, items)


def both_agree(books: Books) -> tuple[DisputeRow, Letter]:
    row = only(books)
    assert agree(books, row, "ann", 1) is None
    assert agree(books, row, "bob", 2) is None
    (mail,) = books.mails()
    return row, mail


def code_in(mail: Letter) -> Code:
    found = re.search(r"^\s+([0-9A-Z]{4}-[0-9A-Z]{4})\s*$", mail.text, re.MULTILINE)
    assert found, mail.text
    return read_code(found[1])


def after(books: Books, number: str) -> object:
    row = books.disputes.get(number)
    assert row is not None
    return row.state


def test_two_people_agree_the_owner_hears_and_after_72_hours_it_is_in(books: Books) -> None:
    row = only(books)
    assert isinstance(row.state, Disputed)
    assert agree(books, row, "ann", 1) is None
    assert agree(books, row, "ann", 2) is Refusal.ALREADY_DONE
    assert books.mails() == [], "one person moves nothing"
    assert agree(books, row, "bob", 2) is None
    (mail,) = books.mails()
    assert (mail.kind, mail.recipient) == ("disputed", OWNER)
    assert STOP_PAGE in mail.text
    assert row.number in mail.text
    assert isinstance(after(books, row.number), Pending)
    assert books.registrar.standing(SERIAL).conflict
    assert books.disputes.work() == 0
    books.clock.forward(HOLD)
    assert books.disputes.work() == 1
    assert books.disputes.work() == 0
    state = after(books, row.number)
    assert isinstance(state, Ended)
    assert state.outcome is Outcome.ADMITTED
    body = books.registrar.opened(SERIAL)
    assert body is not None
    assert body.addresses == (NEXT,)
    assert not books.registrar.standing(SERIAL).conflict
    assert [(mail.kind, mail.recipient) for mail in books.mails()] == [("new_owner", OWNER)]
    assert books.registrar.standing(SERIAL).confirmed, "two people looked"
    assert books.disputes.open() == []


def test_its_device_then_gets_the_reply_to_the_very_same_request(database: Database) -> None:
    books = Books(database)
    books.registrar.enrol(books.request(Device()))
    request = books.request(another(), NEXT)
    assert books.registrar.enrol(request).verdict is LinkVerdict.WAITS
    both_agree(books)
    books.clock.forward(HOLD)
    books.disputes.work()
    assert books.registrar.enrol(request).verdict is LinkVerdict.TAKEN


def test_T36_the_owner_stops_it_with_the_code_from_the_mail(books: Books) -> None:
    row, mail = both_agree(books)
    assert books.disputes.stop("00000000", code_in(mail)) is Refusal.WRONG_CODE
    assert books.disputes.stop(row.number, code_from_bits(1)) is Refusal.WRONG_CODE
    assert books.disputes.stop(row.number, code_in(mail)) is None
    state = after(books, row.number)
    assert isinstance(state, Ended)
    assert state.outcome is Outcome.OBJECTED
    assert books.disputes.stop(row.number, code_in(mail)) is Refusal.WRONG_CODE
    books.clock.forward(HOLD)
    assert books.disputes.work() == 0
    body = books.registrar.opened(SERIAL)
    assert body is not None
    assert body.addresses == (OWNER,)


def test_T03_a_code_that_stops_is_guessed_ten_times(books: Books) -> None:
    row, mail = both_agree(books)
    for guess in range(STOP_TRIES):
        assert books.disputes.stop(row.number, code_from_bits(guess)) is Refusal.WRONG_CODE
    assert books.disputes.stop(row.number, code_in(mail)) is Refusal.TOO_MANY_TRIES


def test_one_person_dismisses_and_the_device_hears_that_it_is_old(database: Database) -> None:
    books = Books(database)
    books.registrar.enrol(books.request(Device()))
    request = books.request(another(), NEXT)
    books.registrar.enrol(request)
    row = only(books)
    assert books.disputes.dismiss(row.number, "ann") is None
    assert books.disputes.dismiss(row.number, "ann") is Refusal.NOT_NOW
    assert books.disputes.dismiss("00000000", "ann") is Refusal.NO_SUCH_REQUEST
    assert books.registrar.enrol(request).verdict is LinkVerdict.OLD


def test_nobody_decides_about_their_own_device_or_signs_something_else(books: Books) -> None:
    row = only(books)
    books.registrar.own(SERIAL, "olga")
    assert agree(books, row, "olga", 3) is Refusal.NOT_AUTHORISED
    assert books.disputes.agree(row.number, "ann", bytes(8), ()) is Refusal.NOT_GENUINE


def test_what_was_overtaken_by_another_owner_does_not_come_in(books: Books) -> None:
    row, _ = both_agree(books)
    books.registrar.transfer(SERIAL)
    books.clock.forward(HOLD)
    assert books.disputes.work() == 1
    state = after(books, row.number)
    assert isinstance(state, Ended)
    assert state.outcome is Outcome.OVERTAKEN


def test_where_nobody_was_enrolled_nobody_is_told(database: Database) -> None:
    books = Books(database, rules=RegistryRules(Admission.FACTORY))
    books.registrar.enrol(books.request(Device()))
    row = only(books)
    agree(books, row, "ann", 1)
    agree(books, row, "bob", 2)
    assert books.mails() == []
    books.clock.forward(HOLD)
    books.disputes.work()
    assert books.registrar.standing(SERIAL).confirmed
