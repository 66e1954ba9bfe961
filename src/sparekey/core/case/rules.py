"""The rules of a case: state and event in, next state and orders out."""

from __future__ import annotations

from dataclasses import replace

from sparekey.core.case.events import (
    CancelledByOwner,
    CaseFinished,
    CaseRefused,
    EnterInLog,
    EvidenceAdded,
    Looked,
    ProposalWithdrawn,
    RemedyApproved,
    RemedyProposed,
    StandingChanged,
    TellOwner,
)
from sparekey.core.case.judging import OPTIONS, Desk, item, missing, terms
from sparekey.core.case.states import (
    Closed,
    Ending,
    File,
    Held,
    Issued,
    Opened,
    Proposal,
    Proposed,
)
from sparekey.core.consent import Consent, has_agreed, keys_of
from sparekey.core.errors import Refusal
from sparekey.core.table import Step

HOUR = 3600


def evidence_added(state: Opened, event: EvidenceAdded, _desk: Desk) -> Step[Opened]:
    """More evidence; the same piece from the same person is there already. Nobody looks at the papers of their own
    device.
    """
    piece = event.evidence
    if _is_own(state.file, piece.by):
        return Step(state, refusal=Refusal.NOT_AUTHORISED)
    if any((known.kind, known.by) == (piece.kind, piece.by) for known in state.file.evidence):
        return Step(state, refusal=Refusal.ALREADY_DONE)
    return Step(Opened(replace(state.file, evidence=(*state.file.evidence, piece))))


def standing_changed(state: Opened | Proposed | Held, event: StandingChanged, _desk: Desk) -> Step[Opened]:
    """What was decided about another standing counts no more: the proposal is gone, and its approvals with it; under
    another owner what proved the one before is gone too.
    """
    file = state.file
    evidence = file.evidence if event.standing.epoch == file.standing.epoch else ()
    return Step(Opened(replace(file, standing=event.standing, evidence=evidence)))


def remedy_proposed(state: Opened, event: RemedyProposed, desk: Desk) -> Step[Opened | Proposed]:
    """The policy decides whether, with how many people and how long a hold."""
    file = state.file
    wanted = (file, event.remedy, desk.policy, event.options)
    if missing(*wanted) is not None or event.expires <= desk.now or event.options & ~OPTIONS[event.remedy]:
        return Step(state, refusal=Refusal.NOT_ENOUGH)
    if _is_own(file, event.by):
        return Step(state, refusal=Refusal.NOT_AUTHORISED)
    approvals, hold = terms(*wanted)
    proposal = Proposal(
        event.remedy, event.by, event.expires, event.options, desk.policy.version, approvals, hold
    )
    return Step(Proposed(file, proposal))


def remedy_approved(state: Proposed, event: RemedyApproved, desk: Desk) -> Step[Proposed | Held | Issued]:
    """One more person; the last one starts the hold, or the issue where there is none."""
    file, proposal = state.file, state.proposal
    if desk.now >= proposal.expires:
        return Step(state, refusal=Refusal.EXPIRED)
    if _is_own(file, event.by):
        return Step(state, refusal=Refusal.NOT_AUTHORISED)
    if item(file, proposal) not in event.items:
        return Step(state, refusal=Refusal.NOT_GENUINE)
    if has_agreed(state.approvals, event.by, event.key):
        return Step(state, refusal=Refusal.ALREADY_DONE)
    approvals = (*state.approvals, Consent(event.by, event.key, desk.now))
    if len(approvals) < proposal.approvals:
        return Step(Proposed(file, proposal, approvals))
    if proposal.hold:
        until = desk.now + proposal.hold * HOUR
        return Step(Held(file, proposal, approvals, until), (TellOwner(file.number, "held", until),))
    return _issue(file, proposal, approvals, desk)


def hold_looked_at(state: Held, _event: Looked, desk: Desk) -> Step[Held | Issued | Closed]:
    """When the hold is over, issue; when it outlived the proposal, close."""
    if desk.now < state.until:
        return Step(state)
    if desk.now >= state.proposal.expires:
        return Step(Closed(state.file, Ending.WITHDRAWN, "expired", desk.now))
    return _issue(state.file, state.proposal, state.approvals, desk)


def cancelled(state: Opened | Proposed | Held, _event: CancelledByOwner, desk: Desk) -> Step[Closed]:
    """The owner said no before anything left the desk."""
    closed = Closed(state.file, Ending.CANCELLED_BY_OWNER, "owner", desk.now)
    return Step(closed, (TellOwner(state.file.number, "cancelled", 0),))


def cancelled_too_late(state: Issued, _event: CancelledByOwner, _desk: Desk) -> Step[Issued]:
    """It left already: say so."""
    return Step(state, refusal=Refusal.ALREADY_DONE)


def refused(state: Opened | Proposed | Held, event: CaseRefused, desk: Desk) -> Step[Closed]:
    """An agent said no, with a reason that the owner reads."""
    closed = Closed(state.file, Ending.REFUSED, event.reason, desk.now)
    return Step(closed, (TellOwner(state.file.number, "refused", 0),))


def withdrawn(state: Proposed | Held, _event: ProposalWithdrawn, _desk: Desk) -> Step[Opened]:
    """Back to open; the approvals are gone with the proposal."""
    return Step(Opened(state.file))


def finished(state: Issued, _event: CaseFinished, desk: Desk) -> Step[Closed]:
    """Done."""
    return Step(Closed(state.file, Ending.DONE, "", desk.now))


def _is_own(file: File, by: str) -> bool:
    """Whether somebody of the staff asks for their own device, or owns it. `by`: empty for the desk itself."""
    return bool(by) and by in (file.requester, *file.standing.owners)


def _issue(file: File, proposal: Proposal, approvals: tuple[Consent, ...], desk: Desk) -> Step[Issued]:
    entry = EnterInLog(file.number, proposal.remedy, file.request, proposal.policy, keys_of(approvals))
    told = TellOwner(file.number, "issued", 0)
    return Step(Issued(file, proposal, approvals, desk.now), (entry, told))
