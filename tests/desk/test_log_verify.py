"""A log that was changed, cut off, replaced or forked is found before the desk's first door opens."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from sparekey.core.crypto import sha256
from sparekey.core.errors import InputError, UnavailableError, UntrustedError
from sparekey.core.tlog.checkpoint import Checkpoint, sign_checkpoint
from sparekey.desk.log.keeper import Keeper
from sparekey.desk.log.ledger import Ledger
from sparekey.desk.log.verify import Memory, verify
from sparekey.desk.store.database import Database
from tests.desk.logbook import KEY, ORIGIN, Logbook, Witness, leaf, leaves

OTHER = b"\x02" * 32


@pytest.fixture
def book(database: Database) -> Logbook:
    made = Logbook(database)
    made.log.enter_all(leaves(300))
    return made


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    return Memory(tmp_path / "log-checkpoint")


def change(book: Logbook, statement: str, **values: object) -> None:
    with book.database.writing() as connection:
        assert connection.execute(text(statement), values).rowcount == 1


def test_a_log_that_is_whole_passes_at_every_size(database: Database, memory: Memory) -> None:
    book = Logbook(database)
    for step in (0, 1, 254, 1, 1, 255, 1):
        book.log.enter_all(leaves(step, book.checkpoint.size))
        assert verify(book.ledger, memory) == book.checkpoint
        memory.write(book.ledger.head().note)


@pytest.mark.parametrize("number", [0, 255, 256, 299])
def test_T16_a_changed_entry_is_found(book: Logbook, memory: Memory, number: int) -> None:
    change(book, "UPDATE log_entries SET leaf = :leaf WHERE number = :at", leaf=leaf(999).encoded, at=number)
    with pytest.raises(UntrustedError, match="not whole"):
        verify(book.ledger, memory)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM log_entries WHERE number = 299",
        "DELETE FROM log_entries WHERE number = 7",
        "UPDATE log_entries SET number = 300 WHERE number = 299",
        "UPDATE log_state SET size = 299",
        "UPDATE log_state SET note = :note",
        "UPDATE log_state SET peaks = :note",
        "DELETE FROM log_tiles WHERE level = 0",
        "DELETE FROM log_tiles WHERE level = 1",
        "UPDATE log_tiles SET hashes = :note WHERE level = 1",
    ],
)
def test_T16_whatever_else_was_changed_is_found(book: Logbook, memory: Memory, statement: str) -> None:
    values = {"note": b"x" * 32} if ":note" in statement else {}
    change(book, statement, **values)
    with pytest.raises(UntrustedError):
        verify(book.ledger, memory)


def test_T16_an_entry_too_many_is_found(book: Logbook, memory: Memory) -> None:
    with book.database.writing() as connection:
        more = "INSERT INTO log_entries (number, key, leaf) VALUES (300, :key, :key)"
        connection.execute(text(more), {"key": b"x"})
    with pytest.raises(UntrustedError, match="301 entries"):
        verify(book.ledger, memory)


def test_T16_a_whole_log_that_somebody_else_signed_is_refused(
    open_database: Callable[[], Database], memory: Memory
) -> None:
    """Threat: whoever can write the database replaces the log by another one."""
    stranger = Ledger(open_database(), ORIGIN, [OTHER])
    stranger.begin()
    stranger.append(leaves(3))
    with pytest.raises(UntrustedError, match=r"not signed by log\.key"):
        verify(Ledger(open_database(), ORIGIN, [KEY]), memory)


def test_another_log_is_named(book: Logbook, memory: Memory) -> None:
    moved = Ledger(book.database, "new.example.com/log", [KEY])
    moved.begin()
    with pytest.raises(UntrustedError, match=r"holds .*desk\.example\.com/log.* names new\.example\.com/log"):
        verify(moved, memory)


def test_a_log_without_entries_may_get_another_name(database: Database, memory: Memory) -> None:
    Logbook(database)
    moved = Ledger(database, "new.example.com/log", [KEY])
    moved.begin()
    assert verify(moved, memory).origin == "new.example.com/log"


def test_T16_an_older_copy_of_the_database_is_refused(book: Logbook, memory: Memory) -> None:
    frontier = Checkpoint(ORIGIN, 301, sha256(b"what was published meanwhile"))
    memory.write(sign_checkpoint(frontier, KEY).encoded)
    with pytest.raises(UntrustedError, match="an older copy of the database"):
        verify(book.ledger, memory)


def test_T16_a_log_that_forked_is_refused(book: Logbook, memory: Memory) -> None:
    memory.write(sign_checkpoint(Checkpoint(ORIGIN, 200, sha256(b"another past")), KEY).encoded)
    with pytest.raises(UntrustedError, match="not the one that this desk saw before"):
        verify(book.ledger, memory)


def test_what_was_seen_of_a_log_of_another_name_does_not_count(book: Logbook, memory: Memory) -> None:
    memory.write(sign_checkpoint(Checkpoint("old.example.com/log", 999, sha256(b"x")), KEY).encoded)
    assert verify(book.ledger, memory).size == 300


def test_a_damaged_memory_is_told(book: Logbook, tmp_path: Path) -> None:
    (tmp_path / "seen").write_bytes(b"\x00" * 40)
    with pytest.raises(InputError, match="compare the log with a monitor"):
        verify(book.ledger, Memory(tmp_path / "seen"))
    with pytest.raises(UnavailableError, match="cannot read"):
        verify(book.ledger, Memory(tmp_path))
    with pytest.raises(UnavailableError, match="cannot write"):
        Memory(tmp_path / "none" / "seen").write(b"x")


def test_the_keeper_remembers_and_shows_what_is_new(database: Database, memory: Memory) -> None:
    witness = Witness()
    book = Logbook(database, witness, needed=1)
    keeper = Keeper(book.ledger, book.witnesses, memory)
    keeper.look()
    assert memory.read() == book.checkpoint
    book.log.enter("mail 1", leaf(1))
    keeper.look()
    assert memory.read() == book.checkpoint == witness.known
    asked = len(witness.asked)
    for _ in range(Keeper.ASK_AGAIN):
        keeper.look()
    assert len(witness.asked) == asked, "nothing is new, and everybody saw it"


def test_the_keeper_asks_a_silent_witness_again_and_survives_whatever_comes(
    database: Database, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    witness = Witness(up=False)
    book = Logbook(database, witness, needed=1)
    book.log.enter("mail 1", leaf(1))
    keeper = Keeper(book.ledger, book.witnesses, memory)
    for _ in range(Keeper.ASK_AGAIN + 1):
        keeper.look()
    assert len(witness.asked) == 2
    monkeypatch.setattr(Keeper, "EVERY", 0.001)
    for error in (UnavailableError("disk", "full"), ZeroDivisionError()):

        def broken(_: Memory, __: bytes, error: Exception = error) -> None:
            raise error

        monkeypatch.setattr(Memory, "write", broken)
        broken_keeper = Keeper(book.ledger, book.witnesses, memory)
        broken_keeper.start()
        broken_keeper.stop(30)
    monkeypatch.undo()
    last = Keeper(book.ledger, book.witnesses, memory)
    last.start()
    last.stop(30)
    assert memory.read() == book.checkpoint
