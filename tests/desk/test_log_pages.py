"""The log as everybody may read it."""

from __future__ import annotations

import json
import re
from urllib.parse import urlencode

import pytest
from sqlalchemy import text

from sparekey.core.errors import UntrustedError
from sparekey.core.tlog.leaf import LEAF_LIMIT
from sparekey.core.tlog.note import read_note
from sparekey.core.tlog.tiles import Bundle, Tile, new_bundles, new_tiles, read_bundle, read_tile
from sparekey.core.tlog.tree import leaf_hash
from tests.desk.logbook import leaf, leaves
from tests.desk.room import HOST, Room
from tests.web.asgi import FORM, Answer, call

MINE = bytes(range(16))


@pytest.fixture
def grown(room: Room) -> Room:
    room.log.sequencer.enter_all([*leaves(259), ("mine", leaf(7, MINE))])
    return room


def find(room: Room, typed: str, language: str = "en") -> Answer:
    """Type a number into the page and press its button."""
    page = room.get("/log", language)
    form = re.search(r'action="/log">\s*<input[^>]* value="([0-9a-f]{64})"', page.text)
    assert form, page.text
    cookie = "; ".join(f"{name}={value}" for name, value in page.cookies.items())
    headers = {**FORM, "origin": f"https://{HOST}", "cookie": cookie, "accept-language": language}
    body = urlencode({"token": form[1], "id": typed}).encode()
    return call(room.app, "POST", "/log", headers, body, host=HOST)


def test_programs_read_every_part(grown: Room) -> None:
    answer = grown.get("/log/checkpoint")
    assert answer.status == 200
    assert answer.headers["cache-control"] == "no-store"
    checkpoint = grown.log.ledger.checkpoint_of(read_note(answer.body))
    assert (checkpoint.origin, checkpoint.size) == ("desk.example.com/log", 260)
    hashes = list[bytes]()
    for bundle in new_bundles(0, 260):
        part = grown.get(f"/log/{bundle.path}")
        assert "immutable" in part.headers["cache-control"]
        hashes += map(leaf_hash, read_bundle(bundle, part.body))
    read = [one for tile in new_tiles(0, 260) if tile.level == 0 for one in _tile(grown, tile)]
    assert read == hashes
    assert len(_tile(grown, Tile(1, 0, 1))) == 1


def _tile(room: Room, tile: Tile) -> tuple[bytes, ...]:
    return read_tile(tile, room.get(f"/log/{tile.path}").body)


@pytest.mark.parametrize(
    "path",
    [
        "tile/0/1",
        "tile/0/001.p/5",
        "tile/0/002",
        "tile/1/000.p/2",
        "tile/entries/001",
        "tile/64/000",
        "tile/0/000.p/0",
    ],
)
def test_what_is_not_there_is_not_found(grown: Room, path: str) -> None:
    assert grown.get(f"/log/{path}").status == 404


def test_an_entry_never_fills_a_bundle(grown: Room) -> None:
    part = grown.get(f"/log/{Bundle(0).path}")
    assert len(part.body) <= 256 * (LEAF_LIMIT + 2)


def test_everybody_sees_the_counts(grown: Room) -> None:
    told = json.loads(grown.get("/log/counts").body)
    assert told == {
        "origin": "desk.example.com/log",
        "entries": 260,
        "methods": {"mail-code": 260},
        "approvers": {},
    }


@pytest.mark.meets("etsi-6-5")
@pytest.mark.parametrize("language", ["en", "cs"])
def test_people_read_what_the_log_is_and_find_their_own_entries(grown: Room, language: str) -> None:
    page = grown.get("/log", language)
    assert page.status == 200
    assert "260" in page.text
    assert "sparekey log verify https://desk.example.com/log" in page.text
    found = find(grown, MINE.hex().upper()[:16] + " " + MINE.hex()[16:], language)
    assert found.status == 200
    assert "259" in found.text
    assert "2026-09-21" in found.text


def test_what_is_not_there_and_what_is_no_number_are_told_apart(grown: Room) -> None:
    assert "Nothing was given out" in find(grown, "ff" * 32).text
    for typed in ("", "7F2K0042", "zz" * 16, "ff" * 17):
        answer = find(grown, typed)
        assert answer.status == 422
        assert "not a number of the log" in answer.text


@pytest.mark.meets("asvs-14.2.1")
def test_T17_what_somebody_looks_for_is_in_no_address(grown: Room) -> None:
    assert grown.get(f"/log?id={MINE.hex()}").text.count(MINE.hex()) <= 1
    assert 'method="post"' in grown.get("/log").text


@pytest.mark.parametrize(
    "changed",
    [
        "UPDATE log_entries SET leaf = :leaf WHERE number = 7",
        "DELETE FROM log_entries WHERE number = 258",
        "UPDATE log_state SET size = 100",
    ],
)
def test_B03_T16_a_desk_whose_log_was_changed_does_not_start(room: Room, changed: str) -> None:
    room.log.sequencer.enter_all(leaves(259))
    room.restart()
    with room.database.writing() as connection:
        values = {"leaf": leaf(999).encoded} if ":leaf" in changed else {}
        assert connection.execute(text(changed), values).rowcount == 1
    with pytest.raises(UntrustedError):
        room.restart()
