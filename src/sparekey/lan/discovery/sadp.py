"""SADP, which Hikvision's devices and those of its many brands answer: UDP 37020, XML without a namespace.

Nothing but inquiries is ever sent. Answers come back to the group or to the sender, so the asker's socket is bound to
the same port. Real answers have `flase` for false, any case in names, a bare `&`, bytes before the XML, and end in the
middle; what was complete until there is taken.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

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
    start_time,
)
from sparekey.lan.discovery.uuid4 import uuid4
from sparekey.lan.target import link_to
from sparekey.lan.xml import Limits, read_xml

if TYPE_CHECKING:
    from sparekey.host.entropy import Entropy

GROUP = "239.255.255.250"
PORT = 37020
WINDOW = 3.0
"""Seconds in which devices answer."""
LIMITS = Limits(size=16 * 1024, depth=4, nodes=256)

_BEFORE = 64
"""Bytes of another header that may stand before the XML."""
_BARE = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});)")
_YES = {"true": True, "1": True, "false": False, "flase": False, "0": False}
_WAYS = {
    "passwordresetability": Way.REQUEST_FILE,
    "passwordresetmodesecond": Way.REQUEST_KEY,
    "supportguid": Way.KEY_FILE,
    "supportsecurityquestion": Way.QUESTIONS,
    "supportmailbox": Way.MAIL,
}
_PORTS = {"httpport": False, "httpsport": True}


def inquiry(entropy: Entropy) -> bytes:
    """The question that every device answers, with a number of its own."""
    number = uuid4(entropy.bytes(16)).upper()
    return (
        f'<?xml version="1.0" encoding="utf-8"?><Probe><Uuid>{number}</Uuid><Types>inquiry</Types></Probe>'
    ).encode()


def read_answer(data: bytes, sender: str) -> tuple[Found, ...]:
    """What an answer says; always one device. Raises InputError."""
    source = sender_address(sender)
    facts = _facts(data)
    mac, serial = mac_address(facts.get("mac")), plain(facts.get("devicesn"))
    if not mac and not serial:
        raise InputError("sadp", "the answer names no device")
    brand = next((b for b in (plain(facts.get("oeminfo")),) if b and b.upper() != "N/A"), "Hikvision")
    addresses = distinct([ip_address(facts.get("ipv4address")), ip_address(facts.get("ipv6address"))])
    links = [
        link_to(addresses[0] if addresses else source, facts.get(port, ""), tls=tls)
        for port, tls in _PORTS.items()
    ]
    return (
        Found(
            protocols=(Protocol.SADP,),
            sender=source,
            brand=brand,
            model=plain(facts.get("devicedescription")),
            serial=serial,
            firmware=plain(facts.get("softwareversion")),
            macs=distinct([mac]),
            addresses=addresses,
            links=distinct(links),
            activated=_YES.get(facts.get("activated", "").lower()),
            started=start_time(facts.get("boottime")),
            ways=_ways(facts),
        ),
    )


def _facts(data: bytes) -> dict[str, str]:
    """The elements of an answer by their names in lower case; of two with one name the first counts."""
    if len(data) > LIMITS.size:
        raise InputError("oversize", "this answer is larger than any that is expected here")
    begin = data.find(b"<", 0, _BEFORE)
    text = data[max(begin, 0) :].decode("utf-8", "replace")
    root = read_xml(_BARE.sub("&amp;", text), LIMITS, partial=True)
    if root.name.lower() != "probematch":
        raise InputError("sadp", "this is no answer to an inquiry")
    facts: dict[str, str] = {}
    for child in root.children:
        facts.setdefault(child.name.lower(), child.text)
    return facts


def _ways(facts: dict[str, str]) -> frozenset[Way] | None:
    told = {way: _YES.get(facts.get(name, "").lower()) for name, way in _WAYS.items()}
    if all(answer is None for answer in told.values()):
        return None
    return frozenset(way for way, answer in told.items() if answer)
