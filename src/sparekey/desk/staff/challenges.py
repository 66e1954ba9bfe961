"""Challenges that nobody has to keep: each says by itself for which browser and purpose it was made, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core import crypto
from sparekey.core.errors import UntrustedError

if TYPE_CHECKING:
    from sparekey.host.entropy import Entropy

LIFE = 300
"""Seconds in which it is answered."""

_NONCE, _TIME, _MAC = 16, 8, 32


class Challenges:
    """`key`: 32 secret bytes that all processes of the desk share."""

    def __init__(self, key: bytes, entropy: Entropy) -> None:
        self._key = key
        self._entropy = entropy

    def make(self, purpose: str, browser: str, now: int) -> bytes:
        """A fresh one. `now`: Unix seconds."""
        head = self._entropy.bytes(_NONCE) + now.to_bytes(_TIME, "big")
        return head + self._proof(head, purpose, browser)

    def check(self, challenge: bytes, purpose: str, browser: str, now: int) -> None:
        """Raises UntrustedError (`stale-challenge`) unless we made it for this, not long ago."""
        head, proof = challenge[:-_MAC], challenge[-_MAC:]
        right = len(head) == _NONCE + _TIME and crypto.equal(proof, self._proof(head, purpose, browser))
        if not right or not 0 <= now - int.from_bytes(head[_NONCE:], "big") < LIFE:
            raise UntrustedError("stale-challenge", "it was made too long ago, or for another page")

    def verifier(self, challenge: bytes) -> str:
        """Something secret that belongs to it and that nobody else can work out: 64 hexadecimal digits."""
        return crypto.mac(self._key, b"verifier\x00" + challenge).hex()

    def _proof(self, head: bytes, purpose: str, browser: str) -> bytes:
        return crypto.mac(self._key, b"challenge\x00" + head + f"{purpose}\n{browser}".encode())
