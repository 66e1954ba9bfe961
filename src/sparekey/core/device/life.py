"""Rules of a device's life: power, time, the first password, the button, the erase, the maker's account store."""

from __future__ import annotations

from dataclasses import replace

from sparekey.core.device.events import (
    Activated,
    Booted,
    ButtonHeld,
    Noted,
    PasswordApplied,
    SignedIn,
    Ticked,
    Wiped,
)
from sparekey.core.device.states import Applying, Erasing, Guarded, MustSet
from sparekey.core.device.telling import audit, notify
from sparekey.core.effects import EndSessions, Erase, Happened
from sparekey.core.errors import Refusal
from sparekey.core.messages.notice import Noticed
from sparekey.core.methods import reset_button
from sparekey.core.record import Account, Record, Reserved, Situation
from sparekey.core.table import Step
from sparekey.core.values import Face, Role

PRESENCE_LASTS = 30 * 60
"""Seconds after power-on or a button press in which a device without a password may be set up over the network."""


def booted_unset(state: MustSet, _event: Booted, _now: Situation) -> Step[MustSet]:
    """A device without a password came on."""
    return Step(MustSet(_after_boot(state.record)))


def booted(state: Guarded, _event: Booted, now: Situation) -> Step[Guarded]:
    """Counted entries and rights are gone, pauses start again, dead requests go."""
    return Step(Guarded(_after_boot(state.record).alive(now.moment)))


def booted_applying(state: Applying, _event: Booted, _now: Situation) -> Step[Applying]:
    """The order to the account store is still out; give it again."""
    after = replace(state.after, age=state.record.age.booted())
    applying = replace(state, record=_after_boot(state.record), after=after)
    return Step(applying, (applying.order,))


def booted_erasing(state: Erasing, _event: Booted, _now: Situation) -> Step[Erasing]:
    """Go on erasing."""
    return Step(replace(state, record=_after_boot(state.record)), (Erase(state.recordings),))


def ticked_unset(state: MustSet, _event: Ticked, now: Situation) -> Step[MustSet]:
    """Write the age down."""
    return Step(MustSet(replace(state.record, age=state.record.age.ticked(now.moment))))


def ticked(state: Guarded, _event: Ticked, now: Situation) -> Step[Guarded]:
    """Write the age down and let dead requests go."""
    record = replace(state.record, age=state.record.age.ticked(now.moment))
    return Step(Guarded(record.alive(now.moment)))


def activated(state: MustSet, event: Activated, now: Situation) -> Step[MustSet | Guarded | Applying]:
    """The first password. Over the network only while somebody was at the device a short time ago.

    Where a store of the maker keeps it, the device is set up once that store shows it, and not before.
    """
    if event.face is Face.NETWORK and not now.present(PRESENCE_LASTS):
        return Step(state, refusal=Refusal.NEEDS_PRESENCE)
    kept = None if now.external else event.password
    record = replace(
        state.record,
        accounts=(Account(event.account, kept, Role.ADMIN),),
        reserved=Reserved(event.address) if event.address else None,
    )
    if now.external:
        applying = Applying(
            state.record, record, event.account, event.password, event.face, Happened.ACTIVATED
        )
        return Step(applying, (applying.order,))
    return Step(Guarded(record), (audit(record, now, Happened.ACTIVATED, event.face, event.account),))


def activated_twice(state: Guarded, _event: Activated, _now: Situation) -> Step[Guarded]:
    """Somebody was faster."""
    return Step(state, refusal=Refusal.ALREADY_DONE)


def signed_in(state: Guarded, event: SignedIn, now: Situation) -> Step[Guarded]:
    """The very account under recovery signed in with its password: its counters come down."""
    record = state.record
    account = record.account(event.account)
    if account is None or account.suspended or event.generation != record.generation:
        return Step(state, refusal=Refusal.NOT_AUTHORISED)
    if account is record.admin:
        record = replace(record, budgets=())
    return Step(Guarded(record), (audit(record, now, Happened.SIGNED_IN, event.face, event.account),))


def noted(state: Guarded, event: Noted, now: Situation) -> Step[Guarded]:
    """A line of the audit page, and nothing else."""
    return Step(state, (audit(state.record, now, event.what, event.face, event.account),))


def signed_in_applying(state: Applying, event: SignedIn, now: Situation) -> Step[Applying]:
    """One of two passwords works at any time, so a person may come in with it: into what was, while it is.

    Whoever the change suspends stays out already, and no counter comes down before it is complete.
    """
    for record in (state.record, state.after):
        account = record.account(event.account)
        if account is None or account.suspended:
            return Step(state, refusal=Refusal.NOT_AUTHORISED)
    if event.generation != state.record.generation:
        return Step(state, refusal=Refusal.NOT_AUTHORISED)
    return Step(state, (audit(state.record, now, Happened.SIGNED_IN, event.face, event.account),))


def button_held(state: Guarded, event: ButtonHeld, now: Situation) -> Step[Guarded | Erasing]:
    """The switch on the body: settings go, what is on the card stays. Shorter does nothing."""
    refusal = _button_refused(state.record, event, now)
    if refusal:
        return Step(state, refusal=refusal)
    return begin_erase(state.record, now, Face.SCREEN, recordings=False)


def button_held_unset(state: MustSet, event: ButtonHeld, now: Situation) -> Step[MustSet | Erasing]:
    """As above, on a device that has no password."""
    refusal = _button_refused(state.record, event, now)
    if refusal:
        return Step(state, refusal=refusal)
    return begin_erase(state.record, now, Face.SCREEN, recordings=False)


def button_held_applying(state: Applying, event: ButtonHeld, now: Situation) -> Step[Applying | Erasing]:
    """As above: the way out when the account store never takes the new password."""
    refusal = _button_refused(state.record, event, now)
    if refusal:
        return Step(state, refusal=refusal)
    return begin_erase(state.record, now, Face.SCREEN, recordings=False)


def begin_erase(record: Record, now: Situation, face: Face, *, recordings: bool) -> Step[Erasing]:
    """Store the intent, then order it."""
    told = audit(record, now, Happened.ERASE_BEGUN, face, "")
    heard = notify(record, now, Noticed.ERASED)  # now: afterwards nobody knows any more who is to hear it
    return Step(Erasing(record, recordings, face), (told, *heard, Erase(recordings)))


def ticked_erasing(state: Erasing, _event: Ticked, now: Situation) -> Step[Erasing]:
    """Something did not let itself be erased yet: go on."""
    record = replace(state.record, age=state.record.age.ticked(now.moment))
    return Step(replace(state, record=record), (Erase(state.recordings),))


def wiped(state: Erasing, event: Wiped, now: Situation) -> Step[Erasing | MustSet]:
    """Only a verified erase ends in a device without a password; otherwise it stays as it is and tries again."""
    if not event.verified:
        return Step(state, refusal=Refusal.NOT_NOW)
    old = state.record
    lasting = replace(old.lasting, epoch=old.lasting.epoch + 1)
    record = Record(age=old.age, generation=old.generation + 1, lasting=lasting)
    told = audit(record, now, Happened.ERASED, state.face, "")
    return Step(MustSet(record), (EndSessions(record.generation), told))


def ticked_applying(state: Applying, _event: Ticked, now: Situation) -> Step[Applying]:
    """The account store did not answer yet: ask it again."""
    age = state.record.age.ticked(now.moment)
    applying = replace(state, record=replace(state.record, age=age), after=replace(state.after, age=age))
    return Step(applying, (applying.order,))


def password_applied(state: Applying, event: PasswordApplied, now: Situation) -> Step[MustSet | Guarded]:
    """The maker's store answered. When it shows the change, that is complete; otherwise nothing happened."""
    if not event.taken:
        before = Guarded(state.record) if state.record.admin else MustSet(state.record)
        return Step(before, refusal=Refusal.NOT_NOW)
    after = state.after
    told = audit(after, now, state.what, state.face, state.account, state.number)
    recovered = state.what is Happened.PASSWORD_RECOVERED and after.recovered
    heard = notify(after, now, Noticed.PASSWORD_RECOVERED, recovered.request) if recovered else ()
    return Step(Guarded(after), (EndSessions(after.generation), told, *heard))


def _button_refused(record: Record, event: ButtonHeld, now: Situation) -> Refusal | None:
    if reset_button.METHOD.greyed(record, now, Face.SCREEN):
        return Refusal.NOT_OFFERED
    return Refusal.NOT_NOW if event.seconds < now.policy.reset_button.hold else None


def _after_boot(record: Record) -> Record:
    return replace(
        record,
        age=record.age.booted(),
        budgets=tuple(budget.reboot() for budget in record.budgets),
        charges=(),
        rights=(),
    )
