"""The machine of the thing being recovered: `MustSet` has no password, `Guarded` has one.

No event but three lowers a counter: a sign-in of the very account under recovery, a completed recovery, a factory
erase. No sequence of events opens a password form without an unexpired right of the claim holder.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sparekey.core import table
from sparekey.core.budget import find, put
from sparekey.core.crypto import PasswordHash, equal, sha256
from sparekey.core.effects import Effect, EndSessions, Happened, WriteAudit
from sparekey.core.errors import Refusal
from sparekey.core.methods import mail_code
from sparekey.core.methods.method import Method, Proof
from sparekey.core.record import ADDRESS_COOLING, Account, Ask, Offered, Proved, Record, Recovery, Reserved, Situation
from sparekey.core.table import Step
from sparekey.core.values import Face, MethodName

METHODS: dict[MethodName, Method] = {MethodName.MAIL_CODE: mail_code.METHOD}
"""Every recovery method, in order of least loss."""
REQUESTS_LIMIT = 3
"""Open requests on one device."""
NETWORK_REQUESTS_LIMIT = 2
"""Open requests from the network: one place is always left for the screen."""
RIGHT_LASTS = 10 * 60
"""Seconds in which a proved claim holder may set the password."""
PRESENCE_LASTS = 30 * 60
"""Seconds after power-on in which a device without a password may be set up over the network."""


@dataclass(frozen=True)
class MustSet:
    """No password yet, or none any more: nothing works but setting one."""

    record: Record


@dataclass(frozen=True)
class Guarded:
    """There is a password."""

    record: Record


State = MustSet | Guarded


@dataclass(frozen=True)
class Booted:
    """Power came on."""


@dataclass(frozen=True)
class Ticked:
    """Five minutes went by."""


@dataclass(frozen=True)
class Activated:
    """Somebody chose the first password, and perhaps an address."""

    account: str
    password: PasswordHash
    address: str | None
    face: Face


@dataclass(frozen=True)
class SignedIn:
    """A person typed the right password, checked against the accounts of this generation."""

    account: str
    generation: int
    face: Face


@dataclass(frozen=True)
class RecoveryOpened:
    """Somebody asked for a way back in; the challenge is made and sealed."""

    ask: Ask


@dataclass(frozen=True)
class TryCounted:
    """A proof was handed in and has not been looked at. It must be stored before `ProofShown` can judge it."""

    number: str
    claim: bytes
    face: Face


@dataclass(frozen=True)
class ProofShown:
    """Now look at the proof."""

    number: str
    claim: bytes
    face: Face
    proof: Proof


@dataclass(frozen=True)
class PasswordChosen:
    """The claim holder typed a new password."""

    number: str
    claim: bytes
    face: Face
    password: PasswordHash


@dataclass(frozen=True)
class RequestCancelled:
    """Somebody wants the request gone. `signed_in`: an admin's session asks."""

    number: str
    claim: bytes
    face: Face
    signed_in: bool = False


@dataclass(frozen=True)
class AddressChanged:
    """The signed-in admin, password asked again, reserved another address."""

    account: str
    address: str
    face: Face


def _booted_unset(state: MustSet, _event: Booted, _now: Situation) -> Step[MustSet]:
    return Step(MustSet(replace(state.record, age=state.record.age.booted())))


def _booted(state: Guarded, _event: Booted, now: Situation) -> Step[Guarded]:
    record = replace(
        state.record,
        age=state.record.age.booted(),
        budgets=tuple(budget.reboot() for budget in state.record.budgets),
        requests=tuple(Offered(request.ask) for request in state.record.requests),
    )
    return Step(Guarded(record.alive(now.moment)))


def _ticked_unset(state: MustSet, _event: Ticked, now: Situation) -> Step[MustSet]:
    return Step(MustSet(replace(state.record, age=state.record.age.ticked(now.moment))))


def _ticked(state: Guarded, _event: Ticked, now: Situation) -> Step[Guarded]:
    record = replace(state.record, age=state.record.age.ticked(now.moment))
    return Step(Guarded(record.alive(now.moment)))


def _activated(state: MustSet, event: Activated, now: Situation) -> Step[MustSet | Guarded]:
    if event.face is Face.NETWORK and now.moment.uptime > PRESENCE_LASTS:
        return Step(state, refusal=Refusal.NEEDS_PRESENCE)
    record = replace(
        state.record,
        accounts=(Account(event.account, event.password, admin=True),),
        reserved=Reserved(event.address) if event.address else None,
    )
    return Step(Guarded(record), (_audit(record, now, Happened.ACTIVATED, event.face, event.account),))


def _activated_twice(state: Guarded, _event: Activated, _now: Situation) -> Step[Guarded]:
    return Step(state, refusal=Refusal.ALREADY_DONE)


def _signed_in(state: Guarded, event: SignedIn, now: Situation) -> Step[Guarded]:
    record = state.record
    account = record.account(event.account)
    if account is None or account.suspended or event.generation != record.generation:
        return Step(state, refusal=Refusal.NOT_AUTHORISED)
    if account is record.admin:
        record = replace(record, budgets=())
    return Step(Guarded(record), (_audit(record, now, Happened.SIGNED_IN, event.face, event.account),))


def _recovery_opened(state: Guarded, event: RecoveryOpened, now: Situation) -> Step[Guarded]:
    record = state.record.alive(now.moment)
    ask = event.ask
    method = METHODS[ask.method]
    if ask.face not in method.faces:
        return Step(state, refusal=Refusal.NOT_OFFERED)
    if method.closed(record, now) is not None:
        return Step(state, refusal=Refusal.NOT_SET_UP)
    if record.claimed(ask.method, ask.claim) is not None:
        return Step(Guarded(record))
    network = sum(kept.ask.face is Face.NETWORK for kept in record.requests)
    full = ask.face is Face.NETWORK and network >= NETWORK_REQUESTS_LIMIT
    if full or len(record.requests) >= REQUESTS_LIMIT:
        return Step(Guarded(record), refusal=Refusal.TOO_MANY_REQUESTS)
    record = replace(record, requests=(*record.requests, Offered(ask)))
    return Step(Guarded(record), (_audit(record, now, Happened.RECOVERY_OPENED, ask.face, ask.account, ask.number),))


def _try_counted(state: Guarded, event: TryCounted, now: Situation) -> Step[Guarded]:
    request = _open_request(state.record, event, now)
    if isinstance(request, Refusal):
        return Step(state, refusal=request)
    budget = find(state.record.budgets, request.ask.method, event.face)
    if budget.stopped:
        return Step(state, refusal=Refusal.TOO_MANY_TRIES)
    if budget.waits(now.moment.uptime):
        return Step(state, refusal=Refusal.PAUSED)
    raised = budget.count(now.moment.uptime)
    record = replace(state.record, budgets=put(state.record.budgets, raised))
    record = record.with_request(replace(request, counted=request.counted + 1))
    effects: tuple[Effect, ...] = ()
    if raised.stopped:
        effects = (_audit(record, now, Happened.TRIES_STOPPED, event.face, request.ask.account, event.number),)
    return Step(Guarded(record), effects)


def _proof_shown(state: Guarded, event: ProofShown, now: Situation) -> Step[Guarded]:
    request = _open_request(state.record, event, now)
    if isinstance(request, Refusal):
        return Step(state, refusal=request)
    if not request.counted:
        return Step(state, refusal=Refusal.NOT_CHARGED)
    ask = request.ask
    if not METHODS[ask.method].holds(ask, event.proof, now):
        record = state.record.with_request(replace(request, counted=request.counted - 1))
        told = _audit(record, now, Happened.PROOF_WRONG, event.face, ask.account, ask.number)
        return Step(Guarded(record), (told,), Refusal.WRONG_CODE)
    until = state.record.age.at(now.moment) + RIGHT_LASTS
    record = state.record.with_request(Proved(ask, until, request.counted - 1))
    told = _audit(record, now, Happened.PROOF_RIGHT, event.face, ask.account, ask.number)
    return Step(Guarded(record), (told,))


def _password_chosen(state: Guarded, event: PasswordChosen, now: Situation) -> Step[Guarded]:
    request = _open_request(state.record, event, now)
    if isinstance(request, Refusal):
        return Step(state, refusal=request)
    age = state.record.age.at(now.moment)
    if not isinstance(request, Proved):
        return Step(state, refusal=Refusal.NOT_AUTHORISED)
    if age >= request.until:
        record = state.record.with_request(Offered(request.ask, request.counted))
        return Step(Guarded(record), refusal=Refusal.EXPIRED)
    return _recover(state.record, request.ask, event, now)


def _recover(old: Record, ask: Ask, event: PasswordChosen, now: Situation) -> Step[Guarded]:
    """One step consumes the proof, sets the password and ends everything of the old generation."""
    accounts = tuple(
        replace(account, password=event.password, suspended=False)
        if account.name == ask.account
        else replace(account, suspended=True)
        for account in old.accounts
    )
    record = replace(
        old,
        generation=old.generation + 1,
        accounts=accounts,
        requests=(),
        budgets=(),
        recovered=Recovery(ask.method, sha256(ask.sealed), old.age.at(now.moment), now.moment.wall),
    )
    told = _audit(record, now, Happened.PASSWORD_RECOVERED, event.face, ask.account, ask.number)
    return Step(Guarded(record), (EndSessions(record.generation), told))


def _request_cancelled(state: Guarded, event: RequestCancelled, now: Situation) -> Step[Guarded]:
    request = state.record.request(event.number)
    if request is None:
        return Step(state, refusal=Refusal.NO_SUCH_REQUEST)
    if not (event.signed_in or _may_use(request.ask, event.face, event.claim)):
        return Step(state, refusal=Refusal.NOT_AUTHORISED)
    kept = tuple(other for other in state.record.requests if other is not request)
    record = replace(state.record, requests=kept)
    told = _audit(record, now, Happened.RECOVERY_CANCELLED, event.face, request.ask.account, event.number)
    return Step(Guarded(record), (told,))


def _address_changed(state: Guarded, event: AddressChanged, now: Situation) -> Step[Guarded]:
    """A changed address voids the mailed codes; the old address goes on hearing for seven days.

    A second change within that time does not silence it: two quick changes must not cut off the owner.
    """
    old = state.record.reserved
    age = state.record.age.at(now.moment)
    if old is None:
        reserved = Reserved(event.address)
    elif old.previous is not None and age < old.cools:
        reserved = replace(old, address=event.address)
    else:
        reserved = Reserved(event.address, old.address, age + ADDRESS_COOLING)
    kept = tuple(request for request in state.record.requests if request.ask.method is not MethodName.MAIL_CODE)
    record = replace(state.record, reserved=reserved, requests=kept)
    return Step(Guarded(record), (_audit(record, now, Happened.ADDRESS_CHANGED, event.face, event.account),))


def _open_request(
    record: Record, event: TryCounted | ProofShown | PasswordChosen, now: Situation
) -> Offered | Proved | Refusal:
    request = record.request(event.number)
    if request is None:
        return Refusal.NO_SUCH_REQUEST
    if not _may_use(request.ask, event.face, event.claim):
        return Refusal.NOT_AUTHORISED
    if request.ask.expired(record.age, now.moment):
        return Refusal.EXPIRED
    return request


def _may_use(ask: Ask, face: Face, claim: bytes) -> bool:
    """The screen may, and whoever opened it."""
    return face is Face.SCREEN or equal(ask.claim, claim)


def _audit(record: Record, now: Situation, what: Happened, face: Face, account: str, number: str = "") -> WriteAudit:
    return WriteAudit(what, face, account, number, record.age.at(now.moment), now.moment.wall)


TABLE: table.Table = {
    (MustSet, Booted): _booted_unset,
    (MustSet, Ticked): _ticked_unset,
    (MustSet, Activated): _activated,
    (Guarded, Booted): _booted,
    (Guarded, Ticked): _ticked,
    (Guarded, Activated): _activated_twice,
    (Guarded, SignedIn): _signed_in,
    (Guarded, RecoveryOpened): _recovery_opened,
    (Guarded, TryCounted): _try_counted,
    (Guarded, ProofShown): _proof_shown,
    (Guarded, PasswordChosen): _password_chosen,
    (Guarded, RequestCancelled): _request_cancelled,
    (Guarded, AddressChanged): _address_changed,
}
"""The diagram."""


def step(state: Any, event: object, now: Situation) -> Step[Any]:
    """Apply an event to the device."""
    return table.step(TABLE, state, event, now)
