"""Where somebody comes from, as a mark: of an address, or of the network that one household has."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from sparekey.core.crypto import derive, mac

if TYPE_CHECKING:
    from starlette.requests import Request


class Sources:
    """Marks are made with a key, so that the database holds no list of addresses. `key`: secret bytes that all nodes
    share. What a trusted proxy says of its clients is believed before this (`desk.proxies`).
    """

    def __init__(self, key: bytes) -> None:
        self._key = derive(key, "source mark")

    def mark(self, request: Request) -> bytes:
        """16 bytes. Of IPv6 the first 64 bits count."""
        host = request.client.host if request.client else ""
        try:
            address = ipaddress.ip_address(host)
            width = 64 if address.version == 6 else 32
            host = str(ipaddress.ip_network((address, width), strict=False))
        except ValueError:
            host = "unknown"
        return mac(self._key, host.encode())[:16]
