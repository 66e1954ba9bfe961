from __future__ import annotations

import hmac
from dataclasses import replace

import pytest

from sparekey.core import mailing
from sparekey.core.mailing import CLOCK_SLACK, MailLimits, Sending, Sent, may_send
from tests.vectors.desk import HEADER, MADE

KEY = bytes(range(32))
LIMITS = MailLimits()
QUIET = Sent(since_last=None, for_request=0, address_hour=0, address_day=0, kind_hour=0)


@pytest.mark.meets("asvs-2.3.2")
@pytest.mark.parametrize(
    ("sent", "ticketed", "verdict"),
    [
        (QUIET, False, Sending.GO),
        (replace(QUIET, since_last=60), False, Sending.GO),
        (replace(QUIET, since_last=59), False, Sending.TOO_SOON),
        (replace(QUIET, since_last=0), True, Sending.TOO_SOON),
        (replace(QUIET, for_request=5), False, Sending.GO),
        (replace(QUIET, for_request=6), False, Sending.ENOUGH_FOR_REQUEST),
        (replace(QUIET, address_hour=5), False, Sending.GO),
        (replace(QUIET, address_hour=6), False, Sending.ENOUGH_FOR_ADDRESS),
        (replace(QUIET, address_day=20), True, Sending.ENOUGH_FOR_ADDRESS),
        (replace(QUIET, kind_hour=59), False, Sending.GO),
        (replace(QUIET, kind_hour=60), False, Sending.ENOUGH_FOR_ALL),
        (replace(QUIET, kind_hour=60), True, Sending.GO),
        (replace(QUIET, kind_hour=20_000), True, Sending.ENOUGH_FOR_ALL),
    ],
)
def test_T05_each_limit_holds_a_mail_back(sent: Sent, ticketed: bool, verdict: Sending) -> None:
    assert may_send(sent, ticketed, LIMITS) is verdict


@pytest.mark.parametrize(
    ("made", "first_seen", "until"),
    [(MADE, MADE + 5, MADE), (MADE + 5, MADE, MADE), (None, MADE, MADE), (0, MADE, 0)],
)
def test_T12_time_runs_from_the_earlier_of_two_clocks(made: int | None, first_seen: int, until: int) -> None:
    header = replace(HEADER, made=made)
    assert mailing.good_until(header, first_seen) == until + HEADER.valid
    assert not mailing.is_expired(header, first_seen, until + HEADER.valid + CLOCK_SLACK)
    assert mailing.is_expired(header, first_seen, until + HEADER.valid + CLOCK_SLACK + 1)


@pytest.mark.meets("asvs-9.1.1", "asvs-9.2.4")
def test_T05_a_ticket_is_for_one_serial_and_one_desk() -> None:
    shown = mailing.ticket(KEY, "PX-3216-0001")
    other = replace(HEADER, identity=replace(HEADER.identity, serial="PX-3216-0002"))
    assert mailing.ticket_holds(KEY, HEADER, shown)
    assert not mailing.ticket_holds(KEY, other, shown)
    assert not mailing.ticket_holds(bytes(32), HEADER, shown)
    assert not mailing.ticket_holds(KEY, HEADER, None), "absent is failed"
    assert not mailing.ticket_holds(KEY, HEADER, b"")


def test_T02_what_the_desk_counts_by_is_no_address() -> None:
    mark = mailing.address_mark(KEY, "owner@example.com")
    assert mark == mailing.address_mark(KEY, "Owner@EXAMPLE.com")
    assert mark != mailing.address_mark(bytes(32), "owner@example.com")
    assert len(mark) == 32


def test_a_mail_keeps_its_name_however_often_it_is_sent() -> None:
    names = {
        mailing.message_id(request, address, round_, "desk.example.com")
        for request in (bytes(32), b"r" * 32)
        for address in ("a@example.com", "b@example.com")
        for round_ in (0, 1)
    }
    assert len(names) == 8
    assert all(
        name.startswith("<") and name.endswith("@desk.example.com>") and name.isascii() for name in names
    )
    assert mailing.message_id(bytes(32), "a@example.com", 0, "desk.example.com") in names


def test_a_first_use_ticket_is_another_one() -> None:
    shown = mailing.first_use_ticket(KEY, "PX-3216-0001")
    assert mailing.first_use_ticket_holds(KEY, HEADER, shown)
    assert not mailing.ticket_holds(KEY, HEADER, shown)
    assert not mailing.first_use_ticket_holds(KEY, HEADER, mailing.ticket(KEY, "PX-3216-0001"))
    assert not mailing.first_use_ticket_holds(KEY, HEADER, None), "absent is failed"


def test_T05_news_is_counted_apart_from_codes() -> None:
    assert mailing.notice_mark(KEY, "A@example.com") == mailing.notice_mark(KEY, "a@example.com")
    assert mailing.notice_mark(KEY, "a@example.com") != mailing.address_mark(KEY, "a@example.com")


def derived(purpose: bytes) -> bytes:
    return hmac.digest(KEY, b"sparekey/1 " + purpose + b"\x01", "sha256")


def test_tickets_and_marks_are_those_of_the_spec() -> None:
    serial, address = b"PX-3216-0001", b"owner@example.com"
    assert mailing.ticket(KEY, serial.decode()) == hmac.digest(derived(b"ticket"), serial, "sha256")[:16]
    first = hmac.digest(derived(b"first-use ticket"), serial, "sha256")[:16]
    assert mailing.first_use_ticket(KEY, serial.decode()) == first
    assert mailing.address_mark(KEY, "Owner@example.com") == hmac.digest(
        derived(b"address mark"), address, "sha256"
    )
    assert mailing.notice_mark(KEY, "Owner@example.com") == hmac.digest(
        derived(b"notice mark"), address, "sha256"
    )
