"""Where a call goes: a web address that somebody typed, or that a device gave, taken apart and checked."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass

from sparekey.core.errors import InputError

URL_LIMIT = 512
"""Characters of a web address."""

_URL = re.compile(
    r"(https?)://(\[[0-9a-f:.]+(?:%(?:25)?[\w.-]+)?\]|[\w.-]+)(?::(\d{1,5}))?(/[!-~]*)?",
    re.IGNORECASE | re.ASCII,
)
_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9_-]{1,63}(?<!-))*\.?", re.IGNORECASE)
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*", re.IGNORECASE)


@dataclass(frozen=True)
class Target:
    """One place on one device. `host`: a host name, or an IP address, with `%zone` when it is IPv6 link-local."""

    host: str
    port: int
    path: str = "/"
    tls: bool = False

    @property
    def authority(self) -> str:
        """The Host header: without a zone, which means nothing to the other side (RFC 6874)."""
        bare = self.host.partition("%")[0]
        host = f"[{bare}]" if ":" in bare else bare
        return host if self.port == (443 if self.tls else 80) else f"{host}:{self.port}"


def read_target(url: str) -> Target:
    """Take `http(s)://host[:port][/path]` apart. Raises InputError (`address`): another scheme, a user name inside,
    a host that is none.
    """
    match = _URL.fullmatch(url) if len(url) <= URL_LIMIT else None
    if match is None:
        raise InputError("address", "a web address looks like http://192.0.2.10/onvif/device_service")
    scheme, host, port, path = match.groups()
    tls = scheme.lower() == "https"
    number = int(port) if port else (443 if tls else 80)
    if not 0 < number < 65536:
        raise InputError("address", "a port is a number from 1 to 65535")
    return Target(_host(host), number, path or "/", tls)


def _host(text: str) -> str:
    bare = text.strip("[]").replace("%25", "%")
    try:
        return str(ipaddress.ip_address(bare))
    except ValueError:
        pass
    # What ends like a number is an IPv4 address to some resolvers, and not always the same one.
    number = _NUMBER.fullmatch(text.rstrip(".").rpartition(".")[2])
    if number or len(text) > 253 or not _NAME.fullmatch(text):
        raise InputError("address", "this is neither an IP address nor the name of a device")
    return text.lower()


def link_to(address: str, port: object, *, tls: bool = False) -> str:
    """The address of the first page at an IP address; nothing when the port, a number or its digits, is none."""
    text = port if isinstance(port, str) else str(port)
    if isinstance(port, bool) or not re.fullmatch(r"[0-9]{1,5}", text) or not 0 < int(text) < 65536:
        return ""
    target = Target(address, int(text), tls=tls)
    return f"{'https' if tls else 'http'}://{target.authority}/"
