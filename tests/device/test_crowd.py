"""Who stands at the doors: counted from the first packet, each source a share."""

from __future__ import annotations

import pytest

from sparekey.device.crowd import Crowd, source_of


@pytest.mark.meets("asvs-15.2.2")
def test_T38_no_source_takes_every_place() -> None:
    crowd = Crowd(most=4, each=2)
    assert [crowd.enters("192.0.2.66") for _ in range(3)] == [True, True, False]
    assert [crowd.enters(f"192.0.2.{number}") for number in (7, 8, 9)] == [True, True, False]
    crowd.leaves("192.0.2.66")
    assert crowd.enters("192.0.2.9")
    assert not crowd.enters("192.0.2.66"), "there is no room in all"


@pytest.mark.parametrize(
    ("host", "source"),
    [
        ("192.0.2.66", "192.0.2.66"),
        ("2001:db8::66", "2001:db8::/64"),
        ("fe80::66%eth0", "fe80::/64"),
        ("somewhere", "somewhere"),
    ],
)
def test_T38_one_network_of_ipv6_is_one_source(host: str, source: str) -> None:
    assert source_of(host) == source
