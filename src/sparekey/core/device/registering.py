"""Rules of a device towards its desk: what it told it, what the desk answered, and that its address is read."""

from __future__ import annotations

from dataclasses import replace

from sparekey.core.crypto import equal, sha256
from sparekey.core.device.events import (
    AddressConfirmed,
    ConfirmationOpened,
    EnrolmentAnswered,
    EnrolmentSealed,
)
from sparekey.core.device.states import Guarded
from sparekey.core.device.telling import audit
from sparekey.core.effects import Effect, Happened
from sparekey.core.enrolled import Confirming
from sparekey.core.errors import Refusal, UntrustedError
from sparekey.core.keys import confirm_verifier, dated_key
from sparekey.core.messages.enrol_reply import check_reply
from sparekey.core.record import Record, Situation
from sparekey.core.table import Step
from sparekey.core.values import Face, Role

CONFIRM_TRIES = 5
"""Wrong codes after which the address waits for a new one."""
CONFIRM_PAUSE = 60
"""Seconds of age between two codes for the same address."""


def enrolment_sealed(state: Guarded, event: EnrolmentSealed, now: Situation) -> Step[Guarded]:
    """The next one takes the place of the last. One that was sealed before something changed comes too late."""
    record, fresh = state.record, event.enrolment
    count = record.enrolment.count if record.enrolment else 0
    if fresh.count != count + 1 or fresh.bound != record.saying(record.age.at(now.moment)):
        return Step(state, refusal=Refusal.NOT_NOW)
    return Step(Guarded(replace(record, enrolment=fresh)))


def enrolment_answered(state: Guarded, event: EnrolmentAnswered, now: Situation) -> Step[Guarded]:
    """The reply holds under K and answers what was sealed last: the desk knows this device."""
    record, held = state.record, state.record.enrolment
    if held is None:
        return Step(state, refusal=Refusal.NOT_NOW)
    try:
        reply = check_reply(event.file, sha256(held.sealed), dated_key(now.device_key))
    except UntrustedError:
        return Step(state, refusal=Refusal.NOT_GENUINE)
    lasting = replace(record.lasting, epoch=max(record.lasting.epoch, reply.epoch))
    enrolment = replace(held, answered=True, ticket=reply.ticket)
    told: tuple[Effect, ...] = ()
    if not held.answered:
        told = (audit(record, now, Happened.ENROLLED, Face.NETWORK, ""),)
    return Step(Guarded(replace(record, lasting=lasting, enrolment=enrolment)), told)


def confirmation_opened(state: Guarded, event: ConfirmationOpened, now: Situation) -> Step[Guarded]:
    """A code for the reserved address, while it is not confirmed; a new one at most once in a minute."""
    record, fresh = state.record, event.confirming
    if not _is_admin(record, event.account):
        return Step(state, refusal=Refusal.NOT_AUTHORISED)
    reserved, held = record.reserved, record.confirming
    if reserved is None or reserved.confirmed or fresh.address != reserved.address:
        return Step(state, refusal=Refusal.NOT_NOW)
    if held is not None and record.age.at(now.moment) - held.opened_age < CONFIRM_PAUSE:
        return Step(state, refusal=Refusal.NOT_NOW)
    return Step(Guarded(replace(record, confirming=fresh)))


def address_confirmed(state: Guarded, event: AddressConfirmed, now: Situation) -> Step[Guarded]:
    """The typed code is the mailed one: the owner reads that mailbox. A wrong one is counted with its verdict."""
    record, held = state.record, state.record.confirming
    if not _is_admin(record, event.account):
        return Step(state, refusal=Refusal.NOT_AUTHORISED)
    if held is None or record.reserved is None:
        return Step(state, refusal=Refusal.NO_SUCH_REQUEST)
    refusal = _over(record, held, now)
    if refusal is not None:
        return Step(state, refusal=refusal)
    if not equal(held.verifier, confirm_verifier(now.device_key, held.number, event.code)):
        wrong = replace(record, confirming=replace(held, tries=held.tries + 1))
        return Step(Guarded(wrong), refusal=Refusal.WRONG_CODE)
    reserved = replace(record.reserved, confirmed=True)
    record = replace(record, reserved=reserved, confirming=None)
    return Step(Guarded(record), (audit(record, now, Happened.ADDRESS_CONFIRMED, event.face, event.account),))


def _over(record: Record, held: Confirming, now: Situation) -> Refusal | None:
    if record.age.at(now.moment) - held.opened_age >= held.valid:
        return Refusal.EXPIRED
    return Refusal.TOO_MANY_TRIES if held.tries >= CONFIRM_TRIES else None


def _is_admin(record: Record, name: str) -> bool:
    """An administrator who may sign in."""
    account = record.account(name)
    return account is not None and account.role is Role.ADMIN and not account.suspended
