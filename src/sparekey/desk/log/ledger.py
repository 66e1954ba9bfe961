"""The recovery log in the desk's database: appending, and the parts that are served (spec/log.md)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, func, insert, select, update

from sparekey.core.crypto import sha256, signing_public
from sparekey.core.errors import InputError, MisuseError, UntrustedError
from sparekey.core.tlog.checkpoint import (
    Checkpoint,
    log_key,
    open_checkpoint,
    read_checkpoint,
    sign_checkpoint,
)
from sparekey.core.tlog.leaf import Issued, Leaf, read_leaf
from sparekey.core.tlog.note import Note, read_note
from sparekey.core.tlog.tiles import (
    TILE_HEIGHT,
    TILE_WIDTH,
    Bundle,
    Tile,
    bundle_bytes,
    hashes_in_tiles,
)
from sparekey.core.tlog.tree import HASH_LENGTH, Frontier, HashAt, Node, leaf_hash
from sparekey.desk.log.tables import cosigned, counts, entries, state, tiles

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection, Row

    from sparekey.desk.store.database import Database

FOUND_LIMIT = 200
"""Entries that a search brings, the newest ones."""
COSIGNED_KEPT = 16
"""Checkpoints with cosignatures that are kept."""

_STATE = select(state.c.size, state.c.peaks, state.c.note)
_HELD = _STATE.with_for_update()
_KNOWN = select(entries.c.key, entries.c.number).where(entries.c.key.in_(bindparam("keys", expanding=True)))
_LEAVES = (
    select(entries.c.leaf)
    .where(entries.c.number >= bindparam("first"), entries.c.number < bindparam("end"))
    .order_by(entries.c.number)
)
_TILE = select(tiles.c.hashes).where(tiles.c.level == bindparam("l"), tiles.c.number == bindparam("i"))
_MORE = (
    update(counts)
    .where(counts.c.kind == bindparam("of"), counts.c.name == bindparam("whom"))
    .values(entries=counts.c.entries + bindparam("more"))
)


@dataclass(frozen=True)
class Head:
    """The newest state of the log: its size, how to go on, and the signed checkpoint as bytes, none before the first
    start.
    """

    frontier: Frontier
    note: bytes


class Ledger:
    """One log. `origin`: its name. `keys`: the log's private keys, each of which signs every checkpoint."""

    def __init__(self, database: Database, origin: str, keys: Sequence[bytes]) -> None:
        self._database = database
        self._keys = tuple(keys)
        self.origin = origin
        self.publics = tuple(log_key(origin, signing_public(key)) for key in keys)
        self._seen = 0

    def begin(self) -> None:
        """Sign the log without entries where nobody did yet, under this name. Raises UnavailableError."""
        with self._database.writing(alone=False) as connection:
            head = _head(connection.execute(_HELD).one())
            if not head.frontier.size:
                connection.execute(update(state).values(note=self._signed(head.frontier)))

    def begin_anew(self) -> None:
        """Forget a log of another name, and begin this one. Raises InputError (`log-origin`) where it is this one."""
        with self._database.writing() as connection:
            head = _head(connection.execute(_HELD).one())
            if head.note and read_checkpoint(read_note(head.note).text).origin == self.origin:
                raise InputError(
                    "log-origin", "a log begins anew only under a new name: rotate log with --origin"
                )
            for table in (entries, tiles, counts, cosigned):
                connection.execute(delete(table))
            connection.execute(update(state).values(size=0, peaks=b"", note=self._signed(Frontier())))
        self._seen = 0

    def sign_again(self) -> None:
        """Let every key sign the newest checkpoint, once it is known to be whole: one of them may be new."""
        with self._database.writing(alone=False) as connection:
            head = _head(connection.execute(_HELD).one())
            note = self._signed(head.frontier)
            if note != head.note and read_note(note).text == read_note(head.note).text:
                connection.execute(update(state).values(note=note))

    def append(self, new: Sequence[tuple[str, Leaf]]) -> list[int]:
        """Enter leaves, each once under its key, and sign the checkpoint that holds them, in one transaction.

        Returns their indexes, old and new. Raises UnavailableError; then nothing was entered, or all of it. Raises
        UntrustedError (`log-older`) where the database lost entries that this process saw: to go on would fork the log.
        """
        keys = [sha256(key.encode()) for key, _ in new]
        with self._database.writing(alone=False) as connection:
            head = _head(connection.execute(_HELD).one())
            if head.frontier.size < self._seen:
                raise UntrustedError("log-older", "the database lost entries of the recovery log")
            known: dict[bytes, int] = {
                row.key: row.number for row in connection.execute(_KNOWN, {"keys": keys})
            }
            frontier, made, rows = head.frontier, list[Node](), list[dict[str, object]]()
            fresh = list[Leaf]()
            for key, (_, leaf) in zip(keys, new, strict=True):
                if key in known:
                    continue
                known[key] = frontier.size
                rows.append(_row(frontier.size, key, leaf))
                fresh.append(leaf)
                frontier, nodes = frontier.append(leaf_hash(leaf.encoded))
                made += nodes
            if rows:
                connection.execute(insert(entries), rows)
                _keep_tiles(connection, head.frontier.size, frontier.size, made)
                _count(connection, fresh)
                peaks = b"".join(frontier.peaks)
                connection.execute(
                    update(state).values(size=frontier.size, peaks=peaks, note=self._signed(frontier))
                )
        self._seen = max(self._seen, frontier.size)
        return [known[key] for key in keys]

    def head(self) -> Head:
        """The newest state, as stored."""
        with self._database.reading() as connection:
            head = _head(connection.execute(_STATE).one())
        self._seen = max(self._seen, head.frontier.size)
        return head

    def note(self) -> Note:
        """The newest checkpoint, with the cosignatures that arrived for it."""
        with self._database.reading() as connection:
            head = _head(connection.execute(_STATE).one())
            seen = select(cosigned.c.note).where(cosigned.c.size == head.frontier.size)
            found = connection.execute(seen).scalar_one_or_none()
        return read_note(found or head.note)

    def checkpoint_of(self, note: Note) -> Checkpoint:
        """The checkpoint of a note that we signed. Raises InputError, UntrustedError."""
        return open_checkpoint(note, self.origin, [key.public for key in self.publics])

    def leaf(self, key: str) -> Leaf | None:
        """What was entered under a key."""
        wanted = select(entries.c.leaf).where(entries.c.key == sha256(key.encode()))
        with self._database.reading() as connection:
            found = connection.execute(wanted).scalar_one_or_none()
        return None if found is None else read_leaf(found)

    def tile(self, tile: Tile) -> bytes | None:
        """The content of a tile that the newest checkpoint has, else None."""
        if not tile.within(self.head().frontier.size):
            return None
        with self._database.reading() as connection:
            return _tile(connection, tile)

    def bundle(self, bundle: Bundle) -> bytes | None:
        """The content of a bundle that the newest checkpoint has, else None."""
        if not bundle.within(self.head().frontier.size):
            return None
        with self._database.reading() as connection:
            first = bundle.index * TILE_WIDTH
            return bundle_bytes(_leaves(connection, first, first + bundle.width))

    def hashes(self, size: int) -> HashAt:
        """Looks nodes up in a tree of this size, for as long as a proof is made. Raises UnavailableError."""

        def fetch(tile: Tile) -> bytes:
            with self._database.reading() as connection:
                return _tile(connection, tile)

        return hashes_in_tiles(size, fetch)

    def all_leaves(self, size: int, start: int = 0) -> Iterator[list[bytes]]:
        """The entries of a tree of this size from `start` on, 256 at a time; fewer where some are missing."""
        for first in range(start, size, TILE_WIDTH):
            with self._database.reading() as connection:
                yield _leaves(connection, first, min(first + TILE_WIDTH, size))

    def stored_tile(self, level: int, index: int) -> bytes | None:
        """The row of hashes as it is stored, whatever the checkpoint says."""
        with self._database.reading() as connection:
            found: bytes | None = connection.execute(_TILE, {"l": level, "i": index}).scalar_one_or_none()
            return found

    def rows(self) -> int:
        """How many entries are stored, whatever the checkpoint says."""
        with self._database.reading() as connection:
            return connection.execute(select(func.count()).select_from(entries)).scalar_one()

    def find(self, wanted: bytes) -> list[tuple[int, Leaf]]:
        """The newest entries with this log id or request hash: (index, leaf)."""
        column = entries.c.request if len(wanted) == HASH_LENGTH else entries.c.log_id
        found = select(entries.c.number, entries.c.leaf).where(column == wanted)
        with self._database.reading() as connection:
            rows = connection.execute(found.order_by(entries.c.number.desc()).limit(FOUND_LIMIT)).all()
        return [(row.number, read_leaf(row.leaf)) for row in rows]

    def counted(self, kind: str) -> dict[str, int]:
        """How many entries name each `method` or `approver`."""
        wanted = select(counts.c.name, counts.c.entries).where(counts.c.kind == kind).order_by(counts.c.name)
        with self._database.reading() as connection:
            return {row.name: row.entries for row in connection.execute(wanted)}

    def cosigned(self) -> list[Note]:
        """The notes that witnesses saw, the newest first."""
        wanted = select(cosigned.c.note).order_by(cosigned.c.size.desc())
        with self._database.reading() as connection:
            return [read_note(data) for data in connection.execute(wanted).scalars()]

    def keep_cosigned(self, note: Note) -> Note:
        """Keep a note with cosignatures, together with those that another node got for the same checkpoint."""
        size = self.checkpoint_of(note).size
        with self._database.writing() as connection:
            other = select(cosigned.c.note).where(cosigned.c.size == size)
            found = connection.execute(other).scalar_one_or_none()
            if found is not None:
                had = read_note(found)
                names = {(one.name, one.key) for one in had.signatures}
                note = had.signed_too(*(one for one in note.signatures if (one.name, one.key) not in names))
            connection.execute(delete(cosigned).where(cosigned.c.size == size))
            connection.execute(insert(cosigned).values(size=size, note=note.encoded))
            kept = select(cosigned.c.size).order_by(cosigned.c.size.desc()).limit(COSIGNED_KEPT)
            oldest = min(connection.execute(kept).scalars())
            connection.execute(delete(cosigned).where(cosigned.c.size < oldest))
        return note

    def _signed(self, frontier: Frontier) -> bytes:
        checkpoint = Checkpoint(self.origin, frontier.size, frontier.root)
        return sign_checkpoint(checkpoint, *self._keys).encoded


def _head(row: Row[Any, Any, Any]) -> Head:
    peaks = tuple(row.peaks[at : at + HASH_LENGTH] for at in range(0, len(row.peaks), HASH_LENGTH))
    if len(peaks) != row.size.bit_count():
        raise UntrustedError("log-damaged", "the recovery log in the database was changed: it cannot go on")
    return Head(Frontier(row.size, peaks), row.note)


def _row(index: int, key: bytes, leaf: Leaf) -> dict[str, object]:
    named = (leaf.log_id, leaf.request) if isinstance(leaf, Issued) else (None, None)
    return {"number": index, "key": key, "leaf": leaf.encoded, "log_id": named[0], "request": named[1]}


def _leaves(connection: Connection, first: int, end: int) -> list[bytes]:
    return list(connection.execute(_LEAVES, {"first": first, "end": end}).scalars())


def _tile(connection: Connection, tile: Tile) -> bytes:
    if tile.level == 0 and tile.width < TILE_WIDTH:
        first = tile.index * TILE_WIDTH
        return b"".join(map(leaf_hash, _leaves(connection, first, first + tile.width)))
    found: bytes = connection.execute(_TILE, {"l": tile.level, "i": tile.index}).scalar_one_or_none() or b""
    return found[: tile.width * HASH_LENGTH]


def _keep_tiles(connection: Connection, old: int, new: int, made: Sequence[Node]) -> None:
    """Keep the rows of leaf hashes that are full now, and go on with the rows above them."""
    for index in range(old // TILE_WIDTH, new // TILE_WIDTH):
        first = index * TILE_WIDTH
        row = b"".join(map(leaf_hash, _leaves(connection, first, first + TILE_WIDTH)))
        connection.execute(insert(tiles).values(level=0, number=index, hashes=row))
    for level, index, node in made:
        if not level or level % TILE_HEIGHT:
            continue
        place = {"level": level // TILE_HEIGHT, "number": index // TILE_WIDTH}
        if index % TILE_WIDTH == 0:
            connection.execute(insert(tiles).values(hashes=node, **place))
            continue
        where = (tiles.c.level == place["level"], tiles.c.number == place["number"])
        before = connection.execute(select(tiles.c.hashes).where(*where)).scalar_one()
        if len(before) != index % TILE_WIDTH * HASH_LENGTH:
            raise MisuseError("log-tiles", "the rows of the recovery log's hashes are not complete")
        connection.execute(update(tiles).where(*where).values(hashes=before + node))


def _count(connection: Connection, leaves: Sequence[Leaf]) -> None:
    found = Counter[tuple[str, str]]()
    for leaf in leaves:
        kind = leaf.method.value if isinstance(leaf, Issued) else leaf.kind.name.lower()
        found["method", kind] += 1
        found.update(("approver", approver.hex()) for approver in leaf.approvers)
    for (of, whom), more in sorted(found.items()):
        if connection.execute(_MORE, {"of": of, "whom": whom, "more": more}).rowcount == 0:
            connection.execute(insert(counts).values(kind=of, name=whom, entries=more))
