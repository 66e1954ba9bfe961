"""What the policy says of a case before anybody decides, and what an approval commits to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from sparekey.core.case.states import File, Proposal
from sparekey.core.codec import Value, encode
from sparekey.core.crypto import sha256
from sparekey.core.evidence import Bar, EvidencePolicy, Remedy


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
    if remedy is not Remedy.RESPONSE_KEY and not file.standing.enrolled:
        return Missing.NOT_ENROLLED
    return None if policy.weight_of(file.kinds) >= bar.weight else Missing.EVIDENCE


def terms(file: File, remedy: Remedy, policy: EvidencePolicy) -> tuple[int, int]:
    """The approvals and the hours of hold that a proposal made now would need. The remedy has a bar."""
    bar = policy.bar(remedy) or Bar(remedy, 0)
    approvals, hold = bar.approvals, bar.hold
    if not file.standing.confirmed or file.standing.conflict:
        approvals = max(approvals, policy.unconfirmed_approvals)
        hold = max(hold, policy.unconfirmed_hold)
    return (max(approvals, 2) if remedy is Remedy.ERASE_FILE else approvals), hold


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
