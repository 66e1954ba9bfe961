"""Which addresses are meant by what an installer types."""

from __future__ import annotations

import pytest

from sparekey.core.errors import InputError
from sparekey.finder.reach import MOST, addresses


def test_addresses_and_networks_become_addresses_each_once() -> None:
    assert addresses(["192.0.2.7", " 192.0.2.4/30 "]) == ("192.0.2.7", "192.0.2.5", "192.0.2.6")
    assert addresses(["192.0.2.9/31"]) == ("192.0.2.8", "192.0.2.9")
    assert addresses([]) == ()


@pytest.mark.parametrize(
    "text",
    ["nobody", "192.0.2.0/33", "224.0.0.251", "127.0.0.0/8", "0.0.0.0", "255.255.255.255", "2001:db8::7", ""],
)
def test_what_no_device_elsewhere_can_have_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="address"):
        addresses([text])


def test_no_more_than_a_bounded_number_is_asked() -> None:
    assert len(addresses(["198.51" + ".96.0/20"])) == MOST - 2
    with pytest.raises(InputError, match="smaller network"):
        addresses(["198.51" + ".0.0/16"])
