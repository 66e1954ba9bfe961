"""Which answers are about the same device."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparekey.core.errors import InputError
from sparekey.lan.discovery import dhip, sadp, wsdiscovery
from sparekey.lan.discovery.found import (
    Found,
    Protocol,
    Way,
    distinct,
    ip_address,
    link,
    mac_address,
    plain,
    sender_address,
    start_time,
)
from sparekey.lan.discovery.merge import merge
from tests.lan.captured import CAPTURES

ONE, TWO = "02-00-5e-00-53-01", "02-00-5e-00-53-02"


def told(protocol: Protocol = Protocol.SADP, sender: str = "192.0.2.1", **more: object) -> Found:
    return Found((protocol,), sender, **more)  # type: ignore[arg-type]


def test_one_device_in_three_protocols_is_one_device() -> None:
    (found,) = merge(
        [
            told(Protocol.ONVIF, "fe80::1%eth0", ident="u1", macs=(ONE,), model="from onvif", name="Door"),
            told(macs=(ONE,), serial="SN000001", model="from sadp", ways=frozenset({Way.MAIL})),
            told(Protocol.DHIP, "192.0.2.9", serial="sn000001", activated=False, ways=frozenset({Way.MAKER})),
        ]
    )
    assert found.protocols == (Protocol.SADP, Protocol.DHIP, Protocol.ONVIF)
    assert (found.mac, found.serial, found.model, found.name) == (ONE, "SN000001", "from sadp", "Door")
    assert found.addresses == ("192.0.2.1", "192.0.2.9", "fe80::1%eth0")
    assert found.activated is False
    assert found.ways == frozenset({Way.MAIL, Way.MAKER})


def test_an_id_that_ends_with_a_mac_joins_the_device_that_has_it() -> None:
    ident = "00000000-0000-4000-8000-02005e005301"
    assert len(merge([told(macs=(ONE,)), told(Protocol.ONVIF, "192.0.2.7", ident=ident)])) == 1
    assert len(merge([told(macs=(TWO,)), told(Protocol.ONVIF, "192.0.2.7", ident=ident)])) == 2


def test_a_nameless_answer_joins_the_only_device_at_its_address() -> None:
    own = [told(Protocol.SPAREKEY, ident="k"), told(Protocol.ONVIF, ident="u")]
    assert len(merge(own)) == 1
    assert len(merge([told(macs=(ONE,)), *own])) == 1
    assert len(merge([told(macs=(ONE,), sender="192.0.2.3"), *own])) == 2


def test_two_new_devices_at_one_factory_address_stay_two() -> None:
    cameras = [told(macs=(ONE,)), told(macs=(TWO,))]
    assert len(merge(cameras)) == 2
    assert len(merge([*cameras, told(Protocol.ONVIF, ident="u1"), told(Protocol.ONVIF, ident="u2")])) == 4


def test_a_forged_answer_that_names_every_address_joins_nothing() -> None:
    cameras = [told(macs=(ONE,)), told(macs=(TWO,), sender="192.0.2.2")]
    forged = told(Protocol.ONVIF, "192.0.2.9", ident="u", addresses=("192.0.2.1", "192.0.2.2"))
    assert len(merge([*cameras, forged])) == 3


@pytest.mark.parametrize("serial", ["", "1234", "00000000"])
def test_a_serial_that_says_nothing_joins_nothing(serial: str) -> None:
    assert (
        len(merge([told(serial=serial, macs=(ONE,)), told(serial=serial, macs=(TWO,), sender="192.0.2.2")]))
        == 2
    )


def test_every_captured_device_is_there_once() -> None:
    readers = {"sadp": sadp, "dhip": dhip, "onvif": wsdiscovery}
    answers: list[Found] = []
    for number, path in enumerate(sorted(CAPTURES.iterdir())):
        try:
            answers += readers[path.name.split("-")[0]].read_answer(
                path.read_bytes(), f"192.0.2.{100 + number}"
            )
        except (KeyError, InputError):
            continue
    assert len(answers) == 18
    assert len(merge(answers)) == 17  # one was captured whole and broken off
    assert len(merge(answers * 3)) == 17


def test_five_thousand_devices_are_merged_as_such() -> None:
    answers = [
        told(protocol, f"192.0.2.{n % 250}", macs=(f"02-00-5e-01-{n >> 8:02x}-{n & 255:02x}",))
        for n in range(5000)
        for protocol in (Protocol.SADP, Protocol.ONVIF)
    ]
    assert len(merge(answers)) == 5000


FOUND = st.builds(
    told,
    st.sampled_from(Protocol),
    st.sampled_from(["192.0.2.1", "192.0.2.2", "192.0.2.3"]),
    ident=st.sampled_from(["", "a", "b"]),
    serial=st.sampled_from(["", "S00001", "S00002"]),
    macs=st.sampled_from([(), (ONE,), (TWO,), (ONE, TWO)]),
    addresses=st.lists(st.sampled_from(["192.0.2.1", "192.0.2.4"])).map(tuple),
    activated=st.sampled_from([None, True, False]),
    ways=st.sampled_from([None, frozenset(), frozenset({Way.MAIL, Way.MAKER})]),
)


@given(st.lists(FOUND, max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_answers_does_not_matter(answers: list[Found], dice: object) -> None:
    shuffled = sorted(answers, key=lambda _: dice.random())  # type: ignore[attr-defined]
    merged = merge(answers)
    assert merge(shuffled) == merge(answers * 2) == merged
    assert {mac for found in answers for mac in found.macs} == {mac for found in merged for mac in found.macs}
    owners = [mac for found in merged for mac in found.macs]
    assert len(owners) == len(set(owners))


@pytest.mark.parametrize(
    ("text", "mac"),
    [
        ("02:00:5E:00:53:01", ONE),
        ("02005e005301", ONE),
        ("02-00-5e-00-53-01", ONE),
        ("00-00-00-00-00-00", ""),
        ("ff:ff:ff:ff:ff:ff", ""),
        ("01005e005301", ""),
        ("٠2005e005301", ""),
        (None, ""),
    ],
)
def test_a_mac_address_has_one_form(text: object, mac: str) -> None:
    assert mac_address(text) == mac


@pytest.mark.parametrize(
    ("text", "address"),
    [("192.0.2.7", "192.0.2.7"), ("2001:DB8::7/64", "2001:db8::7"), ("::", ""), ("/0", ""), ("0.0.0.0", ""),
     ("255.255.255.255", ""), ("127.0.0.1", ""), ("ff02::1", ""), (7, ""), ("x" * 999, "")],
)  # fmt: skip
def test_an_address_is_one_that_a_device_can_have(text: object, address: str) -> None:
    assert ip_address(text) == address


def test_a_sender_over_both_families_is_one() -> None:
    assert sender_address("::ffff:192.0.2.7") == "192.0.2.7"
    assert sender_address("2001:DB8::7") == "2001:db8::7"


def test_strangers_texts_are_fit_to_show() -> None:
    assert plain(" a\x1b[31m\u202e b\n c ") == "a [31m b c"
    assert plain("x" * 999) == "x" * 128
    assert plain(7) == plain(None) == ""
    assert distinct("abc") == ()
    assert distinct(["a", "", 7, "a", "b"]) == ("a", "b")
    assert len(distinct([str(n) for n in range(99)])) == 16
    assert link("http://192.0.2.1/x") == "http://192.0.2.1/x"
    assert link("javascript:alert(1)") == link("http://192.0.2.1/ x") == link(7) == ""
    assert start_time("2024-09-18 09:21:28") == "2024-09-18 09:21:28"
    assert start_time("yesterday") == ""
