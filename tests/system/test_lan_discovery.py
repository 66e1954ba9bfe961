"""Discovery over real sockets, on the loopback interface."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Callable

import pytest

from sparekey.core.errors import UnavailableError
from sparekey.host.clock import SystemClock
from sparekey.host.entropy import SystemEntropy
from sparekey.lan import sockets
from sparekey.lan.discovery import dns, mdns, scopes
from sparekey.lan.discovery import wsdiscovery as wsd
from sparekey.lan.discovery.found import Found, Protocol
from sparekey.lan.gate import Gate
from sparekey.lan.interfaces import Interface, Network, interfaces
from sparekey.lan.responder import Answering, Reply, Voice, answer_mdns, answer_onvif, listen

LOOPBACK = Interface("lo", 1)
ENTROPY = SystemEntropy()
SERVICE = wsd.Service(
    endpoint="urn:uuid:00000000-0000-4000-8000-000000005399",
    types=(wsd.TRANSMITTER, wsd.DEVICE_TYPE),
    scopes=scopes.write(hardware="PX-3216"),
    links=("http://192.0.2.20/onvif/device_service",),
)
PRESENCE = mdns.Presence("8f3c11a2b0d4e596", "PX-3216", False, 8543, ("192.0.2.20",))


class Asking(asyncio.DatagramProtocol):
    """Collects what comes back."""

    def __init__(self) -> None:
        self.came: asyncio.Queue[tuple[bytes, str]] = asyncio.Queue()

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.came.put_nowait((data, addr[0]))


def near() -> tuple[Network, ...]:
    """A datagram to a group on the loopback may have any of this machine's addresses as its sender."""
    own = [network for interface in interfaces() for network in interface.networks]
    return (ipaddress.IPv4Network("127.0.0.0/8"), *own)


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def onvif(data: bytes, _source: tuple[str, int]) -> Reply | None:
    return answer_onvif(data, SERVICE, lambda: wsd.message_id(ENTROPY), lambda: wsd.Sequence(1, 1))


def own(data: bytes, source: tuple[str, int]) -> Reply | None:
    return answer_mdns(data, PRESENCE, source[1])


async def asked(
    group: str,
    reply: Callable[[bytes, tuple[str, int]], Reply | None],
    questions: tuple[bytes, ...],
    on: Interface = LOOPBACK,
) -> list[tuple[bytes, str]]:
    """One device answering on a group, one finder asking: what the finder got."""
    port = free_port()
    target = sockets.group_target(group, port, on)
    clock = SystemClock()
    voice = Voice(reply, near, target, delay=0.01)
    device = await listen(
        sockets.group_socket(group, port, on), Answering(voice, Gate(clock.monotonic()), clock, ENTROPY)
    )
    finder, collected = await asyncio.get_running_loop().create_datagram_endpoint(
        Asking, sock=sockets.asking_socket(group, on)
    )
    try:
        for question in questions:
            finder.sendto(question, target)
        async with asyncio.timeout(10):
            return [await collected.came.get() for _ in questions]
    finally:
        device.close()
        finder.close()
        await asyncio.sleep(0)


def check_probes(group: str, on: Interface) -> None:
    answers = asyncio.run(asked(group, onvif, wsd.probes(ENTROPY), on))
    found = [device for data, sender in answers for device in wsd.read_answer(data, sender)]
    assert [(device.protocols, device.model) for device in found] == [((Protocol.ONVIF,), "PX-3216")] * 3


def test_our_device_is_found_by_each_of_the_three_probes() -> None:
    check_probes(wsd.GROUP, LOOPBACK)


def test_our_device_is_found_over_ipv6() -> None:
    """The loopback has no link-local address, so this takes an interface that has; the group is on a port of ours."""
    for interface in interfaces():
        try:
            with sockets.asking_socket(wsd.GROUP6, interface) as probe:
                probe.sendto(b"", sockets.group_target(wsd.GROUP6, free_port(), interface))
        except (OSError, UnavailableError):
            continue
        check_probes(wsd.GROUP6, interface)
        return
    pytest.skip("no interface of this machine has IPv6")


def test_our_device_is_found_by_multicast_dns() -> None:
    ((data, sender),) = asyncio.run(asked(mdns.GROUP, own, (mdns.question(),)))
    (found,) = mdns.read_answer(data, sender)
    assert (found.protocols, found.model, found.activated) == ((Protocol.SPAREKEY,), "PX-3216", False)


def test_what_is_told_to_the_group_reaches_it() -> None:
    async def play() -> tuple[Found, ...]:
        port = free_port()
        target = sockets.group_target(mdns.GROUP, port, LOOPBACK)
        clock = SystemClock()
        voice = Voice(own, near, target)
        answering = Answering(voice, Gate(clock.monotonic()), clock, ENTROPY)
        opened = sockets.group_sockets(mdns.GROUP, port, [LOOPBACK, LOOPBACK], mdns.HOPS)
        device = await listen(opened[0], answering)
        other, collected = await asyncio.get_running_loop().create_datagram_endpoint(Asking, sock=opened[1])
        try:
            answering.say(mdns.announcement(PRESENCE))
            async with asyncio.timeout(10):
                return mdns.read_answer(*await collected.came.get())
        finally:
            device.close()
            other.close()
            await asyncio.sleep(0)

    assert asyncio.run(play())[0].model == "PX-3216"


def test_an_asker_finds_room_for_a_thousand_answers_at_once() -> None:
    answer = wsd.matches(wsd.Kind.PROBE_MATCHES, SERVICE, "urn:uuid:1", "urn:uuid:2", wsd.Sequence(1, 1))
    with sockets.asking_socket(wsd.GROUP, LOOPBACK) as asking:
        size = asking.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF)
        if size < 2 * sockets.RECEIVE_BUFFER:
            pytest.skip("this machine gives no large receive buffer")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as devices:
            for _ in range(1000):
                devices.sendto(answer, ("127.0.0.1", asking.getsockname()[1]))
        came = 0
        while True:
            try:
                came += asking.recv(65535) == answer
            except BlockingIOError:
                break
    assert came == 1000


def test_an_answer_never_passes_a_router() -> None:
    with sockets.group_socket(wsd.GROUP, free_port(), LOOPBACK) as opened:
        assert opened.getsockopt(socket.IPPROTO_IP, socket.IP_TTL) == 1
        assert opened.getsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL) == 1
    with sockets.asking_socket(mdns.GROUP, LOOPBACK, mdns.HOPS) as opened:
        assert opened.getsockopt(socket.IPPROTO_IP, socket.IP_TTL) > 1
        assert opened.getsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL) == 255
        assert opened.getsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST)


def test_an_interface_that_is_gone_takes_no_part() -> None:
    gone = Interface("gone0", 9999)
    port = free_port()
    with pytest.raises(UnavailableError, match="no-network"):
        sockets.group_sockets(wsd.GROUP, port, [gone])
    (opened,) = sockets.group_sockets(wsd.GROUP, port, [gone, LOOPBACK])
    opened.close()


def test_our_own_address_towards_somebody_is_known() -> None:
    assert sockets.own_address_towards("127.0.0.9") == "127.0.0.1"
    assert sockets.own_address_towards("nobody") == ""


def test_this_machine_tells_its_interfaces() -> None:
    assert all(interface.index > 0 and not interface.is_loopback for interface in interfaces())


def test_a_question_to_nobody_gets_no_answer() -> None:
    async def play() -> None:
        other = dns.write(dns.Message(questions=(dns.Question(("x", "local"), dns.A),)))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asked(mdns.GROUP, own, (other,)), 0.3)

    asyncio.run(play())
