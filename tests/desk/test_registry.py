"""The desk's registry: whom it takes, what it answers, what it tells the other rooms, on every engine."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select, update

from sparekey.core import crypto, mailing
from sparekey.core.case import Standing
from sparekey.core.messages.enrol_reply import check_reply, read_reply
from sparekey.core.messages.link_answer import LinkAnswer, LinkVerdict
from sparekey.core.messages.request import Request, read_request
from sparekey.core.registry import Admission, Source, Why
from sparekey.desk.registry import rows
from sparekey.desk.registry.registrar import DISPUTES_MOST
from sparekey.desk.registry.resealing import Resealing
from sparekey.desk.registry.rules import RegistryRules
from sparekey.desk.registry.tables import enrolled
from sparekey.desk.store.database import Database
from tests.desk.enrolling import DESK, NEXT, OWNER, TRUST, Books, Device

TOKEN = crypto.sha256(b"factory token")
SERIAL = "PX-3216-0001"


@pytest.fixture
def books(database: Database) -> Books:
    return Books(database)


def listed(books: Books) -> Device:
    """A device that the factory gave a token."""
    books.list_token(SERIAL, TOKEN)
    return Device(token=TOKEN)


def verdict(books: Books, request: Request) -> LinkVerdict:
    return books.registrar.enrol(request).verdict


def test_a_new_device_is_taken_and_gets_ticket_and_trust_under_its_own_key(books: Books) -> None:
    device = listed(books)
    request = books.request(device)
    answer = books.registrar.enrol(request)
    assert answer.verdict is LinkVerdict.TAKEN
    reply = check_reply(read_reply(answer.data), request.hash, device.key)
    assert (reply.ticket, reply.trust, reply.epoch) == (
        mailing.ticket(books.ticket_key, SERIAL),
        TRUST,
        1,
    )
    assert books.registrar.standing(SERIAL) == Standing(enrolled=True, confirmed=True, epoch=1)
    body = books.registrar.opened(SERIAL)
    assert body is not None
    assert (body.key, body.addresses) == (device.key, (OWNER,))
    assert books.registrar.ticket(SERIAL) == reply.ticket
    assert books.mails() == []


def test_T36_each_enrolment_is_taken_once_and_the_one_in_use_is_answered_again(books: Books) -> None:
    device = listed(books)
    first, second = books.request(device), books.request(device, NEXT)
    again = books.registrar.enrol(first)
    assert books.registrar.enrol(first) == again
    assert books.registrar.reply(first) == again.data
    assert verdict(books, second) is LinkVerdict.TAKEN
    assert verdict(books, first) is LinkVerdict.OLD
    assert books.registrar.reply(first) is None
    assert books.registrar.reply(second) is not None
    body = books.registrar.opened(SERIAL)
    assert body is not None
    assert body.addresses == (NEXT,)


def test_a_first_use_row_is_no_evidence_and_unknown_serials_look_alike(books: Books) -> None:
    assert verdict(books, books.request(Device())) is LinkVerdict.TAKEN
    assert books.registrar.standing(SERIAL) == Standing(enrolled=True, confirmed=False, epoch=1)
    assert books.registrar.standing("nobody") == Standing()
    assert books.registrar.opened("nobody") is None


def test_a_damaged_row_has_no_name_in_the_log_and_holds_up_no_other(books: Books) -> None:
    sound, other = Device(), Device("PX-3216-0002")
    for device in (sound, other):
        assert verdict(books, books.request(device)) is LinkVerdict.TAKEN
    both = books.registrar.log_ids([SERIAL, "PX-3216-0002"])
    assert set(both) == {SERIAL, "PX-3216-0002"}
    with books.database.writing() as connection:
        connection.execute(update(enrolled).where(enrolled.c.serial == SERIAL).values(request=b"\xff\x00"))
    assert books.registrar.log_ids([SERIAL, "PX-3216-0002"]) == {"PX-3216-0002": both["PX-3216-0002"]}


def test_where_the_desk_takes_its_factorys_devices_alone_others_wait(database: Database) -> None:
    books = Books(database, rules=RegistryRules(Admission.FACTORY))
    assert verdict(books, books.request(Device())) is LinkVerdict.WAITS
    (dispute,) = books.disputes.open()
    assert (dispute.why, dispute.serial) == (Why.NOT_LISTED, SERIAL)
    assert books.registrar.standing(SERIAL) == Standing()


def test_T36_C33_a_held_back_enrolment_takes_nothing_from_the_next_owner(books: Books) -> None:
    device = listed(books)
    verdict(books, books.request(device))
    kept_back = books.request(device, "thief@example.com")
    after = device.erased()
    assert verdict(books, books.request(after, NEXT)) is LinkVerdict.TAKEN
    assert [(mail.kind, mail.recipient) for mail in books.mails()] == [("new_owner", OWNER)]
    assert verdict(books, kept_back) is LinkVerdict.WAITS
    assert verdict(books, kept_back) is LinkVerdict.WAITS, "asked again, it still waits"
    body = books.registrar.opened(SERIAL)
    assert body is not None
    assert (body.key, body.addresses) == (after.key, (NEXT,))
    assert books.registrar.standing(SERIAL).conflict, "its token was right"


def test_an_epoch_that_begins_and_an_address_that_goes_are_told_to_those_of_before(books: Books) -> None:
    device = listed(books)
    verdict(books, books.request(device, OWNER, "second@example.com", locale="cs"))
    verdict(books, books.request(device, NEXT, OWNER))
    (mail,) = books.mails()
    assert (mail.kind, mail.recipient) == ("moved", "second@example.com")
    assert mail.message["Content-Language"] == "cs"
    assert SERIAL in mail.text
    verdict(books, books.request(device.erased(), NEXT))
    told = books.mails()
    assert [mail.recipient for mail in told] == [NEXT, OWNER]
    assert all("new owner" in str(mail.message["Subject"]) for mail in told)
    assert books.woken >= 3


def test_T36_a_stranger_fills_neither_the_list_nor_the_hour(database: Database) -> None:
    books = Books(database, rules=RegistryRules(unproved_hour=5))
    owner = Device()
    assert verdict(books, books.request(owner)) is LinkVerdict.TAKEN
    for number in range(DISPUTES_MOST):
        assert verdict(books, books.request(Device(life=f"thief {number}"))) is LinkVerdict.WAITS
    assert verdict(books, books.request(Device(life="one more"))) is LinkVerdict.LATER
    assert not books.registrar.standing(SERIAL).conflict, "a stranger makes no owner's way back longer"
    assert verdict(books, books.request(Device("PX-3216-0002"))) is LinkVerdict.TAKEN
    assert verdict(books, books.request(Device("PX-3216-0003"))) is LinkVerdict.LATER
    assert verdict(books, books.request(owner, NEXT)) is LinkVerdict.TAKEN, "who has the key has no budget"
    books.clock.forward(3700)
    assert verdict(books, books.request(Device("PX-3216-0003"))) is LinkVerdict.TAKEN


def test_T26_a_batch_answers_each_item_in_its_place(books: Books) -> None:
    good = books.request(Device())
    foreign = books.seal(good.header.kind, books.registrar.body(good.encoded), SERIAL, desk=bytes(8))
    other_key = books.seal(good.header.kind, books.registrar.body(good.encoded), SERIAL, key=bytes(range(32)))
    bent = bytearray(good.encoded)
    bent[-1] ^= 1
    items = [b"broken", foreign.encoded, other_key.encoded, bytes(bent), books.notice().encoded, good.encoded]
    assert [answer.verdict for answer in books.registrar.take(items)] == [
        LinkVerdict.DAMAGED,
        LinkVerdict.OTHER_DESK,
        LinkVerdict.UNKNOWN_KEY,
        LinkVerdict.NOT_GENUINE,
        LinkVerdict.OTHER_KIND,
        LinkVerdict.TAKEN,
    ]


def test_a_stolen_device_lets_nobody_new_in_until_it_is_found(books: Books) -> None:
    device = listed(books)
    verdict(books, books.request(device))
    for _ in range(2):
        books.registrar.report_stolen(SERIAL)
    assert books.registrar.standing(SERIAL).stolen
    assert verdict(books, books.request(device.erased())) is LinkVerdict.WAITS
    for _ in range(2):
        books.registrar.report_found(SERIAL)
    assert not books.registrar.standing(SERIAL).stolen
    assert verdict(books, books.request(device.erased("third"))) is LinkVerdict.TAKEN


def test_B04_whoever_says_that_it_is_stolen_or_back_its_owner_hears_of_it_once(books: Books) -> None:
    verdict(books, books.request(listed(books)))
    for report in (books.registrar.report_stolen, books.registrar.report_found):
        report("PX-NOBODYS")
        for _ in range(2):
            report(SERIAL)
    stolen, found = books.mails()
    assert [(mail.kind, mail.recipient) for mail in (stolen, found)] == [("stolen", OWNER), ("found", OWNER)]
    for mail in (stolen, found):
        assert SERIAL in mail.text
        assert "If you d" in mail.text
    assert "gives nothing out" in stolen.text.replace("\n", " ")


def test_T05_a_mailbox_is_not_flooded_by_stolen_and_back(books: Books) -> None:
    verdict(books, books.request(listed(books)))
    for _ in range(20):
        books.registrar.report_stolen(SERIAL)
        books.registrar.report_found(SERIAL)
    books.registrar.tell(SERIAL, "paired")
    kinds = [mail.kind for mail in books.mails()]
    assert (kinds.count("stolen"), kinds.count("found"), kinds.count("paired")) == (6, 6, 1)


def test_a_device_whose_key_is_gone_is_reported_stolen_all_the_same(books: Books) -> None:
    verdict(books, books.request(listed(books)))
    books.keys = [bytes(31) + b"1"]
    books.open()
    books.registrar.report_stolen(SERIAL)
    assert books.registrar.standing(SERIAL).stolen
    books.registrar.report_found(SERIAL)
    assert not books.registrar.standing(SERIAL).stolen


def test_whoever_gives_it_away_is_told_no_more_and_the_next_owner_comes_in(books: Books) -> None:
    device = listed(books)
    verdict(books, books.request(device))
    kept_back = books.request(device)
    assert books.registrar.transfer(SERIAL)
    assert books.registrar.transfer(SERIAL)
    assert not books.registrar.transfer("nobody")
    assert [mail.kind for mail in books.mails()] == ["given_away"]
    assert books.registrar.standing(SERIAL) == Standing(enrolled=True, confirmed=False, epoch=2)
    body = books.registrar.opened(SERIAL)
    assert body is not None
    assert (body.addresses, body.confirmed) == ((), False)
    assert verdict(books, kept_back) is LinkVerdict.WAITS
    assert verdict(books, books.request(device.erased(), NEXT)) is LinkVerdict.TAKEN
    assert books.mails() == []
    assert books.registrar.standing(SERIAL).confirmed


def test_a_member_of_the_staff_owns_a_device(books: Books) -> None:
    for _ in range(2):
        books.registrar.own(SERIAL, "olga")
    assert books.registrar.standing(SERIAL).owners == ("olga",)


# Keys that change


def test_stored_enrolments_are_sealed_anew_and_the_old_key_can_go(
    open_database: Callable[[], Database],
) -> None:
    books = Books(open_database())
    devices = [Device(f"PX-3216-{number:04}") for number in range(1, 6)]
    first = [books.request(device) for device in devices]
    replies = [books.registrar.enrol(request) for request in first]
    old, new = books.keys[0], books.entropy.bytes(32)
    books.keys = [new, old]
    books.open()
    job = Resealing(books.database, books.keyring)
    assert (job.work(), job.work()) == (5, 0)
    books.keys = [new]
    books.open()
    for device, request, reply in zip(devices, first, replies, strict=True):
        body = books.registrar.opened(device.serial)
        assert body is not None
        assert body.key == device.key
        assert books.registrar.reply(request) == reply.data, "the hash of before still names it"
        assert verdict(books, books.request(device, NEXT)) is LinkVerdict.TAKEN


def test_a_key_that_is_gone_decides_nothing(books: Books) -> None:
    device = Device()
    verdict(books, books.request(device))
    books.keys = [books.entropy.bytes(32)]
    books.open()
    assert verdict(books, books.request(device)) is LinkVerdict.LATER
    with books.database.reading() as connection:
        row = rows.row_of(connection, SERIAL)
    assert row is not None
    assert row.source is Source.FIRST_USE


def test_T02_neither_key_nor_address_is_in_the_database(books: Books) -> None:
    device = listed(books)
    verdict(books, books.request(device))
    verdict(books, books.request(device.erased()))
    with books.database.reading() as connection:
        stored = [bytes(row.request) for row in connection.execute(select(enrolled))]
    assert stored
    for blob in stored:
        assert OWNER.encode() not in blob
        assert device.erased().key not in blob
        assert read_request(blob).header.desk == DESK
    assert "TAKEN" in repr(LinkAnswer(LinkVerdict.TAKEN, b"secret"))
    assert "secret" not in repr(LinkAnswer(LinkVerdict.TAKEN, b"secret"))
