"""A TLS key as people compare it: on the device's own screen, and where somebody first calls it (spec/lan.md 5.2)."""

from __future__ import annotations

from sparekey.core.codes import to_base32
from sparekey.core.codes.folding import read_folded
from sparekey.core.crypto import equal

LENGTH = 15
"""Bytes of the hash that people compare: 120 bits, 24 characters."""
_GROUP = 4


def shown(key_hash: bytes) -> str:
    """`ABCD-EFGH-...`: six groups of four characters."""
    text = to_base32(key_hash[:LENGTH])
    return "-".join(text[at : at + _GROUP] for at in range(0, len(text), _GROUP))


def agrees(typed: str, key_hash: bytes) -> bool:
    """Whether what a person typed from the screen is this key's fingerprint. Raises InputError for what is none."""
    return equal(read_folded(typed).encode(), to_base32(key_hash[:LENGTH]).encode())
