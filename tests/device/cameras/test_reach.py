"""Where a recorder may call when somebody names a camera."""

from __future__ import annotations

import ipaddress

import pytest

from sparekey.core.errors import InputError, UnavailableError
from sparekey.device.cameras import settings
from sparekey.device.cameras.reach import Reach
from sparekey.device.cameras.settings import CameraSettings
from sparekey.lan.target import Target

META = "http://" + str(ipaddress.IPv4Address(0xA9FEA9FE))
META6 = f"http://[{ipaddress.IPv6Address(0xFD000EC2 << 96 | 0x254)}]/"
DRESSED = f"http://[{ipaddress.IPv6Address(0x0064FF9B << 96 | 0xA9FEA9FE)}]/"
AFAR = f"http://{ipaddress.IPv4Address(0xC01FC409)}/"  # AS112, RFC 7535: nobody's machine
LARGE = f"https://{ipaddress.IPv4Address(0x0A010203)}:8443/onvif"
OWN = {"192.0.2.2", "fe80::7"}
NAMES = {"cam.local": ["192.0.2.9", "192.0.2.2"], "rebound.example.com": ["127.0.0.1"], "unknown.local": []}


def reach(*networks: str, near: str = "198.51.100.0/24") -> Reach:
    return Reach(
        [settings.network(text) for text in networks],
        near=lambda: [ipaddress.ip_network(near)],
        ports=lambda: {8543, 8560},
        own=lambda address: address in OWN,
        resolve=lambda name: NAMES[name],
    )


@pytest.mark.parametrize(
    "url",
    [
        "http://192.0.2.9/",
        LARGE,
        "http://[fe80::9%eth0]/",
        "http://198.51.100.9/",
        "http://[::ffff:192.0.2.9]/",
    ],
)
def test_a_camera_may_be_in_a_private_network_or_beside_the_recorder(url: str) -> None:
    assert reach().target(url).port


@pytest.mark.meets("asvs-1.3.6", "asvs-13.2.4")
@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://127.0.1.11/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://localhost./",
        "http://0.0.0.0/",
        "http://[::]/",
        "http://224.0.0.251/",
        "http://[ff02::1]/",
        "http://255.255.255.255/",
        f"{META}/latest/meta-data",
        META.replace("//", "//[::ffff:") + "]/",
        META6,
        DRESSED,
        AFAR,
        "http://192.0.2.2/",
        "https://192.0.2.2:8543/",
        "http://[fe80::7]/",
        "http://rebound.example.com/",
    ],
)
def test_T33_neither_the_recorder_itself_nor_the_internet_is_ever_called(url: str) -> None:
    NAMES["localhost."] = ["127.0.0.1"]
    with pytest.raises(InputError, match="camera-address"):
        reach().target(url)


@pytest.mark.meets("asvs-1.3.6", "asvs-15.4.2")
def test_T33_a_name_is_looked_up_once_and_what_was_checked_is_what_is_called() -> None:
    assert reach().target("https://cam.local/x") == Target("192.0.2.9", 443, "/x", tls=True)
    with pytest.raises(UnavailableError, match="camera-name"):
        reach().target("http://unknown.local/")


def test_T33_loopback_takes_a_network_of_its_own_and_never_a_door_of_ours() -> None:
    opened = reach("127.0.1.0/24")
    assert opened.target("https://127.0.1.11:8743/").host == "127.0.1.11"
    for url in ("https://127.0.1.11:8543/", "https://127.0.1.11:8560/", "http://127.0.0.1:8743/"):
        with pytest.raises(InputError, match="camera-address"):
            opened.target(url)
    assert reach("203.0.113.0/28").target("http://203.0.113.9/").host == "203.0.113.9"


@pytest.mark.meets("asvs-13.2.5")
@pytest.mark.parametrize(
    "text",
    [
        "127.0.0.0/8",
        "127.0.0.0/24",
        "127.0.0.1/32",
        "127.9.0.0/16",
        "::1/128",
        "0.0.0.0/0",
        "x",
        "ff02::/16",
    ],
)
def test_T33_settings_cannot_open_the_loopback_itself(text: str) -> None:
    with pytest.raises(InputError, match="config"):
        settings.check(CameraSettings(networks=(text,)), "device.toml")


@pytest.mark.parametrize(
    "doors",
    [
        "http://0.0.0.0:8560",
        "https://0.0.0.0",
        "https://0.0.0.0:65500",
        "ftp://0.0.0.0:1",
        "https://[::",
        "x",
    ],
)
def test_doors_that_do_not_fit_are_told(doors: str) -> None:
    with pytest.raises(InputError, match=r"cameras\.doors"):
        settings.check(CameraSettings(doors=doors), "device.toml")


def test_doors_are_read() -> None:
    assert settings.doors(CameraSettings(doors="")) is None
    assert settings.doors(CameraSettings()) == settings.Doors("0.0.0.0", 8560, tls=True)
    assert settings.doors(CameraSettings(doors="http://127.0.0.1:9000")) == settings.Doors(
        "127.0.0.1", 9000, tls=False
    )
    with pytest.raises(InputError, match="at most"):
        settings.check(CameraSettings(networks=("192.0.2.0/24",) * 17), "device.toml")
