"""What the desk decides about a mailed code: is the request still good, and may this mail go out now?

The desk keeps no list of devices and must not become a mail cannon (spec/security.md, threats T05 and T06).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from sparekey.core import crypto
from sparekey.core.messages.request import TICKET_LENGTH, Header

CLOCK_SLACK = 15 * 60
"""Seconds by which the clocks of a device and a desk may differ."""


@dataclass(frozen=True)
class MailLimits:
    """How many mails may go out. All counts are of mails, all times in seconds. `first_use_hour`: requests of devices
    that proved nothing; beyond it they count as those without a ticket.
    """

    resend_after: int = 60
    per_request: int = 6
    per_address_hour: int = 6
    per_address_day: int = 20
    ticketed_hour: int = 20_000
    ticketless_hour: int = 60
    first_use_hour: int = 600


@dataclass(frozen=True)
class Sent:
    """What was already queued: for this request and address, for this address, and for this kind of sender."""

    since_last: int | None
    for_request: int
    address_hour: int
    address_day: int
    kind_hour: int


class Sending(Enum):
    """The verdict on one mail. The requester sees the same page whatever it is."""

    GO = "go"
    TOO_SOON = "too-soon"
    ENOUGH_FOR_REQUEST = "enough-for-request"
    ENOUGH_FOR_ADDRESS = "enough-for-address"
    ENOUGH_FOR_ALL = "enough-for-all"


def may_send(sent: Sent, ticketed: bool, limits: MailLimits) -> Sending:
    """Whether one mail for one request to one address may be queued now."""
    if sent.since_last is not None and sent.since_last < limits.resend_after:
        return Sending.TOO_SOON
    if sent.for_request >= limits.per_request:
        return Sending.ENOUGH_FOR_REQUEST
    if sent.address_hour >= limits.per_address_hour or sent.address_day >= limits.per_address_day:
        return Sending.ENOUGH_FOR_ADDRESS
    if sent.kind_hour >= (limits.ticketed_hour if ticketed else limits.ticketless_hour):
        return Sending.ENOUGH_FOR_ALL
    return Sending.GO


def good_until(header: Header, first_seen: int) -> int:
    """Unix seconds until which the code can work: from the device's own clock if it trusts it, else from when the desk
    first saw the request. A device clock ahead of the desk's earns no longer life.
    """
    made = first_seen if header.made is None else min(header.made, first_seen)
    return made + header.valid


def is_expired(header: Header, first_seen: int, now: int) -> bool:
    """Whether the desk still answers."""
    return now > good_until(header, first_seen) + CLOCK_SLACK


def ticket(key: bytes, serial: str) -> bytes:
    """The ticket that enrolment gives a device: 16 bytes under a desk key, checked without any list."""
    return crypto.mac(crypto.derive(key, "ticket"), serial.encode())[:TICKET_LENGTH]


def ticket_holds(key: bytes, header: Header, shown: bytes | None) -> bool:
    """Whether the request comes from a device that enrolled here: it shows that device's ticket. Constant time;
    absent is failed.
    """
    return crypto.equal(ticket(key, header.identity.serial), shown or b"")


def first_use_ticket(key: bytes, serial: str) -> bytes:
    """The ticket of a device that came first under its serial and proved nothing: anybody can have one."""
    return crypto.mac(crypto.derive(key, "first-use ticket"), serial.encode())[:TICKET_LENGTH]


def first_use_ticket_holds(key: bytes, header: Header, shown: bytes | None) -> bool:
    """Likewise. Constant time; absent is failed."""
    return crypto.equal(first_use_ticket(key, header.identity.serial), shown or b"")


def address_mark(key: bytes, address: str) -> bytes:
    """How a sent-to address is remembered for counting: a MAC, so that the store holds no list of addresses."""
    return crypto.mac(crypto.derive(key, "address mark"), address.lower().encode())


def notice_mark(key: bytes, address: str) -> bytes:
    """The same for news: counted apart, so that no flood of it uses up the mails that a code needs."""
    return crypto.mac(crypto.derive(key, "notice mark"), address.lower().encode())


def message_id(request_hash: bytes, address: str, round_: int, domain: str) -> str:
    """The stable Message-ID of one mail (RFC 5322 section 3.6.4): sent twice, it is still the same mail."""
    name = crypto.sha256(request_hash + address.encode() + round_.to_bytes(4, "big"))[:16].hex()
    return f"<{name}@{domain}>"
