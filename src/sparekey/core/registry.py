"""What the desk decides about an enrolment: admit it, or have two people look at it for 72 hours (spec/enrolment.md).

The desk keeps the sealed enrolment of each device and opens it to decide about the next one. Nothing here reads a clock
or a store: what is known comes in, the verdict goes out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from sparekey.core import table
from sparekey.core.codec import encode
from sparekey.core.consent import Consent, has_agreed
from sparekey.core.crypto import equal, sha256
from sparekey.core.errors import Refusal
from sparekey.core.messages.enrol import COUNT_LIMIT, EnrolBody, refresh_holds
from sparekey.core.messages.header import Header
from sparekey.core.table import Step

PEOPLE = 2
"""Different people, with different passkeys, who let a disputed enrolment in."""
HOLD = 72 * 3600
"""Seconds that the present owner then has to object."""


class Admission(Enum):
    """Whom the desk takes by itself. The value stands in `desk.toml`."""

    FACTORY = "factory"
    """Devices of the factory's list alone."""
    FIRST_USE = "first-use"
    """Besides those, whoever comes first under a serial that no list names. Such a row proves nothing."""


class Source(Enum):
    """How a row came in; the value is stored."""

    FACTORY = "factory"
    FIRST_USE = "first-use"
    PEOPLE = "people"


class Why(Enum):
    """Why an enrolment waits for two people; the value is stored and told at the desk."""

    NOT_LISTED = "not-listed"
    """The desk takes only what its factory list names, and it names no such serial."""
    NO_TOKEN = "no-token"
    """The serial is on the list, and the token is missing or wrong."""
    OTHER_KEY = "other-key"
    """Somebody is enrolled under this serial, and this is another key."""
    OLDER_EPOCH = "older-epoch"
    """The token is right, but the enrolment belongs to an owner epoch that is over, or is the present one's twin."""
    STOLEN = "reported-stolen"


@dataclass(frozen=True)
class Held:
    """What the desk has of a device: the hash of the enrolment, what is in it, and where the row stands.

    `epoch`: the owner epoch. `released`: its owner gave it away, which began that epoch; whoever comes next is welcome,
    and what was sealed before is not.
    """

    request: bytes
    body: EnrolBody
    epoch: int
    source: Source
    released: bool = False


@dataclass(frozen=True)
class Asked:
    """An enrolment that was opened. `request`: its hash. `seen`: the desk took it before, whatever became of it."""

    request: bytes
    header: Header
    body: EnrolBody
    seen: bool = False


@dataclass(frozen=True)
class Admitted:
    """It becomes the row. `begins`: a new owner epoch begins, and what belonged to the old one ends."""

    epoch: int
    source: Source
    begins: bool


@dataclass(frozen=True)
class Again:
    """It is the row already: the same reply once more."""


@dataclass(frozen=True)
class Old:
    """A newer one was taken, or this one was once and is not any more: nothing changes."""


@dataclass(frozen=True)
class Waits:
    """Two people look at it."""

    why: Why


Decision = Admitted | Again | Old | Waits


def token_holds(listed: bytes | None, body: EnrolBody) -> bool:
    """Whether the factory token is the one whose hash the list has for this serial. Constant time; absent is failed."""
    shown = sha256(body.token) if body.token is not None else b""
    return listed is not None and equal(listed, shown)


def decide(
    asked: Asked, held: Held | None, listed: bytes | None, admission: Admission, *, stolen: bool
) -> Decision:
    """About one enrolment. `listed`: the factory's hash of the serial's token, or None where no list names it.
    `stolen`: the owner reported the device so.
    """
    body = asked.body
    if held is not None and equal(held.request, asked.request):
        return Again()
    if asked.seen:
        return Old()
    if held is None:
        return Waits(Why.STOLEN) if stolen else _newcomer(body, 0, listed, admission)
    if equal(held.body.key, body.key) and body.count <= held.body.count:
        return Old()
    proved = token_holds(listed, body)
    if refresh_holds(held.body.key, asked.header, body) and not held.released:
        return Admitted(held.epoch, Source.FACTORY if proved else held.source, begins=False)
    if stolen:
        return Waits(Why.STOLEN)
    if held.released:
        early = proved and body.epoch < held.epoch
        return Waits(Why.OLDER_EPOCH) if early else _newcomer(body, held.epoch - 1, listed, admission)
    if not proved:
        return Waits(Why.OTHER_KEY)
    if held.source is Source.FIRST_USE and not token_holds(listed, held.body):
        return Admitted(_next(held.epoch, body), Source.FACTORY, begins=True)
    if body.epoch <= held.epoch:
        return Waits(Why.OLDER_EPOCH)
    return Admitted(_next(held.epoch, body), Source.FACTORY, begins=True)


def _newcomer(body: EnrolBody, epoch: int, listed: bytes | None, admission: Admission) -> Decision:
    """Under a serial that nobody holds. What somebody says of their epoch counts only with the token."""
    if token_holds(listed, body):
        return Admitted(_next(epoch, body), Source.FACTORY, begins=True)
    if listed is not None:
        return Waits(Why.NO_TOKEN)
    if admission is Admission.FACTORY:
        return Waits(Why.NOT_LISTED)
    return Admitted(min(epoch + 1, COUNT_LIMIT), Source.FIRST_USE, begins=True)


def _next(epoch: int, body: EnrolBody) -> int:
    return min(max(epoch + 1, body.epoch), COUNT_LIMIT)


# A dispute: an enrolment that waits for two people and 72 hours


@dataclass(frozen=True)
class Claim:
    """What is disputed. `request`: hash of the enrolment that waits. `epoch`: the owner epoch when it came, 0 where
    nobody was enrolled. `came`: Unix seconds.
    """

    serial: str
    request: bytes
    why: Why
    epoch: int
    came: int


@dataclass(frozen=True)
class Disputed:
    """Waits for people."""

    claim: Claim
    consents: tuple[Consent, ...] = ()


@dataclass(frozen=True)
class Pending:
    """Two people agreed; the present owner is told and may object until this Unix second."""

    claim: Claim
    consents: tuple[Consent, ...]
    until: int


class Outcome(Enum):
    """How a dispute ended."""

    ADMITTED = "admitted"
    DISMISSED = "dismissed"
    OBJECTED = "objected"
    OVERTAKEN = "overtaken"


@dataclass(frozen=True)
class Ended:
    """Over. `by`: who dismissed it, or empty."""

    claim: Claim
    outcome: Outcome
    at: int
    by: str = ""


DisputeState = Disputed | Pending | Ended


@dataclass(frozen=True)
class Agreed:
    """Somebody touched a passkey. `items`: the decisions whose challenge it was checked to have signed."""

    by: str
    key: bytes
    items: tuple[bytes, ...]


@dataclass(frozen=True)
class Dismissed:
    """Somebody at the desk said no."""

    by: str


@dataclass(frozen=True)
class Objected:
    """The present owner said no."""


@dataclass(frozen=True)
class TimePassed:
    """Perhaps the 72 hours are over."""


@dataclass(frozen=True)
class Office:
    """What a rule may ask: the time in Unix seconds, the owner epoch of the serial now, 0 where nobody is enrolled,
    and the people at the desk whose own device it is.
    """

    now: int
    epoch: int
    owners: tuple[str, ...] = ()


@dataclass(frozen=True)
class TellPresentOwner:
    """Mail the present owner that the enrolment comes in at `until` unless they object."""

    until: int


@dataclass(frozen=True)
class LetIn:
    """Make the claimed enrolment the row, as of a new owner epoch."""


def dispute_item(claim: Claim) -> bytes:
    """What stands for this decision in what a passkey signs."""
    return sha256(b"sparekey/1 enrolment\x00" + encode([claim.serial, claim.request, claim.epoch]))


def found_item(serial: str, epoch: int, reported: int) -> bytes:
    """What stands for "it is back" in what a passkey signs. `reported`: when it was reported stolen, Unix seconds."""
    return sha256(b"sparekey/1 found\x00" + encode([serial, epoch, reported]))


def agreed(state: Disputed, event: Agreed, office: Office) -> Step[Disputed | Pending]:
    """One more person; the second starts the 72 hours."""
    if event.by in office.owners:
        return Step(state, refusal=Refusal.NOT_AUTHORISED)
    if dispute_item(state.claim) not in event.items:
        return Step(state, refusal=Refusal.NOT_GENUINE)
    if has_agreed(state.consents, event.by, event.key):
        return Step(state, refusal=Refusal.ALREADY_DONE)
    consents = (*state.consents, Consent(event.by, event.key, office.now))
    if len(consents) < PEOPLE:
        return Step(replace(state, consents=consents))
    until = office.now + HOLD
    return Step(Pending(state.claim, consents, until), (TellPresentOwner(until),))


def time_passed(state: Pending, _event: TimePassed, office: Office) -> Step[Pending | Ended]:
    """When nobody objected in time it comes in, unless the device got another owner meanwhile."""
    if office.now < state.until:
        return Step(state)
    if office.epoch != state.claim.epoch:
        return Step(Ended(state.claim, Outcome.OVERTAKEN, office.now))
    return Step(Ended(state.claim, Outcome.ADMITTED, office.now), (LetIn(),))


def dismissed(state: Disputed | Pending, event: Dismissed, office: Office) -> Step[Ended]:
    """One person is enough for a no."""
    return Step(Ended(state.claim, Outcome.DISMISSED, office.now, event.by))


def objected(state: Disputed | Pending, _event: Objected, office: Office) -> Step[Ended]:
    """So is the present owner."""
    return Step(Ended(state.claim, Outcome.OBJECTED, office.now))


DISPUTES: table.Table = {
    (Disputed, Agreed): agreed,
    (Disputed, Dismissed): dismissed,
    (Disputed, Objected): objected,
    (Pending, TimePassed): time_passed,
    (Pending, Dismissed): dismissed,
    (Pending, Objected): objected,
}
"""The diagram."""


def step(state: Any, event: object, office: Office) -> Step[Any]:
    """Apply an event to a dispute."""
    return table.step(DISPUTES, state, event, office)
