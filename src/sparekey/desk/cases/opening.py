"""What somebody hands in, opened as far as the desk may: a link, an armoured file, XML, many in one file, or the
copied numbers of a security code.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from sparekey.core import mailing
from sparekey.core.errors import InputError, UntrustedError
from sparekey.core.messages.header import Kind
from sparekey.core.messages.request import Request, open_body
from sparekey.core.messages.support import SupportBody
from sparekey.core.messages.technician import TechnicianBody
from sparekey.core.messages.text import Requests, as_text, read_any
from sparekey.core.methods.spoken import is_spoken, read_spoken
from sparekey.desk.cases.asking import Asked

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sparekey.desk.keyring import Keyring


class Trouble(Enum):
    """Why something that was handed in is no case; the value is a stable slug."""

    DAMAGED = "damaged"
    OVERSIZE = "oversize"
    NO_REQUEST = "no-request"
    OTHER_DESK = "other-desk"
    UNKNOWN_KEY = "unknown-key"
    NOT_GENUINE = "not-genuine"
    EXPIRED = "expired"
    MAIL_CODE = "mail-code"
    SERIAL = "serial"
    STARTED = "started"
    NUMBER = "number"
    MAC = "mac"
    TOO_MANY = "too-many"
    READ_OUT = "read-out"


@dataclass(frozen=True)
class Handed:
    """A request that opened. `asked.ticketed` is checked already. `hash`: the request's."""

    serial: str
    hash: bytes
    asked: Asked


Item = Request | Handed | Trouble
"""One thing in a file: a sealed request, numbers that were read out, or what is wrong with it."""


class Opener:
    """Reads and opens requests. `desk`: our id."""

    def __init__(self, desk: bytes, keyring: Keyring) -> None:
        self._desk = desk
        self._keyring = keyring

    def items(self, given: str | bytes) -> tuple[Item, ...]:
        """Every request in it as it came, or what is wrong with it, each in its place; one trouble when nothing can be
        read.
        """
        try:
            if is_spoken(text := as_text(given)):
                return (_read_out(text),)
            found = read_any(text)
        except InputError as error:
            return (Trouble.OVERSIZE if error.slug == "oversize" else Trouble.DAMAGED,)
        items = found.items if isinstance(found, Requests) else (found,)
        return tuple(item if isinstance(item, Request) else _unread(item) for item in items)

    def open(self, items: Iterable[Item], now: int) -> tuple[Handed | Trouble, ...]:
        """The requests among them opened."""
        return tuple(self._open(item, now) if isinstance(item, Request) else item for item in items)

    def body(self, request: Request) -> SupportBody | TechnicianBody:
        """What a request for a person at the desk holds. Raises UntrustedError (`no-key`, `sealed`)."""
        private = self._keyring.opening[request.header.kind.purpose].get(request.header.key)
        if private is None:
            raise UntrustedError("no-key", "it was sealed to a key that this desk does not have")
        body = open_body(request, private)
        if not isinstance(body, SupportBody | TechnicianBody):
            raise UntrustedError("sealed", "it is no request for a person")
        return body

    def _open(self, request: Request, now: int) -> Handed | Trouble:
        header = request.header
        if header.desk != self._desk:
            return Trouble.OTHER_DESK
        if header.kind is Kind.MAIL:
            return Trouble.MAIL_CODE
        if header.kind not in (Kind.SUPPORT, Kind.TECHNICIAN):
            return Trouble.NO_REQUEST
        if mailing.is_expired(header, now, now):
            return Trouble.EXPIRED
        try:
            body = self.body(request)
        except UntrustedError as error:
            return Trouble.UNKNOWN_KEY if error.slug == "no-key" else Trouble.NOT_GENUINE
        asked = Asked(
            model=header.identity.model,
            firmware=header.identity.firmware,
            request=request.encoded,
            technician=header.kind is Kind.TECHNICIAN,
            ticketed=self._keyring.ticket_holds(header, body.ticket),
            number=header.number,
        )
        return Handed(header.identity.serial, request.hash, asked)


def _read_out(text: str) -> Handed | Trouble:
    """The numbers that a device shows for a security code, as they were copied from it."""
    try:
        spoken, day = read_spoken(text)
    except InputError as error:
        return Trouble.OVERSIZE if error.slug == "oversize" else Trouble.READ_OUT
    asked = Asked(started=spoken.started, number=spoken.number, mac=spoken.mac, day=day)
    return Handed(spoken.serial, spoken.hash, asked)


def _unread(item: object) -> Trouble:
    return Trouble.DAMAGED if isinstance(item, InputError) else Trouble.NO_REQUEST
