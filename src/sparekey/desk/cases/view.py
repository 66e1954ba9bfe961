"""A case as people at the desk see it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from sparekey.core.case import Held, Issued, Missing, Opened, Proposed, by_mail, item, missing, terms
from sparekey.core.evidence import EvidenceKind, EvidencePolicy, Remedy
from sparekey.desk.cases.asking import Route
from sparekey.desk.cases.repository import NAMES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sparekey.core.case import File, Proposal, Standing, State
    from sparekey.core.consent import Consent
    from sparekey.core.messages.enrol import EnrolBody
    from sparekey.desk.cases.asking import Asked, Asker, Dossier, Kept, Line, Past
    from sparekey.desk.cases.notes import Note

MONTH = 30 * 86400
BUSY = 3
"""Cases of one device within a month that are worth a second look."""

_READ_OUT = (Remedy.SECURITY_CODE, Remedy.RESPONSE_KEY)


class Signal(Enum):
    """What should make an agent look twice; the value is a stable slug."""

    NOT_ENROLLED = "not-enrolled"
    NOT_CONFIRMED = "not-confirmed"
    CONFLICT = "conflict"
    STOLEN = "stolen"
    NO_TICKET = "no-ticket"
    SAME_REQUEST = "same-request"
    MANY_CASES = "many-cases"
    OTHER_ADDRESS = "other-address"
    OWNER_CANCELLED = "owner-cancelled"


@dataclass(frozen=True)
class Way:
    """One remedy for this case. `missing`: why not, or None. `approvals`, `hold` (hours): what it would take now.
    `helpful`: evidence that would add weight, the heaviest first. `by_mail`: why not by mail to the confirmed address.
    """

    remedy: Remedy
    missing: Missing | None
    approvals: int
    hold: int
    helpful: tuple[EvidenceKind, ...]
    by_mail: Missing | None = None


@dataclass(frozen=True)
class Upload:
    """Something that was handed in. `kind`: the evidence that it is meant as. `media`: what it is by its first
    bytes.
    """

    id: int
    at: int
    kind: str
    media: str
    size: int


@dataclass(frozen=True)
class CaseView:
    """Everything an agent needs on one page. `addresses`: the sealed ones. `item`: what an approval of the
    proposal signs, None where there is none. `version`: to be handed back with a decision. `waits`: for whom, a slug.
    """

    number: str
    version: int
    status: str
    opened: int
    changed: int
    log_index: int | None
    state: State
    file: File
    asked: Asked
    asker: Asker
    standing: Standing
    addresses: tuple[str, ...]
    proposal: Proposal | None
    approvals: tuple[Consent, ...]
    until: int
    issued_at: int
    item: bytes | None
    ways: tuple[Way, ...]
    signals: tuple[Signal, ...]
    history: tuple[Past, ...]
    others: tuple[Line, ...]
    uploads: tuple[Upload, ...]
    notes: tuple[Note, ...]
    waits: str

    def is_own(self, person: str) -> bool:
        """Whether this person asks for a device of their own, or it is theirs."""
        return person in (self.file.requester, *self.standing.owners)

    def waits_for_approval_of(self, person: str) -> bool:
        """Whether this person may approve it now."""
        return (
            self.item is not None
            and not self.is_own(person)
            and all(person != one.by for one in self.approvals)
        )


def fitting(asked: Asked) -> tuple[Remedy, ...]:
    """The remedies that answer what was asked, in order of what may go wrong with them."""
    if not asked.request:
        return (Remedy.SECURITY_CODE,)
    return (Remedy.ERASE_FILE,) if asked.technician else (Remedy.RESPONSE_KEY, Remedy.RESPONSE_FILE)


def waits(dossier: Dossier, policy: EvidencePolicy) -> str:
    """For whom a case waits: a slug, empty for nobody."""
    state = dossier.state
    if isinstance(state, Opened):
        reachable = any(missing(state.file, remedy, policy) is None for remedy in fitting(dossier.asked))
        return "agent" if reachable else "evidence"
    if isinstance(state, Issued):
        remedy = state.proposal.remedy
        spoken = remedy in _READ_OUT and not by_mail(remedy, state.proposal.options)
        return "call" if spoken and dossier.asker.route is Route.CALL else "owner"
    return {Proposed: "approval", Held: "hold"}.get(type(state), "")


def ways(file: File, asked: Asked, policy: EvidencePolicy) -> tuple[Way, ...]:
    """What can be given, what it takes, and why not."""
    made = []
    for remedy in fitting(asked):
        approvals, hold = terms(file, remedy, policy)
        secret = remedy is Remedy.SECURITY_CODE
        made.append(
            Way(
                remedy,
                missing(file, remedy, policy),
                approvals,
                hold,
                policy.still_helpful(file.kinds),
                missing(file, remedy, policy, 1) if secret else Missing.NOT_GIVEN_HERE,
            )
        )
    return tuple(made)


def signals(
    kept: Kept, others: Sequence[Line], enrolled: EnrolBody | None, month_ago: int
) -> tuple[Signal, ...]:
    """What is odd about it."""
    file, asked, asker = kept.state.file, kept.dossier.asked, kept.dossier.asker
    standing, here = file.standing, [line for line in others if line.serial == file.serial]
    known = enrolled.addresses if enrolled is not None else ()
    found = {
        Signal.STOLEN: standing.stolen,
        Signal.CONFLICT: standing.conflict,
        Signal.NOT_ENROLLED: not standing.enrolled,
        Signal.NOT_CONFIRMED: standing.enrolled and not standing.confirmed,
        Signal.NO_TICKET: bool(asked.request) and not asked.ticketed,
        Signal.SAME_REQUEST: any(line.request == file.request for line in others),
        Signal.OWNER_CANCELLED: any(line.cancelled for line in here),
        Signal.MANY_CASES: sum(line.opened >= month_ago for line in here) >= BUSY,
        Signal.OTHER_ADDRESS: bool(asker.address and known) and asker.address not in known,
    }
    return tuple(signal for signal, there in found.items() if there)


def viewed(
    kept: Kept,
    *,
    enrolled: EnrolBody | None,
    others: Sequence[Line],
    history: Sequence[Past],
    uploads: Sequence[Upload],
    notes: Sequence[Note],
    policy: EvidencePolicy,
    now: int,
) -> CaseView:
    """A case with everything about it. `enrolled`: what its device enrolled, where that may be told."""
    state = kept.state
    proposal, approvals, signed = decided(kept)
    return CaseView(
        number=kept.number,
        version=kept.version,
        status=NAMES[type(state)],
        opened=kept.opened,
        changed=kept.changed,
        log_index=kept.log_index,
        state=state,
        file=state.file,
        asked=kept.dossier.asked,
        asker=kept.dossier.asker,
        standing=state.file.standing,
        addresses=enrolled.addresses if enrolled is not None else (),
        proposal=proposal,
        approvals=approvals,
        until=state.until if isinstance(state, Held) else 0,
        issued_at=state.at if isinstance(state, Issued) else 0,
        item=signed,
        ways=ways(state.file, kept.dossier.asked, policy),
        signals=signals(kept, others, enrolled, now - MONTH),
        history=tuple(history),
        others=tuple(others),
        uploads=tuple(uploads),
        notes=tuple(notes),
        waits=waits(kept.dossier, policy),
    )


def decided(kept: Kept) -> tuple[Proposal | None, tuple[Consent, ...], bytes | None]:
    """The proposal, its approvals, and what the next approval would sign."""
    state = kept.state
    if not isinstance(state, Proposed | Held | Issued):
        return None, (), None
    signed = item(state.file, state.proposal) if isinstance(state, Proposed) else None
    return state.proposal, state.approvals, signed
