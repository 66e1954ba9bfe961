"""Dice that always fall the same way."""

from __future__ import annotations

import hashlib


class FixedEntropy:
    """A repeatable stream of bytes from a seed: SHA-256 in counter mode."""

    def __init__(self, seed: str = "sparekey") -> None:
        self._seed = seed.encode()
        self._drawn = 0

    def bytes(self, count: int) -> bytes:
        """The next bytes of the stream; each call draws whole blocks of its own."""
        out = b""
        while len(out) < count:
            out += hashlib.sha256(self._seed + self._drawn.to_bytes(8, "big")).digest()
            self._drawn += 1
        return out[:count]
