"""Mails in the hands of a worker: what becomes of them when it dies, and when somebody is slow."""

from __future__ import annotations

import pytest

from sparekey.core.errors import UnavailableError
from sparekey.desk.mail.holding import LEASE
from sparekey.desk.mail.outbox import APART, SLOW
from sparekey.desk.mail.ports import Delivery
from sparekey.desk.store.sql import SqlStore
from sparekey.testing.power import PowerCutError
from tests.desk.room import Mail, Room


def test_T07_what_a_killed_worker_had_taken_is_another_one_s_after_its_lease(room: Room) -> None:
    def dies(_: Mail) -> Delivery:
        raise PowerCutError

    room.post.verdict = dies
    for number in range(3):
        room.intake.send(room.text(room.request(f"u{number}@example.com")))
    with pytest.raises(PowerCutError):
        room.work()
    room.restart()
    room.post.verdict = lambda _: Delivery.TAKEN
    room.clock.forward(LEASE - 1)
    room.work()
    assert room.post.taken == []
    room.clock.forward(1)
    room.work()
    assert sorted(mail.recipient for mail in room.post.taken) == [f"u{n}@example.com" for n in range(3)]


def test_T07_a_worker_that_is_killed_in_a_slow_conversation_sends_one_mail_twice(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object) -> None:
        raise PowerCutError

    def dies(mail: Mail) -> Delivery:
        room.clock.forward(1)
        if mail.recipient == "u8@example.com":
            room.post.taken.append(mail)
            monkeypatch.setattr(SqlStore, "done", gone)  # nothing is written after the end
            raise PowerCutError
        return Delivery.TAKEN

    room.post.verdict = dies
    for number in range(10):
        room.intake.send(room.text(room.request(f"u{number}@example.com")))
    with pytest.raises(PowerCutError):
        room.work()
    monkeypatch.undo()
    room.restart()
    room.post.verdict = lambda _: Delivery.TAKEN
    room.clock.forward(LEASE)
    room.work()
    to = [mail.recipient for mail in room.post.taken]
    assert (len(set(to)), len(to), to.count("u8@example.com")) == (10, 11, 2)


def test_T07_a_mail_that_cannot_be_marked_as_sent_is_not_sent_again(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise UnavailableError("store", "the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(SqlStore, "done", full)
        room.intake.send(room.text(room.request()))
        for _ in range(3):
            with pytest.raises(UnavailableError, match="full"):
                room.outbox.work()
            room.clock.forward(LEASE)
    room.work()
    assert len(room.post.taken) == 1
    assert room.store.waiting() == 0


@pytest.mark.parametrize("fails", ["later", "hangs up"])
def test_one_slow_domain_holds_up_its_own_mails_alone(room: Room, fails: str) -> None:
    tries: list[str] = []

    def verdict(mail: Mail) -> Delivery:
        tries.append(mail.recipient)
        if not mail.recipient.endswith("@slow.example.com"):
            return Delivery.TAKEN
        room.clock.forward(SLOW + 1)
        if fails == "later":
            return Delivery.LATER
        raise UnavailableError("smtp", "it does not answer in time")

    room.post.verdict = verdict
    for number in range(20):
        domain = "slow.example.com" if number % 2 else "example.com"
        room.intake.send(room.text(room.request(f"u{number}@{domain}")))
    room.work()
    assert len(room.post.taken) == 10
    assert sum(recipient.endswith("@slow.example.com") for recipient in tries) == 1
    assert room.store.waiting() == 10
    room.post.verdict = lambda _: Delivery.TAKEN
    room.clock.forward(APART)
    room.work()
    assert room.store.waiting() == 0
    assert len(room.post.taken) == 20
