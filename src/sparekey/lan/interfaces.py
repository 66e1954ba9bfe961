"""The network interfaces of this machine and the networks directly on them.

Names and numbers come from the standard library everywhere. The networks are read where Linux tells them; elsewhere
only the link-local ones are known, which every interface has.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from dataclasses import dataclass
from pathlib import Path

from sparekey.core.errors import UnavailableError

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

LINK_LOCAL: tuple[Network, ...] = (
    ipaddress.IPv4Network((0xA9FE0000, 16)),  # RFC 3927
    ipaddress.IPv6Network((0xFE80 << 112, 10)),  # RFC 4291 section 2.5.6
)
_TABLES = Path("/proc/net")
_LOOPBACK = re.compile(r"lo(?:\d*|opback.*)", re.IGNORECASE)


@dataclass(frozen=True)
class Interface:
    """One interface. `networks`: those directly on it, without the link-local ones."""

    name: str
    index: int
    networks: tuple[Network, ...] = ()

    @property
    def is_loopback(self) -> bool:
        """Whether it leads nowhere but here."""
        return _LOOPBACK.fullmatch(self.name) is not None

    @property
    def broadcasts(self) -> tuple[str, ...]:
        """The broadcast addresses of its IPv4 networks."""
        return tuple(
            str(network.broadcast_address)
            for network in self.networks
            if isinstance(network, ipaddress.IPv4Network) and network.prefixlen < 31
        )


def interfaces(tables: Path = _TABLES, *, loopback: bool = False) -> tuple[Interface, ...]:
    """All interfaces; the loopback only when it is asked for. Raises UnavailableError when the system does not tell."""
    try:
        named = socket.if_nameindex()
    except OSError:
        raise UnavailableError("interfaces", "this machine does not tell its network interfaces") from None
    networks = [*_networks4(_text(tables / "route")), *_networks6(_text(tables / "if_inet6"))]
    all_of_them = (
        Interface(name, index, tuple(network for owner, network in networks if owner == name))
        for index, name in named
    )
    return tuple(interface for interface in all_of_them if loopback or not interface.is_loopback)


def is_near(source: str, networks: tuple[Network, ...]) -> bool:
    """Whether an address is link-local or in one of these networks."""
    try:
        address = ipaddress.ip_address(source)
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        address = address.ipv4_mapped or ipaddress.IPv6Address(address.packed)  # without its zone
    return any(address in network for network in (*LINK_LOCAL, *networks))


def _text(table: Path) -> str:
    try:
        return table.read_text(encoding="ascii")
    except (OSError, UnicodeError):
        return ""


def _networks4(routes: str) -> list[tuple[str, Network]]:
    """Those routes of `/proc/net/route` that need no gateway: interface and network."""
    found: list[tuple[str, Network]] = []
    for line in routes.splitlines()[1:]:
        fields = line.split()
        if len(fields) < 8 or int(fields[2], 16) or not int(fields[7], 16):
            continue
        start, mask = (int.from_bytes(bytes.fromhex(fields[at]), "little") for at in (1, 7))
        found.append((fields[0], ipaddress.IPv4Network((start, mask.bit_count()))))
    return found


def _networks6(addresses: str) -> list[tuple[str, Network]]:
    """The networks of the addresses in `/proc/net/if_inet6`, link-local ones left out: interface and network."""
    found: list[tuple[str, Network]] = []
    for line in addresses.splitlines():
        fields = line.split()
        if len(fields) < 6:
            continue
        network = ipaddress.IPv6Network((int(fields[0], 16), int(fields[2], 16)), strict=False)
        if not network.is_link_local and (fields[5], network) not in found:
            found.append((fields[5], network))
    return found
