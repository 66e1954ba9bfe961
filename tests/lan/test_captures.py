"""What the readers make of answers of the shapes that real devices give."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sparekey.core.errors import InputError
from sparekey.lan.discovery import dhip, dns, mdns, sadp, ssdp
from sparekey.lan.discovery import wsdiscovery as wsd
from sparekey.lan.discovery.found import LIST_LIMIT, TEXT_LIMIT, Found, Protocol, Way
from tests.lan.captured import CAPTURES, captured

SENDER = "192.0.2.200"
Reader = Callable[[bytes, str], tuple[Found, ...]]
READERS: dict[str, Reader] = {
    "sadp": sadp.read_answer,
    "dhip": dhip.read_answer,
    "onvif": wsd.read_answer,
    "ssdp": ssdp.read_answer,
    "mdns": mdns.read_answer,
}
FILES = sorted(path.name for path in CAPTURES.iterdir())
ALL_FOUR = {Way.REQUEST_FILE, Way.REQUEST_KEY, Way.QUESTIONS}


@pytest.mark.parametrize(
    ("name", "told"),
    [
        (
            "sadp-camera-1970-boottime-mailbox.xml",
            {
                "brand": "Hikvision", "model": "EX-CAM-2", "serial": "EX-CAM-220240101AAWR000000002",
                "firmware": "V5.6.2build 190701", "macs": ("02-00-5e-00-53-02",), "addresses": ("192.0.2.12",),
                "links": ("http://192.0.2.12/",), "activated": True, "started": "1970-01-15 02:44:11",
                "ways": {*ALL_FOUR, Way.MAIL}, "sender": SENDER, "protocols": (Protocol.SADP,),
            },
        ),
        ("sadp-camera-locked-typo.xml", {"addresses": ("192.0.2.11", "2001:db8::1"), "ways": ALL_FOUR}),
        ("sadp-consumer-no-reset.xml", {"activated": True, "ways": set()}),
        ("sadp-dvr-full.xml", {"model": "EX-DVR-5", "ways": {*ALL_FOUR, Way.KEY_FILE}}),
        ("sadp-dvr-truncated.xml", {"serial": "EX-DVR-520240101AAWR000000005", "activated": True}),
        ("sadp-intercom-minimal.xml", {"model": "EX-ICOM-4", "ways": {Way.REQUEST_FILE}}),
        ("sadp-not-activated.xml", {"activated": False, "ways": set()}),
        ("sadp-nvr-16ch.xml", {"links": ("http://192.0.2.17/", "https://192.0.2.17/")}),
        ("sadp-quirk-bare-ampersand.xml", {"model": "Door & Yard", "macs": ("02-00-5e-00-53-20",), "ways": None}),
        (
            "dhip-camera-init2714.frame.bin",
            {
                "brand": "Dahua", "model": "EX-IPC-41", "name": "EXSN0000000065", "serial": "EXSN0000000065",
                "firmware": "2.800.0000000.13.R", "macs": ("02-00-5e-00-53-41",), "activated": True,
                "ways": {Way.MAKER}, "links": ("http://192.0.2.41/",), "protocols": (Protocol.DHIP,),
            },
        ),
        ("dhip-consumer-init1162.frame.bin", {"brand": "Lorex", "activated": True, "ways": {Way.MAKER}}),
        ("dhip-doorbell-init150.frame.bin", {"addresses": ("192.0.2.44",), "ways": {Way.MAKER}}),
        ("dhip-accesscontrol-init2198.frame.bin", {"brand": "Intelbras", "activated": True}),
        ("dhip-dvr-no-init.frame.bin", {"activated": None, "ways": None, "links": ("http://192.0.2.46:1101/",)}),
        ("dhip-old-camera-no-init.frame.bin", {"firmware": "2.400.0.8", "activated": None, "ways": None}),
        (
            "onvif-mac-scope-two-xaddrs.xml",
            {
                "brand": "EXAMPLE", "model": "EX-CAM-51", "macs": ("02-00-5e-00-53-51",),
                "ident": "00000000-0000-4000-8000-02005e005351", "protocols": (Protocol.ONVIF,), "activated": None,
            },
        ),
        ("onvif-generic-odd-port.xml", {"links": ("http://192.0.2.53:8899/onvif/device_service",), "name": "NVT"}),
        ("onvif-uuid-without-urn.xml", {"ident": "00000000-0000-4000-8000-000000005252", "model": "EX-IPC-52"}),
        (
            "ssdp-msearch-response.txt",
            {"brand": "Axis", "macs": ("02-00-5e-00-53-61",), "serial": "02005E005361", "links": ()},
        ),
    ],
)  # fmt: skip
def test_every_device_is_told_of_as_it_is(name: str, told: dict[str, Any]) -> None:
    (found,) = READERS[name.split("-")[0]](captured(name), SENDER)
    assert {key: getattr(found, key) for key in told} == told


def test_a_link_out_of_ssdp_leads_to_the_sender_or_nowhere() -> None:
    (found,) = ssdp.read_answer(captured("ssdp-msearch-response.txt"), "192.0.2.61")
    assert found.links == ("http://192.0.2.61:45895/rootdesc1.xml",)


@pytest.mark.parametrize("name", ["wsd-not-a-camera-printer.xml", "xm-netcommon.frame.bin"])
def test_what_is_no_answer_of_a_camera_is_our_error(name: str) -> None:
    for reader in READERS.values():
        with pytest.raises(InputError):
            reader(captured(name), SENDER)


def test_no_reader_takes_the_answers_of_another() -> None:
    for name in FILES:
        for kind, reader in READERS.items():
            if not name.startswith(kind):
                with pytest.raises(InputError):
                    reader(captured(name), SENDER)


def test_an_answer_from_nowhere_is_our_error() -> None:
    for name in ("sadp-dvr-full.xml", "dhip-dvr-no-init.frame.bin", "ssdp-msearch-response.txt"):
        with pytest.raises(InputError, match="sender"):
            READERS[name.split("-")[0]](captured(name), "localhost")


def check(reader: Reader, data: bytes, sender: str = SENDER) -> None:
    try:
        answers = reader(data, sender)
    except InputError:
        return
    assert answers
    for found in answers:
        for field in fields(Found):
            value = getattr(found, field.name)
            if isinstance(value, str) and field.name != "sender":
                assert len(value) <= 2 * TEXT_LIMIT
                assert value.isprintable()
            if isinstance(value, tuple):
                assert len(value) <= LIST_LIMIT


FRAMED = st.binary().map(dhip.frame) | st.text().map(
    lambda text: dhip.frame(
        b'{"method":"client.notifyDevInfo","mac":"x","params":{"deviceInfo":' + text.encode(errors="replace")
    )
)


@given(st.sampled_from(sorted(READERS)), st.binary(max_size=200) | FRAMED)
@example("dhip", dhip.frame(b"[" * 10_000))
@example("dhip", dhip.frame(b'{"a":' * 3000))
@example("dhip", dhip.frame(b"1" * 5000))
@example("dhip", dhip.frame(b'{"method":"client.notifyDevInfo","params":{"deviceInfo":[]}}'))
@example("sadp", b"<" * 200)
@example(
    "sadp",
    b"<ProbeMatch><MAC>02005e005301</MAC><DeviceSN>\xff\x1b[31m</DeviceSN><HttpPort>\xc2\xb2</HttpPort>",
)
@example("mdns", b"\0\0\x84\0" + b"\xff" * 8)
def test_T14_any_bytes_give_devices_or_our_error(kind: str, data: bytes) -> None:
    check(READERS[kind], data)


@given(st.sampled_from(FILES), st.data())
def test_T14_damaged_answers_give_devices_or_our_error(name: str, draw: st.DataObject) -> None:
    damaged = bytearray(captured(name))
    for _ in range(draw.draw(st.integers(1, 4))):
        at = draw.draw(st.integers(0, len(damaged) - 1))
        damaged[at : at + draw.draw(st.integers(0, 8))] = draw.draw(st.binary(max_size=8))
        if not damaged:
            break
    for reader in READERS.values():
        check(reader, bytes(damaged))


@pytest.mark.parametrize("size", [5_000, 70_000])
def test_T14_nothing_oversized_is_read(size: int) -> None:
    for reader in READERS.values():
        with pytest.raises(InputError):
            reader(b"HTTP/1.1 200 OK\r\n" + b" " * size, SENDER)
    assert dns.SIZE_LIMIT < 70_000
