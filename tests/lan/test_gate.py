"""Who is answered, and how often."""

from __future__ import annotations

import ipaddress

import pytest

from sparekey.lan import gate as gates
from sparekey.lan.gate import Gate
from sparekey.lan.interfaces import Network

NEAR: tuple[Network, ...] = (ipaddress.IPv4Network("192.0.2.0/24"), ipaddress.IPv6Network("2001:db8::/64"))


@pytest.mark.parametrize(
    ("source", "size", "heard"),
    [
        (("192.0.2.9", 3702), 600, True),
        (("fe80::1%eth0", 5353), 600, True),
        (("2001:db8::9", 40000), 600, True),
        (("::ffff:192.0.2.9", 40000), 600, True),
        (("169.254" + ".7.7", 40000), 600, True),
        (("198.51.100.9", 40000), 600, False),
        (("2001:db8:1::9", 40000), 600, False),
        (("192.0.2.9", 53), 600, False),
        (("192.0.2.9", 40000), 4097, False),
        (("nowhere", 40000), 600, False),
    ],
)
def test_T27_only_near_and_small_questions_are_read(source: tuple[str, int], size: int, heard: bool) -> None:
    assert Gate(0.0).hears(source, size, NEAR, 0.0) is heard


@pytest.mark.meets("asvs-15.2.2")
def test_T27_a_flood_is_read_slowly_and_answered_more_slowly() -> None:
    gate = Gate(0.0)
    assert sum(gate.hears(("192.0.2.9", 3702), 9, NEAR, 0.0) for _ in range(999)) == 200
    assert sum(gate.hears(("192.0.2.9", 3702), 9, NEAR, 1.0) for _ in range(999)) == 100
    assert sum(gate.lets_out("192.0.2.9", 9, 0.0) for _ in range(99)) == 6
    assert sum(gate.lets_out("192.0.2.9", 9, 1.0) for _ in range(99)) == 2


def test_many_sources_share_one_allowance_and_are_forgotten() -> None:
    gate = Gate(0.0)
    assert sum(gate.lets_out(f"2001:db8::{n:x}", 9, 0.0) for n in range(999)) == 20
    assert sum(gate.lets_out(f"2001:db8::{n:x}", 9, 0.5) for n in range(999)) == 5
    assert len(gate._each) == gates.SOURCES_LIMIT
    assert not Gate(0.0).lets_out("192.0.2.9", gates.ANSWER_LIMIT + 1, 0.0)
