"""What our device answers to WS-Discovery, to whom, and how often."""

from __future__ import annotations

import asyncio
import ipaddress
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparekey.core.errors import InputError, UnavailableError
from sparekey.lan import gate as gates
from sparekey.lan.discovery import dhip, dns, mdns, sadp, scopes, ssdp
from sparekey.lan.discovery import wsdiscovery as wsd
from sparekey.lan.gate import Gate
from sparekey.lan.interfaces import Network
from sparekey.lan.responder import NETWORKS_AGE, Answering, Reply, Voice, answer_mdns, answer_onvif
from sparekey.testing.clock import FixedClock
from sparekey.testing.entropy import FixedEntropy

NEAR: tuple[Network, ...] = (ipaddress.IPv4Network("192.0.2.0/24"), ipaddress.IPv6Network("2001:db8::/64"))
SERVICE = wsd.Service(
    endpoint="urn:uuid:00000000-0000-4000-8000-000000005399",
    types=(wsd.TRANSMITTER, wsd.DEVICE_TYPE),
    scopes=scopes.write(type="Network_Video_Transmitter", hardware="PX-3216", name="Front & back"),
    links=("http://192.0.2.20/onvif/device_service",),
)


def reply(data: bytes, service: wsd.Service = SERVICE) -> Reply | None:
    return answer_onvif(data, service, lambda: wsd.message_id(FixedEntropy()), lambda: wsd.Sequence(3, 9))


def probe(types: str = "", more: str = "", scope: str = "", match_by: str = "") -> bytes:
    rule = f' MatchBy="{match_by}"' if match_by else ""
    kinds = f"<d:Types {more}>{types}</d:Types>" if types else ""
    places = f"<d:Scopes{rule}>{scope}</d:Scopes>" if scope or match_by else ""
    return wsd.probes(FixedEntropy())[2].replace(
        b"<d:Probe></d:Probe>", f"<d:Probe>{kinds}{places}</d:Probe>".encode()
    )


def test_each_of_the_three_questions_is_answered() -> None:
    questions = wsd.probes(FixedEntropy())
    assert len({wsd.read_message(question).id for question in questions}) == 3
    for question in questions:
        told = reply(question)
        assert told is not None
        assert told.alone
        assert len(told.data) <= gates.ANSWER_LIMIT
        message = wsd.read_message(told.data)
        assert message.kind is wsd.Kind.PROBE_MATCHES
        assert message.relates_to == wsd.read_message(question).id
        assert message.services == (SERVICE,)


def test_a_finder_reads_our_answer() -> None:
    told = reply(wsd.probes(FixedEntropy())[0])
    assert told is not None
    (found,) = wsd.read_answer(told.data, "192.0.2.20")
    assert (found.model, found.name, found.serial, found.macs) == ("PX-3216", "Front & back", "", ())
    assert found.ident == SERVICE.endpoint.removeprefix("urn:uuid:")
    assert found.addresses == ("192.0.2.20",)


@pytest.mark.parametrize(
    ("question", "answered"),
    [
        (probe("x:Device", 'xmlns:x="http://www.onvif.org/ver10/device/wsdl"'), True),
        (probe("x:Device", 'xmlns:x="http://schemas.xmlsoap.org/ws/2006/02/devprof"'), False),
        (probe("dn:NetworkVideoTransmitter tds:Device"), True),
        (probe("dn:NetworkVideoTransmitter y:Printer"), False),
        (probe("dn:NetworkVideoDisplay"), False),
        (probe("Device"), False),
        (probe(scope="onvif://www.onvif.org/hardware"), True),
        (probe(scope="ONVIF://WWW.onvif.org/hardware/PX-3216/"), True),
        (probe(scope="onvif://www.onvif.org"), True),
        (probe(scope="onvif://www.onvif.org/hard"), False),
        (probe(scope="onvif://www.onvif.org/hardware/../hardware"), False),
        (probe(scope="onvif://www.onvif.org/hardware onvif://www.onvif.org/location"), False),
        (probe(scope="onvif://[broken"), False),
        (probe(scope="onvif://www.onvif.org/hardware/PX-3216", match_by=wsd.STRCMP0), True),
        (probe(scope="onvif://www.onvif.org/hardware", match_by=wsd.STRCMP0), False),
        (probe(scope="x", match_by="urn:example:rule"), False),
        (wsd.resolve(SERVICE.endpoint, "urn:uuid:1"), True),
        (wsd.resolve("urn:uuid:1", "urn:uuid:1"), False),
        (wsd.resolve(SERVICE.endpoint, "two words"), False),
        (wsd.hello(SERVICE, "urn:uuid:1", wsd.Sequence(1, 1)), False),
        (wsd.bye(SERVICE, "urn:uuid:1", wsd.Sequence(1, 1)), False),
        (wsd.matches(wsd.Kind.PROBE_MATCHES, SERVICE, "a", "b", wsd.Sequence(1, 1)), False),
    ],
)
def test_only_who_looks_for_us_is_answered(question: bytes, answered: bool) -> None:
    assert (reply(question) is not None) is answered


def test_undeclared_prefixes_are_taken_as_meant() -> None:
    declared = f' xmlns:dn="{wsd.NETWORK}" xmlns:tds="{wsd.DEVICE}"'.encode()
    bare = probe("dn:NetworkVideoTransmitter").replace(declared, b"")
    assert b"xmlns:dn" not in bare
    assert reply(bare) is not None


def test_a_resolve_is_answered_as_such() -> None:
    told = reply(wsd.resolve(SERVICE.endpoint, "urn:uuid:1"))
    assert told is not None
    message = wsd.read_message(told.data)
    assert (message.kind, message.relates_to) == (wsd.Kind.RESOLVE_MATCHES, "urn:uuid:1")
    assert b'InstanceId="3" MessageNumber="9"' in told.data


def test_hello_and_bye_are_read() -> None:
    (found,) = wsd.read_answer(wsd.hello(SERVICE, "urn:uuid:1", wsd.Sequence(1, 1)), "192.0.2.20")
    assert found.model == "PX-3216"
    message = wsd.read_message(wsd.bye(SERVICE, "urn:uuid:1", wsd.Sequence(1, 1)))
    assert (message.kind, message.services[0].endpoint) == (wsd.Kind.BYE, SERVICE.endpoint)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<r/>",
        probe().replace(b"Envelope", b"Envelop"),
        probe()[:-9],
        probe().replace(b"2005/04/discovery", b"2009/01"),
        probe().replace(b"Header", b"Head"),
    ],
)
def test_what_is_no_message_is_our_error(data: bytes) -> None:
    with pytest.raises(InputError):
        reply(data)


@given(st.data())
def test_T14_a_damaged_question_is_answered_or_our_error(draw: st.DataObject) -> None:
    damaged = bytearray(probe("dn:NetworkVideoTransmitter", scope="onvif://www.onvif.org/name"))
    for _ in range(draw.draw(st.integers(1, 3))):
        damaged[draw.draw(st.integers(0, len(damaged) - 1))] = draw.draw(st.integers(0, 255))
    with suppress(InputError):
        reply(bytes(damaged))


def test_the_other_questions_have_their_form() -> None:
    assert sadp.inquiry(FixedEntropy()).startswith(b'<?xml version="1.0" encoding="utf-8"?><Probe><Uuid>')
    assert b"</Uuid><Types>inquiry</Types></Probe>" in sadp.inquiry(FixedEntropy())
    body = b'{ "method":"DHDiscover.search","params":{"mac":"","uni":1}}\n'
    length = "3c000000" + "00" * 4
    assert dhip.search().hex() == "20000000" + b"DHIP".hex() + "00" * 8 + length * 2 + body.hex()
    assert dhip.unframe(dhip.search() + b"tail") == body
    assert ssdp.search().split(b"\r\n")[0] == b"M-SEARCH * HTTP/1.1"
    assert dns.read(mdns.question()).questions[0] == dns.Question(mdns.OWN, dns.PTR, alone=True)


class Wire(asyncio.DatagramTransport):
    def __init__(self) -> None:
        super().__init__()
        self.sent: list[tuple[Any, Any]] = []
        self.closed = False

    def sendto(self, data: Any, addr: Any = None) -> None:
        self.sent.append((data, addr))

    def is_closing(self) -> bool:
        return self.closed


def answering(voice: Voice, clock: FixedClock) -> tuple[Answering, Wire]:
    made, wire = Answering(voice, Gate(clock.monotonic()), clock, FixedEntropy()), Wire()
    made.connection_made(wire)
    return made, wire


def test_T27_a_flood_in_somebody_elses_name_brings_that_other_next_to_nothing() -> None:
    """At the very socket's end: what goes out is a trickle, for the one who is named and for all."""

    async def play() -> None:
        clock = FixedClock()
        made, wire = answering(
            Voice(lambda _d, _s: Reply(b"x"), lambda: NEAR, ("ff02::c", 3702), delay=0), clock
        )
        to_them: list[bytes] = []
        for seconds in range(10):
            for _ in range(100):
                made.datagram_received(b"?", ("192.0.2.9", 3702))
                made.datagram_received(b"?", ("198.51.100.9", 3702))
            await asyncio.sleep(0.01)
            to_them = [data for data, to in wire.sent if to[0] == "192.0.2.9"]
            assert len(to_them) <= 6 + 2 * seconds, "less than was asked, however long it goes on"
            clock.forward(1)
        assert to_them
        assert len(wire.sent) == len(to_them), "whoever is far gets nothing"

    asyncio.run(play())


def test_the_shell_answers_the_asker_or_the_group() -> None:
    async def play() -> None:
        shown = mdns.Presence("8f3c11a2b0d4e596", "PX-3216", True, 8543, ("192.0.2.20",))
        voice = Voice(
            lambda d, s: answer_mdns(d, shown, s[1]), lambda: NEAR, (mdns.GROUP, mdns.PORT), delay=0
        )
        made, wire = answering(voice, FixedClock())
        asked = dns.write(dns.Message(questions=(dns.Question(mdns.OWN, dns.PTR),)))
        for addr in (("192.0.2.9", 5353), ("192.0.2.9", 40000), ("198.51.100.9", 5353)):
            made.datagram_received(asked, addr)
        made.datagram_received(b"garbage", ("192.0.2.9", 5353))
        made.datagram_received(mdns.question(mdns.AXIS), ("192.0.2.9", 5353))
        made.error_received(OSError())
        await asyncio.sleep(0.01)
        assert [target for _, target in wire.sent] == [(mdns.GROUP, mdns.PORT), ("192.0.2.9", 40000)]
        made.say(b"hello")
        assert wire.sent[-1] == (b"hello", (mdns.GROUP, mdns.PORT))
        wire.closed = True
        made.say(b"late")
        assert len(wire.sent) == 3

    asyncio.run(play())


def test_the_shell_remembers_its_networks_for_a_while_and_has_none_when_it_cannot_read_them() -> None:
    async def play() -> None:
        answers: list[tuple[Network, ...] | UnavailableError] = [NEAR, UnavailableError("interfaces")]

        def networks() -> tuple[Network, ...]:
            told = answers.pop(0)
            if isinstance(told, UnavailableError):
                raise told
            return told

        clock = FixedClock()
        made, wire = answering(Voice(lambda _d, _s: Reply(b"x"), networks, ("ff02::c", 3702), delay=0), clock)
        for _ in range(2):
            made.datagram_received(b"?", ("192.0.2.9", 3702))
        assert len(answers) == 1
        clock.forward(NETWORKS_AGE)
        made.datagram_received(b"?", ("192.0.2.9", 3702))
        await asyncio.sleep(0.01)
        assert len(wire.sent) == 2

    asyncio.run(play())


def test_an_answer_that_grew_too_large_is_not_given() -> None:
    long = replace(SERVICE, links=tuple(f"http://192.0.2.20/{'x' * 200}{n}" for n in range(9)))
    told = reply(probe(), long)
    assert told is not None
    assert not Gate(0.0).lets_out("192.0.2.9", len(told.data), 0.0)
