"""Reading a log from outside: what a dishonest desk does is found."""

from __future__ import annotations

import tracemalloc

import pytest

from sparekey.core import crypto
from sparekey.core.errors import InputError, UnavailableError, UntrustedError
from sparekey.core.tlog.checkpoint import Checkpoint
from sparekey.core.tlog.leaf import read_leaf
from sparekey.core.tlog.tiles import bundle_bytes
from sparekey.core.tlog.witness import WitnessPolicy
from sparekey.monitor.keys import Believed, by_keys
from sparekey.monitor.reading import Tally, entries, newest
from tests.monitor.published import KEY_TEXT, MINE, ORIGIN, Published, leaf

BELIEVED = by_keys([KEY_TEXT])
SIZES = [0, 1, 5, 255, 256, 257, 600]


def read(log: Published, known: Checkpoint | None = None) -> list[tuple[int, bytes]]:
    state = newest(log, BELIEVED)
    return [(index, entry.encoded) for index, entry in entries(log, state.checkpoint, known)]


@pytest.mark.parametrize("size", SIZES)
def test_a_whole_log_is_read_from_end_to_end(size: int) -> None:
    log = Published(size)
    assert read(log) == list(enumerate(log.entries))


@pytest.mark.parametrize("size", SIZES)
def test_what_was_seen_is_not_read_again(size: int) -> None:
    log, known = Published(600), Published(size).checkpoint
    assert read(log, known) == list(enumerate(log.entries))[size:]


def test_only_the_new_parts_are_fetched() -> None:
    log, fetched = Published(600), list[str]()

    class Watched:
        def get(self, path: str) -> bytes:
            fetched.append(path)
            return log.get(path)

    list(entries(Watched(), log.checkpoint, Published(513).checkpoint))
    assert [path for path in fetched if "entries" in path] == ["tile/entries/002.p/88"]


def test_B03_T16_a_log_that_was_rewritten_is_found() -> None:
    with pytest.raises(UntrustedError, match="was rewritten"):
        read(Published(600), Published(300, past=1).checkpoint)


def test_B03_T16_a_log_that_was_cut_off_is_found() -> None:
    with pytest.raises(UntrustedError, match="had 300 before"):
        read(Published(200), Published(300).checkpoint)


def test_T16_two_logs_of_one_size_are_found() -> None:
    with pytest.raises(UntrustedError, match="was rewritten"):
        read(Published(300), Published(300, past=1).checkpoint)


def test_B03_a_changed_entry_is_found() -> None:
    log = Published(300)
    log.parts["tile/entries/000"] = bundle_bytes([leaf(999), *log.entries[1:256]])
    with pytest.raises(UntrustedError, match="do not make up"):
        read(log)


def test_a_left_out_entry_is_found() -> None:
    log = Published(300)
    log.parts["tile/entries/001.p/44"] = bundle_bytes(log.entries[256:299])
    with pytest.raises(InputError):
        read(log)


@pytest.mark.parametrize("path", ["tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1"])
def test_a_row_of_hashes_that_leads_nowhere_is_found(path: str) -> None:
    """Devices' proofs come from it, and other monitors read it."""
    log = Published(300)
    log.parts[path] = log.parts[path][:-1] + b"x"
    with pytest.raises(UntrustedError, match=path):
        read(log)


@pytest.mark.parametrize("path", ["tile/0/001", "tile/0/002.p/88", "tile/1/000.p/2"])
def test_a_row_of_hashes_that_grew_wrongly_since_the_last_look_is_found(path: str) -> None:
    log, known = Published(600), Published(300).checkpoint
    log.parts[path] = log.parts[path][:-32] + bytes(32)
    with pytest.raises(UntrustedError, match="hash to"):
        read(log, known)


def test_a_long_log_fills_no_memory() -> None:
    log = Published(256 * 32)
    tracemalloc.start()
    for _ in entries(log, log.checkpoint):
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 256 * 32 * 50, "of an entry no more stays than a small part of its hash"


def test_an_entry_that_says_nothing_is_found() -> None:
    log = Published(1)
    log.parts["tile/entries/000.p/1"] = bundle_bytes([b"\xa0"])
    with pytest.raises(UntrustedError, match="entry 0 says nothing"):
        read(log)


def test_a_checkpoint_of_another_key_or_origin_is_refused() -> None:
    log = Published(3)
    log.parts["checkpoint"] = log.note(b"\x02" * 32).encoded
    with pytest.raises(UntrustedError):
        newest(log, BELIEVED)
    with pytest.raises(UntrustedError):
        newest(Published(3), Believed("other.example.com/log", BELIEVED.keys, WitnessPolicy()))


def test_a_part_that_is_not_there_is_told() -> None:
    log = Published(300)
    del log.parts["tile/entries/000"]
    with pytest.raises(UnavailableError, match="entries/000"):
        read(log)


def test_what_is_read_is_counted_and_found() -> None:
    log, tally = Published(5), Tally(MINE)
    for index, entry in entries(log, log.checkpoint):
        tally.add(index, entry)
    assert tally.entries == 5
    assert tally.methods == {"mail-code": 3, "response-file": 2}
    assert tally.approvers == {b"approver".hex(): 2}
    assert tally.found == [(3, read_leaf(log.entries[3]))]
    assert crypto.key_id(BELIEVED.keys[0])
    assert BELIEVED.origin == ORIGIN
