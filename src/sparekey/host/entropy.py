"""The one file that throws the dice."""

from __future__ import annotations

import os
from typing import Protocol


class Entropy(Protocol):
    """A source of unpredictable bytes."""

    def bytes(self, count: int) -> bytes:
        """`count` uniformly random bytes."""


class SystemEntropy:
    """The operating system's generator."""

    def bytes(self, count: int) -> bytes:
        """`count` bytes from the kernel; waits at early boot until it is seeded."""
        return os.urandom(count)
