"""Vectors of the tree and its tiles."""

from __future__ import annotations

from collections.abc import Iterator

from sparekey.core.tlog.tiles import Bundle, Tile, bundle_bytes, new_bundles, new_tiles
from tests.core.tlog import reference
from tests.vectors.log import published
from tests.vectors.vector import Fields, flipped, vector


def roots() -> Iterator[str]:
    for size, root in enumerate(published.ROOTS):
        yield vector(
            f"the first {size} of the classic leaves",
            "ok",
            {"entries": published.LEAVES[:size], "root": root},
        )
    yield vector("the leaf of the checksum database's tests", "ok", published.HELLO)
    entries = [b"entry %d" % number for number in range(300)]
    root = reference.root([reference.leaf(entry) for entry in entries])
    yield vector("300 entries", "ok", {"entries": entries, "root": root})


def inclusion() -> Iterator[str]:
    leaves = [reference.leaf(entry) for entry in published.LEAVES]
    for index, size in ((0, 1), (0, 8), (5, 8), (2, 3), (6, 7), (1, 5)):
        fields: Fields = {
            "leaf": leaves[index],
            "index": index,
            "size": size,
            "path": reference.inclusion(index, leaves[:size]),
            "root": published.ROOTS[size],
        }
        yield vector(f"entry {index} of {size}", "ok", fields)
    path, no = reference.inclusion(5, leaves), "untrusted log-inclusion"
    good: Fields = {"leaf": leaves[5], "index": 5, "size": 8, "path": path, "root": published.ROOTS[8]}
    yield vector("another leaf", no, good, leaf=leaves[4])
    yield vector("another root", no, good, root=published.ROOTS[7])
    yield vector("the index of the neighbour", no, good, index=4)
    yield vector("the index mirrored", no, good, index=2)
    yield vector("a smaller tree", no, good, size=6)
    yield vector("a larger tree", no, good, size=16)
    yield vector("beyond the tree", no, good, index=8)
    yield vector("the path without its first hash", no, good, path=path[1:])
    yield vector("the path without its last hash", no, good, path=path[:-1])
    yield vector("the path with one hash more", no, good, path=[*path, published.ROOTS[8]])
    yield vector("the path reversed", no, good, path=path[::-1])
    yield vector("no path", no, good, path=[])
    yield vector("a hash of 31 bytes", no, good, path=[path[0][:-1], *path[1:]])
    for place in range(len(path)):
        changed = [flipped(step, 31) if at == place else step for at, step in enumerate(path)]
        yield vector(f"one bit of hash {place} changed", no, good, path=changed)
    inner: Fields = {"leaf": reference.node(leaves[4], leaves[5]), "index": 2, "size": 4, "path": path[1:]}
    yield vector("a node passed off as a leaf of a smaller tree", "ok", inner, root=published.ROOTS[8])
    yield vector("a node passed off as a leaf of this tree", no, inner, size=8, root=published.ROOTS[8])


def consistency() -> Iterator[str]:
    leaves = [reference.leaf(entry) for entry in published.LEAVES]

    def fields(old: int, new: int) -> Fields:
        path = reference.consistency(old, leaves[:new]) if old else []
        return {
            "old": old,
            "old-root": published.ROOTS[old],
            "new": new,
            "new-root": published.ROOTS[new],
            "path": path,
        }

    for old, new in ((1, 1), (1, 8), (2, 5), (4, 8), (6, 8), (7, 8), (3, 7), (0, 8), (0, 0)):
        yield vector(f"from {old} to {new}", "ok", fields(old, new))
    good, no = fields(6, 8), "untrusted log-consistency"
    path = reference.consistency(6, leaves)
    yield vector("another beginning", no, good, **{"old-root": published.ROOTS[5]})
    yield vector("another end", no, good, **{"new-root": published.ROOTS[7]})
    yield vector(
        "the roots swapped", no, good, **{"old-root": published.ROOTS[8], "new-root": published.ROOTS[6]}
    )
    yield vector("a smaller old tree", no, good, old=5)
    yield vector("a larger new tree", no, good, new=9)
    yield vector("shrunk", no, good, old=8, new=6)
    yield vector("no path", no, good, path=[])
    yield vector("the path without its last hash", no, good, path=path[:-1])
    yield vector("the path with one hash more", no, good, path=[*path, path[0]])
    for place in range(len(path)):
        changed = [flipped(step) if at == place else step for at, step in enumerate(path)]
        yield vector(f"one bit of hash {place} changed", no, good, path=changed)
    yield vector("same size, other root", no, fields(8, 8), **{"old-root": flipped(published.ROOTS[8])})
    yield vector("same size, with a path", no, fields(8, 8), path=path)
    yield vector("from nothing, with a path", no, fields(0, 8), path=path)
    yield vector(
        "from nothing that is not the empty tree", no, fields(0, 8), **{"old-root": published.ROOTS[1]}
    )
    forked = [*leaves[:4], reference.leaf(b"told to nobody else"), *leaves[5:]]
    split: Fields = {"path": reference.consistency(6, forked), "new-root": reference.root(forked)}
    yield vector("a split view: a log that forked before", no, good, **split)


def tiles() -> Iterator[str]:
    parts: list[Tile | Bundle] = [
        Tile(0, 0), Tile(0, 273, 112), Tile(1, 1, 17), Tile(2, 0, 1), Tile(0, 1000), Tile(0, 1234067),
        Bundle(0, 255), Bundle(1234067), Tile(63, 5, 1),
    ]  # fmt: skip
    for part in parts:
        level = part.level if isinstance(part, Tile) else "entries"
        fields: Fields = {"path": part.path, "level": level, "index": part.index, "width": part.width}
        yield vector(f"the path {part.path}", "ok", fields)
    for name, path in published.BAD_TILE_PATHS.items():
        yield vector(name, "malformed tile-path", {"path": path})
    for old, new in ((0, 256), (255, 256), (256, 257), (69_000, 70_000), (65_535, 65_537), (7, 7)):
        yield vector(
            f"what is new from {old} to {new}",
            "ok",
            {
                "old": old,
                "new": new,
                "tiles": [tile.path for tile in new_tiles(old, new)],
                "bundles": [bundle.path for bundle in new_bundles(old, new)],
            },
        )
    entries = [b"", b"one", b"x" * 300]
    data = bundle_bytes(entries)
    good: Fields = {"path": "tile/entries/000.p/3", "data": data, "entries": entries}
    yield vector("a bundle of three entries", "ok", good)
    yield vector("a bundle that ends early", "malformed bundle", good, data=data[:-1], entries=None)
    yield vector("a bundle with one byte more", "malformed bundle", good, data=data + b"\x00", entries=None)
    yield vector(
        "a bundle of three where two are due",
        "malformed bundle",
        good,
        path="tile/entries/000.p/2",
        entries=None,
    )
