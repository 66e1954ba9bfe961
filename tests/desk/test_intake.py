"""A scanned request at the desk: what is shown, what is sent, and what is refused."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

import pytest

from sparekey.core import crypto, mailing
from sparekey.core.codec import encode
from sparekey.core.codes import to_base32
from sparekey.core.mailing import CLOCK_SLACK, MailLimits
from sparekey.core.messages.header import Kind, Purpose
from sparekey.core.messages.request import Request, SupportBody, seal_body
from sparekey.core.values import Identity
from sparekey.desk.intake import REMEMBERED, Shown, Trouble
from tests.desk.room import CODE, IDENTITY, JANE, Room

DAY = 86400


def spoilt(request: Request, header: bytes | None = None, sealed: bytes | None = None) -> str:
    """The request's text with another header or another sealed part."""
    return to_base32(encode([header or request.header.encoded, sealed or request.sealed]))


def test_the_page_gets_the_clear_part_and_masked_addresses(room: Room) -> None:
    request = room.request(JANE, "kate@example.org")
    shown = room.intake.look(room.text(request))
    assert shown == Shown(IDENTITY, ("j***@ex***.com", "k***@ex***.org"))
    assert room.store.waiting() == 0


def test_sending_says_the_same_and_queues_one_mail_for_each_address(room: Room) -> None:
    request = room.request(JANE, "kate@example.org")
    assert room.intake.send(room.text(request)) == room.intake.look(room.text(request))
    room.work()
    assert sorted(mail.recipient for mail in room.post.taken) == [JANE, "kate@example.org"]
    assert all(CODE.shown in mail.part("plain") for mail in room.post.taken)


def test_a_link_that_a_mail_program_wrapped_and_lowered_still_opens(room: Room) -> None:
    text = room.text(room.request()).lower()
    assert isinstance(room.intake.look(text[:80] + "\r\n " + text[80:]), Shown)


def test_the_same_request_again_gives_the_same_code_in_a_new_mail(room: Room) -> None:
    request = room.request()
    (first,) = room.send(request)
    room.clock.forward(60)
    (second,) = room.send(request)
    assert CODE.shown in first.part("plain")
    assert first.part("plain") == second.part("plain")
    assert first.message["Message-ID"] != second.message["Message-ID"]


# T01: a request that was altered, replayed or made for somebody else yields nothing


def test_T01_an_altered_header_does_not_open(room: Room) -> None:
    request = room.request()
    other = replace(request.header, identity=Identity("PX-9999-9999", "PX-3216", "1.0.0"))
    for header in (other, replace(request.header, valid=14 * DAY), replace(request.header, made=None)):
        assert room.intake.send(spoilt(request, header=header.encoded)) is Trouble.NOT_GENUINE
    assert room.store.waiting() == 0


def test_T01_an_altered_sealed_part_does_not_open(room: Room) -> None:
    request = room.request()
    for place in (0, 31, 32, len(request.sealed) - 1):
        sealed = bytearray(request.sealed)
        sealed[place] ^= 1
        assert room.intake.send(spoilt(request, sealed=bytes(sealed))) is Trouble.NOT_GENUINE


def test_T01_a_sealed_part_under_another_header_does_not_open(room: Room) -> None:
    one, two = room.request(), room.request("kate@example.org", number="7F2K0043")
    assert room.intake.send(spoilt(two, sealed=one.sealed)) is Trouble.NOT_GENUINE


def test_T01_a_replay_brings_mail_to_the_owner_only(room: Room) -> None:
    request = room.request()
    room.send(request)
    for _ in range(20):
        room.clock.forward(600)
        room.send(request)
    assert {mail.recipient for mail in room.post.taken} == {JANE}
    assert len(room.post.taken) == MailLimits().per_request


# T02: what is on the disk opens nothing


def test_T02_no_code_and_no_address_is_in_the_database(room: Room, tmp_path: Path) -> None:
    room.post.up = False
    room.send(room.request(JANE, ticketed=True))
    assert room.store.waiting() == 1
    written = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert len(written) > 1000
    bits = CODE.bits
    for secret in (
        CODE.text.encode(),
        CODE.shown.encode(),
        CODE.shown.lower().encode(),
        bits.to_bytes(5, "big"),
        bits.to_bytes(8, "big"),
        bits.to_bytes(8, "little"),
        str(bits).encode(),
        JANE.encode(),
        b"jane",
        crypto.sha256(CODE.text.encode()),
        crypto.sha256(CODE.shown.encode()),
        crypto.sha256(JANE.encode()),
        room.mail_key,
        room.ticket_key,
    ):
        assert secret not in written


@pytest.mark.meets("asvs-16.2.5")
def test_T02_no_secret_is_in_the_log(room: Room, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    request = room.request(ticketed=True)
    room.send(request)
    room.send(request)
    room.post.up = False
    room.clock.forward(60)
    room.send(request)
    room.intake.send(spoilt(request, sealed=bytes(100)))
    lines = "\n".join(str(record.__dict__) for record in caplog.records)
    assert {"mail queued", "mail sent", "mail held back", "mail postponed", "request refused"} <= {
        record.message for record in caplog.records
    }
    for secret in (
        CODE.text,
        CODE.shown,
        JANE,
        "j***",
        "admin",
        IDENTITY.serial,
        request.hash.hex(),
        room.text(request),
    ):
        assert secret not in lines
    assert request.hash[:4].hex() in lines


# T05: the desk is no mail cannon


@pytest.mark.meets("asvs-6.6.4")
def test_T05_within_a_minute_a_second_press_brings_no_second_mail(room: Room) -> None:
    request = room.request()
    assert len(room.send(request)) == 1
    room.clock.forward(59)
    assert room.send(request) == []
    room.clock.forward(1)
    assert len(room.send(request)) == 1


def test_T05_one_request_brings_only_so_many_mails_ever(room: Room) -> None:
    request = room.request(valid=14 * DAY)
    for _ in range(13 * 24):
        room.clock.forward(3600)
        room.store.prune(room.clock.wall())
        room.send(request)
    assert len(room.post.taken) == MailLimits().per_request


@pytest.mark.meets("asvs-2.4.1")
def test_T05_one_mailbox_gets_only_so_many_mails_in_an_hour_and_a_day(room: Room) -> None:
    def press(hours: int) -> int:
        before = len(room.post.taken)
        for number in range(10):
            room.clock.forward(360 * hours)
            room.send(room.request("Jane@example.com" if number % 2 else JANE))
        return len(room.post.taken) - before

    assert press(1) == MailLimits().per_address_hour
    room.clock.forward(DAY)
    assert sum(press(2) for _ in range(10)) == MailLimits().per_address_day


def test_T05_strangers_share_a_small_budget_and_enrolled_devices_have_their_own(room: Room) -> None:
    for number in range(70):
        room.intake.send(room.text(room.request(f"u{number}@example.com")))
    assert room.store.waiting() == MailLimits().ticketless_hour
    room.intake.send(room.text(room.request(JANE, ticketed=True)))
    assert room.store.waiting() == MailLimits().ticketless_hour + 1


def test_T05_the_budget_of_enrolled_devices_ends_too(tmp_path: Path) -> None:
    room = Room(tmp_path, MailLimits(ticketed_hour=3))
    for number in range(5):
        room.intake.send(room.text(room.request(f"u{number}@example.com", ticketed=True)))
    assert room.store.waiting() == 3
    room.close()


def test_T05_a_ticket_of_another_device_is_no_ticket(room: Room) -> None:
    room.restart(MailLimits(ticketless_hour=0))
    stolen = mailing.ticket(room.ticket_key, "PX-9999-9999")
    for ticket in (stolen, bytes(16), mailing.ticket(bytes(32), IDENTITY.serial)):
        room.intake.send(room.text(room.request(ticket=ticket)))
    assert room.store.waiting() == 0


def test_T05_limits_survive_a_restart(room: Room) -> None:
    request = room.request()
    room.send(request)
    room.restart()
    assert room.send(request) == []
    room.clock.forward(3600)
    room.restart()
    assert len(room.send(request)) == 1


# T06: what answers tell


def test_T06_the_answer_never_says_what_the_limits_did(room: Room) -> None:
    request = room.request()
    first = room.intake.send(room.text(request))
    again = room.intake.send(room.text(request))
    room.restart(MailLimits(ticketless_hour=0))
    assert first == again == room.intake.send(room.text(request)) == room.intake.look(room.text(request))


@pytest.mark.parametrize("limits", [MailLimits(), MailLimits(ticketless_hour=0)], ids=["sent", "held back"])
def test_T06_every_press_costs_one_written_transaction(room: Room, limits: MailLimits) -> None:
    room.restart(limits)
    before = room.written()
    room.intake.send(room.text(room.request()))
    assert room.written() == before + 1


def test_T06_looking_writes_nothing(room: Room) -> None:
    before = room.written()
    room.intake.look(room.text(room.request()))
    assert room.written() == before


def test_T06_a_mail_without_a_ticket_has_no_word_of_the_requester(room: Room) -> None:
    identity = Identity("Call 555-0100 for a prize", "www.example.net/prize", "you/won")
    (mail,) = room.send(
        room.request(identity=identity, account="winner", number="PR1ZE000", locale="x-prize")
    )
    words = mail.message.as_string() + mail.part("plain") + mail.part("html")
    for text in (identity.serial, identity.model, identity.firmware, "winner", "PR1ZE000", "prize"):
        assert text not in words
    assert CODE.shown in words


def test_T06_a_mail_with_a_ticket_names_the_device(room: Room) -> None:
    (mail,) = room.send(room.request(ticketed=True))
    for part in ("plain", "html"):
        for text in (IDENTITY.serial, IDENTITY.model, "admin"):
            assert text in mail.part(part)


# T12: what clocks may do


def test_T12_an_expired_request_is_refused(room: Room) -> None:
    text = room.text(room.request(valid=3600))
    room.clock.forward(3600 + CLOCK_SLACK)
    assert isinstance(room.intake.look(text), Shown)
    room.clock.forward(1)
    assert room.intake.look(text) is room.intake.send(text) is Trouble.EXPIRED
    assert room.store.waiting() == 0


def test_T12_without_a_clock_on_the_device_time_runs_from_the_first_mail(room: Room) -> None:
    request = room.request(valid=3600, timed=False)
    text = room.text(request)
    room.clock.forward(30 * DAY)
    assert isinstance(room.intake.look(text), Shown)
    assert len(room.send(request)) == 1
    room.clock.forward(3600 + CLOCK_SLACK + 1)
    assert room.intake.look(text) is room.intake.send(text) is Trouble.EXPIRED
    room.clock.forward(REMEMBERED - CLOCK_SLACK - 1)
    room.outbox.prune()
    assert room.intake.look(text) is Trouble.EXPIRED


def test_T12_a_device_clock_ahead_of_ours_earns_no_longer_life(room: Room) -> None:
    room.clock.forward(10 * DAY)
    request = room.request(valid=3600)
    room.clock.forward(-10 * DAY)
    room.send(request)
    room.clock.forward(3600 + CLOCK_SLACK + 1)
    assert room.intake.send(room.text(request)) is Trouble.EXPIRED


def test_T12_our_own_clock_going_back_sends_nothing_twice(room: Room) -> None:
    request = room.request(timed=False)
    room.send(request)
    room.clock.forward(-3600)
    assert room.send(request) == []


# T13: a stale trust file, another desk


def test_T13_a_request_for_another_desk_is_told_apart(room: Room) -> None:
    assert room.intake.send(room.text(room.request(desk=b"another."))) is Trouble.OTHER_DESK


def test_T13_a_request_to_a_key_that_is_gone_is_told_apart(room: Room) -> None:
    old = crypto.sealing_public(room.entropy.bytes(32))
    assert room.intake.send(room.text(room.request(key=old))) is Trouble.UNKNOWN_KEY


def test_T13_a_request_to_support_is_no_request_for_a_mail(room: Room) -> None:
    request = room.request()
    header = replace(request.header, kind=Kind.SUPPORT)
    support = seal_body(header, SupportBody(bytes(32)), room.trust.sealing_key(Purpose.SUPPORT))
    assert room.intake.look(room.text(support)) is Trouble.OTHER_KIND
    assert room.intake.send(room.text(support)) is Trouble.OTHER_KIND
    assert room.post.taken == []


# T14: malformed input


@pytest.mark.parametrize(
    "text",
    ["", "/", "0", "HELLO WORLD", "U" * 40, "\x00", "é" * 30, "%2e%2e/", "0" * 400, "Z" * 400, "R/R/R/R/"],
)
def test_T14_damaged_text_is_told_apart(room: Room, text: str) -> None:
    assert room.intake.look(text) is room.intake.send(text) is Trouble.DAMAGED


def test_T14_every_missing_end_is_damage(room: Room) -> None:
    text = room.text(room.request())
    for cut in range(1, len(text), 7):
        assert room.intake.look(text[:cut]) is Trouble.DAMAGED


@pytest.mark.parametrize("length", [1640, 4096, 100_000])
def test_T14_oversize_is_told_apart(room: Room, length: int) -> None:
    assert room.intake.look("0" * length) is room.intake.send("0" * length) is Trouble.OVERSIZE


def test_T14_what_is_sealed_badly_is_not_genuine(room: Room) -> None:
    request = room.request()
    public = crypto.sealing_public(room.mail_key)
    for plain in (b"\xff", encode({1: 1}), encode({1: 1 << 35, 2: [JANE], 3: "en", 4: "admin"})):
        sealed = crypto.seal(public, request.header.info, plain)
        assert room.intake.send(spoilt(request, sealed=sealed)) is Trouble.NOT_GENUINE
