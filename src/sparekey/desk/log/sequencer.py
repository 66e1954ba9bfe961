"""The desk's way into its recovery log: many callers at once, one transaction and one signature for all of them.

Whoever comes while a transaction is under way waits for the next one, and one of them leads it. Between nodes the row
of the log's state decides who is next, so there is one sequencer at any moment, and none to be lost.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from sparekey.core.errors import MisuseError, SparekeyError, UnavailableError, UntrustedError
from sparekey.core.tlog.leaf import LEAF_LIMIT
from sparekey.core.tlog.path import consistency_path, inclusion_path
from sparekey.core.tlog.proof import Growth, Proof

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sparekey.core.tlog.leaf import Leaf
    from sparekey.desk.log.ledger import Ledger
    from sparekey.desk.log.witnesses import Witnesses
    from sparekey.desk.store.database import Database

BATCH = 256
"""Entries of one transaction, at most, unless one caller brings more."""


class Sequencer:
    """Enters leaves and proves them. See `ports.RecoveryLog`."""

    def __init__(self, ledger: Ledger, database: Database, witnesses: Witnesses) -> None:
        self._ledger = ledger
        self._database = database
        self._witnesses = witnesses
        self._waiting: list[_Ticket] = []
        self._list = threading.Lock()
        self._turn = threading.Lock()

    def enter(self, key: str, leaf: Leaf) -> int:
        """Wait until the leaf stands in a signed and stored checkpoint. Returns its index."""
        return self.enter_all([(key, leaf)])[0]

    def enter_all(self, entries: Sequence[tuple[str, Leaf]]) -> list[int]:
        """The same for many at once."""
        self._database.check_idle()
        if any(not key or len(leaf.encoded) > LEAF_LIMIT for key, leaf in entries):
            raise MisuseError("log-entry", f"an entry has a key, and a leaf of {LEAF_LIMIT} bytes at most")
        if not entries:
            return []
        ticket = _Ticket(entries)
        with self._list:
            self._waiting.append(ticket)
        with self._turn:
            while ticket.failed is None and ticket.indexes is None:
                self._lead()
        if ticket.indexes is None:
            raise ticket.failed or MisuseError("log-entry", "the recovery log forgot somebody")
        return ticket.indexes

    def leaf(self, key: str) -> Leaf | None:
        """What was entered under a key."""
        return self._ledger.leaf(key)

    def proof(self, index: int, seen: int) -> bytes:
        """What stands in a response file for this entry."""
        note = self._witnesses.seen(max(index + 1, seen))
        size = self._ledger.checkpoint_of(note).size
        if seen > size:
            raise UntrustedError("log-older", "the device saw a longer recovery log than this desk has")
        hash_at = self._ledger.hashes(size)
        growth = Growth(seen, consistency_path(seen, size, hash_at)) if seen else None
        return Proof(index, inclusion_path(index, size, hash_at), note, growth).encoded

    def _lead(self) -> None:
        """One transaction for those who wait, the ones who came first; what goes wrong goes wrong for all of them."""
        with self._list:
            taken, count = list[_Ticket](), 0
            while self._waiting and (not taken or count + len(self._waiting[0].entries) <= BATCH):
                taken.append(self._waiting.pop(0))
                count += len(taken[-1].entries)
        try:
            indexes = self._ledger.append([entry for ticket in taken for entry in ticket.entries])
        except BaseException as error:
            for ticket in taken:
                ticket.failed = _for_each(error)
            if not isinstance(error, SparekeyError):
                raise
            return
        for ticket in taken:
            ticket.indexes, indexes = indexes[: len(ticket.entries)], indexes[len(ticket.entries) :]


class _Ticket:
    def __init__(self, entries: Sequence[tuple[str, Leaf]]) -> None:
        self.entries = entries
        self.indexes: list[int] | None = None
        self.failed: SparekeyError | None = None


def _for_each(error: BaseException) -> SparekeyError:
    """The error again, for a thread of its own."""
    if isinstance(error, SparekeyError):
        return type(error)(error.slug, error.hint)
    return UnavailableError("log", "the recovery log stopped for a moment; try again")
