"""What a case is while it lasts: what every state carries, and the states (spec/support.md)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from sparekey.core.consent import Consent
from sparekey.core.evidence import EvidenceKind, Remedy


@dataclass(frozen=True)
class Evidence:
    """One piece. `by`: who entered it. `at`: Unix seconds."""

    kind: EvidenceKind
    by: str
    at: int


@dataclass(frozen=True)
class Standing:
    """What the desk's registry says of the device. `enrolled`: it is known here. `confirmed`: with a confirmed
    address. `conflict`: a second enrolment is disputed. `stolen`: its owner reported it so. `owners`: people at
    the desk whose own device it is. `epoch`: the owner epoch that the desk is in, 0 for none.
    """

    enrolled: bool = False
    confirmed: bool = False
    conflict: bool = False
    stolen: bool = False
    owners: tuple[str, ...] = ()
    epoch: int = 0


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
class Opened:
    """Waits for evidence or for an agent."""

    file: File


@dataclass(frozen=True)
class Proposed:
    """Waits for approvals."""

    file: File
    proposal: Proposal
    approvals: tuple[Consent, ...] = ()


@dataclass(frozen=True)
class Held:
    """Approved; waits until this Unix second, and the owner may cancel."""

    file: File
    proposal: Proposal
    approvals: tuple[Consent, ...]
    until: int


@dataclass(frozen=True)
class Issued:
    """The log has it and it may leave the desk; asked again, the same answer is given again."""

    file: File
    proposal: Proposal
    approvals: tuple[Consent, ...]
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
