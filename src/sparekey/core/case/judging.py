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
    NOT_ENROLLED = "not-enrolled"
    NOT_CONFIRMED = "not-confirmed"
    EVIDENCE = "evidence"


BY_MAIL = 1
"""Option of a security code: it goes to the confirmed address by mail, and nobody at the desk sees it."""
MAY_DEFAULT = 2
"""Option of a security code: its model may choose factory settings with it."""
CAMERAS = 1
"""Option of a response file: the recorder's cameras get new passwords too."""
OPTIONS = {
    Remedy.SECURITY_CODE: BY_MAIL | MAY_DEFAULT,
    Remedy.RESPONSE_KEY: 0,
    Remedy.RESPONSE_FILE: CAMERAS,
    Remedy.ERASE_FILE: 0,
}
"""The bits that each remedy knows."""


def missing(file: File, remedy: Remedy, policy: EvidencePolicy, options: int = 0) -> Missing | None:
    """Why not, or None when an agent may propose it now. The agent is shown this before anything is clicked."""
    if policy.bar(remedy) is None:
        return Missing.NOT_GIVEN_HERE
    if file.standing.stolen:
        return Missing.STOLEN
    if remedy is not Remedy.RESPONSE_KEY and not file.standing.enrolled:
        return Missing.NOT_ENROLLED
    if by_mail(remedy, options):
        return None if file.standing.confirmed and not file.standing.conflict else Missing.NOT_CONFIRMED
    reached = policy.reached(remedy, policy.weight_of(file.kinds))
    return Missing.EVIDENCE if reached is None else None


def terms(file: File, remedy: Remedy, policy: EvidencePolicy, options: int = 0) -> tuple[int, int]:
    """The approvals and the hours of hold that a proposal made now would need. Nothing is missing for it."""
    if by_mail(remedy, options):
        return 1, 0
    bar = policy.reached(remedy, policy.weight_of(file.kinds)) or Bar(remedy, 0)
    approvals, hold = bar.approvals, bar.hold
    if not file.standing.confirmed or file.standing.conflict:
        approvals = max(approvals, policy.unconfirmed_approvals)
        hold = max(hold, policy.unconfirmed_hold)
    return (max(approvals, 2) if remedy is Remedy.ERASE_FILE else approvals), hold


def by_mail(remedy: Remedy, options: int) -> bool:
    """Whether the answer goes to the confirmed address and to nobody else: then that mailbox is all the proof there is
    to be asked for, as with a mailed code.
    """
    return remedy is Remedy.SECURITY_CODE and bool(options & BY_MAIL)


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
