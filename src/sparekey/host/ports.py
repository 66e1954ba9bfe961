"""What the driver asks of a store."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Protocol


class Transaction(Protocol):
    """One machine, held still. Leaving the block without an error commits, durably; an error undoes all."""

    def load(self) -> bytes | None:
        """The stored state, or None before the first."""

    def save(self, state: bytes, orders: Sequence[bytes]) -> list[int]:
        """Store the state and its orders together. Returns an id for each order."""


class MachineStore(Protocol):
    """Keeps one machine's state and the orders that are not yet carried out."""

    def transaction(self) -> AbstractContextManager[Transaction]:
        """Begin; one at a time. Raises UnavailableError when the store does not answer or cannot write."""

    def waiting(self) -> list[tuple[int, bytes]]:
        """Orders that were stored and not yet done, oldest first."""

    def done(self, orders: Sequence[int]) -> None:
        """Forget orders. Doing so twice is fine."""
