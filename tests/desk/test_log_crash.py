"""The power goes at every instant of appending to the log."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sqlalchemy import event

from sparekey.core.errors import UnavailableError
from sparekey.core.tlog.checkpoint import Checkpoint, check_consistency
from sparekey.core.tlog.path import consistency_path
from sparekey.desk.log.verify import Memory, verify
from sparekey.desk.store.sqlite import open_sqlite
from tests.desk.logbook import Logbook, leaves

FILES = ("desk.sqlite", "desk.sqlite-wal")


class _Instants:
    """Keeps a copy of the disk before every statement that the database is told."""

    def __init__(self, folder: Path, copies: Path) -> None:
        self.taken: list[Path] = []
        self._folder = folder
        self._copies = copies

    def take(self, *_: object) -> None:
        copy = self._copies / str(len(self.taken))
        copy.mkdir(parents=True)
        for name in FILES:
            if (self._folder / name).exists():
                shutil.copy(self._folder / name, copy / name)
        self.taken.append(copy)


def test_B03_T07_a_power_cut_at_every_instant_of_an_append_loses_and_doubles_nothing(tmp_path: Path) -> None:
    """Whatever was answered stands there afterwards, at the same place; and no second checkpoint of a size exists."""
    here = tmp_path / "here"
    here.mkdir()
    book = Logbook(open_sqlite(here / "desk.sqlite"))
    book.log.enter_all(leaves(254))
    before = book.checkpoint
    instants = _Instants(here, tmp_path / "copies")
    event.listen(book.database.engine, "before_cursor_execute", instants.take)
    event.listen(book.database.engine, "commit", instants.take)
    indexes = book.log.enter_all(leaves(4, 254))
    instants.take()
    after = book.checkpoint
    book.close()
    assert len(instants.taken) > 6
    sizes = set()
    for copy in instants.taken:
        found = Logbook(open_sqlite(copy / "desk.sqlite"))
        checkpoint = verify(found.ledger, Memory(copy / "seen"))
        assert checkpoint in (before, after)
        sizes.add(checkpoint.size)
        assert found.log.enter_all(leaves(4, 254)) == indexes
        assert found.checkpoint == after
        grown = consistency_path(before.size, after.size, found.ledger.hashes(after.size))
        check_consistency(before, found.checkpoint, grown)
        found.close()
    assert sizes == {254, 258}, "both sides of the commit were seen"


def test_a_statement_that_fails_leaves_the_log_as_it_was(tmp_path: Path) -> None:
    """A full disk, at each statement in turn: the caller hears of it, and may try again."""
    book = Logbook(open_sqlite(tmp_path / "desk.sqlite"))
    book.log.enter_all(leaves(255))
    statements, left = list[str](), [10**6]

    def fail(_: object, __: object, statement: str, *___: object) -> None:
        statements.append(statement)
        left[0] -= 1
        if left[0] < 0:
            raise UnavailableError("store", "the disk is full")

    event.listen(book.database.engine, "before_cursor_execute", fail)
    kept: Checkpoint = book.checkpoint
    for instant in range(100):
        left[0] = instant
        try:
            book.log.enter_all(leaves(2, 255))
        except UnavailableError:
            left[0] = 10**6
            assert verify(book.ledger, Memory(tmp_path / "seen")) == kept
        else:
            break
    left[0] = 10**6
    assert verify(book.ledger, Memory(tmp_path / "seen")).size == 257
    assert instant > 4
    assert any("INSERT INTO log_tiles" in statement for statement in statements)
    book.close()


@pytest.mark.parametrize("instant", range(3))
def test_what_was_stored_and_not_acknowledged_is_answered_the_same_on_retry(
    tmp_path: Path, instant: int
) -> None:
    book = Logbook(open_sqlite(tmp_path / "desk.sqlite"))
    first = book.log.enter_all(leaves(instant + 1))
    book.close()
    again = Logbook(open_sqlite(tmp_path / "desk.sqlite"))
    assert again.log.enter_all(leaves(instant + 1)) == first
    assert again.checkpoint.size == instant + 1
    again.close()
