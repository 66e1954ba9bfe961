"""What differs between sockets of the two families, and who says what to whom."""

from __future__ import annotations

import asyncio
import socket
from typing import cast

import pytest

from sparekey.lan import sockets
from sparekey.lan.discovery import mdns
from sparekey.lan.discovery.found import Found
from sparekey.lan.discovery.questions import QUESTIONS
from sparekey.lan.discovery.search import Search, _Hearing
from sparekey.lan.interfaces import Interface
from sparekey.testing.entropy import FixedEntropy


class Silent(socket.socket):
    """Nothing waits in it."""

    def __init__(self) -> None:
        super().__init__(socket.AF_INET, socket.SOCK_DGRAM)
        self.setblocking(False)


ETH0 = Interface("eth0", 7)


@pytest.mark.parametrize(
    ("address", "source"),
    [
        (("192.0.2.20", 5353), "192.0.2.20"),
        (("fe80::20", 5353, 0, 7), "fe80::20%eth0"),
        (("fe80::20%eth0", 5353, 0, 7), "fe80::20%eth0"),
        (("2001:db8::20", 5353, 0, 0), "2001:db8::20"),
    ],
)
def test_a_link_local_sender_comes_with_its_zone(
    address: tuple[str, int] | tuple[str, int, int, int], source: str
) -> None:
    assert sockets.source(address, ETH0) == source


def test_B07_a_device_on_a_wrong_subnet_is_listed_where_it_is_reached() -> None:
    presence = mdns.Presence("8f3c11a2b0d4e596", "PX-3216", True, 8543, ("192.0.2.20", "fe80::20"))
    found: list[Found] = []
    asked = next(question for question in QUESTIONS if question.group == mdns.GROUP6)
    address = cast("tuple[str, int]", ("fe80::20", 5353, 0, 7))

    async def hear() -> None:
        with Silent() as silent:
            hearing = _Hearing(Search(FixedEntropy(), found.append), asked, ETH0, silent)
            hearing.datagram_received(mdns.announcement(presence), address)
            await asyncio.sleep(0)

    asyncio.run(hear())
    assert found[0].sender == "fe80::20%eth0"
