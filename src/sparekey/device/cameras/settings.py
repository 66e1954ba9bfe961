"""`[cameras]` in `device.toml`: where a recorder's cameras may be, and by which doors it shows their pages."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from sparekey.core.errors import InputError
from sparekey.device.cameras.camera import CAMERAS_LIMIT

NETWORKS_LIMIT = 16
_LOOPBACK = ipaddress.IPv4Network((127 << 24, 8))
_LOOPBACK_PREFIX = 24
"""Bits, at least, of a network of loopback addresses that may be named."""

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True)
class CameraSettings:
    """`networks`: further networks that cameras may be in, such as `198.51.100.0/24`; private ones and those that the
    recorder is plugged into need not be named. Of this machine's own loopback only a part without 127.0.0.1 can be
    named, and without that none of it is ever called. `doors`: where cameras' own pages are shown through the
    recorder, each at a port of its own from this one on; empty for nowhere.
    """

    networks: tuple[str, ...] = ()
    doors: str = "https://0.0.0.0:8560"


@dataclass(frozen=True)
class Doors:
    """The same, read. `port`: of the first door."""

    host: str
    port: int
    tls: bool


def check(settings: CameraSettings, file: str) -> None:
    """Raises InputError (`config`) for what does not fit. `file`: for the message."""
    if len(settings.networks) > NETWORKS_LIMIT:
        raise InputError("config", f"{file}: cameras.networks names {NETWORKS_LIMIT} networks at most")
    for text in settings.networks:
        network(text, file)
    doors(settings, file)


def network(text: str, file: str = "") -> Network:
    """One of `networks`, read. Raises InputError (`config`)."""
    try:
        read = ipaddress.ip_network(text)
    except ValueError:
        raise InputError(
            "config", f"{file}: cameras.networks: {text!r} does not look like 198.51.100.0/24"
        ) from None
    if isinstance(read, ipaddress.IPv4Network) and read.overlaps(_LOOPBACK):
        own = ipaddress.IPv4Address("127.0.0.1") in read
        good = read.prefixlen >= _LOOPBACK_PREFIX and not own
    else:
        good = not (read.is_multicast or read.is_unspecified or read.is_loopback or read.prefixlen == 0)
    if not good:
        raise InputError("config", f"{file}: cameras.networks: no camera can be in {text}")
    return read


def doors(settings: CameraSettings, file: str = "") -> Doors | None:
    """`doors`, read; None for nowhere. Raises InputError (`config`)."""
    if not settings.doors:
        return None
    try:
        parts = urlsplit(settings.doors)
        read = Doors(parts.hostname or "", parts.port or 0, parts.scheme == "https")
    except ValueError:
        read = Doors("", 0, tls=False)
    host = f"[{read.host}]" if ":" in read.host else read.host
    here = read.host == "localhost" or _is_loopback(read.host)
    told = f"{'https' if read.tls else 'http'}://{host}:{read.port}"
    if settings.doors.lower() != told or not 0 < read.port <= 65535 - CAMERAS_LIMIT:
        raise InputError("config", f"{file}: cameras.doors does not look like https://0.0.0.0:8560")
    if not read.tls and not here:
        raise InputError("config", f"{file}: cameras.doors carries passwords in clear; use https:// there")
    return read


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
