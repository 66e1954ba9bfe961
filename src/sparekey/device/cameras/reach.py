"""Where the recorder may call when somebody names a camera: never itself, never the open Internet (threat T33)."""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import replace
from typing import TYPE_CHECKING

from sparekey.core.errors import InputError, UnavailableError
from sparekey.lan.target import Target, read_target

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from sparekey.device.cameras.settings import Network

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_SHUT: tuple[Network, ...] = (
    ipaddress.IPv4Network((0xA9FEA9FE, 32)),  # where clouds tell their machines' secrets
    ipaddress.IPv4Network((0x646464C8, 32)),
    ipaddress.IPv6Network((0xFD000EC2 << 96 | 0x254, 128)),
    ipaddress.IPv4Network((0, 8)),
    ipaddress.IPv4Network((0xF0 << 24, 4)),
    ipaddress.IPv6Network((0x0064FF9B << 96, 96)),  # NAT64: an IPv4 address in other clothes
    ipaddress.IPv6Network((0x2002 << 112, 16)),
)


class Reach:
    """`networks`: those of the settings. `near`: those directly on the recorder's interfaces, asked for each time.
    `ports`: the recorder's own ports. `own`: whether an address is one of this machine's. `resolve`: a host name's
    addresses.
    """

    def __init__(
        self,
        networks: Collection[Network],
        *,
        near: Callable[[], Collection[Network]],
        ports: Callable[[], Collection[int]],
        own: Callable[[str], bool],
        resolve: Callable[[str], list[str]],
    ) -> None:
        self._networks = tuple(networks)
        self._near = near
        self._ports = ports
        self._own = own
        self._resolve = resolve

    def target(self, url: str) -> Target:
        """Where a web address leads, with its host as an IP address: what was checked is what will be called. Raises
        InputError (`address`) for what is none, (`camera-address`) for where no camera can be; UnavailableError
        (`camera-name`) for a name that nobody knows.
        """
        named = read_target(url)
        try:
            address = ipaddress.ip_address(named.host)
        except ValueError:
            address = self._resolved(named.host)
        if not self._may(address, named.port):
            raise InputError("camera-address", "no camera of this recorder can be at this address")
        return replace(named, host=str(address))

    def may(self, target: Target) -> bool:
        """Whether a place whose host is an IP address is one where a camera can be."""
        return self._may(ipaddress.ip_address(target.host), target.port)

    def _resolved(self, name: str) -> Address:
        found = self._resolve(name)
        if not found:
            raise UnavailableError("camera-name", "nobody in this network knows a device of this name")
        return ipaddress.ip_address(found[0])

    def _may(self, address: Address, port: int) -> bool:
        plain = _plain(address)
        if plain.is_multicast or plain.is_unspecified or any(plain in shut for shut in _SHUT):
            return False
        named = any(plain in network for network in self._networks)
        if plain.is_loopback:  # only where the settings name a part of it, and never a door of ours
            return named and port not in self._ports()
        if self._own(str(address)):
            return False
        return named or plain.is_private or plain.is_link_local or any(plain in net for net in self._near())


def resolve(name: str) -> list[str]:
    """The addresses of a host name, as this machine knows them."""
    try:
        found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
    except OSError:
        return []
    return [str(entry[4][0]) for entry in found]


def _plain(address: Address) -> Address:
    """Without a zone, and IPv4 in the clothes of IPv6 undressed."""
    if isinstance(address, ipaddress.IPv6Address):
        return address.ipv4_mapped or ipaddress.IPv6Address(address.packed)
    return address
