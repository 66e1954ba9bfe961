"""Multicast DNS: the messages, what is asked, what our device tells."""

from __future__ import annotations

import struct
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparekey.core.errors import InputError, MisuseError
from sparekey.lan.discovery import dns, mdns
from sparekey.lan.discovery.found import Protocol
from sparekey.lan.gate import ANSWER_LIMIT
from tests.vectors.blocks import octets
from tests.vectors.pages import examples

HOST: dns.Name = ("cam", "local")
NAMES = st.lists(st.text("abcXYZ-_ é", min_size=1, max_size=20), max_size=5).map(tuple)
RECORDS = st.one_of(
    st.builds(dns.Record, NAMES, st.just(dns.A), st.just("192.0.2.7"), st.integers(0, 2**32 - 1), st.booleans()),
    st.builds(dns.Record, NAMES, st.just(dns.AAAA), st.just("2001:db8::7"), st.just(120)),
    st.builds(dns.Record, NAMES, st.just(dns.PTR), NAMES, st.just(120)),
    st.builds(dns.Record, NAMES, st.just(dns.SRV), st.tuples(st.integers(0, 65535), NAMES), st.just(120)),
    st.builds(
        dns.Record, NAMES, st.just(dns.TXT),
        st.lists(st.binary(max_size=99), min_size=1, max_size=9).map(tuple), st.just(4500),
    ),
)  # fmt: skip
MESSAGES = st.builds(
    dns.Message,
    st.integers(0, 65535),
    st.booleans(),
    st.lists(st.builds(dns.Question, NAMES, st.integers(0, 65535), st.booleans()), max_size=4).map(tuple),
    st.lists(RECORDS, max_size=8).map(tuple),
)


def presence(**changes: object) -> mdns.Presence:
    plain = mdns.Presence(
        "8f3c11a2b0d4e596", "PX-3216", True, 8543, ("192.0.2.20", "fe80::5eff:fe00:5320%eth0")
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def ask(*questions: dns.Question, known: tuple[dns.Record, ...] = (), number: int = 0) -> bytes:
    return dns.write(dns.Message(number, questions=questions, records=known))


@given(MESSAGES)
def test_a_message_comes_back_as_it_was_written(message: dns.Message) -> None:
    assert dns.read(dns.write(message)) == message


@given(st.binary(max_size=300) | MESSAGES.map(dns.write), st.data())
def test_T14_any_bytes_give_a_message_or_our_error(data: bytes, draw: st.DataObject) -> None:
    damaged = bytearray(data)
    if damaged:
        damaged[draw.draw(st.integers(0, len(damaged) - 1))] = draw.draw(st.integers(0, 255))
    for reader in (
        dns.read,
        lambda d: mdns.answer(d, presence(), 5353),
        lambda d: mdns.read_answer(d, "192.0.2.1"),
    ):
        with suppress(InputError):
            reader(bytes(damaged))


def test_names_are_unfolded() -> None:
    packed = struct.pack(">6H", 7, 0, 2, 0, 0, 0)
    packed += b"\x03cam\x05local\0" + struct.pack(">HH", 1, 1)
    packed += b"\x04back\xc0\x0c" + struct.pack(">HH", 1, 0x8001)
    assert dns.read(packed).questions == (
        dns.Question(HOST, dns.A),
        dns.Question(("back", *HOST), dns.A, alone=True),
    )


@pytest.mark.parametrize(
    "name",
    [
        b"\xc0\x0c",  # itself
        b"\xc0\x0e\xc0\x0c",  # round
        b"\xc0\xff",  # beyond
        b"\x41" + b"a" * 65 + b"\0",
        (b"\x3f" + b"a" * 63) * 4 + b"\0",
        b"\x05ab",
        b"\xc0",
    ],
)
def test_T14_a_name_that_leads_in_a_circle_or_beyond_is_refused(name: bytes) -> None:
    with pytest.raises(InputError):
        dns.read(struct.pack(">6H", 0, 0, 1, 0, 0, 0) + name + struct.pack(">HH", 1, 1))


def test_T14_counts_and_lengths_are_bounded() -> None:
    many = dns.Message(questions=tuple(dns.Question(HOST, dns.A) for _ in range(dns.RECORDS_LIMIT + 1)))
    for data in (dns.write(many), bytes(dns.SIZE_LIMIT + 1), bytes(11), struct.pack(">6H", 0, 0, 0, 9, 0, 0)):
        with pytest.raises(InputError):
            dns.read(data)
    wrong = bytearray(dns.write(dns.Message(records=(dns.Record(HOST, dns.PTR, HOST, 1),))))
    wrong[12 + 11 + 9] += 1
    with pytest.raises(InputError):
        dns.read(bytes(wrong + b"\0"))


def test_kinds_and_classes_that_are_not_ours_are_left_out() -> None:
    record = dns.write(dns.Message(records=(dns.Record(HOST, dns.A, "192.0.2.7", 1),)))
    for at, value in ((12 + 11 + 1, 41), (12 + 11 + 3, 3)):
        other = bytearray(record)
        other[at] = value
        assert dns.read(bytes(other)).records == ()
    with pytest.raises(MisuseError):
        dns.write(dns.Message(records=(dns.Record(HOST, dns.A, HOST, 1),)))


def test_the_spec_shows_an_announcement() -> None:
    block = examples("lan")["announcement of a new device"]
    shown = presence(
        ident=block["id"], model=block["model"], activated=block["state"] == "set", port=int(block["port"]),
        addresses=tuple(block["addresses"].split()),
    )  # fmt: skip
    assert mdns.announcement(shown) == octets(block["bytes"])


@pytest.mark.meets("etsi-5.6-2")
def test_our_device_tells_the_minimum_and_is_found() -> None:
    (found,) = mdns.read_answer(mdns.announcement(presence()), "fe80::5eff:fe00:5320%eth0")
    assert found.protocols == (Protocol.SPAREKEY,)
    assert (found.ident, found.model, found.name) == ("8f3c11a2b0d4e596", "PX-3216", "PX-3216 8F3C")
    assert found.addresses == ("192.0.2.20", "fe80::5eff:fe00:5320")
    assert found.links == ("https://[fe80::5eff:fe00:5320]:8543/",)
    assert found.activated is True
    assert (found.serial, found.firmware, found.started, found.macs, found.ways) == ("", "", "", (), None)
    (new,) = mdns.read_answer(mdns.announcement(presence(activated=False)), "192.0.2.20")
    assert new.activated is False


def test_a_farewell_is_no_device() -> None:
    with pytest.raises(InputError):
        mdns.read_answer(mdns.farewell(presence()), "192.0.2.20")
    assert {record.ttl for record in dns.read(mdns.farewell(presence())).records} == {0}


@pytest.mark.parametrize(
    ("name", "kind", "first"),
    [
        (mdns.OWN, dns.PTR, dns.PTR),
        (("_SPAREKEY", "_TCP", "LOCAL"), dns.PTR, dns.PTR),
        (("PX-3216 8F3C", *mdns.OWN), dns.SRV, dns.SRV),
        (("PX-3216 8F3C", *mdns.OWN), dns.ANY, dns.SRV),
        (("sparekey-8f3c11a2b0d4e596", "local"), dns.AAAA, dns.AAAA),
        (("_services", "_dns-sd", "_udp", "local"), dns.PTR, dns.PTR),
    ],
)
def test_a_question_for_us_is_answered(name: dns.Name, kind: int, first: int) -> None:
    told = mdns.answer(ask(dns.Question(name, kind)), presence(), mdns.PORT)
    assert told is not None
    assert not told.alone
    message = dns.read(told.data)
    assert (message.id, message.is_answer, message.questions) == (0, True, ())
    assert message.records[0].kind == first
    assert len(told.data) <= ANSWER_LIMIT


def test_an_answer_goes_to_the_asker_alone_when_it_wants_that() -> None:
    told = mdns.answer(mdns.question(), presence(), mdns.PORT)
    assert told is not None
    assert told.alone
    both = ask(dns.Question(mdns.OWN, dns.PTR, alone=True), dns.Question(mdns.AXIS, dns.PTR))
    told = mdns.answer(both, presence(), mdns.PORT)
    assert told is not None
    assert not told.alone


def test_a_plain_dns_client_gets_a_plain_answer() -> None:
    question = dns.Question(mdns.OWN, dns.PTR)
    told = mdns.answer(ask(question, number=77), presence(), 40_000)
    assert told is not None
    assert told.alone
    message = dns.read(told.data)
    assert (message.id, message.questions) == (77, (question,))
    assert {record.ttl for record in message.records} == {10}
    assert not any(record.flush for record in message.records)


@pytest.mark.parametrize(("ttl", "answered"), [(4500, False), (2250, False), (2249, True)])
def test_what_the_asker_knows_is_not_told_again(ttl: int, answered: bool) -> None:
    known = dns.Record(mdns.OWN, dns.PTR, presence().instance, ttl)
    asked = ask(dns.Question(mdns.OWN, dns.PTR), known=(known,))
    assert (mdns.answer(asked, presence(), mdns.PORT) is not None) is answered


def test_nothing_else_is_answered() -> None:
    for asked in (
        mdns.question(mdns.AXIS),
        ask(dns.Question(mdns.OWN, dns.SRV)),
        ask(),
        mdns.announcement(presence()),
    ):
        assert mdns.answer(asked, presence(), mdns.PORT) is None


@pytest.mark.parametrize(
    ("instance", "text", "model", "mac"),
    [
        ("AXIS M1065 - 02005E005361", (b"macaddress=02005E005361",), "M1065", "02-00-5e-00-53-61"),
        ("AXIS M1065 - 02005E005361", (b"", b"x"), "M1065", "02-00-5e-00-53-61"),
        ("Front door", (b"MACaddress=02:00:5e:00:53:61", b"macaddress=x"), "", "02-00-5e-00-53-61"),
        ("Front door", (), "", ""),
    ],
)
def test_an_axis_camera_is_found(instance: str, text: tuple[bytes, ...], model: str, mac: str) -> None:
    name = (instance, *mdns.AXIS)
    records = (
        dns.Record(name, dns.SRV, (80, HOST), 120),
        dns.Record(name, dns.TXT, text, 120),
        dns.Record(HOST, dns.A, "192.0.2.61", 120),
        dns.Record(("other", "local"), dns.A, "192.0.2.99", 120),
        dns.Record(("a", "_ipp", "_tcp", "local"), dns.SRV, (631, HOST), 120),
    )
    (found,) = mdns.read_answer(dns.write(dns.Message(is_answer=True, records=records)), "192.0.2.61")
    assert (found.brand, found.model, found.mac, found.name) == ("Axis", model, mac, instance)
    assert (found.serial, found.addresses) == (mac.replace("-", "").upper(), ("192.0.2.61",))
    assert found.links == ("http://192.0.2.61/",)
