"""The machine of one case at the desk, one device in it, from opened to closed (spec/support.md).

The desk never sees or chooses a password. Whatever it gives was proposed by an agent on evidence that the policy
accepts, approved by as many different people as the policy asks, none of them asking for themselves, held where the
policy says so, with the owner able to cancel, and entered in the log before it leaves.
"""

from __future__ import annotations

from typing import Any

from sparekey.core import table
from sparekey.core.case import rules
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
from sparekey.core.case.judging import (
    BY_MAIL,
    CAMERAS,
    MAY_DEFAULT,
    Desk,
    Missing,
    by_mail,
    challenge,
    item,
    missing,
    terms,
)
from sparekey.core.case.rules import HOUR
from sparekey.core.case.states import (
    Closed,
    Ending,
    Evidence,
    File,
    Held,
    Issued,
    Opened,
    Proposal,
    Proposed,
    Standing,
    State,
)
from sparekey.core.table import Step

__all__ = [
    "BY_MAIL",
    "CAMERAS",
    "HOUR",
    "MAY_DEFAULT",
    "TABLE",
    "CancelledByOwner",
    "CaseFinished",
    "CaseRefused",
    "Closed",
    "Desk",
    "Ending",
    "EnterInLog",
    "Evidence",
    "EvidenceAdded",
    "File",
    "Held",
    "Issued",
    "Looked",
    "Missing",
    "Opened",
    "Proposal",
    "ProposalWithdrawn",
    "Proposed",
    "RemedyApproved",
    "RemedyProposed",
    "Standing",
    "StandingChanged",
    "State",
    "TellOwner",
    "by_mail",
    "challenge",
    "item",
    "missing",
    "step",
    "terms",
]

TABLE: table.Table = {
    (Opened, EvidenceAdded): rules.evidence_added,
    (Opened, StandingChanged): rules.standing_changed,
    (Opened, RemedyProposed): rules.remedy_proposed,
    (Opened, CancelledByOwner): rules.cancelled,
    (Opened, CaseRefused): rules.refused,
    (Proposed, StandingChanged): rules.standing_changed,
    (Proposed, RemedyApproved): rules.remedy_approved,
    (Proposed, ProposalWithdrawn): rules.withdrawn,
    (Proposed, CancelledByOwner): rules.cancelled,
    (Proposed, CaseRefused): rules.refused,
    (Held, StandingChanged): rules.standing_changed,
    (Held, Looked): rules.hold_looked_at,
    (Held, ProposalWithdrawn): rules.withdrawn,
    (Held, CancelledByOwner): rules.cancelled,
    (Held, CaseRefused): rules.refused,
    (Issued, CancelledByOwner): rules.cancelled_too_late,
    (Issued, CaseFinished): rules.finished,
}
"""The diagram."""


def step(state: Any, event: object, desk: Desk) -> Step[Any]:
    """Apply an event to a case."""
    return table.step(TABLE, state, event, desk)
