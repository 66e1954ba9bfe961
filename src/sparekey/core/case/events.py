"""What happens to a case, and what it orders to be done."""

from __future__ import annotations

from dataclasses import dataclass

from sparekey.core.case.states import Evidence, Standing
from sparekey.core.evidence import Remedy


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
class StandingChanged:
    """The registry says something else of the device than it did."""

    standing: Standing


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
