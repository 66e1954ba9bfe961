"""Where somebody comes from, as a mark: of an address, or of the network that one household has."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from sparekey.core.crypto import derive, mac

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request

    Network = ipaddress.IPv4Network | ipaddress.IPv6Network

FORWARDED = "x-forwarded-for"
HOPS_MOST = 16
"""Entries of that header that are looked at, from its end."""


class Sources:
    """Marks are made with a key, so that the database holds no list of addresses. `key`: secret bytes that all nodes
    share. `proxies`: networks of our own proxies; from these alone, what they say of others is believed.
    """

    def __init__(self, key: bytes, proxies: Sequence[str] = ()) -> None:
        self._key = derive(key, "source mark")
        self._proxies: list[Network] = [ipaddress.ip_network(proxy) for proxy in proxies]

    def mark(self, request: Request) -> bytes:
        """16 bytes. Of IPv6 the first 64 bits count."""
        host = self._outside(request)
        try:
            address = ipaddress.ip_address(host)
            width = 64 if address.version == 6 else 32
            host = str(ipaddress.ip_network((address, width), strict=False))
        except ValueError:
            host = "unknown"
        return mac(self._key, host.encode())[:16]

    def _outside(self, request: Request) -> str:
        """The last address, counted from us, that is none of our proxies."""
        told = ",".join(request.headers.getlist(FORWARDED)).split(",")
        hops = [hop.strip() for hop in told if hop.strip()][-HOPS_MOST:]
        host = request.client.host if request.client else ""
        while hops and self._is_ours(host):
            host = hops.pop()
        return host

    def _is_ours(self, host: str) -> bool:
        try:
            address = ipaddress.ip_address(host)
        except ValueError:
            return False
        return any(address in proxy for proxy in self._proxies)
