"""What is spoken on a local network: discovery of every brand, ONVIF, HTTP as cameras speak it, our own calls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from fuzz.target import Target, of_text
from sparekey.core.messages.fields import Fields
from sparekey.lan.discovery import dhip, mdns, sadp, scopes, ssdp
from sparekey.lan.discovery import wsdiscovery as wsd
from sparekey.lan.http_digest import challenges
from sparekey.lan.http_reply import ReplyReader
from sparekey.lan.link import cameras, letters, network, owner, recovery, ways
from sparekey.lan.link.frame import Nothing, Refused, read_asked, read_claim, read_refused
from sparekey.lan.onvif import client
from sparekey.lan.onvif.digest_gate import read_parameters
from sparekey.lan.onvif.security import read_moment, write_token
from sparekey.lan.onvif.soap import write_envelope
from sparekey.lan.responder import answer_mdns, answer_onvif
from sparekey.lan.target import read_target
from sparekey.lan.xml import read_xml
from sparekey.testing.entropy import FixedEntropy
from tests.lan.captured import CAPTURES, captured
from tests.lan.onvif.camera import ADMIN, NOW, Camera, post, service
from tests.vectors.vector import load

SENDER = "192.0.2.200"
PRESENCE = mdns.Presence("8f3c11a2b0d4e596", "PX-3216", activated=True, port=8543, addresses=("192.0.2.20",))
SERVICE = wsd.Service(
    endpoint="urn:uuid:00000000-0000-4000-8000-000000005399",
    types=(wsd.TRANSMITTER, wsd.DEVICE_TYPE),
    scopes=scopes.write(type="Network_Video_Transmitter", hardware="PX-3216", name="Front & back"),
    links=("http://192.0.2.20/onvif/device_service",),
)
ASKED = [
    client.get_system_date_and_time(),
    client.get_device_information(),
    client.get_services(),
    client.get_service_capabilities(),
    client.get_scopes(),
    client.get_users(),
]


class Part(Protocol):
    """A message of a call or of an answer, by its class."""

    def read(self, fields: Fields) -> object:
        """From its fields."""


CALLS: tuple[Part, ...] = (
    owner.Login, owner.Activated, owner.Activate, owner.Known, owner.Check, owner.SetPassword, owner.SetUser,
    owner.SetAddress, owner.SetNetwork, letters.Letters, letters.Fetch, letters.Delivered, letters.Deliver,
    cameras.Results, cameras.AskResults,
    Nothing, recovery.Spoken, recovery.Granted, recovery.Opened, recovery.Begin, recovery.Show, recovery.Apply,
    recovery.Recovered, recovery.Choose, recovery.Cancel, network.Network, ways.Abilities,
)  # fmt: skip


def call(data: bytes) -> object:
    """One message; the first byte says which."""
    fields = read_asked(data[1:])
    read = CALLS[data[0] % len(CALLS) if data else 0].read(fields)
    fields.end()
    return read


def calls() -> list[bytes]:
    """Every message of the vectors, as each of the messages."""
    good = [bytes.fromhex(vector["bytes"]) for vector in load("calls") if vector["expect"] == "ok"]
    return [bytes([place]) + data for place in range(len(CALLS)) for data in good]


def captures(kind: str) -> Callable[[], list[bytes]]:
    """What devices of one kind were heard to say, with invented names."""
    return lambda: [captured(path.name) for path in sorted(CAPTURES.iterdir()) if path.name.startswith(kind)]


def reply(data: bytes) -> object:
    """In pieces whose size the first byte says, or at once."""
    step, content = (data[0] or len(data)) if data else 1, data[1:]
    reader = ReplyReader("GET", 4096)
    for at in range(0, len(content), step):
        if reader.feed(content[at : at + step]):
            break
    return reader.reply()


def answered(data: bytes) -> object:
    """What a device says to one of our questions; the first byte says to which."""
    asked = ASKED[data[0] % len(ASKED) if data else 0]
    return asked.read(data[1:])


def onvif(data: bytes) -> object:
    """A message to our own ONVIF service."""
    return service(Camera()).answer(post(data), NOW)


def soap() -> list[bytes]:
    """Messages with a login and without."""
    messages = [asked.message() for asked in ASKED] + [
        asked.message(ADMIN, bytes(16), NOW) for asked in ASKED
    ]
    return [*messages, write_envelope("<tds:GetUsers/>", write_token(ADMIN, bytes(16), NOW))]


def told() -> list[bytes]:
    """What our own service answers to each question."""
    return [
        bytes([place]) + service(Camera()).answer(post(asked.message(ADMIN, bytes(16), NOW)), NOW).body
        for place, asked in enumerate(ASKED)
    ]


REPLIES = [
    b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 2\r\n\r\nok",
    b'HTTP/1.0 401\nWWW-Authenticate: Digest realm="a", nonce="b"\n\n',
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
]
HEADERS = [
    b'Digest realm="EX", qop="auth,auth-int", nonce="4f7q", algorithm=SHA-256, opaque="x", stale=true, Basic realm="b"',
    b'Digest username="admin", realm="a", nonce="b", uri="/onvif", response="c", qop=auth, nc=00000001, cnonce="d"',
]

TARGETS = [
    Target("sadp", lambda data: sadp.read_answer(data, SENDER), captures("sadp")),
    Target("dhip", lambda data: dhip.read_answer(data, SENDER), captures("dhip")),
    Target("wsdiscovery", lambda data: wsd.read_answer(data, SENDER), captures("onvif")),
    Target(
        "wsdiscovery-question",
        lambda data: answer_onvif(data, SERVICE, lambda: "urn:uuid:1", lambda: wsd.Sequence(3, 9)),
        lambda: list(wsd.probes(FixedEntropy())),
    ),
    Target("ssdp", lambda data: ssdp.read_answer(data, SENDER), captures("ssdp")),
    Target("mdns", lambda data: mdns.read_answer(data, SENDER), lambda: [mdns.announcement(PRESENCE)]),
    Target("mdns-question", lambda data: answer_mdns(data, PRESENCE, 5353), lambda: [mdns.question()]),
    Target("xml", read_xml, lambda: [*captures("onvif")(), *captures("sadp")()]),
    Target("xml-partial", lambda data: read_xml(data, partial=True), captures("sadp")),
    Target("onvif-service", onvif, soap),
    Target("onvif-answer", answered, told),
    Target("http-reply", reply, lambda: [bytes([step]) + data for data in REPLIES for step in (0, 7)]),
    Target("http-challenge", of_text(lambda text: challenges([text])), lambda: HEADERS),
    Target("digest-parameters", of_text(read_parameters), lambda: HEADERS),
    Target(
        "soap-moment", of_text(read_moment), lambda: [b"2026-11-25T10:11:12Z", b"2026-11-25T10:11:12.5+01:00"]
    ),
    Target(
        "url", of_text(read_target), lambda: [b"http://192.0.2.4:8899/onvif", b"https://[2001:db8::7%252]/"]
    ),
    Target("link-call", call, calls),
    Target("link-refused", read_refused, lambda: [Refused("wrong-code", 60, 3).encoded]),
    Target("pickup-code", of_text(read_claim), lambda: [b"0" * 32]),
]
