"""What a `technician` request seals: a file's secret, never a code (spec/requests.md section 4.3)."""

from __future__ import annotations

from dataclasses import dataclass, field

from sparekey.core.codec import Value, encode
from sparekey.core.messages.fields import Fields
from sparekey.core.messages.header import TICKET_LENGTH
from sparekey.core.messages.support import SECRET_LENGTH


@dataclass(frozen=True)
class TechnicianBody:
    """`file_secret`: 32 bytes. `ticket`: 16 bytes from enrolment, or None."""

    file_secret: bytes = field(repr=False)
    ticket: bytes | None = field(default=None, repr=False)

    @property
    def encoded(self) -> bytes:
        """The body as CBOR."""
        fields: dict[int, Value] = {1: self.file_secret}
        if self.ticket is not None:
            fields[3] = self.ticket
        return encode(fields)

    @classmethod
    def read(cls, fields: Fields) -> TechnicianBody:
        """From its fields. Raises InputError."""
        return cls(
            file_secret=fields.data(1, SECRET_LENGTH, SECRET_LENGTH),
            ticket=fields.data(3, TICKET_LENGTH, TICKET_LENGTH) if fields.has(3) else None,
        )
