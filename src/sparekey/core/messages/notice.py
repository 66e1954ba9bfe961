"""What a `notice` seals: the owner must hear of something (spec/requests.md section 4.5)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from sparekey.core.codec import Value, encode
from sparekey.core.messages.addresses import ADDRESSES_MOST, read_addresses
from sparekey.core.messages.fields import Fields
from sparekey.core.messages.header import TICKET_LENGTH, WALL_LIMIT
from sparekey.core.messages.mail import LOCALE_LIMIT
from sparekey.core.values import ACCOUNT_LIMIT, account_name

AGE_LIMIT = 1 << 40
"""Seconds of a device's age in any message, at most."""


class Noticed(Enum):
    """What an owner is told of; the value stands on the wire."""

    RECOVERY_OPENED = "recovery-opened"
    RECOVERY_CANCELLED = "recovery-cancelled"
    PASSWORD_RECOVERED = "password-recovered"
    TRIES_STOPPED = "tries-stopped"
    ADDRESS_CHANGED = "address-changed"
    ERASED = "erased"


@dataclass(frozen=True)
class NoticeBody:
    """`age`: seconds of the device's age when it happened. `wall`: Unix seconds, or None without a trusted
    clock. `addresses`: one or two who are told; after a change of address the previous one too. `request`:
    hash of the request that it is about, or None. `ticket`: 16 bytes from enrolment, or None.
    """

    what: Noticed
    age: int
    account: str
    addresses: tuple[str, ...]
    locale: str
    wall: int | None = None
    request: bytes | None = None
    ticket: bytes | None = field(default=None, repr=False)

    @property
    def encoded(self) -> bytes:
        """The body as CBOR."""
        fields: dict[int, Value] = {
            1: self.what.value,
            2: self.age,
            3: self.account,
            4: list(self.addresses),
            5: self.locale,
        }
        optional: dict[int, Value] = {6: self.wall, 7: self.request, 8: self.ticket}
        fields |= {key: value for key, value in optional.items() if value is not None}
        return encode(fields)

    @classmethod
    def read(cls, fields: Fields) -> NoticeBody:
        """From its fields. Raises InputError."""
        return cls(
            what=fields.choice(1, Noticed),
            age=fields.number(2, 0, AGE_LIMIT),
            account=account_name(fields.text(3, ACCOUNT_LIMIT)),
            addresses=read_addresses(fields.items(4, ADDRESSES_MOST)),
            locale=fields.text(5, LOCALE_LIMIT),
            wall=fields.number(6, 0, WALL_LIMIT) if fields.has(6) else None,
            request=fields.data(7, 32, 32) if fields.has(7) else None,
            ticket=fields.data(8, TICKET_LENGTH, TICKET_LENGTH) if fields.has(8) else None,
        )
