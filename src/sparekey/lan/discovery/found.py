"""What an answer says about a device, whatever protocol it came by, and which answers are about the same one."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from enum import Enum

from sparekey.core.errors import InputError

TEXT_LIMIT = 128
"""Characters kept of any text in an answer."""
LIST_LIMIT = 16
"""Addresses, and links, kept of any answer."""
LINK_LIMIT = 256
"""Characters of a link."""


class Protocol(Enum):
    """By which an answer came, in the order in which they are believed when they disagree."""

    SPAREKEY = "sparekey"
    SADP = "sadp"
    DHIP = "dhip"
    ONVIF = "onvif"
    AXIS = "axis"
    SSDP = "ssdp"


class Way(Enum):
    """A way back in that the device's firmware says it has. It tells nothing about what the owner set up."""

    REQUEST_FILE = "request-file"
    """A file is exported, support answers with a file."""
    REQUEST_KEY = "request-key"
    """A file or QR code is exported, support answers with a short key."""
    KEY_FILE = "key-file"
    """A file that the owner saved earlier."""
    QUESTIONS = "questions"
    """Security questions."""
    MAIL = "mail"
    """A code to the mailbox that the owner reserved."""
    MAKER = "maker"
    """There is one; the answer does not say which."""


@dataclass(frozen=True)
class Found:
    """One device as one answer, or several put together, tell of it. What was not told is empty or None.

    Everything here was said by a stranger: it is shown, never trusted. `sender`: the address that answered, with its
    zone for IPv6 link-local. `ident`: how the device names itself in its protocol (an endpoint or key id). `mac`: as
    `02-00-5e-00-53-01`; `macs` has all of them. `addresses`: IP addresses. `links`: where it says that it is served.
    `started`: what its own clock showed at its start, as `YYYY-MM-DD hh:mm:ss`. `ways`: None when nothing was said
    about them.
    """

    protocols: tuple[Protocol, ...]
    sender: str
    ident: str = ""
    brand: str = ""
    model: str = ""
    name: str = ""
    serial: str = ""
    firmware: str = ""
    macs: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    activated: bool | None = None
    started: str = ""
    ways: frozenset[Way] | None = None

    @property
    def mac(self) -> str:
        """The first MAC address, or nothing."""
        return self.macs[0] if self.macs else ""


def plain(text: object) -> str:
    """A stranger's text made fit to show: printable characters only, single spaces, 128 at most. No text: nothing."""
    if not isinstance(text, str):
        return ""
    shown = "".join(c if c.isprintable() else " " for c in text[: 4 * TEXT_LIMIT])
    return " ".join(shown.split())[:TEXT_LIMIT].strip()


_MAC = re.compile(r"[0-9a-f]{12}")


def mac_address(text: object) -> str:
    """A MAC address in its one form, from any usual spelling; nothing when it is none, zero or a group's."""
    if not isinstance(text, str) or len(text) > 2 * TEXT_LIMIT:
        return ""
    digits = re.sub(r"[\s:.-]", "", text).lower()
    if not _MAC.fullmatch(digits) or not digits.strip("0") or int(digits[1], 16) & 1:
        return ""
    return "-".join(digits[at : at + 2] for at in range(0, 12, 2))


def ip_address(text: object) -> str:
    """An IP address that one device can have, in its one form; nothing otherwise. A prefix length is dropped."""
    if not isinstance(text, str) or len(text) > TEXT_LIMIT:
        return ""
    try:
        address = ipaddress.ip_address(text.strip().partition("/")[0])
    except ValueError:
        return ""
    if address.is_unspecified or address.is_multicast or address.is_loopback:
        return ""
    return "" if address.packed == b"\xff\xff\xff\xff" else str(address)


def sender_address(sender: str) -> str:
    """The address that a datagram came from, in its one form. Raises InputError (`sender`)."""
    try:
        address = ipaddress.ip_address(sender)
    except ValueError:
        raise InputError("sender", "an answer came from something that is no address") from None
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return str(address)


def distinct(texts: object) -> tuple[str, ...]:
    """The texts of a list that say anything, each once, in order, 16 at most."""
    if not isinstance(texts, (list, tuple)):
        return ()
    return tuple(dict.fromkeys(text for text in texts if isinstance(text, str) and text))[:LIST_LIMIT]


_LINK = re.compile(r"https?://[!-~]+", re.IGNORECASE)


def link(text: object) -> str:
    """A web address, or nothing. It is only looked at here: see `target.read_target` before it is called."""
    if not isinstance(text, str) or len(text) > LINK_LIMIT or not _LINK.fullmatch(text):
        return ""
    return text


_STARTED = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}")


def start_time(text: object) -> str:
    """A device's start time as it writes it, or nothing when it has another form."""
    shown = plain(text)
    return shown if _STARTED.fullmatch(shown) else ""
