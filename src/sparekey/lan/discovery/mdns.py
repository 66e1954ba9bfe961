"""Multicast DNS (RFC 6762) and service discovery in it (RFC 6763): our own devices and Axis cameras. UDP 5353.

Both sides: asking and reading answers, and what our own device answers (spec/lan.md section 2).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from sparekey.core.errors import InputError
from sparekey.core.values import MODEL_LIMIT
from sparekey.lan.discovery import dns
from sparekey.lan.discovery.found import (
    Found,
    Protocol,
    distinct,
    ip_address,
    mac_address,
    plain,
    sender_address,
)
from sparekey.lan.target import link_to

GROUP = "224.0.0.251"
GROUP6 = "ff02::fb"
PORT = 5353
HOPS = 255
"""What the standard asks for, so that a receiver could see that nothing came from elsewhere."""
WINDOW = 2.0
"""Seconds in which devices answer; they wait up to 0.12 seconds."""

OWN: dns.Name = ("_sparekey", "_tcp", "local")
AXIS: dns.Name = ("_axis-video", "_tcp", "local")
_TYPES: dns.Name = ("_services", "_dns-sd", "_udp", "local")
_LONG, _SHORT, _LEGACY = 4500, 120, 10
"""Seconds for which others may remember: names of services; addresses; anything told to a plain DNS client."""
_AXIS_NAME = re.compile(r"(?:AXIS )?(.+?) - ([0-9A-F]{12})", re.IGNORECASE)


@dataclass(frozen=True)
class Presence:
    """What our device tells everybody on its network, and nothing else (spec/lan.md section 2.1). `ident`: the first
    eight bytes of its TLS key's hash, as 16 hexadecimal digits. `port`: of its HTTPS service. `addresses`: its own on
    the network that asks.
    """

    ident: str
    model: str
    activated: bool
    port: int
    addresses: tuple[str, ...]

    @property
    def instance(self) -> dns.Name:
        """The name under which people see it."""
        return (f"{self.model[:MODEL_LIMIT]} {self.ident[:4].upper()}", *OWN)

    @property
    def host(self) -> dns.Name:
        """Its host name."""
        return (f"sparekey-{self.ident}", "local")


@dataclass(frozen=True)
class Answer:
    """`alone`: to the asker; otherwise to the group."""

    data: bytes
    alone: bool


def question(*types: dns.Name) -> bytes:
    """Ask for services of these types, ours and Axis' when none is named."""
    asked = tuple(dns.Question(name, dns.PTR, alone=True) for name in types or (OWN, AXIS))
    return dns.write(dns.Message(questions=asked))


def read_answer(data: bytes, sender: str) -> tuple[Found, ...]:
    """The devices in an answer, ours and Axis'. Raises InputError, for a farewell too."""
    source = sender_address(sender)
    message = dns.read(data)
    if not message.is_answer:
        raise InputError("mdns", "this is no answer")
    instances = {
        record.name: record
        for record in message.records
        if record.kind == dns.SRV and record.ttl and len(record.name) == len(OWN) + 1
    }
    found: list[Found] = []
    for name, record in instances.items():
        match record.value:
            case int() as port, tuple() as host if dns.same(name[1:], OWN):
                found.append(_own(message, name, host, port, source))
            case int() as port, tuple() as host if dns.same(name[1:], AXIS):
                found.append(_axis(message, name, host, port, source))
    if not found:
        raise InputError("no-camera", "the answer is not from a camera")
    return tuple(found)


def answer(data: bytes, presence: Presence, port: int) -> Answer | None:
    """What our device answers to a question that came from this port, or None. Raises InputError."""
    message = dns.read(data)
    if message.is_answer:
        return None
    told = _asked_for(message, presence)
    if not told:
        return None
    known = [record for record in message.records if record.ttl >= _LONG // 2]
    if all(any(_equal(record, old) for old in known) for record in told):
        return None
    more = [record for record in _records(presence) if record not in told]
    if port != PORT:  # a plain DNS client (RFC 6762 section 6.7)
        short = tuple(replace(r, ttl=_LEGACY, flush=False) for r in [*told, *more])
        plainly = dns.Message(message.id, is_answer=True, questions=message.questions, records=short)
        return Answer(dns.write(plainly, len(told)), alone=True)
    alone = all(asked.alone for asked in message.questions)
    return Answer(dns.write(dns.Message(is_answer=True, records=(*told, *more)), len(told)), alone)


def announcement(presence: Presence) -> bytes:
    """Tell the network that we are here, or what changed."""
    return dns.write(dns.Message(is_answer=True, records=_records(presence)))


def farewell(presence: Presence) -> bytes:
    """Tell the network that we leave."""
    records = tuple(replace(record, ttl=0) for record in _records(presence))
    return dns.write(dns.Message(is_answer=True, records=records))


def _records(presence: Presence) -> tuple[dns.Record, ...]:
    state = b"set" if presence.activated else b"new"
    facts = (b"v=1", b"id=" + presence.ident.encode(), b"model=" + presence.model.encode(), b"state=" + state)
    addresses = tuple(
        dns.Record(presence.host, dns.AAAA if ":" in address else dns.A, address, _SHORT, flush=True)
        for address in (text.partition("%")[0] for text in presence.addresses)
    )
    return (
        dns.Record(OWN, dns.PTR, presence.instance, _LONG),
        dns.Record(presence.instance, dns.SRV, (presence.port, presence.host), _SHORT, flush=True),
        dns.Record(presence.instance, dns.TXT, facts, _LONG, flush=True),
        *addresses,
    )


def _asked_for(message: dns.Message, presence: Presence) -> list[dns.Record]:
    types = dns.Record(_TYPES, dns.PTR, OWN, _LONG)
    return [
        record
        for record in (*_records(presence), types)
        if any(
            dns.same(asked.name, record.name) and asked.kind in (record.kind, dns.ANY)
            for asked in message.questions
        )
    ]


def _equal(record: dns.Record, old: dns.Record) -> bool:
    return record.kind == old.kind and dns.same(record.name, old.name) and record.value == old.value


def _own(message: dns.Message, name: dns.Name, host: dns.Name, port: int, source: str) -> Found:
    facts = _facts(message, name)
    return Found(
        protocols=(Protocol.SPAREKEY,),
        sender=source,
        ident=plain(facts.get("id", "")),
        brand="sparekey",
        model=plain(facts.get("model", "")),
        name=plain(name[0]),
        addresses=_addresses(message, host),
        links=distinct([link_to(source, port, tls=True)]),
        activated={"new": False, "set": True}.get(facts.get("state", "")),
    )


def _axis(message: dns.Message, name: dns.Name, host: dns.Name, port: int, source: str) -> Found:
    shown = plain(name[0])
    match = _AXIS_NAME.fullmatch(shown)
    mac = mac_address(_facts(message, name).get("macaddress")) or mac_address(match[2] if match else "")
    return Found(
        protocols=(Protocol.AXIS,),
        sender=source,
        ident=mac,
        brand="Axis",
        model=match[1] if match else "",
        name=shown,
        serial=mac.replace("-", "").upper(),
        macs=distinct([mac]),
        addresses=_addresses(message, host),
        links=distinct([link_to(source, port)]),
    )


def _facts(message: dns.Message, name: dns.Name) -> dict[str, str]:
    """The strings of a TXT record by their keys in lower case; of two with one key the first counts (RFC 6763)."""
    facts: dict[str, str] = {}
    for record in message.records:
        if record.kind == dns.TXT and dns.same(record.name, name):
            for entry in record.value:
                if isinstance(entry, bytes):
                    key, _, value = entry.decode("utf-8", "replace").partition("=")
                    facts.setdefault(key.lower(), value)
    return facts


def _addresses(message: dns.Message, host: dns.Name) -> tuple[str, ...]:
    kinds = (dns.A, dns.AAAA)
    own = [record for record in message.records if record.kind in kinds and dns.same(record.name, host)]
    return distinct([ip_address(record.value) for record in own])
