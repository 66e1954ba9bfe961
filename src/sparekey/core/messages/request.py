"""A request: a header in clear, and a part that only the desk can open (spec/requests.md)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from sparekey.core import crypto
from sparekey.core.codec import Value, decode, encode
from sparekey.core.codes import CODE_BITS, Code, code_from_bits, read_number
from sparekey.core.errors import InputError, UntrustedError
from sparekey.core.messages.fields import Fields
from sparekey.core.values import ACCOUNT_LIMIT, ADDRESS_LIMIT, MODEL_LIMIT, SERIAL_LIMIT, Identity, account_name, mail_address

VERSION = 1
SUITE_X25519_CHACHA = 1
REQUEST_LIMIT = 1024
"""Bytes of a whole request, at most."""
ADDRESSES_LIMIT = 96
"""Bytes of all sealed addresses together: two short ones, or one of full length, still fit into one QR code."""
VALID_LIMIT = 14 * 24 * 3600
"""Seconds that a request may say it is valid."""
DESK_ID_LENGTH = 8
KEY_ID_LENGTH = 8
TICKET_LENGTH = 16

_WALL_LIMIT = 1 << 40


class Kind(IntEnum):
    """What a request asks for (spec/requests.md section 3). Others are reserved and not yet spoken."""

    MAIL = 1


@dataclass(frozen=True)
class Header:
    """The clear part. Its bytes are bound to the sealed part, so nobody can change one without the other.

    `made`: the device's clock in Unix seconds, only when it trusts it. `valid`: seconds from making.
    """

    kind: Kind
    desk: bytes
    key: bytes
    identity: Identity
    number: str
    tls: bytes
    valid: int
    made: int | None = None

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


@dataclass(frozen=True)
class MailBody:
    """What a `mail` request seals: the code, whom it is for, and how to address them.

    `addresses`: one or two, the reserved one first. `ticket`: 16 bytes from enrolment, or None. `locale`: `en` or `cs`.
    """

    code: Code
    addresses: tuple[str, ...]
    locale: str
    account: str
    ticket: bytes | None = None

    @property
    def encoded(self) -> bytes:
        """The body as CBOR."""
        fields: dict[int, Value] = {1: self.code.bits, 2: list(self.addresses), 3: self.locale, 4: self.account}
        if self.ticket is not None:
            fields[5] = self.ticket
        return encode(fields)


@dataclass(frozen=True)
class Request:
    """A request as it travels. `clear`: the header's bytes as they came, with fields that this version passes over."""

    header: Header
    clear: bytes
    sealed: bytes
    encoded: bytes

    @property
    def hash(self) -> bytes:
        """SHA-256 over the request's bytes: its name in the log, in mails and on the device."""
        return crypto.sha256(self.encoded)


def bound(clear: bytes) -> bytes:
    """What HPKE binds as `info`: the kind's name, a zero byte, the header's bytes as they travel."""
    return b"sparekey/1 request\x00" + clear


def fitting(addresses: tuple[str, ...]) -> tuple[str, ...]:
    """The addresses that go into a request: the first, and the second where both fit."""
    both = addresses[:2]
    return both if sum(len(address) for address in both) <= ADDRESSES_LIMIT else addresses[:1]


def seal_mail(header: Header, body: MailBody, public: bytes) -> Request:
    """Seal a `mail` request to the desk's public key for mail. Not repeatable."""
    sealed = crypto.seal(public, header.info, body.encoded)
    return Request(header, header.encoded, sealed, encode([header.encoded, sealed]))


def read_request(data: bytes) -> Request:
    """Read the outside of a request; nothing is opened. Raises InputError."""
    if len(data) > REQUEST_LIMIT:
        raise InputError("oversize", f"a request has at most {REQUEST_LIMIT} bytes")
    parts = decode(data)
    if not isinstance(parts, list) or len(parts) != 2:
        raise InputError("field", "a request has two parts")
    clear, sealed = parts
    if not isinstance(clear, bytes) or not isinstance(sealed, bytes) or len(sealed) <= crypto.SEAL_OVERHEAD:
        raise InputError("field", "a request has a header and a sealed part")
    return Request(_read_header(clear), clear, sealed, data)


def open_mail(request: Request, private: bytes) -> MailBody:
    """Open a `mail` request with the desk's private key.

    Raises UntrustedError (`sealed`) for every way in which it does not open or does not hold what a device seals.
    """
    plain = crypto.unseal(private, bound(request.clear), request.sealed)
    try:
        return _read_mail(plain)
    except InputError:
        raise UntrustedError("sealed", "it was damaged, changed, or sealed for somebody else") from None


def _read_header(data: bytes) -> Header:
    fields = Fields.of(data, "header")
    fields.number(1, VERSION, VERSION)
    fields.number(2, SUITE_X25519_CHACHA, SUITE_X25519_CHACHA)
    kind = fields.number(3, min(Kind), max(Kind))
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
        made=options.number(2, 0, _WALL_LIMIT) if options.has(2) else None,
    )
    options.end()
    fields.end()
    return header


def _read_mail(plain: bytes) -> MailBody:
    fields = Fields.of(plain, "sealed part")
    listed = fields.items(2, 2)
    addresses = tuple(_address(item) for item in listed)
    body = MailBody(
        code=code_from_bits(fields.number(1, 0, (1 << CODE_BITS) - 1)),
        addresses=addresses,
        locale=fields.text(3, 8),
        account=account_name(fields.text(4, ACCOUNT_LIMIT)),
        ticket=fields.data(5, TICKET_LENGTH, TICKET_LENGTH) if fields.has(5) else None,
    )
    fields.end()
    return body


def _address(value: Value) -> str:
    if not isinstance(value, str) or len(value) > ADDRESS_LIMIT or mail_address(value) != value:
        raise InputError("field", "an address in a form that no device writes")
    return value
