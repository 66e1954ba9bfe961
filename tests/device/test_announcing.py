"""What the device tells of itself on the network: from the kernel's own list of addresses to an announcement."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import struct
from unittest.mock import Mock

import pytest

from sparekey.core.errors import InputError, UnavailableError
from sparekey.core.values import Face
from sparekey.device import announcing
from sparekey.device.addresses import Own, read
from sparekey.device.announcing import Announcing, MulticastDns, Ports
from sparekey.device.config import Listener
from sparekey.lan.discovery import mdns
from tests.device.recorder import TLS_HASH, Recorder


def own(text: str, index: int = 2) -> Own:
    return Own(index, ipaddress.ip_interface(text), given=False)


HERE = (own("192.0.2.20/24"), own("fe80::5eff:fe00:5320/64"))
EVERYWHERE = ((Listener(True, "0.0.0.0", 0), 8543), (Listener(True, "::", 0), 8543))


def attribute(kind: int, value: bytes) -> bytes:
    padding = bytes(-len(value) % 4)
    return struct.pack("=HH", 4 + len(value), kind) + value + padding


def message(kind: int, body: bytes) -> bytes:
    return struct.pack("=IHHII", 16 + len(body), kind, 2, 1, 0) + body


def address(family: int, prefix: int, flags: int, *attributes: bytes) -> bytes:
    return message(20, struct.pack("=BBBBI", family, prefix, flags & 0xFF, 0, 2) + b"".join(attributes))


V4, V6 = ipaddress.ip_address("192.0.2.20").packed, ipaddress.ip_address("2001:db8::20").packed


def test_the_kernel_tells_addresses_with_their_networks() -> None:
    found: list[Own] = []
    data = address(
        socket.AF_INET, 24, 0, attribute(1, V4), attribute(2, V4), attribute(8, struct.pack("=I", 0))
    )
    data += address(socket.AF_INET6, 64, 0x80, attribute(1, V6))
    data += address(socket.AF_INET6, 64, 0x40, attribute(1, V6)) + address(99, 8, 0, attribute(1, b"x"))
    assert not read(data, found)
    assert read(message(3, bytes(4)), found)
    assert [(each.text, each.interface.network.prefixlen, each.given) for each in found] == [
        ("192.0.2.20", 24, True),
        ("2001:db8::20", 64, False),
    ]


@pytest.mark.parametrize("data", [b"", bytes(16), message(20, bytes(8)), message(20, bytes(8) + b"\x02\x00")])
def test_T14_what_the_kernel_never_says_is_passed_over(data: bytes) -> None:
    found: list[Own] = []
    read(data, found)
    assert found == []


def test_what_listens_on_the_loopback_or_in_clear_is_told_to_nobody() -> None:
    ports = Ports(((Listener(True, "127.0.0.1", 0), 1), (Listener(False, "0.0.0.0", 0), 2)))
    assert ports.one(HERE) is None
    screen = Ports(((Listener(True, "0.0.0.0", 0, Face.SCREEN), 3),))
    assert screen.one(HERE) is None
    assert Ports(((Listener(True, "192.0.2.20", 0), 4),)).one(HERE) == (4, HERE[:1])
    assert Ports(EVERYWHERE).one(HERE) == (8543, HERE)


def test_P14_device_the_announcement_tells_model_and_state_and_no_more(recorder: Recorder) -> None:
    tongue = MulticastDns(recorder.agent, Ports(EVERYWHERE))
    (found,) = mdns.read_answer(tongue.greeting(HERE), "192.0.2.20")
    assert (found.ident, found.model, found.activated) == (TLS_HASH.hex()[:16], "PX-3216", True)
    assert found.addresses == ("192.0.2.20", "fe80::5eff:fe00:5320")
    assert found.links == ("https://192.0.2.20:8543/",)
    for secret in (recorder.settings.serial, recorder.settings.name, recorder.settings.firmware):
        assert secret.encode() not in tongue.greeting(HERE)
    reply = tongue.reply(mdns.question(), ("192.0.2.77", 5353), HERE)
    assert reply is not None

    assert tongue.farewell(HERE) != tongue.greeting(HERE)
    with pytest.raises(InputError):
        tongue.reply(b"\x00", ("192.0.2.77", 5353), HERE)


@pytest.mark.meets("etsi-5.6-1")
def test_without_a_door_nothing_is_said(recorder: Recorder) -> None:
    tongue = MulticastDns(recorder.agent, Ports(()))
    assert (tongue.greeting(HERE), tongue.farewell(HERE)) == (b"", b"")
    assert tongue.reply(mdns.question(), ("192.0.2.77", 5353), HERE) is None


def test_a_state_that_changed_is_announced_anew(recorder: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    tongue = MulticastDns(recorder.agent, Ports(EVERYWHERE))
    before = tongue.greeting(HERE)
    monkeypatch.setattr(type(recorder.agent), "is_set_up", False)
    assert tongue.greeting(HERE) != before


def test_a_storage_that_does_not_answer_for_a_while_silences_nobody_for_ever(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    tongue = MulticastDns(recorder.agent, Ports(EVERYWHERE))
    speaking = Announcing([tongue], recorder.clock, recorder.entropy, lambda: HERE)
    monkeypatch.setattr(announcing, "LOOK", 0)

    async def play() -> None:
        well, looks = asyncio.Event(), 0

        def state(_own: tuple[Own, ...]) -> None:
            nonlocal looks
            looks += 1
            if looks < 4:
                raise UnavailableError("store")
            well.set()

        monkeypatch.setattr(tongue, "state", state)
        running = asyncio.create_task(speaking.run())
        await asyncio.wait({running, asyncio.create_task(well.wait())}, return_when="FIRST_COMPLETED")
        assert well.is_set(), running
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    asyncio.run(play())


def test_who_leaves_closes_its_socket_also_when_nothing_can_be_said(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    tongue = MulticastDns(recorder.agent, Ports(EVERYWHERE))
    speaking = Announcing([tongue], recorder.clock, recorder.entropy, tuple)
    transport, answering = Mock(), Mock()
    speaking._spots[0, 2, mdns.GROUP] = announcing._Spot(tongue, answering, transport, HERE)

    def farewell(_own: tuple[Own, ...]) -> bytes:
        raise UnavailableError("store")

    monkeypatch.setattr(tongue, "farewell", farewell)
    asyncio.run(speaking.look())
    transport.close.assert_called_once_with()
    answering.say.assert_not_called()
