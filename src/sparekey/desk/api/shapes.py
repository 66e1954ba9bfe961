"""What stands in bodies: every field named, nothing more taken. Names and values are the stable ones of the rest."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from sparekey.core.messages.armour import BATCH_ARMOUR_LIMIT
from sparekey.desk.cases.notes import NOTE_LIMIT

LIMIT_MOST = 200
"""Lines of one page, at most."""

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)", re.ASCII)


def moment(at: int) -> datetime:
    """Unix seconds as RFC 3339 tells them."""
    return datetime.fromtimestamp(at, UTC)


def _moment(value: Any) -> Any:
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        raise ValueError("this is no moment of RFC 3339")
    return value


Moment = Annotated[AwareDatetime, BeforeValidator(_moment)]
Status = Literal["opened", "proposed", "held", "issued", "closed"]
OrderStatus = Literal["ordered", "paid", "sent", "received", "unlocked", "returned", "cancelled", "refunded"]
RemedyName = Literal["security-code", "response-key", "response-file", "erase-file"]
OptionName = Literal["by-mail", "may-default", "cameras"]
Seen = Literal["invoice", "installer", "label-photo"]
Reason = Literal["not-proved", "not-ours", "reported-stolen", "other-way", "no-answer", "mistake"]
Line = Annotated[str, Field(pattern=r"^[A-Za-z0-9 ._/-]{1,48}$")]
Cursor = Annotated[str, Field(max_length=64)]


class Given(BaseModel):
    """Something a program sends."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Told(BaseModel):
    """Something the desk answers."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Asking(Given):
    """Where to reach whoever asks."""

    address: Annotated[str, Field(max_length=254)] | None = None
    phone: Annotated[str, Field(pattern=r"^[0-9 ()+./-]{3,40}$")] | None = None
    locale: Literal["en", "cs"] = "en"
    route: Literal["download", "mail", "call"] = "download"


class Spoken(Given):
    """What a caller reads out, as it was heard: look-alikes and gaps are forgiven."""

    serial: Annotated[str, Field(max_length=100)]
    started: Annotated[str, Field(max_length=100, description="The start time on the screen, in UTC.")]
    number: Annotated[str, Field(max_length=100, description="The request number.")]
    mac: Annotated[str, Field(max_length=100)] = ""
    day: Annotated[str, Field(max_length=100, description="The date on the screen; empty for today.")] = ""


class OpenRequest(Given):
    """Requests of devices: the text of a square, a file, XML, or one file for many devices."""

    request: Annotated[str, Field(min_length=1, max_length=BATCH_ARMOUR_LIMIT)]
    asking: Asking = Asking()


class OpenSpoken(Given):
    """What a caller reads out."""

    spoken: Spoken
    asking: Asking = Asking()


class Paper(Given):
    """Which piece of evidence a paper is meant as."""

    kind: Literal["invoice", "label-photo"]


class SeenEvidence(Given):
    """Somebody at the help desk looked at it."""

    kind: Seen


class MailedEvidence(Given):
    """The code that was mailed to the confirmed address, as it was read out."""

    kind: Literal["mailbox-code"]
    code: Annotated[str, Field(max_length=100)]


class NoteText(Given):
    """What is to be written down. The desk's staff reads it, the owner does not."""

    text: Annotated[str, Field(min_length=1, max_length=NOTE_LIMIT)]


class Proposing(Given):
    """What is to be given. People approve it with their passkeys, or do not."""

    remedy: RemedyName
    options: Annotated[list[OptionName], Field(max_length=3)] = []


class Refusing(Given):
    """Why not. The owner reads it."""

    reason: Reason


class Paging(BaseModel):
    """Which part of a list."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    cursor: Cursor | None = Field(None, description="The `next` of the page before.")
    limit: Annotated[int, Field(ge=1, le=LIMIT_MOST)] = 50


class CasesAsked(Paging):
    """Which cases."""

    status: list[Status] = []
    serial: Line | None = None
    since: Moment | None = Field(None, description="Opened from then on.")
    before: Moment | None = Field(None, description="Opened before then.")


class OrdersAsked(Paging):
    """Which orders."""

    status: list[OrderStatus] = []


class Trouble(Told):
    """Why something is no case."""

    slug: str
    title: str


class Receipt(Told):
    """What became of one thing that was handed in, in its place."""

    serial: str | None
    case: str | None
    trouble: Trouble | None


class Receipts(Told):
    """What became of everything that was handed in."""

    receipts: list[Receipt]


class CaseLine(Told):
    """A case in a list."""

    number: str
    serial: str
    model: str
    status: Status
    opened: datetime
    changed: datetime


class CasePage(Told):
    """Cases, the oldest first. `next`: for the page after, null on the last."""

    cases: list[CaseLine]
    next: str | None


class Evidence(Told):
    """A piece that was checked."""

    kind: str
    at: datetime


class HandedIn(Told):
    """A paper that waits for an agent's eyes."""

    kind: str
    media: str
    size: int
    at: datetime


class NoteTold(Told):
    """A note. `program`: another program or this one wrote it."""

    text: str
    at: datetime
    program: bool


class Event(Told):
    """A line of the history: what, as whom, and about what."""

    what: str
    at: datetime
    role: str
    detail: str


class ProposalTold(Told):
    """What is to be given, and how far that is."""

    remedy: RemedyName
    options: list[OptionName]
    expires: datetime
    approvals_needed: int
    approvals: int
    held_until: datetime | None


class Way(Told):
    """One remedy. `missing`: why it cannot be proposed; `missing_by_mail`: the same for a code by mail. `helpful`:
    evidence that would add weight.
    """

    remedy: RemedyName
    missing: str | None
    missing_by_mail: str | None
    approvals: int
    hold_hours: int
    helpful: list[str]


class Judgement(Told):
    """What the desk knows of the device and makes of it: for tokens that decide."""

    waits_for: str
    ways: list[Way]
    signals: list[str]


class CaseTold(Told):
    """A case. `version`: also its ETag. `ending`, `reason`: how and why it was closed. `answer`: it can be read."""

    number: str
    version: int
    serial: str
    model: str
    firmware: str
    asked: Literal["security-code", "response", "erase"]
    status: Status
    opened: datetime
    changed: datetime
    evidence: list[Evidence]
    papers: list[HandedIn]
    notes: list[NoteTold]
    proposal: ProposalTold | None
    answer: bool
    ending: str | None
    reason: str | None
    history: list[Event]
    judgement: Judgement | None


class DatedCode(Told):
    """The security code of one date by the device's calendar. `likely`: it is that day there now."""

    day: date
    likely: bool
    code: str


class Answer(Told):
    """What was issued: codes, a key, or a file. SECRET: hand it on and keep no copy."""

    number: str
    serial: str
    remedy: RemedyName
    expires: datetime
    codes: list[DatedCode]
    key: str | None
    file: str | None
    file_name: str | None


class Accepted(Told):
    """It was taken; what comes of it is told to nobody here."""

    accepted: Literal[True] = True


class OrderLine(Told):
    """An order in a list. `case`: that of its device, null before its request is here."""

    number: str
    serial: str
    status: OrderStatus
    case: str | None
    placed: datetime
    changed: datetime


class OrderPage(Told):
    """Orders, the oldest first."""

    orders: list[OrderLine]
    next: str | None


class OrderEvent(Told):
    """A line of an order's history."""

    what: str
    at: datetime
    role: str


class OrderTold(OrderLine):
    """An order. `price`: such as 1990.00. `due`: the day on which the device goes back, once it is here."""

    price: str
    currency: str
    pay_by: datetime
    due: date | None
    history: list[OrderEvent]


class StatementTold(Told):
    """What a statement brought. `paid`: orders. `listed`: payments that a person has to look at. `known`: those that
    came before. `other`: those that are no order's.
    """

    paid: list[str]
    listed: int
    known: int
    other: int


class TokenTold(Told):
    """The token that asks."""

    id: str
    name: str
    scopes: list[str]
    expires: datetime


class LogCounts(Told):
    """The public counters of the recovery log."""

    origin: str
    entries: int
    methods: dict[str, int]
    approvers: dict[str, int]


class ProblemKind(Told):
    """One problem that a program may meet."""

    slug: str
    status: int
    title: str
    detail: str


class Problem(BaseModel):
    """RFC 9457. `slug` is for programs, `title` and `detail` are for people, in the language that was asked for."""

    model_config = ConfigDict(frozen=True)

    type: str
    title: str
    status: int
    detail: str
    slug: str
