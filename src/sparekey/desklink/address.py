"""Where the link of a desk is, from the URL prefix in its trust file (spec/desklink.md section 1)."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from sparekey.core.errors import InputError

_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Address:
    """A desk as a socket needs it. `tls`: False on this very machine alone."""

    host: str
    port: int
    tls: bool

    @property
    def authority(self) -> str:
        """What stands in the Host field (RFC 9110 section 7.2)."""
        usual = _PORTS["https" if self.tls else "http"]
        return self.host if self.port == usual else f"{self.host}:{self.port}"


def address_of(prefix: str) -> Address:
    """Of `HTTPS://DESK.EXAMPLE.COM/R/`. Raises InputError (`desk-address`) for what can be no desk, and for plain http
    to another machine.
    """
    scheme, _, rest = prefix.lower().partition("://")
    authority, _, path = rest.partition("/")
    host, colon, port = authority.partition(":")
    if scheme not in _PORTS or path != "r/" or not host or (colon and not port.isdecimal()):
        raise InputError("desk-address", "the trust file does not say where the desk is")
    number = int(port[:6]) if port else _PORTS[scheme]
    if not 0 < number < 65536:
        raise InputError("desk-address", "the trust file does not say where the desk is")
    if scheme == "http" and not is_loopback(host):
        raise InputError("desk-address", "the desk is spoken to over https:// only")
    return Address(host, number, scheme == "https")


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this very machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
