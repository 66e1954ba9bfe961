"""New passwords: each its own, for people to read, and without a character that some camera or URL takes amiss."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core.errors import InputError

if TYPE_CHECKING:
    from sparekey.host.entropy import Entropy

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
"""Letters and digits that are unreserved in URLs (RFC 3986 section 2.3) and look like no other."""
USUAL = 20
"""Characters, where the device takes as many: 116 bits."""
SHORTEST = 12
"""Characters below which none is made: 70 bits."""


def make(entropy: Entropy, least: int = 0, most: int = 64) -> str:
    """A password within a device's limits. Raises InputError (`limits`) when they allow none that is good enough."""
    length = max(min(USUAL, most), least)
    if length < SHORTEST or length > most:
        raise InputError(
            "limits", f"this device takes passwords of {least} to {most} characters; set one by hand"
        )
    while not _is_mixed(made := _drawn(entropy, length)):
        continue
    return made


def _is_mixed(text: str) -> bool:
    """Many devices want one of each; nearly all that are drawn have them."""
    return any(c.isdigit() for c in text) and text.lower() != text and text.upper() != text


def _drawn(entropy: Entropy, length: int) -> str:
    made = ""
    while len(made) < length:
        # Bytes beyond the last whole multiple are dropped: every character is equally likely.
        made += "".join(
            ALPHABET[byte % len(ALPHABET)]
            for byte in entropy.bytes(32)
            if byte < 256 // len(ALPHABET) * len(ALPHABET)
        )
    return made[:length]
