"""DHIP, which Dahua's devices and those of its many brands answer: UDP 37810, JSON behind a 32-byte header.

Nothing but searches is ever sent. Devices answer to the sender, once for each path that the search took.
The meaning of the bits of `Init` is inferred from many devices' answers; where it is missing, nothing is claimed.
"""

from __future__ import annotations

import json
import struct
from typing import Any

from sparekey.core.errors import InputError
from sparekey.lan.discovery.found import (
    Found,
    Protocol,
    Way,
    distinct,
    ip_address,
    mac_address,
    plain,
    sender_address,
)
from sparekey.lan.target import link_to

GROUP = "239.255.255.251"
PORT = 37810
WINDOW = 3.0
"""Seconds in which devices answer."""
SIZE_LIMIT = 16 * 1024
"""Bytes of an answer."""

_HEADER = struct.Struct("<I4sIIIIII")
_MAGIC = b"DHIP"
_ANSWER = "client.notifyDevInfo"
_NAMELESS = {"", "private", "general"}
"""What devices without a brand of their own say instead of one."""


def frame(body: bytes) -> bytes:
    """A body behind its header: header's length, the magic, two zeros, body's length twice with zeros between."""
    return _HEADER.pack(_HEADER.size, _MAGIC, 0, 0, len(body), 0, len(body), 0) + body


def search() -> bytes:
    """The question that every device answers."""
    return frame(b'{ "method":"DHDiscover.search","params":{"mac":"","uni":1}}\n')


def unframe(data: bytes) -> bytes:
    """The body of a frame; a longer tail than the header tells is dropped. Raises InputError (`dhip`, `oversize`)."""
    if len(data) > SIZE_LIMIT:
        raise InputError("oversize", "this answer is larger than any that is expected here")
    if len(data) < _HEADER.size:
        raise InputError("dhip", "this is no answer to a search")
    header, magic, _, _, length, *_rest = _HEADER.unpack_from(data)
    if header != _HEADER.size or magic != _MAGIC:
        raise InputError("dhip", "this is no answer to a search")
    body = data[_HEADER.size :]
    return body[:length] if 0 < length < len(body) else body


def read_answer(data: bytes, sender: str) -> tuple[Found, ...]:
    """What an answer says; always one device. Raises InputError."""
    source = sender_address(sender)
    try:
        message = json.loads(unframe(data).rstrip(b"\0\r\n \t").decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        raise InputError("dhip", "the answer holds no JSON") from None
    info = _part(_part(message, "params"), "deviceInfo")
    if not info or message.get("method") != _ANSWER:
        raise InputError("dhip", "this is no answer to a search")
    mac, serial = mac_address(message.get("mac")), plain(info.get("SerialNo"))
    if not mac and not serial:
        raise InputError("dhip", "the answer names no device")
    four, six = _part(info, "IPv4Address"), _part(info, "IPv6Address")
    told = [four.get("IPAddress"), six.get("IPAddress"), six.get("LinkLocalAddress")]
    addresses = distinct([ip_address(address) for address in told])
    activated, ways = _init(info.get("Init"))
    brand = plain(info.get("Vendor"))
    return (
        Found(
            protocols=(Protocol.DHIP,),
            sender=source,
            brand="Dahua" if brand.casefold() in _NAMELESS else brand,
            model=plain(info.get("DeviceType")),
            name=plain(info.get("MachineName")),
            serial=serial,
            firmware=plain(info.get("Version")),
            macs=distinct([mac]),
            addresses=addresses,
            links=distinct([link_to(addresses[0] if addresses else source, info.get("HttpPort"))]),
            activated=activated,
            ways=ways,
        ),
    )


def _init(bits: object) -> tuple[bool | None, frozenset[Way] | None]:
    """Bits 0 and 1: 1 not set up, 2 set up. Bits 6 and 7: 1 no reset, 2 the maker offers one."""
    if not isinstance(bits, int) or isinstance(bits, bool) or not 0 <= bits < 1 << 32:
        return None, None
    ways = {1: frozenset[Way](), 2: frozenset({Way.MAKER})}
    return {1: False, 2: True}.get(bits & 3), ways.get(bits >> 6 & 3)


def _part(whole: Any, name: str) -> dict[str, Any]:
    part = whole.get(name) if isinstance(whole, dict) else None
    return part if isinstance(part, dict) else {}
