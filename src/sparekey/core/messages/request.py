"""A request: a header in clear, and a part that only the desk can open (spec/requests.md)."""

from __future__ import annotations

from dataclasses import dataclass

from sparekey.core import crypto
from sparekey.core.codec import decode, encode
from sparekey.core.errors import InputError, MisuseError, UntrustedError
from sparekey.core.messages.addresses import ADDRESSES_LIMIT, fitting
from sparekey.core.messages.enrol import EnrolBody
from sparekey.core.messages.fields import Fields
from sparekey.core.messages.header import (
    DESK_ID_LENGTH,
    KEY_ID_LENGTH,
    SUITE_X25519_CHACHA,
    TICKET_LENGTH,
    VALID_LIMIT,
    VERSION,
    Header,
    Kind,
    Purpose,
    bound,
    read_header,
)
from sparekey.core.messages.mail import MailBody
from sparekey.core.messages.notice import NoticeBody
from sparekey.core.messages.support import SupportBody
from sparekey.core.messages.technician import TechnicianBody

__all__ = [
    "ADDRESSES_LIMIT",
    "DESK_ID_LENGTH",
    "KEY_ID_LENGTH",
    "REQUEST_LIMIT",
    "SUITE_X25519_CHACHA",
    "TICKET_LENGTH",
    "VALID_LIMIT",
    "VERSION",
    "Body",
    "EnrolBody",
    "Header",
    "Kind",
    "MailBody",
    "NoticeBody",
    "Purpose",
    "Request",
    "SupportBody",
    "TechnicianBody",
    "fitting",
    "open_body",
    "open_mail",
    "read_header",
    "read_request",
    "seal_body",
    "seal_mail",
]

REQUEST_LIMIT = 1024
"""Bytes of a whole request, at most."""

Body = MailBody | SupportBody | TechnicianBody | EnrolBody | NoticeBody
"""What a request seals."""
_BODIES: dict[Kind, type[Body]] = {
    Kind.MAIL: MailBody,
    Kind.SUPPORT: SupportBody,
    Kind.TECHNICIAN: TechnicianBody,
    Kind.ENROL: EnrolBody,
    Kind.NOTICE: NoticeBody,
}


@dataclass(frozen=True)
class Request:
    """A request as it travels. `clear`: the header's bytes as they came, `sealed`: the rest, `encoded`:
    both.
    """

    header: Header
    clear: bytes
    sealed: bytes
    encoded: bytes

    @property
    def hash(self) -> bytes:
        """SHA-256 over the request's bytes: its name in the log, in mails and on the device."""
        return crypto.sha256(self.encoded)


def seal_body(header: Header, body: Body, public: bytes) -> Request:
    """Seal a body to the desk's public key for `header.kind.purpose`. Not repeatable.

    Raises MisuseError when the header says another kind.
    """
    if _BODIES[header.kind] is not type(body):
        raise MisuseError("request-kind", "the header is of another kind than the body")
    clear = header.encoded
    sealed = crypto.seal(public, bound(clear), body.encoded)
    return Request(header, clear, sealed, encode([clear, sealed]))


def seal_mail(header: Header, body: MailBody, public: bytes) -> Request:
    """Seal a `mail` request. Not repeatable."""
    return seal_body(header, body, public)


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
    return Request(read_header(clear), clear, sealed, data)


def open_body(request: Request, private: bytes) -> Body:
    """Open a request with the desk's private key for its purpose; the class of the body says what it was.

    Raises UntrustedError (`sealed`) for every way in which it does not open or does not hold what a device
    seals.
    """
    plain = crypto.unseal(private, bound(request.clear), request.sealed)
    try:
        fields = Fields.of(plain, "sealed part")
        body = _BODIES[request.header.kind].read(fields)
        fields.end()
    except InputError:
        raise _unopened() from None
    return body


def open_mail(request: Request, private: bytes) -> MailBody:
    """Open a `mail` request. Raises UntrustedError (`sealed`) as `open_body` does, and for another kind."""
    body = open_body(request, private)
    if not isinstance(body, MailBody):
        raise _unopened()
    return body


def _unopened() -> UntrustedError:
    return UntrustedError("sealed", "it was damaged, changed, or sealed for somebody else")
