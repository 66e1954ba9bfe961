"""What a device tells its desk about itself, and what its owner hears."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sparekey.core.codes import code_from_bits
from sparekey.core.device import MustSet, events
from sparekey.core.device.registering import CONFIRM_PAUSE, CONFIRM_TRIES
from sparekey.core.effects import Happened
from sparekey.core.errors import Refusal
from sparekey.core.keys import dated_key, log_id
from sparekey.core.messages.notice import Noticed
from sparekey.core.messages.request import Request, read_request
from sparekey.core.record import Action
from sparekey.core.values import Face, MethodName, Role
from tests.scenarios.enrolled import CODE, TICKET, confirm, confirming, enrol, inside, reply, sealed
from tests.scenarios.play import CLAIM, NETWORK, NEW, OLD, OWNER, SCREEN, prove, ready


def change(world: object, address: str | None) -> Refusal | None:
    device = world.device  # type: ignore[attr-defined]
    generation = device.record.generation
    refused: Refusal | None = device.tell(events.AddressChanged("admin", generation, NETWORK, address))
    return refused


def test_an_enrolment_says_who_is_told_and_proves_its_own_key() -> None:
    world, _ = ready("sparekey")
    made = sealed(world, token=bytes(32))
    body = inside(world, made)
    assert (body.key, body.log_id) == (dated_key(world.device.device_key), log_id(world.device.device_key))
    assert (body.count, body.epoch, body.locale, body.token) == (1, 1, "cs", bytes(32))
    assert (body.addresses, body.confirmed) == ((OWNER,), False)
    assert body.refresh is not None
    assert made.bound == world.device.record.saying(0)


def test_a_reply_brings_the_ticket_and_every_later_request_carries_it() -> None:
    world, _ = ready("hikvision")
    assert world.device.record.ticket is None
    made = enrol(world, epoch=4)
    record = world.device.record
    assert record.enrolment == replace(made, answered=True, ticket=TICKET)
    assert record.lasting.epoch == 4
    assert "TICKET" not in repr(record.enrolment)
    assert [entry.what for entry in world.device.audit.values()].count(Happened.ENROLLED) == 1
    assert world.device.tell(events.EnrolmentAnswered(reply(world, made, 4))) is None
    assert [entry.what for entry in world.device.audit.values()].count(Happened.ENROLLED) == 1
    for request in (world.device.open_mail_code(CLAIM), world.device.open_support(CLAIM)):
        assert isinstance(request, Request)
        assert world.desk.open(request).ticket == TICKET  # type: ignore[union-attr]
    assert list(world.device.notices.values())[-1].ticket == TICKET


def test_only_the_reply_to_the_last_enrolment_under_our_own_key_is_taken() -> None:
    world, _ = ready("sparekey")
    made = sealed(world)
    assert world.device.tell(events.EnrolmentAnswered(reply(world, made))) is Refusal.NOT_NOW
    world.device.tell(events.EnrolmentSealed(made))
    forged = events.EnrolmentAnswered(reply(world, made, key=bytes(32)))
    assert world.device.tell(forged) is Refusal.NOT_GENUINE
    other = events.EnrolmentAnswered(reply(world, sealed(world)))
    assert world.device.tell(other) is Refusal.NOT_GENUINE
    kept = world.device.record.enrolment
    assert kept is not None
    assert not kept.answered


def test_an_enrolment_that_says_what_was_comes_too_late() -> None:
    world, _ = ready("sparekey")
    early = sealed(world)
    assert change(world, "new@example.com") is None
    assert world.device.tell(events.EnrolmentSealed(early)) is Refusal.NOT_NOW
    assert world.device.tell(events.EnrolmentSealed(replace(sealed(world), count=2))) is Refusal.NOT_NOW
    assert world.device.tell(events.EnrolmentSealed(sealed(world))) is None
    assert inside(world, sealed(world)).count == 2


def test_a_changed_address_is_said_again_under_the_same_key_and_with_both() -> None:
    world, _ = ready("sparekey")
    first = enrol(world)
    change(world, "new@example.com")
    record = world.device.record
    assert record.enrolment is not None
    assert record.enrolment.bound != record.saying(0)
    again = sealed(world)
    body = inside(world, again)
    assert (body.count, body.addresses, body.confirmed) == (2, ("new@example.com", OWNER), False)
    assert body.key == inside(world, first).key
    assert again.ticket == TICKET
    assert not again.answered


def test_C33_every_erase_begins_the_next_epoch_and_forgets_the_enrolment() -> None:
    world, _ = ready("patronum")
    enrol(world)
    before = inside(world, sealed(world))
    technician = world.device.open_support(CLAIM, SCREEN, MethodName.TECHNICIAN)
    assert isinstance(technician, Request)
    answer = world.desk.answer(technician, Action.ERASE)
    number = technician.header.number
    assert world.device.prove(MethodName.TECHNICIAN, CLAIM, answer, number, SCREEN) is None
    assert world.device.tell(events.DefaultChosen(CLAIM, SCREEN)) is None
    assert isinstance(world.device.state, MustSet)
    record = world.device.record
    assert (record.enrolment, record.confirming, record.lasting.epoch) == (None, None, 2)
    told = list(world.device.notices.values())[-1]
    assert (told.what, told.addresses, told.ticket) == (Noticed.ERASED, (OWNER,), TICKET)
    world.device.activate(NEW, None, Face.SCREEN)
    after = inside(world, sealed(world))
    assert (after.epoch, after.count, after.addresses) == (before.epoch + 1, 1, ())
    assert after.key != before.key


def test_a_recovery_never_takes_back_an_epoch_that_the_desk_told_meanwhile() -> None:
    world, kept = ready("patronum")
    assert prove(world, MethodName.KEY_FILE, kept) is None
    enrol(world, epoch=7)
    assert world.device.choose_password(CLAIM, NEW) is None
    assert world.device.record.lasting.epoch == 7


# Confirming the address


@pytest.mark.meets("nist-recovery-issued-address")
def test_P20_an_address_is_confirmed_by_the_code_that_was_mailed_there() -> None:
    world, _ = ready("sparekey")
    assert confirm(world) is None
    reserved = world.device.record.reserved
    assert reserved is not None
    assert reserved.confirmed
    assert world.device.record.confirming is None
    assert world.device.tell(events.AddressConfirmed("admin", CODE, NETWORK)) is Refusal.NO_SUCH_REQUEST
    assert confirm(world) is Refusal.NOT_NOW, "nothing is left to confirm"
    assert inside(world, sealed(world)).confirmed


def test_T03_a_confirming_code_is_guessed_five_times_and_opens_nothing() -> None:
    world, _ = ready("sparekey")
    made = confirming(world)
    assert world.device.tell(events.ConfirmationOpened("admin", made)) is None
    for guess in range(CONFIRM_TRIES):
        typed = events.AddressConfirmed("admin", code_from_bits(guess), NETWORK)
        assert world.device.tell(typed) is Refusal.WRONG_CODE
    assert world.device.tell(events.AddressConfirmed("admin", CODE, NETWORK)) is Refusal.TOO_MANY_TRIES
    assert world.device.tell(events.ConfirmationOpened("admin", confirming(world))) is Refusal.NOT_NOW
    world.clock.forward(CONFIRM_PAUSE)
    assert confirm(world) is None
    request = world.device.open_mail_code(CLAIM)
    assert isinstance(request, Request)
    assert world.device.type_code(request, CLAIM, CODE) is Refusal.WRONG_CODE
    assert read_request(made.sealed).hash != request.hash


def test_a_confirming_code_ends_with_its_time_and_with_the_address() -> None:
    world, _ = ready("sparekey")
    world.device.tell(events.ConfirmationOpened("admin", confirming(world)))
    world.clock.forward(world.device.policy.mail_code.valid)
    assert world.device.tell(events.AddressConfirmed("admin", CODE, NETWORK)) is Refusal.EXPIRED
    world.device.tell(events.ConfirmationOpened("admin", confirming(world)))
    stale = confirming(world)
    assert change(world, "new@example.com") is None
    assert world.device.record.confirming is None
    assert world.device.tell(events.ConfirmationOpened("admin", stale)) is Refusal.NOT_NOW
    assert change(world, None) is None
    assert world.device.tell(events.ConfirmationOpened("admin", stale)) is Refusal.NOT_NOW


def test_T04_only_an_administrator_confirms_an_address() -> None:
    world, _ = ready("sparekey")
    guard = events.AccountSet("admin", 1, NETWORK, "guard", Role.OPERATOR, world.device.hash("a guard's"))
    assert world.device.tell(guard) is None
    made = confirming(world)
    for name in ("guard", "nobody"):
        assert world.device.tell(events.ConfirmationOpened(name, made)) is Refusal.NOT_AUTHORISED
        assert world.device.tell(events.AddressConfirmed(name, CODE, NETWORK)) is Refusal.NOT_AUTHORISED


# What the owner hears


@pytest.mark.meets("nist-recovery-told", "asvs-6.3.7")
def test_B04_the_owner_hears_of_every_step_of_a_recovery() -> None:
    world, _ = ready("sparekey")
    request = world.device.open_mail_code(CLAIM)
    assert isinstance(request, Request)
    (mail,) = world.scan_and_send(request)
    assert world.device.type_code(request, CLAIM, mail.code) is None
    assert world.device.choose_password(CLAIM, NEW) is None
    opened, recovered = world.device.notices.values()
    assert (opened.what, opened.request, opened.account) == (Noticed.RECOVERY_OPENED, request.hash, "admin")
    assert (recovered.what, recovered.request) == (Noticed.PASSWORD_RECOVERED, request.hash)
    assert {opened.addresses, recovered.addresses} == {(OWNER,)}
    spoken = world.device.open_mail_code(CLAIM)
    assert isinstance(spoken, Request)
    told = events.RequestCancelled(spoken.header.number, CLAIM, NETWORK)
    assert world.device.tell(told) is None
    assert list(world.device.notices.values())[-1].what is Noticed.RECOVERY_CANCELLED


@pytest.mark.meets("nist-notified")
def test_B04_T11_a_changed_address_is_told_to_both() -> None:
    world, _ = ready("sparekey")
    change(world, "new@example.com")
    (told,) = world.device.notices.values()
    assert (told.what, told.addresses) == (Noticed.ADDRESS_CHANGED, ("new@example.com", OWNER))


@pytest.mark.meets("asvs-6.3.5", "asvs-16.3.3", "etsi-5.10-1")
def test_B04_a_hundred_wrong_codes_are_told_once() -> None:
    world, _ = ready("sparekey")
    request = world.device.open_mail_code(CLAIM)
    assert isinstance(request, Request)
    for _ in range(110):
        world.clock.forward(3600)
        world.device.type_code(request, CLAIM, code_from_bits(1))
        request = world.device.open_mail_code(CLAIM)
        assert isinstance(request, Request)
    assert [told.what for told in world.device.notices.values()].count(Noticed.TRIES_STOPPED) == 1


def test_B04_where_nobody_can_hear_nothing_is_sent() -> None:
    world, kept = ready("patronum")
    change(world, None)
    world.clock.forward(8 * 86400)
    world.device.notices.clear()
    assert prove(world, MethodName.KEY_FILE, kept) is None
    assert world.device.choose_password(CLAIM, NEW) is None
    assert world.device.notices == {}
    assert not world.device.works(OLD)


def test_B04_B10_the_owner_hears_once_the_makers_store_shows_the_new_password() -> None:
    world, kept = ready("patronum", makers_store={})
    world.device.notices.clear()
    assert prove(world, MethodName.KEY_FILE, kept) is None
    assert world.device.choose_password(CLAIM, NEW) is None
    (told,) = world.device.notices.values()
    assert (told.what, told.request) == (Noticed.PASSWORD_RECOVERED, b"")
