"""What stands before the login, in memory only: the delay of each source, the passes of factory logins."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from sparekey.core.crypto import sha256
from sparekey.core.throttle import Throttle

if TYPE_CHECKING:
    from sparekey.host.entropy import Entropy

PASSES_LIMIT = 64
"""Factory logins that may be open at the same time; beyond that the oldest ends."""


class Entrance:
    """Safe to call from several threads."""

    def __init__(self, entropy: Entropy) -> None:
        self._entropy = entropy
        self._lock = threading.Lock()
        self._throttle = Throttle()
        self._passes: tuple[bytes, ...] = ()

    def knock(self, source: str, uptime: int) -> int:
        """Seconds that this source still waits; 0 counts the try as wrong until `welcome` says otherwise."""
        with self._lock:
            waits = self._throttle.waits(source, uptime)
            if not waits:
                self._throttle = self._throttle.wrong(source, uptime)
            return waits

    def waits(self, source: str, uptime: int) -> int:
        """Seconds that this source still waits; nothing is counted."""
        with self._lock:
            return self._throttle.waits(source, uptime)

    def welcome(self, source: str) -> None:
        """The password was right."""
        with self._lock:
            self._throttle = self._throttle.right(source)

    def new_pass(self) -> str:
        """A pass for whoever knew the factory login: it opens the set-up page and nothing else."""
        token = self._entropy.bytes(32).hex()
        with self._lock:
            self._passes = (*self._passes, sha256(token.encode()))[-PASSES_LIMIT:]
        return token

    def has_pass(self, token: str) -> bool:
        """Whether this is such a pass."""
        return sha256(token.encode()) in self._passes
