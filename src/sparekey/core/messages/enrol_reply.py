"""What a desk answers to an enrolment, under the device's own key (spec/enrolment.md section 3)."""

from __future__ import annotations

from dataclasses import dataclass, field

from sparekey.core.codec import decode, encode
from sparekey.core.codes import from_base32, to_base32
from sparekey.core.crypto import equal, mac
from sparekey.core.errors import InputError, UntrustedError
from sparekey.core.messages.enrol import COUNT_LIMIT
from sparekey.core.messages.fields import Fields
from sparekey.core.messages.header import TICKET_LENGTH
from sparekey.core.messages.link import last_part
from sparekey.core.messages.trust import TRUST_LIMIT

REPLY_LIMIT = TRUST_LIMIT + 256
"""Bytes of a reply, at most."""
HASH_LENGTH = 32

_LINK_LIMIT = 2 * REPLY_LIMIT

_CONTEXT = b"sparekey/1 enrol reply\x00"


@dataclass(frozen=True)
class EnrolReply:
    """`request`: hash of the enrolment that it answers. `ticket`: 16 bytes that show the desk later that
    this device enrolled. `trust`: the newest trust file's bytes, which still have to be checked with the
    maker's root key. `epoch`: the owner epoch that the desk is in, from 1.
    """

    request: bytes
    ticket: bytes = field(repr=False)
    trust: bytes = field(repr=False)
    epoch: int


@dataclass(frozen=True)
class ReplyFile:
    """A reply as it travels, parsed and not yet checked."""

    reply: EnrolReply
    payload: bytes = field(repr=False)
    mac: bytes = field(repr=False)


def make_reply(reply: EnrolReply, key: bytes) -> bytes:
    """The reply's bytes. `key`: K from the enrolment."""
    payload = encode({1: 1, 2: reply.request, 3: reply.ticket, 4: reply.trust, 5: reply.epoch})
    return encode([payload, mac(key, _CONTEXT + payload)])


def read_reply(data: bytes) -> ReplyFile:
    """Read a reply; nothing is checked. Raises InputError."""
    if len(data) > REPLY_LIMIT:
        raise InputError("oversize", f"an enrolment reply has at most {REPLY_LIMIT} bytes")
    parts = decode(data)
    if not isinstance(parts, list) or len(parts) != 2:
        raise InputError("field", "an enrolment reply has two parts")
    payload, code = parts
    if not isinstance(payload, bytes) or not isinstance(code, bytes) or len(code) != HASH_LENGTH:
        raise InputError("field", "an enrolment reply has a content and its authentication")
    fields = Fields.of(payload, "enrolment reply")
    fields.number(1, 1, 1)
    reply = EnrolReply(
        request=fields.data(2, HASH_LENGTH, HASH_LENGTH),
        ticket=fields.data(3, TICKET_LENGTH, TICKET_LENGTH),
        trust=fields.data(4, 1, TRUST_LIMIT),
        epoch=fields.number(5, 1, COUNT_LIMIT),
    )
    fields.end()
    return ReplyFile(reply, payload, code)


def reply_link(prefix: str, data: bytes) -> str:
    """The reply as text, for a QR code where it is short. `prefix`: the desk's, ending in `/R/`."""
    return prefix.removesuffix("R/") + "E/" + to_base32(data)


def is_reply_link(text: str) -> bool:
    """Whether a text is a reply as a link rather than a request's."""
    return len(text) <= _LINK_LIMIT and "".join(text.split()).upper().rpartition("/")[0].endswith("/E")


def read_reply_link(text: str) -> ReplyFile:
    """The reply in a link; white space and case are forgiven. Raises InputError."""
    return read_reply(from_base32(last_part(text)))


def check_reply(file: ReplyFile, request: bytes, key: bytes) -> EnrolReply:
    """The reply, when it answers this very enrolment. Raises UntrustedError (`enrol-reply`)."""
    genuine = equal(file.mac, mac(key, _CONTEXT + file.payload))
    if not genuine or not equal(file.reply.request, request):
        raise UntrustedError("enrol-reply", "this reply is not for this device or this enrolment")
    return file.reply
