"""Where a call goes, whose key answers, and which networks are near."""

from __future__ import annotations

import ipaddress
import socket
import ssl
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparekey.core.crypto import tls_identity, tls_key_hash
from sparekey.core.errors import InputError, UnavailableError, UntrustedError
from sparekey.lan import tls
from sparekey.lan.interfaces import Interface, interfaces, is_near
from sparekey.lan.target import Target, link_to, read_target

PEM = tls_identity(b"\x01" * 32, "device.example.com", 1, 1_790_000_000, 365)[0]
DER = ssl.PEM_cert_to_DER_cert(PEM.decode())


@pytest.mark.parametrize(
    ("url", "target", "authority"),
    [
        ("http://192.0.2.7", Target("192.0.2.7", 80), "192.0.2.7"),
        ("HTTPS://192.0.2.7/a?b=c", Target("192.0.2.7", 443, "/a?b=c", True), "192.0.2.7"),
        ("http://192.0.2.7:443/", Target("192.0.2.7", 443), "192.0.2.7:443"),
        ("http://[2001:DB8::7]:8899/x", Target("2001:db8::7", 8899, "/x"), "[2001:db8::7]:8899"),
        ("http://[fe80::1%25eth0]/", Target("fe80::1%eth0", 80), "[fe80::1]"),
        ("http://[fe80::1%eth0]/", Target("fe80::1%eth0", 80), "[fe80::1]"),
        ("http://Camera-7.local/", Target("camera-7.local", 80), "camera-7.local"),
        ("http://nvr7:81", Target("nvr7", 81), "nvr7:81"),
    ],
)
def test_an_address_is_taken_apart(url: str, target: Target, authority: str) -> None:
    assert read_target(url) == target
    assert target.authority == authority


@pytest.mark.parametrize(
    "url",
    ["", "ftp://192.0.2.7/", "http://", "http://user@192.0.2.7/", "http://192.0.2.7:0/", "http://192.0.2.7:65536/",
     "http://192.0.2.7/a b", "http://192.0.2.7\r\n/", "http://[192.0.2.7]x/", "http://[x]/", "http://1.2.3/",
     "http://0x7f/", "http://a.0X/", "http://3221225985/", "http://-a/", "http://a..b/",
     "http://192.0.2.7/" + "x" * 512, "http://exämple/"],
)  # fmt: skip
def test_T14_what_is_no_address_is_our_error(url: str) -> None:
    with pytest.raises(InputError, match="address"):
        read_target(url)


@given(st.text() | st.text("htps:/.[]%0123456789abcdef@ ").map(lambda t: f"http://{t}"))
def test_T14_any_text_gives_a_target_or_our_error(url: str) -> None:
    try:
        target = read_target(url)
    except InputError:
        return
    assert not set(target.authority) & set("\r\n @/")
    assert not set(target.path) & set("\r\n ")


@pytest.mark.meets("asvs-1.2.2")
def test_a_link_is_made_of_an_address_and_a_port() -> None:
    assert link_to("192.0.2.7", "8080") == "http://192.0.2.7:8080/"
    assert link_to("2001:db8::7", 443, tls=True) == "https://[2001:db8::7]/"
    assert link_to("fe80::1%eth0", 80) == "http://[fe80::1]/"
    for port in ("", "0", "65536", "8O", None, True, "²", 1.5):
        assert link_to("192.0.2.7", port) == ""


def test_a_key_has_the_hash_that_a_request_carries() -> None:
    assert tls.key_hash(DER) == tls_key_hash(PEM)
    tls.check(tls.key_hash(DER), tls_key_hash(PEM))
    tls.check(tls.key_hash(DER), None)
    with pytest.raises(UntrustedError, match="tls-key"):
        tls.check(tls.key_hash(DER), bytes(32))


@given(st.data())
def test_T14_any_certificate_gives_a_hash_or_our_error(draw: st.DataObject) -> None:
    damaged = bytearray(DER[: draw.draw(st.integers(0, len(DER)))])
    for _ in range(draw.draw(st.integers(0, 3))):
        if damaged:
            damaged[draw.draw(st.integers(0, min(len(damaged), 60) - 1))] = draw.draw(st.integers(0, 255))
    with suppress(InputError):
        assert len(tls.key_hash(bytes(damaged))) == 32


ROUTE = """Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT
eth0 00000000 010200C0 0003 0 0 0 00000000 0 0 0
eth0 000200C0 00000000 0001 0 0 0 00FFFFFF 0 0 0
eth1 006433C6 00000000 0001 0 0 0 00FFFFFF 0 0 0
short
"""
IF_INET6 = """fe800000000000000000000000000001 02 40 20 80 eth0
20010db8000000000000000000000002 02 40 00 80 eth0
20010db8000000000000000000000003 02 40 00 80 eth0
00000000000000000000000000000001 01 80 10 80 lo
short
"""


def test_networks_are_read_where_linux_tells_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "if_nameindex", lambda: [(1, "lo"), (2, "eth0"), (3, "eth1"), (4, "wlan0")])
    (tmp_path / "route").write_text(ROUTE)
    (tmp_path / "if_inet6").write_text(IF_INET6)
    first, second, third = interfaces(tmp_path)
    assert (first.name, first.index) == ("eth0", 2)
    assert [str(network) for network in first.networks] == ["192.0.2.0/24", "2001:db8::/64"]
    assert first.broadcasts == ("192.0.2.255",)
    assert [str(network) for network in second.networks] == ["198.51.100.0/24"]
    assert third == Interface("wlan0", 4)
    assert [interface.networks for interface in interfaces(tmp_path / "none")] == [(), (), ()]


def test_a_system_that_tells_nothing_is_our_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> list[tuple[int, str]]:
        raise OSError

    monkeypatch.setattr(socket, "if_nameindex", broken)
    with pytest.raises(UnavailableError, match="interfaces"):
        interfaces()


def test_loopbacks_go_by_many_names() -> None:
    names = {"lo": True, "lo0": True, "loopback_0": True, "local0": False, "eth0": False}
    assert {name: Interface(name, 1).is_loopback for name in names} == names
    assert Interface("ppp0", 1, (ipaddress.IPv4Network("192.0.2.0/31"),)).broadcasts == ()


def test_link_local_is_near_everywhere() -> None:
    assert is_near("fe80::1%eth0", ())
    assert not is_near("192.0.2.7", ())
    assert is_near("192.0.2.7", (ipaddress.IPv4Network("192.0.2.0/24"),))
    assert not is_near("somewhere", ())
