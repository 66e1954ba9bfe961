"""What a program says to ask people at the desk for help, and hears of it (spec/desklink.md section 4)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from sparekey.core.codec import Value, encode
from sparekey.core.codes import CODE_BITS, Code, code_from_bits
from sparekey.core.crypto import sha256
from sparekey.core.errors import InputError
from sparekey.core.messages.addresses import read_addresses
from sparekey.core.messages.fields import Fields
from sparekey.core.messages.header import WALL_LIMIT
from sparekey.core.messages.link_answer import LINK_MOST
from sparekey.core.messages.mail import LOCALE_LIMIT
from sparekey.core.messages.request import REQUEST_LIMIT
from sparekey.core.messages.response import RESPONSE_LIMIT

PICKUP_LENGTH = 32
"""Bytes of the secret by which a program fetches what it asked for, and of its hash."""
REASON_LIMIT = 32


class CaseStage(Enum):
    """How a case stands; the value stands on the wire."""

    OPENED = "opened"
    PROPOSED = "proposed"
    HELD = "held"
    ISSUED = "issued"
    CLOSED = "closed"


@dataclass(frozen=True)
class CaseCall:
    """Requests for people at the desk. `pickup`: SHA-256 of a secret that the program drew and keeps.
    `address`: who is told, or empty. `requests`: their bytes, 1 to 100.
    """

    pickup: bytes
    locale: str
    requests: tuple[bytes, ...]
    address: str = ""

    @property
    def encoded(self) -> bytes:
        """The call as CBOR."""
        fields: dict[int, Value] = {1: 1, 2: self.pickup, 3: self.locale, 4: list(self.requests)}
        if self.address:
            fields[5] = [self.address]
        return encode(fields)


@dataclass(frozen=True)
class CaseTold:
    """What a program hears of its case. `until`: Unix seconds when a hold or an answer ends, or 0. `reason`: a
    slug, when support said no. `response`: a response file's bytes, or empty. `key`: a response key, or None.
    """

    stage: CaseStage
    until: int = 0
    reason: str = ""
    response: bytes = field(default=b"", repr=False)
    key: Code | None = None

    @property
    def encoded(self) -> bytes:
        """The answer as CBOR."""
        fields: dict[int, Value] = {1: 1, 2: self.stage.value}
        if self.until:
            fields[3] = self.until
        if self.reason:
            fields[4] = self.reason
        if self.response:
            fields[5] = self.response
        if self.key is not None:
            fields[6] = self.key.bits
        return encode(fields)


def pickup_hash(secret: bytes) -> bytes:
    """What the desk keeps of a program's secret."""
    return sha256(secret)


def read_case_call(data: bytes) -> CaseCall:
    """Read a call; the requests in it are not read yet. Raises InputError."""
    fields = Fields.of(data, "call")
    fields.number(1, 1, 1)
    items = fields.items(4, LINK_MOST) if fields.has(4) else []
    requests = tuple(item for item in items if isinstance(item, bytes) and len(item) <= REQUEST_LIMIT)
    if not items or len(requests) != len(items):
        raise InputError("field", "a call brings 1 to 100 requests")
    address = read_addresses(fields.items(5, 1))[0] if fields.has(5) else ""
    call = CaseCall(
        fields.data(2, PICKUP_LENGTH, PICKUP_LENGTH), fields.text(3, LOCALE_LIMIT), requests, address
    )
    fields.end()
    return call


def read_case_told(data: bytes) -> CaseTold:
    """Read what the desk says of a case. Raises InputError."""
    fields = Fields.of(data, "case")
    fields.number(1, 1, 1)
    told = CaseTold(
        stage=fields.choice(2, CaseStage),
        until=fields.number(3, 1, WALL_LIMIT) if fields.has(3) else 0,
        reason=fields.text(4, REASON_LIMIT) if fields.has(4) else "",
        response=fields.data(5, 1, RESPONSE_LIMIT) if fields.has(5) else b"",
        key=code_from_bits(fields.number(6, 0, (1 << CODE_BITS) - 1)) if fields.has(6) else None,
    )
    fields.end()
    return told
