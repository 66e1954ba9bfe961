"""How many may stand at the doors: before TLS, before a byte is read (spec/security.md, threat T38).

A listener that accepts counts each connection from there until it is closed. One source takes a share, never all.
"""

from __future__ import annotations

import ipaddress
import socket
import threading
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

MOST = 128
"""Open connections at the doors of one face."""
EACH = 32
"""Of them, from one source."""


class Crowd:
    """Counts. Safe to call from several threads."""

    def __init__(self, most: int = MOST, each: int = EACH) -> None:
        self._most = most
        self._each = each
        self._inside: Counter[str] = Counter()
        self._lock = threading.Lock()

    def enters(self, source: str) -> bool:
        """Whether there is room for one more from there; then it is counted."""
        with self._lock:
            if self._inside.total() >= self._most or self._inside[source] >= self._each:
                return False
            self._inside[source] += 1
            return True

    def leaves(self, source: str) -> None:
        """One went."""
        with self._lock:
            self._inside[source] -= 1
            self._inside += Counter()  # nobody is remembered who is not here


class _Counted(socket.socket):
    """An accepted connection that says when it is closed."""

    left: Callable[[], None] | None = None

    def close(self) -> None:
        """Close it, and say so once."""
        left, self.left = self.left, None
        super().close()
        if left is not None:
            left()


class Listener(socket.socket):
    """A listening socket whose `accept` turns away whom the crowd has no room for."""

    crowd: Crowd

    def accept(self) -> tuple[socket.socket, Any]:
        """The next one that has room. Those that have not are closed without a word."""
        while True:
            number, address = self._accept()  # type: ignore[attr-defined]  # what socket.accept itself calls
            connection = _Counted(self.family, self.type, self.proto, fileno=number)
            source = source_of(address[0])
            if self.crowd.enters(source):
                connection.left = partial(self.crowd.leaves, source)
                return connection, address
            connection.close()


def source_of(host: str) -> str:
    """Who counts as one: an IPv4 address, or an IPv6 address's /64."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.IPv6Network((int(address) >> 64 << 64, 64)))
    return str(address)
