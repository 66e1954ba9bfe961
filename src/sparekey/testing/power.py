"""The switch that cuts the power: at any chosen instant of a run, and never twice at the same one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager

from sparekey.host.ports import MachineStore, Transaction


class PowerCutError(BaseException):
    """The power went. Not an `Exception`: nothing on the way up may catch it and carry on."""


class PowerSwitch:
    """Counts the instants at which power may fail, and fails at the chosen one.

    `cut_at`: the number of that instant, from 1; None never cuts. `passed` is where the run came to.
    """

    def __init__(self, cut_at: int | None = None) -> None:
        self.cut_at = cut_at
        self.passed = 0
        self.names: list[str] = []

    def instant(self, name: str) -> None:
        """Here power may fail."""
        self.passed += 1
        self.names.append(name)
        if self.passed == self.cut_at:
            self.cut_at = None
            raise PowerCutError(name)


class CuttableStore:
    """Any machine store, with instants before and after each of its writes."""

    def __init__(self, store: MachineStore, switch: PowerSwitch) -> None:
        self._store = store
        self._switch = switch

    def transaction(self) -> AbstractContextManager[Transaction]:
        """Instants: nothing written yet; written but not committed; committed but nobody knows."""
        return self._cuttable()

    @contextmanager
    def _cuttable(self) -> Iterator[Transaction]:
        with self._store.transaction() as transaction:
            yield _CuttableTransaction(transaction, self._switch)
        self._switch.instant("after commit")

    def waiting(self) -> list[tuple[int, bytes]]:
        """Orders not yet done."""
        return self._store.waiting()

    def done(self, orders: Sequence[int]) -> None:
        """Instants around forgetting."""
        self._switch.instant("before done")
        self._store.done(orders)
        self._switch.instant("after done")


class _CuttableTransaction:
    def __init__(self, transaction: Transaction, switch: PowerSwitch) -> None:
        self._transaction = transaction
        self._switch = switch

    def load(self) -> bytes | None:
        return self._transaction.load()

    def save(self, state: bytes, orders: Sequence[bytes]) -> list[int]:
        self._switch.instant("before save")
        ids = self._transaction.save(state, orders)
        self._switch.instant("before commit")
        return ids
