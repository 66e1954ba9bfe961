"""What happens to a scanned request: it is opened, shown, and its mail is queued or held back.

The answer is the same whether a mail goes out, is held back by a limit, or went out a moment ago: what a
stranger may learn is what stands in the request's clear part, and the masked address (spec/security.md).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from sparekey.core import mailing
from sparekey.core.errors import InputError, UntrustedError
from sparekey.core.mailing import CLOCK_SLACK, MailLimits, Sending
from sparekey.core.messages.header import Kind
from sparekey.core.messages.link import read_link
from sparekey.core.values import mask
from sparekey.desk.store.counting import FIRST_USE
from sparekey.desk.store.ports import Queued

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sparekey.core.messages.request import MailBody, Request
    from sparekey.core.values import Identity
    from sparekey.desk.keyring import Keyring
    from sparekey.desk.store.ports import DeskStore, DeskTransaction
    from sparekey.host.clock import Clock

REMEMBERED = 90 * 86400
"""Seconds for which an expired request is known again, when its device had no clock to say how old it is."""

_LOG = logging.getLogger("sparekey.desk")


class Trouble(Enum):
    """Why a request gets no mail, as far as its bearer may know."""

    DAMAGED = "damaged"
    OVERSIZE = "oversize"
    OTHER_DESK = "other-desk"
    UNKNOWN_KEY = "unknown-key"
    NOT_GENUINE = "not-genuine"
    EXPIRED = "expired"
    OTHER_KIND = "other-kind"


@dataclass(frozen=True)
class Shown:
    """What a page may show: what the device calls itself, and where the code would go, masked. `confirms`: it is good
    for nothing else. `fleeting`: it ends when the device is switched off. `until`: Unix seconds for which it is good;
    by the desk's clock where the device has none.
    """

    identity: Identity
    addresses: tuple[str, ...]
    confirms: bool = False
    fleeting: bool = False
    until: int = field(default=0, compare=False)


@dataclass(frozen=True)
class _Opened:
    """`marks`: of the addresses, in their order."""

    request: Request
    body: MailBody = field(repr=False)
    marks: list[bytes]


@dataclass(frozen=True)
class _Decided:
    first_seen: int
    ticketed: bool
    verdicts: list[Sending]


class Intake:
    """Takes requests as text. `desk`: our id. `wake`: called when mail waits."""

    def __init__(
        self,
        *,
        desk: bytes,
        keyring: Keyring,
        store: DeskStore,
        limits: MailLimits,
        clock: Clock,
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        self._desk = desk
        self._keyring = keyring
        self._store = store
        self._limits = limits
        self.clock = clock
        self._wake = wake

    def look(self, text: str) -> Shown | Trouble:
        """What the request says. Changes nothing."""
        return self.look_all([read(text)])[0]

    def send(self, text: str) -> Shown | Trouble:
        """Queue the mails that the limits allow, and say what `look` says."""
        return self.send_all([read(text)])[0]

    def look_all(self, asked: Sequence[Request | Trouble]) -> list[Shown | Trouble]:
        """The same for several that `read` read, in one look at the store."""
        opened = [self._open(each) for each in asked]
        hashes = [each.request.hash for each in opened if isinstance(each, _Opened)]
        now = self.clock.wall()
        seen = self._store.first_seen(hashes) if hashes else {}
        return [
            each if isinstance(each, Trouble) else _looked(each, seen.get(each.request.hash, now), now)
            for each in opened
        ]

    def send_all(self, asked: Sequence[Request | Trouble]) -> list[Shown | Trouble]:
        """The same for several, one after the other in one transaction."""
        opened = [self._open(each) for each in asked]
        good = [each for each in opened if isinstance(each, _Opened)]
        decided = iter(self._decide_all(good)) if good else iter(())
        return [each if isinstance(each, Trouble) else self._sent(each, next(decided)) for each in opened]

    def _sent(self, opened: _Opened, decided: _Decided | None) -> Shown | Trouble:
        if decided is None:
            return Trouble.EXPIRED
        for place, verdict in enumerate(decided.verdicts):
            event = "mail queued" if verdict is Sending.GO else "mail held back"
            told = {"place": place, "verdict": verdict.value, "ticketed": decided.ticketed}
            _LOG.info(event, extra={"request": mark(opened.request), **told})
        if Sending.GO in decided.verdicts:
            self._wake()
        return _shown(opened, decided.first_seen)

    def _decide_all(self, opened: Sequence[_Opened]) -> list[_Decided | None]:
        now = self.clock.wall()
        hashes = [each.request.hash for each in opened]
        marks = [address_mark for each in opened for address_mark in each.marks]
        with self._store.transaction() as transaction:
            transaction.expect(hashes, marks, now)
            return [self._decide_one(transaction, each, now) for each in opened]

    def _decide_one(self, transaction: DeskTransaction, opened: _Opened, now: int) -> _Decided | None:
        request = opened.request
        first_seen = transaction.first_seen(request.hash) or now
        if mailing.is_expired(request.header, first_seen, now):
            return None
        ticketed = is_ticketed(transaction, self._keyring, self._limits, request, opened.body.ticket, now)
        verdicts = [
            self._decide(transaction, request, place, address_mark, first_seen, now, ticketed=ticketed)
            for place, address_mark in enumerate(opened.marks)
        ]
        return _Decided(first_seen, ticketed, verdicts)

    def _open(self, request: Request | Trouble) -> _Opened | Trouble:
        if isinstance(request, Trouble):
            return request
        if request.header.desk != self._desk:
            return Trouble.OTHER_DESK
        if request.header.kind is not Kind.MAIL:
            return Trouble.OTHER_KIND
        try:
            body = self._keyring.open_mail(request)
        except UntrustedError as error:
            trouble = Trouble.UNKNOWN_KEY if error.slug == "no-key" else Trouble.NOT_GENUINE
            _LOG.info("request refused", extra={"request": mark(request), "why": trouble.value})
            return trouble
        marks = [mailing.address_mark(self._keyring.ticket, address) for address in body.addresses]
        return _Opened(request, body, marks)

    def _decide(
        self,
        transaction: DeskTransaction,
        request: Request,
        place: int,
        address_mark: bytes,
        first_seen: int,
        now: int,
        *,
        ticketed: bool,
    ) -> Sending:
        sent = transaction.sent(request.hash, address_mark, ticketed=ticketed, now=now)
        verdict = mailing.may_send(sent, ticketed, self._limits)
        if verdict is not Sending.GO:
            transaction.hold_back(now)
            return verdict
        good_until = mailing.good_until(request.header, first_seen)
        mail = Queued(
            request=request.encoded,
            request_hash=request.hash,
            place=place,
            address_mark=address_mark,
            ticketed=ticketed,
            round=sent.for_request,
            good_until=good_until,
            keep_until=good_until + (REMEMBERED if request.header.made is None else CLOCK_SLACK),
        )
        transaction.queue(mail, now)
        return verdict


def read(text: str) -> Request | Trouble:
    """A request of any kind in a square's text; nothing is opened."""
    try:
        return read_link(text)
    except InputError as error:
        return Trouble.OVERSIZE if error.slug == "oversize" else Trouble.DAMAGED


def is_ticketed(
    transaction: DeskTransaction,
    keyring: Keyring,
    limits: MailLimits,
    request: Request,
    ticket: bytes | None,
    now: int,
) -> bool:
    """Whether a request shares the large budget: its device proved itself, or it came first and is one of few."""
    if keyring.ticket_holds(request.header, ticket):
        return True
    known = keyring.first_use_holds(request.header, ticket)
    return known and transaction.tally(FIRST_USE, now) < limits.first_use_hour


def mark(request: Request) -> str:
    """How a request is named in a log line: the start of its hash."""
    return request.hash[:4].hex()


def _looked(opened: _Opened, first_seen: int, now: int) -> Shown | Trouble:
    expired = mailing.is_expired(opened.request.header, first_seen, now)
    return Trouble.EXPIRED if expired else _shown(opened, first_seen)


def _shown(opened: _Opened, first_seen: int) -> Shown:
    header, body = opened.request.header, opened.body
    addresses = tuple(mask(address) for address in body.addresses)
    until = mailing.good_until(header, first_seen)
    return Shown(header.identity, addresses, body.confirms, body.fleeting, until)
