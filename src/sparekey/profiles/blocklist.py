"""The passwords of many people: the list that a new password is held against.

`common-passwords.txt` has words of our own choice, `vendor/common-passwords.bin` the hashes of a public list, made by
`python -m tests.profiles.blocklist`. The hashes are read when somebody chooses a password, and not kept.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from functools import cached_property
from pathlib import Path

_HERE = Path(__file__).parent
WORDS = _HERE / "common-passwords.txt"
HASHES = _HERE / "vendor" / "common-passwords.bin"
WIDTH = 5
"""Bytes of a hash that are kept: of a million good passwords, not one is refused by chance."""


def entry(text: str, *, first: bool) -> bytes:
    """What stands in the file for a password. `first`: among the first few thousand, of which others are made."""
    return hashlib.sha256(f"{'first' if first else 'any'}:{text}".encode()).digest()[:WIDTH]


class CommonPasswords:
    """`core.guessable.Common` from the two files."""

    def __init__(self) -> None:
        self._words = frozenset(WORDS.read_text("utf-8").casefold().split())

    @cached_property
    def _hashes(self) -> bytes:
        return HASHES.read_bytes()

    def holds(self, text: str) -> bool:
        """Whether many people have this password."""
        return text in self._words or self._listed(entry(text, first=False))

    def begins(self, word: str) -> bool:
        """Whether it is one of the first few thousand, or a word of ours."""
        return word in self._words or self._listed(entry(word, first=True))

    def _listed(self, wanted: bytes) -> bool:
        hashes = self._hashes
        at = bisect_left(
            range(len(hashes) // WIDTH), wanted, key=lambda i: hashes[i * WIDTH : (i + 1) * WIDTH]
        )
        return hashes[at * WIDTH : (at + 1) * WIDTH] == wanted
