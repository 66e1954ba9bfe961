"""The machine of one case at the desk, one device in it, from opened to closed (spec/support.md).

The desk never sees or chooses a password. Whatever it gives was proposed by an agent on evidence that the policy
accepts, approved by as many different people as the policy asks, none of them asking for themselves, held where the
policy says so, with the owner able to cancel, and entered in the log before it leaves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from sparekey.core import table
from sparekey.core.codec import Value, encode
from sparekey.core.crypto import sha256
from sparekey.core.errors import Refusal
from sparekey.core.evidence import EvidenceKind, EvidencePolicy, Remedy
from sparekey.core.table import Step

HOUR = 3600


@dataclass(frozen=True)
class Evidence:
    """One piece. `by`: who entered it. `at`: Unix seconds."""

    kind: EvidenceKind
    by: str
    at: int


@dataclass(frozen=True)
class Standing:
    """What the desk's registry says of the device. `enrolled`: it is known here. `confirmed`: with a confirmed address.
    `conflict`: a second enrolment is disputed. `stolen`: its owner reported it so. `owners`: people at the desk whose
    own device it is.
    """

    enrolled: bool = False
    confirmed: bool = False
    conflict: bool = False
    stolen: bool = False
    owners: tuple[str, ...] = ()


@dataclass(frozen=True)
class File:
    """What every state of a case carries. `request`: hash of the device's request, or of what the caller read out.
    `requester`: who asks, as a staff id when it is staff, else empty. `delivery`: where the answer goes.
    """

    number: str
    serial: str
    request: bytes
    opened: int
    requester: str = ""
    delivery: str = ""
    standing: Standing = Standing()
    evidence: tuple[Evidence, ...] = ()

    @property
    def kinds(self) -> frozenset[EvidenceKind]:
        """The kinds of evidence that are there."""
        return frozenset(piece.kind for piece in self.evidence)


@dataclass(frozen=True)
class Proposal:
    """What an agent wants to give. `approvals` and `hold` (hours) were fixed by the policy when it was made."""

    remedy: Remedy
    by: str
    expires: int
    options: int
    policy: int
    approvals: int
    hold: int


@dataclass(frozen=True)
class Approval:
    """One person's passkey over exactly this proposal. `key`: its eight-byte id. `at`: Unix seconds."""

    by: str
    key: bytes
    at: int


@dataclass(frozen=True)
class Opened:
    """Waits for evidence or for an agent."""

    file: File


@dataclass(frozen=True)
class Proposed:
    """Waits for approvals."""

    file: File
    proposal: Proposal
    approvals: tuple[Approval, ...] = ()


@dataclass(frozen=True)
class Held:
    """Approved; waits until this Unix second, and the owner may cancel."""

    file: File
    proposal: Proposal
    approvals: tuple[Approval, ...]
    until: int


@dataclass(frozen=True)
class Issued:
    """The log has it and it may leave the desk; asked again, the same answer is given again."""

    file: File
    proposal: Proposal
    approvals: tuple[Approval, ...]
    at: int


class Ending(Enum):
    """How a case ended."""

    REFUSED = "refused"
    CANCELLED_BY_OWNER = "cancelled-by-owner"
    WITHDRAWN = "withdrawn"
    DONE = "done"


@dataclass(frozen=True)
class Closed:
    """Over. `reason` is a slug from the desk's list, told to the owner in words."""

    file: File
    ending: Ending
    reason: str
    at: int


State = Opened | Proposed | Held | Issued | Closed


@dataclass(frozen=True)
class EvidenceAdded:
    """A piece of evidence was checked and entered."""

    evidence: Evidence


@dataclass(frozen=True)
class RemedyProposed:
    """An agent decided. `expires`: Unix seconds after which what is given no longer works."""

    remedy: Remedy
    by: str
    expires: int
    options: int = 0


@dataclass(frozen=True)
class RemedyApproved:
    """Somebody touched a passkey. `key`: its id. `items`: the decisions whose `challenge` it was checked to have
    signed.
    """

    by: str
    key: bytes
    items: tuple[bytes, ...]


@dataclass(frozen=True)
class Looked:
    """Time passed; perhaps a hold is over."""


@dataclass(frozen=True)
class CancelledByOwner:
    """The owner said no, from the mail or the status page."""


@dataclass(frozen=True)
class CaseRefused:
    """An agent said no."""

    by: str
    reason: str


@dataclass(frozen=True)
class ProposalWithdrawn:
    """An agent took a proposal back; the case is open again."""

    by: str


@dataclass(frozen=True)
class CaseFinished:
    """The owner is back in, or nobody needs it any more."""


@dataclass(frozen=True)
class TellOwner:
    """Tell every sealed address what happens and until when it can be cancelled. `until`: Unix seconds or 0."""

    number: str
    what: str
    until: int


@dataclass(frozen=True)
class EnterInLog:
    """Enter the issue in the log; only then may the answer be made."""

    number: str
    remedy: Remedy
    request: bytes
    policy: int
    keys: tuple[bytes, ...]


@dataclass(frozen=True)
class Desk:
    """What a rule may ask: the time in Unix seconds and the desk's policy."""

    now: int
    policy: EvidencePolicy


class Missing(Enum):
    """Why a remedy cannot be proposed; the value is the stable slug that the console turns into a sentence."""

    NOT_GIVEN_HERE = "not-given-here"
    STOLEN = "reported-stolen"
    EVIDENCE = "evidence"
    NOT_ENROLLED = "not-enrolled"


def missing(file: File, remedy: Remedy, policy: EvidencePolicy) -> Missing | None:
    """Why not, or None when an agent may propose it now. The agent is shown this before anything is clicked."""
    bar = policy.bar(remedy)
    if bar is None:
        return Missing.NOT_GIVEN_HERE
    if file.standing.stolen:
        return Missing.STOLEN
    if remedy is Remedy.SECURITY_CODE and not file.standing.enrolled:
        return Missing.NOT_ENROLLED
    return None if policy.weight_of(file.kinds) >= bar.weight else Missing.EVIDENCE


def item(file: File, proposal: Proposal) -> bytes:
    """What stands for one decision in what a passkey signs: a hash over everything that it commits to."""
    parts: list[Value] = [
        file.number,
        file.serial,
        file.request,
        file.delivery,
        proposal.remedy.value,
        proposal.options,
        proposal.expires,
        proposal.policy,
    ]
    return sha256(b"sparekey/1 decision\x00" + encode(parts))


def challenge(items: Sequence[bytes]) -> bytes:
    """What a passkey signs: the hash over the ordered list of all decisions approved with one touch."""
    return sha256(b"sparekey/1 approval\x00" + encode(list(items)))


def evidence_added(state: Opened, event: EvidenceAdded, _desk: Desk) -> Step[Opened]:
    """More evidence; the same piece twice counts once."""
    return Step(Opened(replace(state.file, evidence=(*state.file.evidence, event.evidence))))


def remedy_proposed(state: Opened, event: RemedyProposed, desk: Desk) -> Step[Opened | Proposed]:
    """The policy decides whether, with how many people and how long a hold."""
    file, bar = state.file, desk.policy.bar(event.remedy)
    if bar is None or missing(file, event.remedy, desk.policy) is not None or event.expires <= desk.now:
        return Step(state, refusal=Refusal.NOT_ENOUGH)
    if event.by in (file.requester, *file.standing.owners):
        return Step(state, refusal=Refusal.NOT_AUTHORISED)
    approvals, hold = bar.approvals, bar.hold
    if not file.standing.confirmed or file.standing.conflict:
        approvals = max(approvals, desk.policy.unconfirmed_approvals)
        hold = max(hold, desk.policy.unconfirmed_hold)
    if event.remedy is Remedy.ERASE_FILE:
        approvals = max(approvals, 2)
    proposal = Proposal(
        event.remedy, event.by, event.expires, event.options, desk.policy.version, approvals, hold
    )
    return Step(Proposed(file, proposal))


def remedy_approved(state: Proposed, event: RemedyApproved, desk: Desk) -> Step[Proposed | Held | Issued]:
    """One more person; the last one starts the hold, or the issue where there is none."""
    file, proposal = state.file, state.proposal
    if desk.now >= proposal.expires:
        return Step(state, refusal=Refusal.EXPIRED)
    if event.by in (file.requester, *file.standing.owners):
        return Step(state, refusal=Refusal.NOT_AUTHORISED)
    if item(file, proposal) not in event.items:
        return Step(state, refusal=Refusal.NOT_GENUINE)
    if any(event.by == kept.by or event.key == kept.key for kept in state.approvals):
        return Step(state, refusal=Refusal.ALREADY_DONE)
    approvals = (*state.approvals, Approval(event.by, event.key, desk.now))
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


def _issue(file: File, proposal: Proposal, approvals: tuple[Approval, ...], desk: Desk) -> Step[Issued]:
    keys = tuple(sorted(approval.key for approval in approvals))
    entry = EnterInLog(file.number, proposal.remedy, file.request, proposal.policy, keys)
    told = TellOwner(file.number, "issued", 0)
    return Step(Issued(file, proposal, approvals, desk.now), (entry, told))


TABLE: table.Table = {
    (Opened, EvidenceAdded): evidence_added,
    (Opened, RemedyProposed): remedy_proposed,
    (Opened, CancelledByOwner): cancelled,
    (Opened, CaseRefused): refused,
    (Proposed, RemedyApproved): remedy_approved,
    (Proposed, ProposalWithdrawn): withdrawn,
    (Proposed, CancelledByOwner): cancelled,
    (Proposed, CaseRefused): refused,
    (Held, Looked): hold_looked_at,
    (Held, ProposalWithdrawn): withdrawn,
    (Held, CancelledByOwner): cancelled,
    (Held, CaseRefused): refused,
    (Issued, CancelledByOwner): cancelled_too_late,
    (Issued, CaseFinished): finished,
}
"""The diagram."""


def step(state: Any, event: object, desk: Desk) -> Step[Any]:
    """Apply an event to a case."""
    return table.step(TABLE, state, event, desk)
