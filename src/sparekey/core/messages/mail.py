"""What a `mail` request seals (spec/requests.md section 4.1)."""

from __future__ import annotations

from dataclasses import dataclass, field

from sparekey.core.codec import Value, encode
from sparekey.core.codes import CODE_BITS, Code, code_from_bits
from sparekey.core.errors import InputError
from sparekey.core.messages.addresses import ADDRESSES_MOST, read_addresses
from sparekey.core.messages.fields import Fields
from sparekey.core.messages.header import TICKET_LENGTH
from sparekey.core.values import ACCOUNT_LIMIT, account_name

LOCALE_LIMIT = 8


@dataclass(frozen=True)
class MailBody:
    """What a `mail` request seals: the code, whom it is for, and how to address them.

    `addresses`: one or two, the reserved one first. `ticket`: 16 bytes from enrolment, or None. `locale`:
    `en` or `cs`. `confirms`: the code only shows that its reader has this mailbox, and opens nothing. `fleeting`: the
    code ends when the device is switched off.
    """

    code: Code
    addresses: tuple[str, ...]
    locale: str
    account: str
    ticket: bytes | None = field(default=None, repr=False)
    confirms: bool = False
    fleeting: bool = False

    @property
    def encoded(self) -> bytes:
        """The body as CBOR."""
        fields: dict[int, Value] = {
            1: self.code.bits,
            2: list(self.addresses),
            3: self.locale,
            4: self.account,
        }
        if self.ticket is not None:
            fields[5] = self.ticket
        if self.confirms:
            fields[6] = True
        if self.fleeting:
            fields[7] = True
        return encode(fields)

    @classmethod
    def read(cls, fields: Fields) -> MailBody:
        """From its fields. Raises InputError."""
        confirms, fleeting = fields.has(6), fields.has(7)
        if (confirms and not fields.flag(6)) or (fleeting and not fields.flag(7)):
            raise InputError("field", "a code says what it is not by leaving the field out")
        return cls(
            code=code_from_bits(fields.number(1, 0, (1 << CODE_BITS) - 1)),
            addresses=read_addresses(fields.items(2, ADDRESSES_MOST)),
            locale=fields.text(3, LOCALE_LIMIT),
            account=account_name(fields.text(4, ACCOUNT_LIMIT)),
            ticket=fields.data(5, TICKET_LENGTH, TICKET_LENGTH) if fields.has(5) else None,
            confirms=confirms,
            fleeting=fleeting,
        )
