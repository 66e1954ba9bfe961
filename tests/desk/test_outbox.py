"""Mails that wait: sent at least once, under one Message-ID, whatever the mail server and the power do."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Sequence
from contextlib import closing

import pytest

from sparekey.core.errors import UnavailableError
from sparekey.core.messages.header import Purpose
from sparekey.core.tlog.leaf import Issued, LeafAction
from sparekey.core.values import MethodName
from sparekey.desk.log.sequencer import Sequencer
from sparekey.desk.mail.holding import LEASE, RENEW
from sparekey.desk.mail.outbox import (
    BATCH,
    FIRST_WAIT,
    LASTING_TRIES,
    LONGEST_WAIT,
    TALK,
    Outbox,
    Worker,
    wait,
)
from sparekey.desk.mail.ports import Delivery
from sparekey.desk.store.ports import Waiting
from sparekey.testing.power import PowerCutError
from tests.desk.room import IDENTITY, JANE, Mail, Room


def test_the_wait_grows_from_five_seconds_to_ten_renewals() -> None:
    assert [wait(attempts) for attempts in (1, 2, 3, 7, 8, 9, 1000)] == [5, 10, 20, 320, 600, 600, 600]


def test_T07_a_crash_between_sending_and_marking_sends_the_same_mail_again(room: Room) -> None:
    def crash(mail: Mail) -> Delivery:
        room.post.taken.append(mail)
        raise PowerCutError

    room.post.verdict = crash
    with pytest.raises(PowerCutError):
        room.send(room.request())
    room.restart()
    room.post.verdict = lambda _: Delivery.TAKEN
    room.work()
    assert len(room.post.taken) == 1, "the lease still runs: it could be another worker's"
    room.clock.forward(LEASE)
    room.work()
    first, second = room.post.taken
    assert first.message["Message-ID"] == second.message["Message-ID"]
    assert first.part("plain") == second.part("plain")
    assert room.store.waiting() == 0


def test_T07_a_crash_before_sending_loses_nothing(room: Room) -> None:
    room.intake.send(room.text(room.request()))
    room.restart()
    room.work()
    assert [mail.recipient for mail in room.post.taken] == [JANE]


@pytest.mark.meets("asvs-16.5.2")
def test_a_server_that_is_down_gets_the_mail_later(room: Room) -> None:
    room.post.up = False
    request = room.request()
    assert room.send(request) == []
    for seconds in (5, 10, 20, 40):
        room.clock.forward(seconds - 1)
        room.work()
        room.clock.forward(1)
        room.work()
    room.post.up = True
    room.clock.forward(79)
    room.work()
    assert room.post.taken == []
    room.clock.forward(1)
    room.work()
    assert [mail.recipient for mail in room.post.taken] == [JANE]
    assert room.store.waiting() == 0


def test_a_refusal_for_now_waits(room: Room) -> None:
    room.post.verdict = lambda _: Delivery.LATER
    assert room.send(room.request()) == []
    room.post.verdict = lambda _: Delivery.TAKEN
    room.clock.forward(4)
    room.work()
    assert room.post.taken == []
    room.clock.forward(1)
    room.work()
    assert len(room.post.taken) == 1


def test_a_lasting_refusal_is_tried_some_more_and_then_believed(
    room: Room, caplog: pytest.LogCaptureFixture
) -> None:
    tries: list[Mail] = []

    def never(mail: Mail) -> Delivery:
        tries.append(mail)
        return Delivery.NEVER

    room.post.verdict = never
    room.send(room.request())
    for _ in range(20):
        room.clock.forward(LONGEST_WAIT)
        room.work()
    assert len(tries) == LASTING_TRIES
    assert len({mail.message["Message-ID"] for mail in tries}) == 1
    assert room.store.waiting() == 0
    assert ("mail given up", "refused") in told(caplog)


def test_a_mail_whose_code_has_ended_is_given_up(room: Room, caplog: pytest.LogCaptureFixture) -> None:
    room.post.up = False
    room.send(room.request(valid=3600))
    room.clock.forward(3600)
    room.work()
    assert room.store.waiting() == 1
    room.post.up = True
    room.clock.forward(LONGEST_WAIT)
    room.work()
    assert room.post.taken == []
    assert room.store.waiting() == 0
    assert ("mail given up", "code-expired") in told(caplog)


def test_many_mails_share_a_conversation(room: Room) -> None:
    for number in range(BATCH):
        room.intake.send(room.text(room.request(f"u{number}@example.com")))
    room.work()
    assert len(room.post.taken) == BATCH
    assert room.post.conversations == 1


@pytest.mark.meets("asvs-15.4.3")
def test_a_slow_server_does_not_make_two_workers_send_the_same(room: Room) -> None:
    other = Outbox(room.codes, mailer=room.post, sender="desk@example.com", clock=room.clock)

    def slow(_: Mail) -> Delivery:
        for _renewal in range(TALK // 2 // RENEW):
            room.clock.forward(RENEW)
            room.outbox.renew()
            assert other.work() == 0, "they are the first one's for as long as it lives"
        return Delivery.TAKEN

    room.post.verdict = slow
    for number in range(5):
        room.intake.send(room.text(room.request(f"u{number}@example.com")))
    assert room.outbox.work() == 5
    assert len(room.post.taken) == 2, "it stops after a while and gives the rest back"
    room.work()
    assert len({mail.recipient for mail in room.post.taken}) == len(room.post.taken) == 5
    room.clock.forward(LEASE)
    room.outbox.renew()
    assert (other.work(), room.store.waiting()) == (0, 0)


@pytest.mark.meets("asvs-15.4.4")
def test_poisoned_mails_do_not_block_others(room: Room, caplog: pytest.LogCaptureFixture) -> None:
    for number in range(3):
        room.intake.send(room.text(room.request(f"u{number}@example.com")))
    poison(room, "request = x'00'", 1)
    poison(room, "place = 7", 2)
    room.work()
    assert [mail.recipient for mail in room.post.taken] == ["u2@example.com"]
    assert ("mail given up", "field") in told(caplog)
    assert ("mail postponed", "IndexError") in told(caplog)
    assert room.store.waiting() == 1


def test_a_mail_that_ends_every_conversation_does_not_block_others(room: Room) -> None:
    def hang_up(mail: Mail) -> Delivery:
        if mail.recipient == "u0@example.com":
            raise UnavailableError("smtp", "the mail server ended the conversation")
        return Delivery.TAKEN

    room.post.verdict = hang_up
    for number in range(5):
        room.intake.send(room.text(room.request(f"u{number}@example.com")))
    room.work()
    assert [mail.recipient for mail in room.post.taken] == [
        f"u{number}@example.com" for number in range(1, 5)
    ]
    assert room.store.waiting() == 1


def test_a_mail_for_a_key_that_was_taken_away_is_given_up(
    room: Room, caplog: pytest.LogCaptureFixture
) -> None:
    room.intake.send(room.text(room.request()))
    object.__setattr__(room.keyring, "opening", {Purpose.MAIL: {}})
    room.work()
    assert room.store.waiting() == 0
    assert ("mail given up", "no-key") in told(caplog)


def test_the_worker_sends_what_it_is_woken_for_and_stops(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Worker, "IDLE", 3600.0)
    sent = threading.Event()

    def verdict(_: Mail) -> Delivery:
        sent.set()
        return Delivery.TAKEN

    room.post.verdict = verdict
    worker = Worker("mails", [room.outbox.work], room.clock, [room.outbox.prune])
    worker.start()
    room.intake.send(room.text(room.request()))
    worker.wake()
    assert sent.wait(30)
    worker.stop(30)
    assert room.store.waiting() == 0


@pytest.mark.meets("asvs-16.5.4")
@pytest.mark.parametrize("error", [UnavailableError("store"), ZeroDivisionError("secret")])
def test_the_worker_outlives_errors(
    room: Room, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    monkeypatch.setattr(Worker, "IDLE", 0.0)
    tried = threading.Event()
    failures = [error, error]

    def work(_: Outbox[Waiting]) -> int:
        if failures:
            raise failures.pop()
        tried.set()
        return 0

    monkeypatch.setattr(Outbox, "work", work)
    worker = Worker("mails", [room.outbox.work], room.clock, [room.outbox.prune])
    worker.start()
    assert tried.wait(30)
    worker.stop(30)
    assert [event for event, _ in told(caplog)].count("work stopped for a moment") == 2
    assert "secret" not in caplog.text


def told(caplog: pytest.LogCaptureFixture) -> list[tuple[str, object]]:
    return [(record.message, record.__dict__.get("why")) for record in caplog.records]


def poison(room: Room, change: str, mail: int) -> None:
    """Change a waiting mail behind everybody's back."""
    with closing(sqlite3.connect(room.file, isolation_level=None)) as connection:
        connection.execute(f"UPDATE outbox SET {change} WHERE id = ?", (mail,))


def test_B03_before_a_code_is_mailed_it_stands_in_the_public_log(room: Room) -> None:
    request = room.request()
    sizes = list[int]()

    def look(_: Mail) -> Delivery:
        sizes.append(room.log.ledger.head().frontier.size)
        return Delivery.TAKEN

    room.post.verdict = look
    room.send(request)
    assert sizes == [1]
    ((index, leaf),) = room.log.ledger.find(request.hash)
    assert index == 0
    assert leaf == Issued(
        time=room.clock.wall(),
        policy=1,
        method=MethodName.MAIL_CODE,
        action=LeafAction.NEW_PASSWORD,
        request=request.hash,
        log_id=bytes(16),
    )


def test_B03_sent_again_and_to_two_addresses_it_is_one_entry(room: Room) -> None:
    request = room.request(JANE, "john@example.com")
    assert len(room.send(request)) == 2
    room.clock.forward(120)
    assert len(room.send(request)) == 2
    assert room.log.ledger.head().frontier.size == 1


@pytest.mark.meets("asvs-16.5.3")
def test_B03_without_the_log_no_mail_leaves_and_none_is_lost(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_: Sequencer, __: object) -> list[int]:
        raise UnavailableError("log", "the recovery log does not answer")

    with monkeypatch.context() as patched:
        patched.setattr(Sequencer, "enter_all", away)
        room.send(room.request())
        for _ in range(20):
            room.clock.forward(FIRST_WAIT)
            room.work()
        assert room.post.taken == []
        assert room.store.waiting() == 1
    room.clock.forward(FIRST_WAIT)
    room.work()
    assert len(room.post.taken) == 1, "waiting for the log counted as no try"


def test_B03_the_log_knows_an_enrolled_device_by_its_log_id_only_where_the_ticket_is_right(
    room: Room,
) -> None:
    mine, asked = b"m" * 16, list[str]()

    def log_ids(serials: Sequence[str]) -> dict[str, bytes]:
        asked.extend(serials)
        return dict.fromkeys(serials, mine)

    room.codes.log_ids = log_ids
    known, stranger = room.request(ticketed=True), room.request(ticket=bytes(16))
    room.send(known)
    room.send(stranger)
    assert [leaf.request for _, leaf in room.log.ledger.find(mine) if isinstance(leaf, Issued)] == [
        known.hash
    ]
    assert asked == [IDENTITY.serial]
