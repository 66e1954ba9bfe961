"""How people name a device of ours on the command line: an address, with a port where it is not the usual one."""

from __future__ import annotations

import ipaddress

from sparekey.core.errors import InputError
from sparekey.finder.reach import PORT
from sparekey.lan.target import Target, read_target


def read_place(text: str) -> Target:
    """`192.0.2.20`, `192.0.2.20:8543`, `[fe80::1%eth0]:8543`, `recorder.example.com`, or `https://...`.

    Raises InputError (`address`).
    """
    bare = text.strip()
    if "://" in bare:
        target = read_target(bare)
        if not target.tls:
            raise InputError("address", "a device is called over https only: leave the http:// away")
        return Target(target.host, target.port, tls=True)
    try:
        host = ipaddress.ip_address(bare)
    except ValueError:
        return _with_port(bare)
    return Target(str(host), PORT, tls=True)


def _with_port(text: str) -> Target:
    host, colon, port = text.rpartition(":")
    named = text if not colon else f"{host}:{port}"
    target = read_target(f"https://{named}/")
    return Target(target.host, target.port if colon else PORT, tls=True)


def written(target: Target) -> str:
    """The one form under which a device is remembered, and shown."""
    host = f"[{target.host}]" if ":" in target.host else target.host
    return f"{host}:{target.port}"
