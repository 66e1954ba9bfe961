from __future__ import annotations

from dataclasses import replace

import pytest

from sparekey.core.policy import Factor
from sparekey.core.record import (
    ADDRESS_COOLING,
    BOOT_AGE,
    REQUEST_AGE_LIMIT,
    REQUEST_BOOTS_LIMIT,
    Account,
    Action,
    Age,
    Factors,
    Former,
    Lasting,
    Questions,
    Record,
    Reserved,
    Right,
    Saved,
)
from sparekey.core.values import Face, MethodName, Moment
from tests.core.samples import CLAIM, NUMBER, OLD, RECORD, STRANGER, VOLATILE, ask, now

DAY = 24 * 3600


def moment(uptime: int = 0, wall: int | None = None) -> Moment:
    return Moment(uptime, wall, bytes(32))


def test_age_is_what_was_written_and_what_runs_since_the_boot() -> None:
    age = Age().ticked(moment(300))
    assert age == Age(base=0, saved=300, boots=0)
    assert age.at(moment(400)) == 400
    booted = age.booted()
    assert booted == Age(base=300 + BOOT_AGE, saved=300 + BOOT_AGE, boots=1)
    assert booted.at(moment(10)) == 1210


def test_T12_pulling_the_plug_every_five_minutes_makes_no_younger() -> None:
    age, real = Age(), 0
    for _ in range(100):
        real += 299
        assert age.at(moment(299)) >= real
        age = age.booted()


def test_a_former_address_hears_for_seven_days() -> None:
    record = Record(reserved=Reserved("new@example.com"), former=Former("old@example.com", ADDRESS_COOLING))
    assert record.listening(ADDRESS_COOLING - 1) == ("new@example.com", "old@example.com")
    assert record.listening(ADDRESS_COOLING) == ("new@example.com",)
    assert replace(record, reserved=None).listening(0) == ("old@example.com",)
    assert Record().listening(0) == ()


def test_an_address_that_came_back_hears_once() -> None:
    record = Record(reserved=Reserved("a@example.com"), former=Former("a@example.com", 10))
    assert record.listening(0) == ("a@example.com",)


def test_a_request_dies_by_age() -> None:
    made = ask(situation=now(uptime=100, wall=None))
    assert not made.expired(Age(), moment(100 + DAY - 1))
    assert made.expired(Age(), moment(100 + DAY))
    assert made.remaining(Age(), moment(100)) == DAY
    assert made.remaining(Age(), moment(100 + DAY - 1)) == 1
    assert made.remaining(Age(), moment(10 * DAY)) == 0


def test_no_request_lives_longer_than_fourteen_days() -> None:
    made = replace(ask(situation=now(uptime=0, wall=None)), valid=100 * DAY)
    assert not made.expired(Age(), moment(REQUEST_AGE_LIMIT - 1))
    assert made.expired(Age(), moment(REQUEST_AGE_LIMIT))
    assert made.remaining(Age(), moment(0)) == REQUEST_AGE_LIMIT


@pytest.mark.parametrize(
    ("opened", "later", "dead"),
    [
        (1000, 1000 + DAY - 1, False),
        (1000, 1000 + DAY, True),
        (1000, None, False),
        (None, 1000 + DAY, False),
        (1000 + 10 * DAY, 1000, False),
    ],
)
def test_T12_only_a_clock_that_was_trusted_both_times_ends_a_request(
    opened: int | None, later: int | None, dead: bool
) -> None:
    made = ask(situation=now(uptime=0, wall=opened))
    assert made.expired(Age(), moment(1, later)) is dead


def test_T12_fifty_boots_end_a_request() -> None:
    made = ask(situation=now(uptime=0))
    assert not made.expired(Age(boots=REQUEST_BOOTS_LIMIT - 1), moment())
    assert made.expired(Age(boots=REQUEST_BOOTS_LIMIT), moment())


def test_a_boot_ends_what_lives_in_memory_only() -> None:
    made = ask(situation=now(uptime=0, policy=VOLATILE))
    assert not made.expired(Age(), moment())
    assert made.expired(Age(boots=1), moment())


def test_a_record_finds_its_parts() -> None:
    assert Record().admin is None
    assert Record().account("admin") is None
    guest = Account("guest", OLD)
    record = replace(RECORD, accounts=(guest, *RECORD.accounts))
    assert record.account("guest") is guest
    assert record.admin is RECORD.accounts[0]
    assert record.request(NUMBER) is None
    held = replace(record, requests=(ask(),))
    assert held.request(NUMBER) == held.requests[0]
    assert held.claimed(MethodName.MAIL_CODE, CLAIM) == held.requests[0]
    assert held.claimed(MethodName.MAIL_CODE, STRANGER) is None


def test_a_right_is_its_holders_and_ends_in_time() -> None:
    right = Right(MethodName.KEY_FILE, Action.NEW_PASSWORD, "admin", "", Face.NETWORK, CLAIM, 100, Lasting())
    record = replace(RECORD, rights=(right,))
    assert record.right(Face.NETWORK, CLAIM, moment(99)) is right
    assert record.right(Face.NETWORK, CLAIM, moment(100)) is None
    assert record.right(Face.NETWORK, STRANGER, moment(1)) is None
    assert record.right(Face.SCREEN, STRANGER, moment(1)) is None, "earned on the network"
    at_screen = replace(record, rights=(replace(right, face=Face.SCREEN),))
    assert at_screen.right(Face.SCREEN, STRANGER, moment(1)) is not None
    assert at_screen.right(Face.NETWORK, STRANGER, moment(1)) is None


@pytest.mark.meets("etsi-5.12-3")
@pytest.mark.parametrize("factor", list(Factor))
def test_what_is_prepared(factor: Factor) -> None:
    assert not Record().prepared(factor)
    saved = Saved(bytes(32), 0, None)
    exported = replace(RECORD, factors=Factors(Questions(("a?",), OLD), saved, saved))
    typed = (Factor.ADDRESS, Factor.QUESTIONS)
    assert exported.prepared(factor) is (factor in typed)
    proved = replace(saved, proved=True)
    assert replace(exported, factors=replace(exported.factors, key_file=proved, sheet=proved)).prepared(
        factor
    )


def test_dead_requests_go() -> None:
    record = replace(RECORD, requests=(ask(), replace(ask("00000000"), valid=1)))
    assert [kept.number for kept in record.alive(moment(101)).requests] == [NUMBER]


def test_T02_no_key_shows_in_a_situation() -> None:
    shown = repr(now())
    assert "PX-3216-0001" in shown
    assert "device_key" not in shown
    assert "bbbb" not in shown
