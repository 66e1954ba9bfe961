"""The device's own network addresses, as its page Info shows them. Linux tells them; elsewhere the settings do."""

from __future__ import annotations

import ipaddress
import socket
import struct
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sparekey.core.errors import UnavailableError
from sparekey.lan.discovery.found import mac_address
from sparekey.lan.interfaces import interfaces

if TYPE_CHECKING:
    from sparekey.device.config import Config

_CLASS = Path("/sys/class/net")
_SIX = Path("/proc/net/if_inet6")
_SIOCGIFADDR = 0x8915  # Linux, netdevice(7)


@dataclass(frozen=True)
class Own:
    """One interface, or one address that the settings name. `mac` may be unknown."""

    addresses: tuple[str, ...]
    mac: str = ""


def own(config: Config, classes: Path = _CLASS, six: Path = _SIX) -> list[Own]:
    """Where the device can be reached from the network. What the settings say comes before what the system says."""
    hosts = {listener.host for listener in config.listeners if listener.tls}
    named = tuple(host for host in sorted(hosts) if not _is_any(host))
    if named:
        return [Own(named, config.settings.mac)]
    try:
        found = interfaces()
    except UnavailableError:
        return []
    owns = [
        Own(
            (*_four(interface.name), *_sixes(interface.name, six)),
            config.settings.mac or _mac(interface.name, classes),
        )
        for interface in found
    ]
    return [each for each in owns if each.addresses]


def _is_any(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return host == "localhost"


def _mac(name: str, classes: Path) -> str:
    try:
        return mac_address((classes / name / "address").read_text(encoding="ascii").strip())
    except (OSError, UnicodeError):
        return ""


def _four(name: str) -> list[str]:
    """The interface's IPv4 address."""
    with suppress(ImportError, OSError, struct.error):
        import fcntl

        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            told = fcntl.ioctl(probe.fileno(), _SIOCGIFADDR, struct.pack("256s", name.encode()[:15]))
        return [socket.inet_ntoa(told[20:24])]
    return []


def _sixes(name: str, table: Path) -> list[str]:
    """Its IPv6 addresses."""
    try:
        lines = [line.split() for line in table.read_text(encoding="ascii").splitlines()]
    except (OSError, UnicodeError):
        return []
    return [
        str(ipaddress.IPv6Address(int(fields[0], 16)))
        for fields in lines
        if len(fields) == 6 and fields[5] == name
    ]
