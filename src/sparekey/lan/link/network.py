"""A network address that a device is told to take (spec/lan.md section 5.7)."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass

from sparekey.core.codec import Value
from sparekey.core.errors import InputError
from sparekey.core.messages.fields import Fields
from sparekey.lan.link.frame import present

SERVERS_LIMIT = 2
_INTERFACE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,14}")
_ADDRESS_LIMIT = 15
_HOST_BITS = 2


@dataclass(frozen=True)
class Network:
    """`interface`: empty for the device's only one. `address` with its `prefix` length, or both empty for DHCP.
    `gateway`: inside that network, or empty. `servers`: of names.
    """

    interface: str = ""
    address: str = ""
    prefix: int = 0
    gateway: str = ""
    servers: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.interface and not _INTERFACE.fullmatch(self.interface):
            raise InputError("network", "the name of an interface has up to 15 letters, digits, . _ -")
        for server in self.servers:
            _single(server)
        if not self.address:
            if self.prefix or self.gateway:
                raise InputError("network", "with DHCP there is neither a prefix nor a gateway to give")
            return
        host = _single(self.address)
        if not 0 < self.prefix <= 32 - _HOST_BITS:
            raise InputError("network", "the length of a prefix is 1 to 30")
        inside = ipaddress.IPv4Network((int(host), self.prefix), strict=False)
        if host in (inside.network_address, inside.broadcast_address):
            raise InputError("network", "this address stands for the whole network, not for one device")
        if self.gateway and (_single(self.gateway) not in inside or self.gateway == self.address):
            raise InputError("network", "the gateway is another device of the same network")

    @property
    def fields(self) -> dict[int, Value]:
        """As a map."""
        told: dict[int, Value] = {1: self.interface, 2: self.address, 3: self.prefix or None}
        return present({**told, 4: self.gateway, 5: list(self.servers)})

    @classmethod
    def read(cls, fields: Fields) -> Network:
        """From a map. Raises InputError."""
        servers = fields.items(5, SERVERS_LIMIT) if fields.has(5) else []
        if any(not isinstance(server, str) or len(server) > _ADDRESS_LIMIT for server in servers):
            raise InputError("field", "a server of names is an IPv4 address")
        network = cls(
            interface=fields.text(1, 15) if fields.has(1) else "",
            address=fields.text(2, _ADDRESS_LIMIT) if fields.has(2) else "",
            prefix=fields.number(3, 1, 32 - _HOST_BITS) if fields.has(3) else 0,
            gateway=fields.text(4, _ADDRESS_LIMIT) if fields.has(4) else "",
            servers=tuple(str(server) for server in servers),
        )
        fields.end()
        return network


def _single(text: str) -> ipaddress.IPv4Address:
    """The address of one device in its usual form."""
    try:
        address = ipaddress.IPv4Address(text)
    except ValueError:
        raise InputError("network", "an IPv4 address looks like 192.0.2.20") from None
    if (
        address.is_multicast
        or address.is_loopback
        or address.is_unspecified
        or int(address) >= 0xF0000000
        or int(address) >> 24 == 0
    ):
        raise InputError("network", "no device can have this address")
    return address
