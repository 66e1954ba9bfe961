"""The clear part of a request, and which kinds of requests there are (spec/requests.md section 3)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from sparekey.core.codec import Value, encode
from sparekey.core.codes import read_number
from sparekey.core.messages.fields import Fields
from sparekey.core.tlog.tree import SIZE_LIMIT
from sparekey.core.values import MODEL_LIMIT, SERIAL_LIMIT, Identity

VERSION = 1
SUITE_X25519_CHACHA = 1
VALID_LIMIT = 14 * 24 * 3600
"""Seconds that a request may say it is valid."""
DESK_ID_LENGTH = 8
KEY_ID_LENGTH = 8
TICKET_LENGTH = 16
WALL_LIMIT = 1 << 40
"""Unix seconds of any message, at most."""


class Purpose(IntEnum):
    """What a desk key is for. Each purpose has keys of its own, newest first."""

    MAIL = 1
    SUPPORT = 2
    ENROL = 3


class Kind(IntEnum):
    """What a request asks for."""

    MAIL = 1
    SUPPORT = 2
    TECHNICIAN = 3
    ENROL = 4
    NOTICE = 5

    @property
    def purpose(self) -> Purpose:
        """To which of the desk's keys it is sealed."""
        return _PURPOSES[self]


_FIRST, _LAST = min(Kind), max(Kind)
_PURPOSES = {
    Kind.MAIL: Purpose.MAIL,
    Kind.SUPPORT: Purpose.SUPPORT,
    Kind.TECHNICIAN: Purpose.SUPPORT,
    Kind.ENROL: Purpose.ENROL,
    Kind.NOTICE: Purpose.ENROL,
}


@dataclass(frozen=True)
class Header:
    """The clear part. Bound to the sealed part as HPKE `info`, so nobody can change one without the other.

    `made`: the device's clock in Unix seconds, only when it trusts it. `valid`: seconds from making.
    `seen`: entries of the recovery log when the device last saw it, so that a file can prove that it only
    grew since; 0 for never.
    """

    kind: Kind
    desk: bytes
    key: bytes
    identity: Identity
    number: str
    tls: bytes
    valid: int
    made: int | None = None
    seen: int = 0

    @property
    def info(self) -> bytes:
        """What HPKE binds when this header is sealed."""
        return bound(self.encoded)

    @property
    def encoded(self) -> bytes:
        """The header as CBOR."""
        options: dict[int, Value] = {1: self.valid}
        if self.made is not None:
            options[2] = self.made
        if self.seen:
            options[3] = self.seen
        device = self.identity
        return encode(
            {
                1: VERSION,
                2: SUITE_X25519_CHACHA,
                3: int(self.kind),
                4: self.desk,
                5: self.key,
                6: device.serial,
                7: device.model,
                8: device.firmware,
                9: self.number,
                10: self.tls,
                11: options,
            }
        )


def bound(clear: bytes) -> bytes:
    """What HPKE binds as `info`: the protocol's name, a zero byte, the header's bytes as they travel."""
    return b"sparekey/1 request\x00" + clear


def read_header(data: bytes) -> Header:
    """Read a header's bytes. Raises InputError."""
    fields = Fields.of(data, "header")
    fields.number(1, VERSION, VERSION)
    fields.number(2, SUITE_X25519_CHACHA, SUITE_X25519_CHACHA)
    kind = fields.number(3, _FIRST, _LAST)
    options = fields.inner(11, "options")
    header = Header(
        kind=Kind(kind),
        desk=fields.data(4, DESK_ID_LENGTH, DESK_ID_LENGTH),
        key=fields.data(5, KEY_ID_LENGTH, KEY_ID_LENGTH),
        identity=Identity(
            fields.text(6, SERIAL_LIMIT), fields.text(7, MODEL_LIMIT), fields.text(8, MODEL_LIMIT)
        ),
        number=read_number(fields.text(9, 8)),
        tls=fields.data(10, 32, 32),
        valid=options.number(1, 1, VALID_LIMIT),
        made=options.number(2, 0, WALL_LIMIT) if options.has(2) else None,
        seen=options.number(3, 1, SIZE_LIMIT) if options.has(3) else 0,
    )
    options.end()
    fields.end()
    return header
