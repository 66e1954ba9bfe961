"""Rules of a signed-in owner: ways back in, the address, accounts. Everything here asked for the password again."""

from __future__ import annotations

from dataclasses import replace

from sparekey.core.codes import SavedCode
from sparekey.core.crypto import PasswordHash
from sparekey.core.device.events import (
    AccountRemoved,
    AccountSet,
    AddressChanged,
    KeyFileMade,
    PasswordChanged,
    QuestionsSet,
    ResetChosen,
    SavedProved,
    SheetMade,
)
from sparekey.core.device.life import begin_erase
from sparekey.core.device.states import Applying, Erasing, Guarded
from sparekey.core.device.telling import audit, notify
from sparekey.core.effects import Happened
from sparekey.core.errors import Refusal
from sparekey.core.messages.notice import Noticed
from sparekey.core.methods import METHODS
from sparekey.core.record import ADDRESS_COOLING, Account, Former, Record, Reserved, Situation
from sparekey.core.table import Step
from sparekey.core.values import Face, MethodName, Role


def password_changed(state: Guarded, event: PasswordChanged, now: Situation) -> Step[Guarded | Applying]:
    """A plain change of one's own password. Saved factors stay; a suspended person cannot do it."""
    record = state.record
    account = record.account(event.account)
    if account is None or account.suspended or event.confirmed != record.generation:
        return Step(state, refusal=Refusal.NOT_AUTHORISED)
    changed = replace(account, password=None if now.external else event.password)
    after = _with_account(record, changed)
    if now.external:
        return _apply(record, after, event.account, event.password, event.face, Happened.PASSWORD_CHANGED)
    return Step(Guarded(after), (audit(after, now, Happened.PASSWORD_CHANGED, event.face, event.account),))


def address_changed(state: Guarded, event: AddressChanged, now: Situation) -> Step[Guarded]:
    """A changed address voids the mailed codes; the old address goes on hearing for seven days.

    A further change within that time does not silence it, and neither does taking the address away: whoever holds a
    session for a minute must not cut off the owner.
    """
    record = state.record
    if not _admin_confirmed(record, event.account, event.confirmed):
        return Step(state, refusal=Refusal.NOT_AUTHORISED)
    if record.reserved and record.reserved.address == event.address:
        return Step(state)
    former = _former(record, record.age.at(now.moment))
    reserved = Reserved(event.address) if event.address else None
    requests = tuple(ask for ask in record.requests if ask.method is not MethodName.MAIL_CODE)
    rights = tuple(right for right in record.rights if right.method is not MethodName.MAIL_CODE)
    record = replace(
        record, reserved=reserved, former=former, requests=requests, rights=rights, confirming=None
    )
    told = audit(record, now, Happened.ADDRESS_CHANGED, event.face, event.account)
    return Step(Guarded(record), (told, *notify(record, now, Noticed.ADDRESS_CHANGED)))


def questions_set(state: Guarded, event: QuestionsSet, now: Situation) -> Step[Guarded]:
    """New questions replace the old ones."""
    record, rules = state.record, now.policy.questions
    if not _admin_confirmed(record, event.account, event.confirmed):
        return Step(state, refusal=Refusal.NOT_AUTHORISED)
    if MethodName.QUESTIONS not in now.policy.methods:
        return Step(state, refusal=Refusal.NOT_OFFERED)
    texts = event.questions.texts
    distinct = len({text.casefold() for text in texts}) == len(texts) == rules.count
    if not distinct or event.substance < rules.least:
        return Step(state, refusal=Refusal.NOT_ENOUGH)
    record = replace(record, factors=replace(record.factors, questions=event.questions))
    return Step(Guarded(record), (audit(record, now, Happened.QUESTIONS_SET, event.face, event.account),))


def key_file_made(state: Guarded, event: KeyFileMade, now: Situation) -> Step[Guarded]:
    """The newest key file is the one that works."""
    record = state.record
    if not _admin_confirmed(record, event.account, event.confirmed):
        return Step(state, refusal=Refusal.NOT_AUTHORISED)
    record = replace(record, factors=replace(record.factors, key_file=replace(event.saved, proved=False)))
    return Step(Guarded(record), (audit(record, now, Happened.KEY_FILE_MADE, event.face, event.account),))


def sheet_made(state: Guarded, event: SheetMade, now: Situation) -> Step[Guarded]:
    """The newest sheet is the one that works."""
    record = state.record
    if not _admin_confirmed(record, event.account, event.confirmed):
        return Step(state, refusal=Refusal.NOT_AUTHORISED)
    record = replace(record, factors=replace(record.factors, sheet=replace(event.saved, proved=False)))
    return Step(Guarded(record), (audit(record, now, Happened.SHEET_MADE, event.face, event.account),))


def saved_proved(state: Guarded, event: SavedProved, now: Situation) -> Step[Guarded]:
    """What was saved came back whole, so it counts as a way back in."""
    record = state.record
    if record.admin is None or record.admin.name != event.account:
        return Step(state, refusal=Refusal.NOT_AUTHORISED)
    sheet = isinstance(event.proof, SavedCode)
    method = METHODS[MethodName.RECOVERY_SHEET if sheet else MethodName.KEY_FILE]
    refusal = method.judge(record, None, event.proof, now)
    if refusal is not None:
        return Step(state, refusal=refusal)
    place = "sheet" if sheet else "key_file"
    proved = replace(getattr(record.factors, place), proved=True)
    record = replace(record, factors=replace(record.factors, **{place: proved}))
    what = Happened.SHEET_PROVED if sheet else Happened.KEY_FILE_PROVED
    return Step(Guarded(record), (audit(record, now, what, event.face, event.account),))


def account_set(state: Guarded, event: AccountSet, now: Situation) -> Step[Guarded | Applying]:
    """Add, change, or let in again. The account that recovery is for stays an administrator."""
    record = state.record
    if not _admin_confirmed(record, event.by, event.confirmed):
        return Step(state, refusal=Refusal.NOT_AUTHORISED)
    old = record.account(event.name)
    if old is None and event.password is None:
        return Step(state, refusal=Refusal.NOT_ENOUGH)
    if old is not None and old is record.admin and event.role is not Role.ADMIN:
        return Step(state, refusal=Refusal.LAST_ADMIN)
    kept = old.password if old and event.password is None else event.password
    account = Account(event.name, None if now.external else kept, event.role)
    after = _with_account(record, account)
    what = Happened.ACCOUNT_CHANGED if old else Happened.ACCOUNT_ADDED
    if now.external and event.password is not None:
        return _apply(record, after, event.name, event.password, event.face, what)
    return Step(Guarded(after), (audit(after, now, what, event.face, event.name),))


def account_removed(state: Guarded, event: AccountRemoved, now: Situation) -> Step[Guarded | Applying]:
    """Remove an account; never the one that recovery is for."""
    record = state.record
    if not _admin_confirmed(record, event.by, event.confirmed):
        return Step(state, refusal=Refusal.NOT_AUTHORISED)
    account = record.account(event.name)
    if account is None:
        return Step(state, refusal=Refusal.NOT_NOW)
    if account is record.admin:
        return Step(state, refusal=Refusal.LAST_ADMIN)
    after = replace(record, accounts=tuple(kept for kept in record.accounts if kept is not account))
    if now.external:
        return _apply(record, after, event.name, None, event.face, Happened.ACCOUNT_REMOVED)
    return Step(Guarded(after), (audit(after, now, Happened.ACCOUNT_REMOVED, event.face, event.name),))


def _apply(
    before: Record, after: Record, name: str, password: PasswordHash | None, face: Face, what: Happened
) -> Step[Applying]:
    """Reserve a change, then order it of the maker's account store."""
    applying = Applying(before, after, name, password, face, what)
    return Step(applying, (applying.order,))


def _former(record: Record, age: int) -> Former | None:
    """Who goes on hearing after a change: the one that still does, else the address that is given up now."""
    if record.former is not None and age < record.former.cools:
        return record.former
    return Former(record.reserved.address, age + ADDRESS_COOLING) if record.reserved else None


def reset_chosen(state: Guarded, event: ResetChosen, now: Situation) -> Step[Guarded | Erasing]:
    """Factory settings at its owner's own wish: what an heir, a buyer or a new tenant is handed. Recordings stay."""
    admin = state.record.admin
    owns = admin is not None and admin.name == event.account
    if not owns or not _admin_confirmed(state.record, event.account, event.confirmed):
        return Step(state, refusal=Refusal.NOT_AUTHORISED)
    return begin_erase(state.record, now, event.face, recordings=False)


def _admin_confirmed(record: Record, name: str, confirmed: int) -> bool:
    """An administrator who is not suspended and typed the password of this generation just now."""
    account = record.account(name)
    return (
        account is not None
        and account.role is Role.ADMIN
        and not account.suspended
        and confirmed == record.generation
    )


def _with_account(record: Record, account: Account) -> Record:
    known = record.account(account.name) is not None
    accounts = tuple(account if kept.name == account.name else kept for kept in record.accounts)
    return replace(record, accounts=accounts if known else (*accounts, account))
