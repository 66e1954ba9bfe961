"""What the store of mails must do, on every engine."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

import pytest

from sparekey.core.mailing import Sent
from sparekey.desk.store.database import Database
from sparekey.desk.store.ports import DeskStore, Queued
from sparekey.desk.store.sql import SqlStore

NOW = 1_790_000_000
MAIL = Queued(
    request=b"sealed",
    request_hash=b"h" * 32,
    place=0,
    address_mark=b"a" * 32,
    ticketed=False,
    round=0,
    good_until=NOW + 86400,
    keep_until=NOW + 90_000,
)
NOTHING = Sent(since_last=None, for_request=0, address_hour=0, address_day=0, kind_hour=0)


@pytest.fixture
def again(open_database: Callable[[], Database]) -> Callable[[], SqlStore]:
    """Opens the same store, each time as a new process would."""
    return lambda: SqlStore(open_database())


@pytest.fixture
def store(again: Callable[[], SqlStore]) -> DeskStore:
    return again()


def queue(store: DeskStore, mail: Queued = MAIL, now: int = NOW) -> None:
    with store.transaction() as transaction:
        transaction.queue(mail, now)


def sent(store: DeskStore, now: int, mail: Queued = MAIL) -> Sent:
    with store.transaction() as transaction:
        return transaction.sent(mail.request_hash, mail.address_mark, ticketed=mail.ticketed, now=now)


def test_a_fresh_store_knows_nothing(store: DeskStore) -> None:
    assert sent(store, NOW) == NOTHING
    assert store.first_seen([MAIL.request_hash]) == {}
    assert store.claim(NOW, 60, 10) == []
    assert store.waiting() == 0


def test_what_is_queued_is_counted(store: DeskStore) -> None:
    queue(store)
    queue(store, replace(MAIL, round=1), NOW + 100)
    assert sent(store, NOW + 130) == Sent(30, 2, 2, 2, 2)
    assert store.first_seen([MAIL.request_hash, b"i" * 32]) == {MAIL.request_hash: NOW}
    with store.transaction() as transaction:
        assert transaction.first_seen(MAIL.request_hash) == NOW


def test_counts_are_kept_apart(store: DeskStore) -> None:
    queue(store)
    other_request = replace(MAIL, request_hash=b"i" * 32)
    other_address = replace(MAIL, address_mark=b"b" * 32)
    assert sent(store, NOW, other_request) == Sent(None, 0, 1, 1, 1)
    assert sent(store, NOW, other_address) == Sent(None, 0, 0, 0, 1)
    assert sent(store, NOW, replace(other_address, ticketed=True)) == NOTHING


def test_a_transaction_counts_what_it_queued_itself(store: DeskStore) -> None:
    queue(store)
    other = replace(MAIL, request_hash=b"i" * 32, ticketed=True)
    with store.transaction() as transaction:
        transaction.expect([MAIL.request_hash, other.request_hash], [MAIL.address_mark], NOW + 100)
        for mail, before in ((MAIL, Sent(100, 1, 1, 1, 1)), (MAIL, Sent(0, 2, 2, 2, 2))):
            told = transaction.sent(mail.request_hash, mail.address_mark, ticketed=False, now=NOW + 100)
            assert told == before
            transaction.queue(mail, NOW + 100)
        told = transaction.sent(other.request_hash, other.address_mark, ticketed=True, now=NOW + 100)
        assert told == Sent(None, 0, 3, 3, 0)
        assert transaction.first_seen(other.request_hash) is None
        transaction.queue(other, NOW + 100)
        assert transaction.first_seen(other.request_hash) == NOW + 100
        assert transaction.tally("first-use", NOW + 100) == 0
        assert transaction.tally("first-use", NOW + 100) == 1
    assert sent(store, NOW + 100, other) == Sent(0, 1, 4, 4, 1)
    assert store.first_seen([MAIL.request_hash, other.request_hash]) == {
        MAIL.request_hash: NOW,
        other.request_hash: NOW + 100,
    }
    with store.transaction() as transaction:
        assert transaction.tally("first-use", NOW + 100) == 2


def test_hours_and_days_pass(store: DeskStore) -> None:
    queue(store)
    assert sent(store, NOW + 3599) == Sent(3599, 1, 1, 1, 1)
    assert sent(store, NOW + 3660) == Sent(3660, 1, 0, 1, 0)
    assert sent(store, NOW + 86401) == Sent(86401, 1, 0, 0, 0)


def test_what_is_held_back_does_not_count_as_sent(store: DeskStore) -> None:
    with store.transaction() as transaction:
        transaction.hold_back(NOW)
        transaction.hold_back(NOW)
    assert sent(store, NOW) == NOTHING
    assert store.waiting() == 0


@pytest.mark.meets("asvs-2.3.3")
def test_an_error_undoes_the_whole_transaction(store: DeskStore) -> None:
    def break_down() -> None:
        with store.transaction() as transaction:
            transaction.queue(MAIL, NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        break_down()
    assert sent(store, NOW) == NOTHING
    assert store.waiting() == 0


def test_everything_survives_a_restart(again: Callable[[], SqlStore]) -> None:
    queue(again())
    store = again()
    assert sent(store, NOW).for_request == 1
    assert [mail.request for mail in store.claim(NOW, 60, 10)] == [b"sealed"]


def test_a_mail_is_taken_by_one_worker_only(again: Callable[[], SqlStore]) -> None:
    queue(again())
    (mail,) = again().claim(NOW, 60, 10)
    assert (mail.request, mail.place, mail.round, mail.good_until, mail.attempts) == (
        b"sealed",
        0,
        0,
        NOW + 86400,
        1,
    )
    assert again().claim(NOW + 59, 60, 10) == []
    (later,) = again().claim(NOW + 60, 60, 10)
    assert (later.id, later.attempts) == (mail.id, 2)


def test_the_oldest_mails_are_taken_first_and_not_too_many(store: DeskStore) -> None:
    for place, now in enumerate((NOW + 2, NOW, NOW + 1)):
        queue(store, replace(MAIL, place=place), now)
    assert [mail.place for mail in store.claim(NOW + 2, 60, 2)] == [1, 2]
    assert [mail.place for mail in store.claim(NOW + 2, 60, 2)] == [0]


def test_a_mail_that_was_sent_is_gone_and_gone_again(store: DeskStore) -> None:
    queue(store)
    (mail,) = store.claim(NOW, 60, 10)
    store.done(mail.id)
    store.done(mail.id)
    assert store.waiting() == 0
    assert store.claim(NOW + 61, 60, 10) == []


def test_a_late_worker_does_not_hit_a_younger_mail(store: DeskStore) -> None:
    queue(store)
    (old,) = store.claim(NOW, 60, 10)
    store.done(old.id)
    queue(store)
    store.done(old.id)
    assert store.waiting() == 1


def test_a_postponed_mail_comes_back_when_it_is_due(store: DeskStore) -> None:
    queue(store)
    (mail,) = store.claim(NOW, 600, 10)
    store.postpone(mail.id, due=NOW + 5, attempts=mail.attempts)
    assert store.claim(NOW + 4, 60, 10) == []
    (again,) = store.claim(NOW + 5, 60, 10)
    assert again.attempts == 2


@pytest.mark.meets("asvs-14.2.7")
def test_old_counts_are_forgotten_and_needed_ones_are_not(store: DeskStore) -> None:
    queue(store)
    store.prune(NOW + 90_000)
    assert store.first_seen([MAIL.request_hash, b"i" * 32]) == {MAIL.request_hash: NOW}
    store.prune(NOW + 90_001)
    assert store.first_seen([MAIL.request_hash]) == {}
    assert sent(store, NOW) == NOTHING
    assert store.waiting() == 1


def test_a_short_request_is_still_counted_for_a_day(store: DeskStore) -> None:
    queue(store, replace(MAIL, keep_until=NOW + 60))
    store.prune(NOW + 86400)
    assert sent(store, NOW + 86399).address_day == 1


@pytest.mark.meets("asvs-15.4.2")
def test_T09_two_at_once_count_one_after_the_other(again: Callable[[], SqlStore]) -> None:
    stores = [again(), again()]
    start = threading.Barrier(4)
    seen: list[int] = []

    def one(store: DeskStore) -> None:
        start.wait(30)
        for _ in range(5):
            with store.transaction() as transaction:
                before = transaction.sent(MAIL.request_hash, MAIL.address_mark, ticketed=False, now=NOW)
                seen.append(before.for_request)
                transaction.queue(MAIL, NOW)

    threads = [threading.Thread(target=one, args=(stores[place % 2],)) for place in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(seen) == list(range(20))
    assert sent(stores[0], NOW).kind_hour == 20


@pytest.mark.meets("asvs-2.3.4")
def test_two_workers_never_take_the_same_mail(again: Callable[[], SqlStore]) -> None:
    stores = [again(), again()]
    for place in range(20):
        queue(stores[0], replace(MAIL, place=place))
    taken: list[int] = []

    def one(store: DeskStore) -> None:
        while mails := store.claim(NOW, 600, 3):
            taken.extend(mail.place for mail in mails)

    threads = [threading.Thread(target=one, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == list(range(20))
