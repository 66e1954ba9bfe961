"""A machine store in memory. It survives a power cut of the machine, as a disk does."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager


class MemoryStore:
    """Commits when the block ends well and forgets what the block did when it does not."""

    def __init__(self) -> None:
        self.state: bytes | None = None
        self.orders: dict[int, bytes] = {}
        self._last = 0
        self._lock = threading.RLock()

    @contextmanager
    def transaction(self) -> Iterator[_Transaction]:
        """Hold the machine still, then commit."""
        with self._lock:
            work = _Transaction(self.state, dict(self.orders), self._last)
            yield work
            self.state, self.orders, self._last = work.state, work.orders, work.last

    def waiting(self) -> list[tuple[int, bytes]]:
        """Orders not yet done, oldest first."""
        return sorted(self.orders.items())

    def done(self, orders: Sequence[int]) -> None:
        """Forget orders."""
        for order in orders:
            self.orders.pop(order, None)


class _Transaction:
    def __init__(self, state: bytes | None, orders: dict[int, bytes], last: int) -> None:
        self.state = state
        self.orders = orders
        self.last = last

    def load(self) -> bytes | None:
        return self.state

    def save(self, state: bytes, orders: Sequence[bytes]) -> list[int]:
        self.state = state
        first = self.last + 1
        self.last += len(orders)
        ids = list(range(first, self.last + 1))
        self.orders |= dict(zip(ids, orders, strict=True))
        return ids
