"""What a `support` request seals: two independent secrets (spec/requests.md section 4.2)."""

from __future__ import annotations

from dataclasses import dataclass, field

from sparekey.core.codec import Value, encode
from sparekey.core.codes import CODE_BITS, Code, code_from_bits
from sparekey.core.messages.fields import Fields
from sparekey.core.messages.header import TICKET_LENGTH

SECRET_LENGTH = 32
"""Bytes of the secret that a response file must know."""


@dataclass(frozen=True)
class SupportBody:
    """`file_secret`: 32 bytes. `key_secret`: the code that support may dictate, only where the profile
    allows it. `ticket`: 16 bytes from enrolment, or None.
    """

    file_secret: bytes = field(repr=False)
    key_secret: Code | None = None
    ticket: bytes | None = field(default=None, repr=False)

    @property
    def encoded(self) -> bytes:
        """The body as CBOR."""
        fields: dict[int, Value] = {1: self.file_secret}
        if self.key_secret is not None:
            fields[2] = self.key_secret.bits
        if self.ticket is not None:
            fields[3] = self.ticket
        return encode(fields)

    @classmethod
    def read(cls, fields: Fields) -> SupportBody:
        """From its fields. Raises InputError."""
        return cls(
            file_secret=fields.data(1, SECRET_LENGTH, SECRET_LENGTH),
            key_secret=code_from_bits(fields.number(2, 0, (1 << CODE_BITS) - 1)) if fields.has(2) else None,
            ticket=fields.data(3, TICKET_LENGTH, TICKET_LENGTH) if fields.has(3) else None,
        )
