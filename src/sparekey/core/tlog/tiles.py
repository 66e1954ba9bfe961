"""The log as files that never change: tiles and bundles (C2SP tlog-tiles; spec/log.md section 5)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from sparekey.core.errors import InputError, MisuseError
from sparekey.core.tlog.tree import HASH_LENGTH, HashAt, node_hash

TILE_HEIGHT = 8
TILE_WIDTH = 1 << TILE_HEIGHT
"""Hashes of a full tile, entries of a full bundle."""
ENTRY_LIMIT = (1 << 16) - 1
"""Bytes of an entry that a bundle can hold."""
LEVEL_LIMIT = 63

_PATH = re.compile(
    r"tile/(?P<level>entries|0|[1-9][0-9]?)/(?P<high>(?:x[0-9]{3}/){0,5})(?P<low>[0-9]{3})"
    r"(?:\.p/(?P<width>[1-9][0-9]{0,2}))?"
)


@dataclass(frozen=True)
class Tile:
    """`width` hashes in a row. `level` 0 holds leaf hashes, each higher one the hashes of full tiles below
    it.
    """

    level: int
    index: int
    width: int = TILE_WIDTH

    @property
    def path(self) -> str:
        """Where it is served, below the log's prefix."""
        return f"tile/{self.level}/{_place(self.index, self.width)}"

    def within(self, size: int) -> bool:
        """Whether a tree of this size has all its hashes."""
        return self.index * TILE_WIDTH + self.width <= size >> TILE_HEIGHT * self.level


@dataclass(frozen=True)
class Bundle:
    """`width` entries in a row: what the level 0 tile of the same index and width is the hashes of."""

    index: int
    width: int = TILE_WIDTH

    @property
    def path(self) -> str:
        """Where it is served, below the log's prefix."""
        return f"tile/entries/{_place(self.index, self.width)}"

    def within(self, size: int) -> bool:
        """Whether a tree of this size has all its entries."""
        return self.index * TILE_WIDTH + self.width <= size


FetchTile: TypeAlias = Callable[[Tile], bytes]
"""The port to whatever keeps tiles."""


def read_tile_path(text: str) -> Tile | Bundle:
    """The tile or bundle of a path, as a reader asks for it. Raises InputError (`tile-path`)."""
    found = _PATH.fullmatch(text)
    if found is None:
        raise InputError("tile-path", "there is no such part of the log")
    index = int(found["high"].replace("x", "").replace("/", "") + found["low"])
    width = int(found["width"] or TILE_WIDTH)
    part = Bundle(index, width) if found["level"] == "entries" else Tile(int(found["level"]), index, width)
    if part.path != text or width > TILE_WIDTH or (isinstance(part, Tile) and part.level > LEVEL_LIMIT):
        raise InputError("tile-path", "there is no such part of the log")
    return part


def new_tiles(old: int, new: int) -> Iterator[Tile]:
    """The tiles that a tree of `new` entries has and one of `old` entries had not, partial ones at the edge
    included.
    """
    level, before, after = 0, old, new
    while before < after:
        yield from (Tile(level, index, width) for index, width in _rows(before, after))
        level, before, after = level + 1, before >> TILE_HEIGHT, after >> TILE_HEIGHT


def new_bundles(old: int, new: int) -> Iterator[Bundle]:
    """The bundles that a tree of `new` entries has and one of `old` entries had not."""
    yield from (Bundle(index, width) for index, width in _rows(old, new))


def tile_bytes(tile: Tile, hash_at: HashAt) -> bytes:
    """The content of a tile, from wherever the nodes are kept."""
    first, level = tile.index * TILE_WIDTH, tile.level * TILE_HEIGHT
    return b"".join(hash_at(level, index) for index in range(first, first + tile.width))


def read_tile(tile: Tile, data: bytes) -> tuple[bytes, ...]:
    """The hashes of a tile. Raises InputError (`tile`) when it has not the length that it must have."""
    if len(data) != tile.width * HASH_LENGTH:
        raise InputError("tile", "this part of the log is damaged or not complete")
    return tuple(data[at : at + HASH_LENGTH] for at in range(0, len(data), HASH_LENGTH))


def bundle_bytes(entries: Sequence[bytes]) -> bytes:
    """The content of a bundle: 1 to 256 entries, each after its length in two bytes."""
    if not 0 < len(entries) <= TILE_WIDTH or any(len(entry) > ENTRY_LIMIT for entry in entries):
        raise MisuseError(
            "bundle", f"a bundle holds 1 to {TILE_WIDTH} entries of {ENTRY_LIMIT} bytes at most"
        )
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def read_bundle(bundle: Bundle, data: bytes) -> tuple[bytes, ...]:
    """The entries of a bundle. Raises InputError (`bundle`) unless there are exactly as many as there must
    be.
    """
    entries, at = [], 0
    for _ in range(bundle.width):
        start = at + 2
        at = start + int.from_bytes(data[at:start], "big")
        if start > len(data) or at > len(data):
            raise _damaged_bundle()
        entries.append(data[start:at])
    if at != len(data):
        raise _damaged_bundle()
    return tuple(entries)


def hashes_in_tiles(size: int, fetch: FetchTile) -> HashAt:
    """Look nodes up in the tiles of a tree of `size` entries. Each tile is fetched once and kept as long as
    the result.

    The result raises InputError for a tile of wrong length, and MisuseError for a node that the tree does not
    have.
    """
    kept: dict[Tile, tuple[bytes, ...]] = {}

    def hash_at(level: int, index: int) -> bytes:
        row, above = divmod(level, TILE_HEIGHT)
        number, start = divmod(index << above, TILE_WIDTH)
        end = start + (1 << above)
        tile = Tile(row, number, min(TILE_WIDTH, (size >> TILE_HEIGHT * row) - number * TILE_WIDTH))
        if end > tile.width:
            raise MisuseError("log-index", "there is no such node in this tree")
        if tile not in kept:
            kept[tile] = read_tile(tile, fetch(tile))
        part = kept[tile][start:end]
        while len(part) > 1:
            part = tuple(map(node_hash, part[::2], part[1::2]))
        return part[0]

    return hash_at


def _rows(before: int, after: int) -> Iterator[tuple[int, int]]:
    for index in range(before // TILE_WIDTH, after // TILE_WIDTH):
        yield index, TILE_WIDTH
    if before < after and after % TILE_WIDTH:
        yield after // TILE_WIDTH, after % TILE_WIDTH


def _place(index: int, width: int) -> str:
    digits = str(index)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    partial = "" if width == TILE_WIDTH else f".p/{width}"
    return "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]]) + partial


def _damaged_bundle() -> InputError:
    return InputError("bundle", "this part of the log is damaged or not complete")
