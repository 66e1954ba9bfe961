"""The addresses of this machine's own interfaces, as Linux tells them (rtnetlink(7), `RTM_GETADDR`).

`lan/interfaces.py` knows networks on every system; a device must know its very addresses, and it runs on Linux.
"""

from __future__ import annotations

import ipaddress
import socket
import struct
from dataclasses import dataclass
from pathlib import Path

from sparekey.core.errors import UnavailableError

NETWORK_CLASS = Path("/sys/class/net")

_REQUEST, _DUMP = 1, 0x300
_NEW, _GET, _DONE, _ERROR = 20, 22, 3, 2
_ADDRESS, _LOCAL, _FLAGS = 1, 2, 8
_PERMANENT, _UNUSABLE = 0x80, 0x40 | 0x08  # tentative, or somebody else has it
_SECONDS = 2.0
_PIECE = 64 * 1024
_HEAD, _BODY, _PART = struct.Struct("=IHHII"), struct.Struct("=BBBBI"), struct.Struct("=HH")


@dataclass(frozen=True)
class Own:
    """One address. `given`: it will run out by itself: from DHCP, or from a router's announcement."""

    index: int
    interface: ipaddress.IPv4Interface | ipaddress.IPv6Interface
    given: bool

    @property
    def text(self) -> str:
        """The address alone."""
        return str(self.interface.ip)


def own_addresses() -> tuple[Own, ...]:
    """All of them but the loopback's. Raises UnavailableError when the system does not tell."""
    try:
        with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE) as asking:
            asking.settimeout(_SECONDS)
            asking.bind((0, 0))
            body = _BODY.pack(socket.AF_UNSPEC, 0, 0, 0, 0)
            asking.send(_HEAD.pack(_HEAD.size + len(body), _GET, _REQUEST | _DUMP, 1, 0) + body)
            found: list[Own] = []
            while not read(asking.recv(_PIECE), found):
                pass
    except (OSError, AttributeError):
        raise UnavailableError("interfaces", "this machine does not tell its addresses") from None
    return tuple(own for own in found if not own.interface.is_loopback)


def read(data: bytes, found: list[Own]) -> bool:
    """Add what one answer of the kernel tells; whether it was the last one."""
    at = 0
    while at + _HEAD.size <= len(data):
        length, kind, *_ = _HEAD.unpack_from(data, at)
        if kind in (_DONE, _ERROR) or length < _HEAD.size:
            return True
        if kind == _NEW:
            own = _address(data[at + _HEAD.size : at + length])
            found += [own] if own else []
        at += (length + 3) & ~3
    return False


def _address(data: bytes) -> Own | None:
    family, prefix, flags, _, index = _BODY.unpack_from(data)
    parts: dict[int, bytes] = {}
    at = _BODY.size
    while at + _PART.size <= len(data):
        length, kind = _PART.unpack_from(data, at)
        if length < _PART.size:
            break
        parts[kind] = data[at + _PART.size : at + length]
        at += (length + 3) & ~3
    raw = parts.get(_LOCAL) or parts.get(_ADDRESS, b"")
    if len(parts.get(_FLAGS, b"")) == 4:
        (flags,) = struct.unpack("=I", parts[_FLAGS])
    if flags & _UNUSABLE:
        return None
    given = not flags & _PERMANENT
    if family == socket.AF_INET and len(raw) == 4:
        return Own(index, ipaddress.IPv4Interface((raw, prefix)), given)
    if family == socket.AF_INET6 and len(raw) == 16:
        return Own(index, ipaddress.IPv6Interface((raw, prefix)), given)
    return None
