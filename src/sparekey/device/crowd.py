"""How many may stand at the doors, and how long: before TLS, before a byte is read (spec/security.md, threat T38).

A listener that accepts counts each connection from there until it is closed. One source takes a share, never all.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import threading
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

MOST = 128
"""Open connections at the doors of one face."""
EACH = 32
"""Of them, from one source."""
HANDSHAKE = 10
"""Seconds for TLS to come about."""
HURRY = 20
"""Seconds for a whole request to arrive, and for an answer to get any further on its way."""


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


class HurriedProtocol(H11Protocol):
    """HTTP/1.1 with whoever keeps going. A connection that stops in the middle is ended."""

    _hurry: asyncio.TimerHandle | None = None
    _unsent = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Somebody came."""
        super().connection_made(transport)
        self._hurry = self.loop.call_later(HURRY, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        """They went."""
        if self._hurry is not None:
            self._hurry.cancel()
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        """The next request has its own time."""
        if self._hurry is not None:
            self._hurry.cancel()
        self._hurry = self.loop.call_later(HURRY, self._look)
        super().on_response_complete()

    def _look(self) -> None:
        unsent = self.transport.get_write_buffer_size()
        stuck = unsent and unsent == self._unsent
        if stuck or self.conn.their_state in (h11.IDLE, h11.SEND_BODY):
            self.transport.abort()
            return
        self._unsent = unsent
        self._hurry = self.loop.call_later(HURRY, self._look)
