"""Whether the recovery log in the database is the one that was signed, and the one that this node saw before."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from sparekey.core.errors import InputError, UnavailableError, UntrustedError
from sparekey.core.tlog.checkpoint import Checkpoint, check_consistency, read_checkpoint
from sparekey.core.tlog.note import NOTE_LIMIT, read_note
from sparekey.core.tlog.path import consistency_path
from sparekey.core.tlog.tiles import TILE_HEIGHT, TILE_WIDTH
from sparekey.core.tlog.tree import HASH_LENGTH, Frontier, Node, leaf_hash

if TYPE_CHECKING:
    from pathlib import Path

    from sparekey.desk.log.ledger import Ledger


def verify(ledger: Ledger, memory: Memory) -> Checkpoint:
    """The newest checkpoint, once everything below it was hashed again. Raises UnavailableError, or UntrustedError:
    `log-damaged` where it was changed, cut off or forked, `log-origin` for another log, `log-older` where this node saw
    more of it.
    """
    head = ledger.head()
    try:
        note = read_note(head.note)
        checkpoint = read_checkpoint(note.text)
    except InputError:
        raise _damaged("its newest checkpoint cannot be read") from None
    if checkpoint.origin != ledger.origin:
        raise UntrustedError(
            "log-origin",
            f"the database holds the recovery log {checkpoint.origin}, the trust file names {ledger.origin}",
        )
    try:
        ledger.checkpoint_of(note)
    except UntrustedError:
        raise _damaged("its newest checkpoint was not signed by log.key") from None
    _check_entries(ledger, checkpoint, head.frontier)
    _check_memory(ledger, checkpoint, memory)
    return checkpoint


def _check_entries(ledger: Ledger, checkpoint: Checkpoint, stored: Frontier) -> None:
    if stored.size != checkpoint.size or ledger.rows() != checkpoint.size:
        raise _damaged(f"it has {ledger.rows()} entries, and its checkpoint was signed for {checkpoint.size}")
    frontier, rows = Frontier(), dict[tuple[int, int], bytes]()
    for number, leaves in enumerate(ledger.all_leaves(checkpoint.size)):
        hashes = [leaf_hash(leaf) for leaf in leaves]
        for hashed in hashes:
            frontier, made = frontier.append(hashed)
            _collect(rows, made)
        if len(leaves) == TILE_WIDTH and ledger.stored_tile(0, number) != b"".join(hashes):
            raise _damaged(f"an entry from {number * TILE_WIDTH} to {frontier.size - 1} was changed")
    if frontier != stored or frontier.root != checkpoint.root:
        raise _damaged("its entries do not make up the root that was signed")
    for (level, index), row in rows.items():
        if ledger.stored_tile(level, index) != row:
            raise _damaged("a row of its hashes was changed")


def _collect(rows: dict[tuple[int, int], bytes], made: tuple[Node, ...]) -> None:
    for level, index, node in made:
        if level and not level % TILE_HEIGHT:
            place = level // TILE_HEIGHT, index // TILE_WIDTH
            rows[place] = rows.get(place, b"")[: index % TILE_WIDTH * HASH_LENGTH] + node


def _check_memory(ledger: Ledger, checkpoint: Checkpoint, memory: Memory) -> None:
    known = memory.read()
    if known is None or known.origin != checkpoint.origin:
        return
    if known.size > checkpoint.size:
        raise UntrustedError(
            "log-older",
            f"the recovery log has {checkpoint.size} entries, and this desk has seen {known.size} of them:"
            " an older copy of the database is in use. Put the newest one back",
        )
    path = consistency_path(known.size, checkpoint.size, ledger.hashes(checkpoint.size))
    try:
        check_consistency(known, checkpoint, path)
    except UntrustedError:
        raise _damaged("it is not the one that this desk saw before") from None


def _damaged(what: str) -> UntrustedError:
    return UntrustedError("log-damaged", f"the recovery log in the database is not whole: {what}")


class Memory:
    """The newest checkpoint that this node saw, in a file beside its settings: the database may be another one now."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> Checkpoint | None:
        """What was seen, or None when nothing was. Raises InputError (`log-memory`), UnavailableError (`disk`)."""
        try:
            with self._path.open("rb") as file:
                data = file.read(NOTE_LIMIT + 1)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise UnavailableError("disk", f"cannot read {self._path}: {error.strerror}") from None
        try:
            return read_checkpoint(read_note(data).text)
        except InputError:
            raise InputError(
                "log-memory", f"{self._path} is damaged; compare the log with a monitor, then remove the file"
            ) from None

    def write(self, note: bytes) -> None:
        """Remember a note, durably. Raises UnavailableError (`disk`)."""
        beside = self._path.with_name(f"{self._path.name}.new")
        try:
            with beside.open("wb") as file:
                file.write(note)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self._path)
        except OSError as error:
            raise UnavailableError("disk", f"cannot write {self._path}: {error.strerror}") from None
