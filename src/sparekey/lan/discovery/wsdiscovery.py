"""WS-Discovery as ONVIF uses it: UDP 3702, SOAP 1.2, WS-Addressing of August 2004, WS-Discovery of April 2005
(ONVIF Core Specification, chapter 7). Both sides: asking and reading answers, reading questions and answering.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from sparekey.core.errors import InputError
from sparekey.lan.discovery.found import (
    TEXT_LIMIT,
    Found,
    Protocol,
    distinct,
    ip_address,
    link,
    mac_address,
    sender_address,
)
from sparekey.lan.discovery.scopes import PREFIX, facts
from sparekey.lan.discovery.uuid4 import uuid4
from sparekey.lan.target import read_target
from sparekey.lan.xml import Element, Limits, escape, read_xml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sparekey.host.entropy import Entropy

GROUP = "239.255.255.250"
GROUP6 = "ff02::c"
PORT = 3702
WINDOW = 2.0
"""Seconds in which devices answer; they wait up to half a second before they do."""
LIMITS = Limits(size=32 * 1024, depth=12, nodes=512)
MATCHES_LIMIT = 16
"""Devices told of in one answer."""
SCOPES_LIMIT = 64

SOAP = "http://www.w3.org/2003/05/soap-envelope"
WSA = "http://schemas.xmlsoap.org/ws/2004/08/addressing"
DISCOVERY = "http://schemas.xmlsoap.org/ws/2005/04/discovery"
NETWORK = "http://www.onvif.org/ver10/network/wsdl"
DEVICE = "http://www.onvif.org/ver10/device/wsdl"
RFC3986, STRCMP0 = f"{DISCOVERY}/rfc3986", f"{DISCOVERY}/strcmp0"
TRANSMITTER, DEVICE_TYPE = (NETWORK, "NetworkVideoTransmitter"), (DEVICE, "Device")

_EVERYBODY = "urn:schemas-xmlsoap-org:ws:2005:04:discovery"
_ANONYMOUS = f"{WSA}/role/anonymous"
_PREFIXES = {NETWORK: "dn", DEVICE: "tds"}
_WORD_LIMIT = TEXT_LIMIT * 2


class Kind(Enum):
    """What a message is; the value is the element in its body."""

    PROBE = "Probe"
    PROBE_MATCHES = "ProbeMatches"
    RESOLVE = "Resolve"
    RESOLVE_MATCHES = "ResolveMatches"
    HELLO = "Hello"
    BYE = "Bye"


@dataclass(frozen=True)
class Service:
    """A device in a message; in a Probe what is looked for. `types`: (namespace, name). `links`: XAddrs."""

    endpoint: str = ""
    types: tuple[tuple[str, str], ...] = ()
    scopes: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    match_by: str = RFC3986


@dataclass(frozen=True)
class Message:
    """One message, read. `services`: those of a Matches, or the only one."""

    kind: Kind
    id: str
    relates_to: str
    services: tuple[Service, ...]


@dataclass(frozen=True)
class Sequence:
    """Which of our messages this is (WS-Discovery, AppSequence): grows from start to start, and in between."""

    instance: int
    number: int


def message_id(entropy: Entropy) -> str:
    """A fresh name for a message."""
    return f"urn:uuid:{uuid4(entropy.bytes(16))}"


def probes(entropy: Entropy) -> tuple[bytes, bytes, bytes]:
    """The three questions, each with a fresh id: some devices answer to one of them only."""
    types = ("<d:Types>dn:NetworkVideoTransmitter</d:Types>", "<d:Types>tds:Device</d:Types>", "")
    bodies = (f"<d:Probe>{asked}</d:Probe>" for asked in types)
    first, second, third = (
        _envelope(Kind.PROBE, message_id(entropy), body, to=_EVERYBODY) for body in bodies
    )
    return first, second, third


def resolve(endpoint: str, name: str) -> bytes:
    """Ask where the device with this id is. `name`: the message's id."""
    body = f"<d:Resolve>{_endpoint(endpoint)}</d:Resolve>"
    return _envelope(Kind.RESOLVE, name, body, to=_EVERYBODY)


def matches(kind: Kind, service: Service, question: str, name: str, sequence: Sequence) -> bytes:
    """The answer to a Probe (PROBE_MATCHES) or a Resolve (RESOLVE_MATCHES) whose id is `question`."""
    inner = kind.value.removesuffix("es")
    body = f"<d:{kind.value}><d:{inner}>{_told(service)}</d:{inner}></d:{kind.value}>"
    return _envelope(kind, name, body, to=_ANONYMOUS, relates_to=question, sequence=sequence)


def hello(service: Service, name: str, sequence: Sequence) -> bytes:
    """Tell the network that we are here."""
    body = f"<d:Hello>{_told(service)}</d:Hello>"
    return _envelope(Kind.HELLO, name, body, to=_EVERYBODY, sequence=sequence)


def bye(service: Service, name: str, sequence: Sequence) -> bytes:
    """Tell the network that we leave."""
    body = f"<d:Bye>{_endpoint(service.endpoint)}</d:Bye>"
    return _envelope(Kind.BYE, name, body, to=_EVERYBODY, sequence=sequence)


def read_message(data: bytes) -> Message:
    """Any of the six messages. Raises InputError."""
    envelope = read_xml(data, LIMITS)
    if envelope.name != "Envelope":
        raise InputError("wsdiscovery", "this is no SOAP message")
    header, body = envelope.need("Header"), envelope.need("Body")
    kinds = {kind.value: kind for kind in Kind}
    content = next((c for c in body.children if c.space == DISCOVERY and c.name in kinds), None)
    if content is None:
        raise InputError("wsdiscovery", "this is no discovery message")
    kind = kinds[content.name]
    inner = kind.value.removesuffix("es")
    told = list(content.all(inner)) if kind.value.endswith("Matches") else [content]
    services = tuple(_service(element) for element in told[:MATCHES_LIMIT])
    return Message(kind, _word(header.says("MessageID")), _word(header.says("RelatesTo")), services)


def read_answer(data: bytes, sender: str) -> tuple[Found, ...]:
    """The cameras and recorders in an answer or a Hello. Printers and computers answer too: raises InputError
    (`no-camera`) when nothing else is in it, and for what cannot be read.
    """
    source = sender_address(sender)
    message = read_message(data)
    if message.kind not in (Kind.PROBE_MATCHES, Kind.RESOLVE_MATCHES, Kind.HELLO):
        raise InputError("wsdiscovery", "this is no answer")
    found = tuple(_found(service, source) for service in message.services if _is_camera(service))
    if not found:
        raise InputError("no-camera", "the answer is not from a camera")
    return found


def _is_camera(service: Service) -> bool:
    typed = any(
        name.startswith("NetworkVideo") or (name == "Device" and space in (DEVICE, "tds:"))
        for space, name in service.types
    )
    return bool(service.endpoint) and (
        typed or any(scope.lower().startswith(PREFIX) for scope in service.scopes)
    )


def _found(service: Service, source: str) -> Found:
    told = facts(service.scopes)
    model, name = told.get("hardware", ""), told.get("name", "")
    brand = told.get("manufacturer", "")
    if not brand and model and name.endswith(f" {model}"):  # many say "BRAND MODEL" as their name
        brand = name.removesuffix(model).strip()
    links = distinct([link(text) for text in service.links])
    return Found(
        protocols=(Protocol.ONVIF,),
        sender=source,
        ident=service.endpoint.lower().removeprefix("urn:").removeprefix("uuid:"),
        brand=brand,
        model=model,
        name=name,
        serial=told.get("serial", ""),
        macs=distinct([mac_address(told.get("mac"))]),
        addresses=distinct(list(_hosts(links))),
        links=links,
    )


def _hosts(links: tuple[str, ...]) -> Iterator[str]:
    for text in links:
        try:
            yield ip_address(read_target(text).host)
        except InputError:
            continue


def _service(element: Element) -> Service:
    reference = element.first("EndpointReference")
    types, scopes = element.first("Types"), element.first("Scopes")
    return Service(
        endpoint="" if reference is None else _word(reference.says("Address")),
        types=() if types is None else tuple(map(types.qualified, types.text.split()[:SCOPES_LIMIT])),
        scopes=() if scopes is None else tuple(map(_word, scopes.text.split()[:SCOPES_LIMIT])),
        links=tuple(element.says("XAddrs").split()[:MATCHES_LIMIT]),
        match_by=RFC3986 if scopes is None else scopes.attributes.get("MatchBy", RFC3986),
    )


def _word(text: str) -> str:
    """An id or a scope: visible ASCII without spaces, 256 characters at most, or nothing."""
    return text if len(text) <= _WORD_LIMIT and all("!" <= c <= "~" for c in text) else ""


def _endpoint(endpoint: str) -> str:
    return f"<a:EndpointReference><a:Address>{escape(endpoint)}</a:Address></a:EndpointReference>"


def _told(service: Service) -> str:
    types = " ".join(f"{_PREFIXES[space]}:{name}" for space, name in service.types)
    return (
        f"{_endpoint(service.endpoint)}<d:Types>{types}</d:Types>"
        f"<d:Scopes>{escape(' '.join(service.scopes))}</d:Scopes>"
        f"<d:XAddrs>{escape(' '.join(service.links))}</d:XAddrs><d:MetadataVersion>1</d:MetadataVersion>"
    )


def _envelope(
    kind: Kind, name: str, body: str, *, to: str, relates_to: str = "", sequence: Sequence | None = None
) -> bytes:
    header = f"<a:Action>{DISCOVERY}/{kind.value}</a:Action><a:MessageID>{escape(name)}</a:MessageID>"
    if relates_to:
        header += f"<a:RelatesTo>{escape(relates_to)}</a:RelatesTo>"
    header += f"<a:To>{to}</a:To>"
    if sequence is not None:
        header += f'<d:AppSequence InstanceId="{sequence.instance}" MessageNumber="{sequence.number}"/>'
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="{SOAP}" xmlns:a="{WSA}" '
        f'xmlns:d="{DISCOVERY}" xmlns:dn="{NETWORK}" xmlns:tds="{DEVICE}">'
        f"<s:Header>{header}</s:Header><s:Body>{body}</s:Body></s:Envelope>"
    ).encode()
