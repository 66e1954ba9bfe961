"""Rules of a recovery: opened, counted, judged, used. The same for every method.

No event but three lowers a counter: a sign-in of the very account under recovery, a completed recovery, a factory
erase. No sequence of events opens a password form without an unexpired right of the claim holder.
"""

from __future__ import annotations

from dataclasses import replace

from sparekey.core.budget import find, put, stopped
from sparekey.core.crypto import equal, sha256
from sparekey.core.device.events import (
    DefaultChosen,
    PasswordChosen,
    ProofShown,
    RecoveryOpened,
    RequestCancelled,
    TryCounted,
)
from sparekey.core.device.life import begin_erase
from sparekey.core.device.states import Applying, Erasing, Guarded
from sparekey.core.device.telling import audit, notify
from sparekey.core.effects import Effect, EndSessions, Happened
from sparekey.core.errors import Refusal
from sparekey.core.keys import dated_key
from sparekey.core.messages.notice import Noticed
from sparekey.core.methods import METHODS
from sparekey.core.methods.method import Closed
from sparekey.core.record import (
    REVEAL_HOLDS,
    Action,
    Ask,
    Charge,
    Factors,
    Lasting,
    Record,
    Recovery,
    Right,
    Situation,
)
from sparekey.core.table import Step
from sparekey.core.tlog.leaf import dated_request_hash
from sparekey.core.values import Face, MethodName

REQUESTS_LIMIT = 3
"""Open requests on one device."""
NETWORK_REQUESTS_LIMIT = 2
"""Open requests from the network: one place is always left for the screen."""
CHARGES_LIMIT = 16
"""Entries that may wait for their verdict at the same time."""
_CLOSED = {
    Closed.NOT_OFFERED: Refusal.NOT_OFFERED,
    Closed.NOT_HERE: Refusal.NOT_OFFERED,
    Closed.NEEDS_POWER_ON: Refusal.NEEDS_PRESENCE,
}
"""What a closed method answers; everything else was not set up."""


def recovery_opened(state: Guarded, event: RecoveryOpened, now: Situation) -> Step[Guarded]:
    """A request takes one of the places. The same claim opening again keeps what it has. A request that was made before
    a recovery or a change of address, and comes after it, is too late.
    """
    record = state.record.alive(now.moment)
    ask = event.ask
    closed = METHODS[ask.method].greyed(record, now, ask.face)
    if closed is not None:
        return Step(state, refusal=_CLOSED.get(closed, Refusal.NOT_SET_UP))
    if ask.revealed != only_at_login(ask.method, ask.face, now):
        return Step(state, refusal=Refusal.NOT_OFFERED)
    if record.claimed(ask.method, ask.claim) is not None:
        return Step(Guarded(record))
    if ask.bound != record.binding(record.age.at(now.moment)) or record.request(ask.number) is not None:
        return Step(state, refusal=Refusal.NOT_NOW)
    if ask.revealed:
        record = _without_old_reveals(record, now)
    network = sum(kept.face is Face.NETWORK for kept in record.requests)
    if ask.revealed and any(kept.revealed for kept in record.requests):
        return Step(Guarded(record), refusal=Refusal.TOO_MANY_REQUESTS)
    full = ask.face is Face.NETWORK and network >= NETWORK_REQUESTS_LIMIT
    if full or len(record.requests) >= REQUESTS_LIMIT:
        return Step(Guarded(record), refusal=Refusal.TOO_MANY_REQUESTS)
    record = replace(record, requests=(*record.requests, ask))
    if ask.revealed:  # most wrong passwords are slips: nobody is mailed
        return Step(
            Guarded(record),
            (audit(record, now, Happened.NUMBERS_SHOWN, ask.face, ask.account, ask.number),),
        )
    told = audit(record, now, Happened.RECOVERY_OPENED, ask.face, ask.account, ask.number)
    return Step(Guarded(record), (told, *notify(record, now, Noticed.RECOVERY_OPENED, _logged_as(ask, now))))


def try_counted(state: Guarded, event: TryCounted, now: Situation) -> Step[Guarded]:
    """Count first. Only what is stored here can be judged by `proof_shown`."""
    record = state.record
    ask = _asked(record, event, now)
    if isinstance(ask, Refusal):
        return Step(state, refusal=ask)
    method = METHODS[event.method]
    budget = find(record.budgets, event.method, event.face, method.strong)
    if stopped(record.budgets, budget):
        return Step(state, refusal=Refusal.TOO_MANY_TRIES)
    if budget.waits(now.moment.uptime):
        return Step(state, refusal=Refusal.PAUSED)
    raised = budget.count(now.moment.uptime)
    charges = (*record.charges, Charge(event.method, event.face, event.claim))[-CHARGES_LIMIT:]
    record = replace(record, budgets=put(record.budgets, raised), charges=charges)
    effects: tuple[Effect, ...] = ()
    if stopped(record.budgets, raised):
        told = audit(record, now, Happened.TRIES_STOPPED, event.face, "", event.number)
        effects = (told, *notify(record, now, Noticed.TRIES_STOPPED))
    return Step(Guarded(record), effects)


def proof_shown(state: Guarded, event: ProofShown, now: Situation) -> Step[Guarded]:
    """Judge one counted entry. A right proof gives its holder a right, for a while."""
    record = state.record
    ask = _asked(record, event, now)
    if isinstance(ask, Refusal):
        return Step(state, refusal=ask)
    charge = Charge(event.method, event.face, event.claim)
    if charge not in record.charges:
        return Step(state, refusal=Refusal.NOT_CHARGED)
    place = record.charges.index(charge)
    record = replace(record, charges=record.charges[:place] + record.charges[place + 1 :])
    method = METHODS[event.method]
    account = record.admin.name if record.admin else ""
    refusal = method.judge(record, ask, event.proof, now)
    if refusal is not None:
        told = audit(record, now, Happened.PROOF_WRONG, event.face, account, event.number)
        return Step(Guarded(record), (told,), refusal)
    right = Right(
        method=event.method,
        action=method.action(now),
        account=account,
        number=event.number,
        face=event.face,
        claim=event.claim,
        until=record.age.at(now.moment) + method.lasts(now),
        lasting=method.learns(record, event.proof),
        request=_logged_as(ask, now) if ask else b"",
        cameras=method.cameras(now, event.proof),
    )
    others = tuple(kept for kept in record.rights if not equal(kept.claim, event.claim))
    record = replace(record, rights=(*others, right))
    return Step(
        Guarded(record), (audit(record, now, Happened.PROOF_RIGHT, event.face, account, event.number),)
    )


def password_chosen(state: Guarded, event: PasswordChosen, now: Situation) -> Step[Guarded | Applying]:
    """One step consumes the right, sets the password and ends everything of the old generation."""
    right = _usable(state.record, event.face, event.claim, now)
    if isinstance(right, Refusal):
        return Step(state, refusal=right)
    if right.action is Action.ERASE:
        return Step(state, refusal=Refusal.NOT_AUTHORISED)
    after = _recovered(state.record, right, event, now)
    if now.external:
        what = Happened.PASSWORD_RECOVERED
        applying = Applying(
            state.record, after, right.account, event.password, event.face, what, right.number
        )
        return Step(applying, (applying.order,))
    told = audit(after, now, Happened.PASSWORD_RECOVERED, event.face, right.account, right.number)
    heard = notify(after, now, Noticed.PASSWORD_RECOVERED, right.request)
    return Step(Guarded(after), (EndSessions(after.generation), told, *heard))


def default_chosen(state: Guarded, event: DefaultChosen, now: Situation) -> Step[Guarded | Erasing]:
    """Factory settings, where the right allows them. The technician's erase takes the recordings too."""
    right = _usable(state.record, event.face, event.claim, now)
    if isinstance(right, Refusal):
        return Step(state, refusal=right)
    if right.action is Action.NEW_PASSWORD:
        return Step(state, refusal=Refusal.NOT_AUTHORISED)
    closed = METHODS[right.method].greyed(state.record, now, event.face)
    if closed is not None:
        return Step(state, refusal=_CLOSED.get(closed, Refusal.NOT_SET_UP))
    record = replace(state.record, lasting=_learnt(state.record, right))
    return begin_erase(record, now, event.face, recordings=right.action is Action.ERASE)


def request_cancelled(state: Guarded, event: RequestCancelled, now: Situation) -> Step[Guarded]:
    """Its holder, the screen or a signed-in admin lets a request go."""
    record = state.record
    ask = record.request(event.number)
    if ask is None:
        return Step(state, refusal=Refusal.NO_SUCH_REQUEST)
    if not (event.signed_in or _may_use(ask, event.face, event.claim)):
        return Step(state, refusal=Refusal.NOT_AUTHORISED)
    record = replace(
        record,
        requests=tuple(other for other in record.requests if other is not ask),
        rights=tuple(right for right in record.rights if right.number != event.number),
    )
    told = audit(record, now, Happened.RECOVERY_CANCELLED, event.face, ask.account, ask.number)
    if ask.revealed:
        return Step(Guarded(record), (told,))
    return Step(
        Guarded(record), (told, *notify(record, now, Noticed.RECOVERY_CANCELLED, _logged_as(ask, now)))
    )


def only_at_login(method: MethodName, face: Face, now: Situation) -> bool:
    """Whether a wrong password at the login is the only thing that opens such a request."""
    at_login = now.policy.security_code.at_login
    return at_login and method is MethodName.SECURITY_CODE and face is Face.NETWORK


def _without_old_reveals(record: Record, now: Situation) -> Record:
    """Without what a wrong password revealed long enough ago; nobody loses what a right proof has just given."""
    age = record.age.at(now.moment)
    held = {right.number for right in record.rights if age < right.until}
    kept = tuple(
        ask
        for ask in record.requests
        if not ask.revealed or age - ask.opened_age < REVEAL_HOLDS or ask.number in held
    )
    return replace(record, requests=kept)


def _logged_as(ask: Ask, now: Situation) -> bytes:
    """The request's hash, as the public log has it."""
    return sha256(ask.sealed) if ask.sealed else dated_request_hash(dated_key(now.device_key), ask.number)


def _recovered(old: Record, right: Right, event: PasswordChosen, now: Situation) -> Record:
    kept = None if now.external else event.password
    accounts = tuple(
        replace(account, password=kept, suspended=False)
        if account.name == right.account
        else replace(account, suspended=True)
        for account in old.accounts
    )
    return replace(
        old,
        generation=old.generation + 1,
        accounts=accounts,
        factors=Factors(),
        requests=(),
        charges=(),
        rights=(),
        budgets=(),
        lasting=_learnt(old, right),
        recovered=Recovery(right.method, right.request, old.age.at(now.moment), now.moment.wall),
    )


def _learnt(record: Record, right: Right) -> Lasting:
    """What the proof taught. The desk may have told a higher epoch since."""
    return replace(right.lasting, epoch=record.lasting.epoch)


def _asked(record: Record, event: TryCounted | ProofShown, now: Situation) -> Ask | Refusal | None:
    """The open request that a proof belongs to, None for a method that needs none, or why not."""
    method = METHODS[event.method]
    closed = method.greyed(record, now, event.face)
    if closed is not None:
        return _CLOSED.get(closed, Refusal.NOT_SET_UP)
    if method.asks is None:
        return None
    ask = record.request(event.number)
    if ask is None or ask.method is not method.asks:
        return Refusal.NO_SUCH_REQUEST
    if not _may_use(ask, event.face, event.claim):
        return Refusal.NOT_AUTHORISED
    if ask.expired(record.age, now.moment):
        return Refusal.EXPIRED
    return ask


def _usable(record: Record, face: Face, claim: bytes, now: Situation) -> Right | Refusal:
    """The right behind a claim. One that came from a request needs that request to be open still."""
    right = record.right(face, claim, now.moment)
    if right is None:
        if any(equal(kept.claim, claim) for kept in record.rights):
            return Refusal.EXPIRED
        return Refusal.NOT_AUTHORISED if record.rights or record.requests else Refusal.NO_SUCH_REQUEST
    if right.number and record.request(right.number) is None:
        return Refusal.NO_SUCH_REQUEST
    return right


def _may_use(ask: Ask, face: Face, claim: bytes) -> bool:
    """The screen may, and whoever opened it."""
    return face is Face.SCREEN or equal(ask.claim, claim)
