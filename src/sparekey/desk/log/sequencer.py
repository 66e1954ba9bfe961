"""The desk's way into its recovery log: many callers at once, one transaction and one signature for all of them.

Between nodes the row of the log's state decides who is next, so there is one sequencer at any moment, and none to be
lost.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from sparekey.core.errors import MisuseError, UntrustedError
from sparekey.core.tlog.leaf import LEAF_LIMIT
from sparekey.core.tlog.path import consistency_path, inclusion_path
from sparekey.core.tlog.proof import Growth, Proof
from sparekey.desk.store.together import Together

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
        self._together = Together(self._append, most=BATCH, weigh=len)

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
        return self._together.ask(entries)

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

    def _append(self, asked: Sequence[Sequence[tuple[str, Leaf]]]) -> list[list[int]]:
        """One transaction and one signature for those who wait."""
        indexes = iter(self._ledger.append([entry for entries in asked for entry in entries]))
        return [list(islice(indexes, len(entries))) for entries in asked]
