"""Tiles and bundles: their paths, which there are, and that reading them gives the tree back."""

from __future__ import annotations

import pytest

from sparekey.core.errors import InputError, MisuseError
from sparekey.core.tlog.path import consistency_path, inclusion_path
from sparekey.core.tlog.tiles import (
    ENTRY_LIMIT,
    TILE_WIDTH,
    Bundle,
    Tile,
    bundle_bytes,
    hashes_in_tiles,
    new_bundles,
    new_tiles,
    read_bundle,
    read_tile,
    read_tile_path,
    tile_bytes,
)
from sparekey.core.tlog.tree import frontier_at, leaf_hash
from tests.core.tlog.orchard import Grove, entries


@pytest.mark.parametrize(
    ("part", "path"),
    [
        (Tile(0, 0), "tile/0/000"),
        (Tile(0, 0, 1), "tile/0/000.p/1"),
        (Tile(1, 999, 255), "tile/1/999.p/255"),
        (Tile(0, 1000), "tile/0/x001/000"),
        (Tile(0, 1234067), "tile/0/x001/x234/067"),
        (Tile(63, 123456078, 2), "tile/63/x123/x456/078.p/2"),
        (Bundle(0, 17), "tile/entries/000.p/17"),
        (Bundle(3057500), "tile/entries/x003/x057/500"),
    ],
)
def test_a_part_of_the_log_has_one_path(part: Tile | Bundle, path: str) -> None:
    assert part.path == path
    assert read_tile_path(path) == part


@pytest.mark.meets("asvs-5.3.2")
@pytest.mark.parametrize(
    "path",
    [
        "", "tile", "tile/0", "tile/0/0", "tile/0/00", "tile/0/0000", "tile/0/1000", "tile/00/000",
        "tile/64/000", "tile/99/000", "tile/-1/000", "tile/data/000", "tile/0/x000/001",
        "tile/0/001/234", "tile/0/x001/x234", "tile/0/X001/234", "tile/0/000.p/0", "tile/0/000.p/01",
        "tile/0/000.p/256", "tile/0/000.p/999", "tile/0/000.p/1000", "tile/0/000.p/", "tile/0/000.p",
        "tile/8/0/000", "/tile/0/000", "tile/0/000/", "tile/0/000\n", "tile/0/٠٠١", "tile/entries/0",
        "tile/entries/x000/000", "tile/0/../000", "tile/0/x001/x001/x001/x001/x001/x001/001",
    ],
)  # fmt: skip
def test_any_other_path_names_nothing(path: str) -> None:
    with pytest.raises(InputError) as caught:
        read_tile_path(path)
    assert caught.value.slug == "tile-path"


def test_a_tree_of_70_000_has_the_tiles_that_the_format_says() -> None:
    tiles = list(new_tiles(0, 70_000))
    assert [tile for tile in tiles if tile.level == 0] == [
        *(Tile(0, n) for n in range(273)),
        Tile(0, 273, 112),
    ]
    assert [tile for tile in tiles if tile.level > 0] == [Tile(1, 0), Tile(1, 1, 17), Tile(2, 0, 1)]
    assert all(tile.within(70_000) for tile in tiles)
    assert list(new_tiles(0, 256)) == [Tile(0, 0), Tile(1, 0, 1)]
    assert list(new_bundles(0, 257)) == [Bundle(0), Bundle(1, 1)]


def test_only_what_changed_is_written_again() -> None:
    assert [*new_tiles(0, 0), *new_tiles(5, 5), *new_bundles(5, 5)] == []
    assert list(new_tiles(5, 6)) == [Tile(0, 0, 6)]
    assert list(new_tiles(255, 256)) == [Tile(0, 0), Tile(1, 0, 1)]
    assert list(new_tiles(256, 257)) == [Tile(0, 1, 1)]
    assert list(new_tiles(65_535, 65_536)) == [Tile(0, 255), Tile(1, 0), Tile(2, 0, 1)]
    assert list(new_bundles(250, 520)) == [Bundle(0), Bundle(1), Bundle(2, 8)]


def test_what_a_tree_does_not_have_yet_is_not_within_it() -> None:
    assert Tile(0, 1, 44).within(300)
    assert not Tile(0, 1, 45).within(300)
    assert Tile(1, 0, 1).within(300)
    assert not Tile(1, 0, 2).within(300)
    assert not Tile(63, 0, 1).within(1 << 60)
    assert Bundle(1, 44).within(300)
    assert not Bundle(1).within(300)


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 511, 512, 700])
def test_tiles_give_back_every_node_and_every_proof(size: int) -> None:
    grove = Grove().add(*entries(size))
    kept = {tile: tile_bytes(tile, grove.hash_at) for tile in new_tiles(0, size)}
    fetched: list[Tile] = []

    def fetch(tile: Tile) -> bytes:
        fetched.append(tile)
        return kept[tile]

    hash_at = hashes_in_tiles(size, fetch)
    for (level, index), hashed in grove.nodes.items():
        assert hash_at(level, index) == hashed
    assert len(fetched) == len(set(fetched))
    assert frontier_at(size, hash_at) == grove.frontier
    for index in {0, size // 2, size - 1}:
        assert inclusion_path(index, size, hash_at) == inclusion_path(index, size, grove.hash_at)
        assert consistency_path(index, size, hash_at) == consistency_path(index, size, grove.hash_at)


@pytest.mark.parametrize(("level", "index"), [(0, 300), (1, 150), (2, 75), (7, 2), (8, 1), (9, 0)])
def test_a_node_that_the_tree_does_not_have_is_a_mistake(level: int, index: int) -> None:
    with pytest.raises(MisuseError):
        hashes_in_tiles(300, lambda _: b"")(level, index)


def test_a_tile_of_another_length_is_refused() -> None:
    for length in (0, 31, 64, 65):
        with pytest.raises(InputError):
            read_tile(Tile(0, 0, 1), bytes(length))
    with pytest.raises(InputError):
        hashes_in_tiles(3, lambda _: bytes(64))(0, 0)


def test_a_bundle_holds_the_entries_whose_hashes_are_in_the_tile_beside_it() -> None:
    grove, listed = Grove().add(*entries(300)), entries(300)
    for bundle, tile in zip(new_bundles(0, 300), new_tiles(0, 300), strict=False):
        first = bundle.index * TILE_WIDTH
        data = bundle_bytes(listed[first : first + bundle.width])
        told = read_bundle(bundle, data)
        assert told == tuple(listed[first : first + bundle.width])
        assert tuple(map(leaf_hash, told)) == read_tile(tile, tile_bytes(tile, grove.hash_at))


def test_a_damaged_bundle_is_refused() -> None:
    data = bundle_bytes([b"", b"one", b"x" * ENTRY_LIMIT])
    assert read_bundle(Bundle(0, 3), data) == (b"", b"one", b"x" * ENTRY_LIMIT)
    for bundle, changed in (
        (Bundle(0, 3), data[:-1]),
        (Bundle(0, 3), data + b"\x00"),
        (Bundle(0, 2), data),
        (Bundle(0, 4), data),
        (Bundle(0, 4), data + b"\x00"),
        (Bundle(0, 1), b""),
    ):
        with pytest.raises(InputError):
            read_bundle(bundle, changed)


@pytest.mark.parametrize("listed", [[], [b""] * 257, [bytes(ENTRY_LIMIT + 1)]])
def test_what_no_bundle_can_hold_is_a_mistake(listed: list[bytes]) -> None:
    with pytest.raises(MisuseError):
        bundle_bytes(listed)
