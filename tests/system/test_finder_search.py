"""A search over real sockets on the loopback: bursts, losses, repetitions, floods, and rubbish."""

from __future__ import annotations

import asyncio
import re
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from random import Random

import pytest

from sparekey.core.errors import UnavailableError
from sparekey.host.entropy import SystemEntropy
from sparekey.lan.discovery import wsdiscovery as wsd
from sparekey.lan.discovery.found import Found, Protocol
from sparekey.lan.discovery.questions import QUESTIONS, Question
from sparekey.lan.discovery.search import EACH_LIMIT, Search, Tally
from sparekey.lan.interfaces import Interface

LOOPBACK = Interface("lo", 1)
ONVIF = next(question for question in QUESTIONS if question.protocol is Protocol.ONVIF)
SADP = next(question for question in QUESTIONS if question.protocol is Protocol.SADP)
_ID = re.compile(rb"MessageID[^>]*>([^<]+)<")


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def onvif_answer(number: int, question: bytes) -> bytes:
    """What camera `number` says to a probe."""
    asked = _ID.search(question)
    assert asked
    service = wsd.Service(
        endpoint=f"urn:uuid:00000000-0000-4000-8000-{number:012x}",
        types=(wsd.TRANSMITTER,),
        scopes=("onvif://www.onvif.org/hardware/C-220",),
        links=(f"http://192.0.2.{number % 254 + 1}/onvif/device_service",),
    )
    return wsd.matches(
        wsd.Kind.PROBE_MATCHES, service, asked[1].decode(), f"urn:uuid:{number}", wsd.Sequence(1, 1)
    )


def spoken_by(number: int) -> list[tuple[int, int, bytes]]:
    """By which address of the loopback network a datagram leaves (Linux, ip(7), IP_PKTINFO)."""
    source = socket.inet_aton(f"127.0.{1 + number // 250}.{1 + number % 250}")
    return [(socket.IPPROTO_IP, 8, struct.pack("@I4s4s", 0, source, bytes(4)))]


def sadp_answer(number: int, _question: bytes) -> bytes:
    """What recorder `number` says to an inquiry."""
    mac = f"02:00:5e:00:{number >> 8:02x}:{number & 255:02x}"
    return f"<ProbeMatch><MAC>{mac}</MAC><DeviceSN>PX-3216-{number:08d}</DeviceSN></ProbeMatch>".encode()


@contextmanager
def crowd(question: Question, answers: Callable[[bytes], Iterator[tuple[int, bytes]]]) -> Iterator[Question]:
    """Devices that answer in one burst, each from its own address. The question as it is asked of them."""
    port = free_port()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as devices:
        devices.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        devices.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        devices.bind(("", port))
        member = socket.inet_aton(question.group) + socket.inet_aton("127.0.0.1")
        devices.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, member)
        devices.settimeout(0.1)
        ended = threading.Event()

        def serve() -> None:
            while not ended.is_set():
                try:
                    asked, address = devices.recvfrom(65535)
                except TimeoutError:
                    continue
                for number, answer in answers(asked):
                    devices.sendmsg([answer], spoken_by(number), 0, address)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield replace(question, port=port, window=1.0)
        finally:
            ended.set()
            thread.join()


def search(question: Question) -> tuple[list[Found], Tally]:
    found: list[Found] = []
    tally = asyncio.run(Search(SystemEntropy(), found.append).run([LOOPBACK], [question]))
    return found, tally


@pytest.mark.parametrize("question", [ONVIF, SADP], ids=["onvif", "sadp"])
def test_B07_every_one_of_a_thousand_is_found_though_all_answer_at_once_and_datagrams_get_lost(
    question: Question,
) -> None:
    dice = Random(53)
    write = onvif_answer if question is ONVIF else sadp_answer

    def answers(asked: bytes) -> Iterator[tuple[int, bytes]]:
        for number in range(1000):
            if dice.random() >= 0.05 and dice.random() >= 0.05:  # the question to it, and its answer
                yield number, write(number, asked)

    with crowd(question, answers) as asked:
        found, tally = search(replace(asked, joined=False, broadcasts=False, window=question.window))
    assert len({one.ident or one.serial for one in found}) == 1000
    assert tally.dropped == 0


def test_what_repeats_itself_is_read_once() -> None:
    with crowd(ONVIF, lambda asked: iter([(7, onvif_answer(7, asked))] * 5)) as question:
        found, tally = search(question)
    assert len(found) == 1
    assert tally.heard >= 5


@pytest.mark.meets("asvs-16.3.3")
def test_T14_rubbish_is_counted_and_dropped() -> None:
    rubbish = [b"", b"\0" * 2000, b"<a>", b"<!DOCTYPE x [<!ENTITY y 'z'>]><x>&y;</x>"]
    with crowd(ONVIF, lambda asked: ((1, one) for one in [*rubbish, onvif_answer(1, asked)])) as question:
        found, tally = search(question)
    assert len(found) == 1
    assert tally.unread >= len(rubbish)


def test_a_flood_from_one_sender_gets_his_share_and_no_more() -> None:
    def flood(asked: bytes) -> Iterator[tuple[int, bytes]]:
        return ((1, sadp_answer(number, asked)) for number in range(400))

    with crowd(SADP, flood) as question:
        found, tally = search(replace(question, joined=False))
    assert tally.dropped > 0
    assert len(found) <= EACH_LIMIT


def test_a_machine_without_a_network_says_so() -> None:
    with pytest.raises(UnavailableError, match="no-network"):
        asyncio.run(Search(SystemEntropy(), lambda _: None).run([Interface("gone0", 9999)], [ONVIF]))
