"""The desk's recovery log, on every engine: entered once, signed before anybody is told, and served in parts."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import text

from sparekey.core.crypto import sha256, signing_public
from sparekey.core.errors import MisuseError, UnavailableError, UntrustedError
from sparekey.core.tlog.checkpoint import Checkpoint, read_checkpoint
from sparekey.core.tlog.leaf import Admitted, EntryKind, Issued, LeafAction
from sparekey.core.tlog.note import read_note
from sparekey.core.tlog.proof import check_proof, read_proof
from sparekey.core.tlog.tiles import Bundle, Tile, new_bundles, new_tiles, read_bundle, tile_bytes
from sparekey.core.tlog.tree import Frontier, leaf_hash
from sparekey.core.tlog.witness import WitnessPolicy, cosign
from sparekey.core.values import MethodName
from sparekey.desk.log.ledger import COSIGNED_KEPT, Ledger
from sparekey.desk.store.database import Database
from tests.desk.logbook import KEY, NOW, ORIGIN, Logbook, Witness, leaf, leaves

PUBLIC = signing_public(KEY)


@pytest.fixture
def book(database: Database) -> Logbook:
    return Logbook(database)


@pytest.fixture
def open_book(open_database: Callable[[], Database]) -> Callable[[], Logbook]:
    """Opens the same log, each time as another node would."""
    return lambda: Logbook(open_database())


def test_a_new_log_is_signed_before_anybody_is_in_it(book: Logbook) -> None:
    assert (book.checkpoint.origin, book.checkpoint.size) == (ORIGIN, 0)


def test_an_entry_stands_in_the_stored_checkpoint_once_it_is_entered(book: Logbook) -> None:
    assert book.log.enter("mail 1", leaf(1)) == 0
    assert book.log.enter("mail 2", leaf(2)) == 1
    frontier = Frontier().append(leaf_hash(leaf(1).encoded))[0].append(leaf_hash(leaf(2).encoded))[0]
    assert book.checkpoint == Checkpoint(ORIGIN, 2, frontier.root)


def test_the_same_key_brings_the_same_index_and_enters_nothing(open_book: Callable[[], Logbook]) -> None:
    one, other = open_book(), open_book()
    assert one.log.enter("mail 1", leaf(1)) == 0
    before = one.ledger.head()
    assert other.log.enter("mail 1", leaf(7)) == 0
    assert other.log.enter_all([("mail 1", leaf(1)), ("mail 1", leaf(1))]) == [0, 0]
    assert other.ledger.head() == before
    assert one.log.leaf("mail 1") == leaf(1), "what was entered first stands"
    assert one.log.leaf("mail 2") is None


def test_many_at_once_come_back_in_their_order(book: Logbook) -> None:
    book.log.enter_all(leaves(3))
    assert book.log.enter_all([*leaves(1, 1), *leaves(2, 7), *leaves(1, 7)]) == [1, 3, 4, 3]
    assert book.log.enter_all([]) == []


def test_everything_published_is_whole_at_every_size(book: Logbook) -> None:
    """Across the edges of tiles: every part that a checkpoint names is there, and hashes to what was signed."""
    done, frontier, kept = 0, Frontier(), dict[tuple[int, int], bytes]()

    def hash_at(level: int, index: int) -> bytes:
        return kept[level, index]

    entries = [entry.encoded for _, entry in leaves(520)]
    for step in (1, 2, 252, 1, 1, 2, 200, 52, 9):
        book.log.enter_all(leaves(step, done))
        for entry in entries[done : done + step]:
            frontier, made = frontier.append(leaf_hash(entry))
            kept.update({(level, index): node for level, index, node in made})
        old, done = done, done + step
        assert book.checkpoint == Checkpoint(ORIGIN, done, frontier.root)
        for tile in new_tiles(0, done):
            assert book.ledger.tile(tile) == tile_bytes(tile, hash_at)
        for bundle in new_bundles(old, done):
            first = bundle.index * 256
            content = book.ledger.bundle(bundle)
            assert content is not None
            assert list(read_bundle(bundle, content)) == entries[first : first + bundle.width]
    assert book.ledger.tile(Tile(0, 0, 7)) == tile_bytes(Tile(0, 0, 7), hash_at)
    for beyond in (Tile(0, 2, 9), Tile(1, 0, 3), Tile(2, 0, 1), Tile(0, 9)):
        assert book.ledger.tile(beyond) is None
    assert book.ledger.bundle(Bundle(2, 9)) is None


@pytest.mark.parametrize("seen", [0, 1, 255, 256, 300])
def test_a_device_takes_the_proof_whatever_it_remembers(book: Logbook, seen: int) -> None:
    book.log.enter_all(leaves(seen))
    known = book.checkpoint if seen else None
    index = book.log.enter("file", leaf(9))
    book.log.enter_all(leaves(20, 1000))
    proof = read_proof(book.log.proof(index, seen))
    assert check_proof(leaf(9), proof, ORIGIN, [PUBLIC], WitnessPolicy(), known) == book.checkpoint


def test_a_device_that_saw_a_longer_log_gets_no_proof(book: Logbook) -> None:
    index = book.log.enter("file", leaf(9))
    with pytest.raises(UntrustedError, match="longer"):
        book.log.proof(index, 2)


def test_owners_find_their_entries(book: Logbook) -> None:
    mine = b"m" * 16
    book.log.enter_all([*leaves(3), ("one", leaf(7, mine)), ("other", leaf(8, mine))])
    assert book.ledger.find(mine) == [(4, leaf(8, mine)), (3, leaf(7, mine))]
    assert book.ledger.find(leaf(1).request) == [(1, leaf(1))]
    assert book.ledger.find(b"n" * 16) == []


def test_everybody_sees_how_much_who_approved(book: Logbook) -> None:
    anna, boris = b"anna-key", b"boriskey"
    erase = Issued(NOW, 1, MethodName.TECHNICIAN, LeafAction.ERASE, bytes(32), bytes(16), (anna, boris))
    book.log.enter_all([*leaves(2), ("erase", erase)])
    book.log.enter("anna", Admitted(EntryKind.APPROVER, NOW, 1, boris, (anna,)))
    assert book.ledger.counted("method") == {"approver": 1, "mail-code": 2, "technician": 1}
    assert book.ledger.counted("approver") == {anna.hex(): 2, boris.hex(): 1}


def test_many_callers_on_many_nodes_share_few_signatures(
    open_book: Callable[[], Logbook], monkeypatch: pytest.MonkeyPatch
) -> None:
    """And nobody is entered twice, forgotten, or told before the checkpoint is stored."""
    books = [open_book(), open_book()]
    notes, append = list[bytes](), Ledger.append
    gate = threading.Event()

    def slowly(self: Ledger, new: list[tuple[str, Issued]]) -> list[int]:
        gate.wait(30)
        found = append(self, new)
        notes.append(self.head().note)
        return found

    monkeypatch.setattr(Ledger, "append", slowly)
    got = dict[int, int]()

    def one(number: int) -> None:
        got[number] = index = books[number % 2].log.enter(f"mail {number // 2}", leaf(number // 2))
        assert books[1 - number % 2].checkpoint.size > index

    threads = [threading.Thread(target=one, args=(number,)) for number in range(40)]
    for thread in threads:
        thread.start()
    gate.set()
    for thread in threads:
        thread.join()
    assert sorted(got) == list(range(40))
    assert all(got[2 * number] == got[2 * number + 1] for number in range(20))
    assert sorted(got.values()) == sorted([*range(20), *range(20)])
    assert len(notes) < 40
    assert books[0].checkpoint.size == 20


def test_two_checkpoints_of_one_size_are_one(open_book: Callable[[], Logbook]) -> None:
    books = [open_book(), open_book()]
    seen = dict[int, set[bytes]]()

    def one(place: int) -> None:
        for number in range(10):
            books[place].log.enter(f"{place} {number}", leaf(100 * place + number))
            checkpoint = books[place].checkpoint
            seen.setdefault(checkpoint.size, set()).add(checkpoint.root)

    threads = [threading.Thread(target=one, args=(place,)) for place in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert books[0].checkpoint.size == 20
    assert all(len(roots) == 1 for roots in seen.values())


def test_what_fails_fails_for_all_who_waited_and_may_be_entered_again(
    book: Logbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_: Ledger, __: object) -> list[int]:
        raise UnavailableError("store", "the database does not answer")

    monkeypatch.setattr(Ledger, "append", away)
    for _ in range(2):
        with pytest.raises(UnavailableError, match="does not answer"):
            book.log.enter("mail 1", leaf(1))
    monkeypatch.undo()
    assert book.log.enter("mail 1", leaf(1)) == 0


def test_a_bug_of_ours_does_not_stop_the_log(book: Logbook, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: Ledger, __: object) -> list[int]:
        raise ZeroDivisionError

    monkeypatch.setattr(Ledger, "append", broken)
    with pytest.raises(ZeroDivisionError):
        book.log.enter("mail 1", leaf(1))
    monkeypatch.undo()
    assert book.log.enter("mail 1", leaf(1)) == 0


def test_entering_inside_a_transaction_is_our_mistake(book: Logbook) -> None:
    with book.database.writing(), pytest.raises(MisuseError):
        book.log.enter("mail 1", leaf(1))
    with pytest.raises(MisuseError):
        book.log.enter("", leaf(1))


def test_T16_a_database_that_lost_entries_gets_no_other_ones_in_their_place(
    open_book: Callable[[], Logbook],
) -> None:
    """Threat: after a bad fail-over the log would be continued from an older state, and fork."""
    book = open_book()
    book.log.enter_all(leaves(3))
    book.ledger._seen = 4  # as if a fourth had been stored, and lost
    with pytest.raises(UntrustedError, match="lost entries"):
        book.log.enter("mail 9", leaf(9))
    assert book.checkpoint.size == 3


def test_a_new_log_key_signs_what_the_old_one_signed(open_database: Callable[[], Database]) -> None:
    book = Logbook(open_database())
    book.log.enter_all(leaves(2))
    both = Ledger(open_database(), ORIGIN, [b"\x02" * 32, KEY])
    both.sign_again()
    alone = Ledger(open_database(), ORIGIN, [b"\x02" * 32])
    assert alone.checkpoint_of(alone.note()) == book.checkpoint
    alone.begin()
    assert alone.checkpoint_of(alone.note()) == book.checkpoint


def test_files_wait_until_as_many_witnesses_saw_the_entry_as_devices_ask_for(database: Database) -> None:
    north, south = Witness(), Witness("witness.example.com/south", b"\x12" * 32)
    book = Logbook(database, north, south, needed=2)
    index = book.log.enter("file", leaf(1))
    south.up = False
    with pytest.raises(UnavailableError, match="file waits"):
        book.log.proof(index, 0)
    south.up = True
    book.log.enter_all(leaves(3, 10))
    proof = read_proof(book.log.proof(index, 0))
    known = check_proof(leaf(1), proof, ORIGIN, [PUBLIC], book.policy)
    assert known.size == 4
    asked = len(north.asked)
    assert read_proof(book.log.proof(index, 0)) == proof, "nobody is asked twice for what they saw"
    assert len(north.asked) == asked
    later = read_proof(book.log.proof(book.log.enter("more", leaf(2)), known.size))
    check_proof(leaf(2), later, ORIGIN, [PUBLIC], book.policy, known)


def test_codes_do_not_wait_for_witnesses(database: Database) -> None:
    witness = Witness(up=False)
    book = Logbook(database, witness, needed=1)
    assert book.log.enter("mail 1", leaf(1)) == 0
    assert not witness.asked


def test_the_published_checkpoint_shows_the_cosignatures_that_arrived(
    open_database: Callable[[], Database],
) -> None:
    """Also those that another node gathered, and another witness later."""
    north, south = Witness(), Witness("witness.example.com/south", b"\x12" * 32, up=False)
    one, other = (Logbook(open_database(), north, south, needed=1) for _ in range(2))
    one.log.enter_all(leaves(5))
    one.witnesses.gather()
    assert [name for name, _ in one.policy.check(other.ledger.note())] == [north.name]
    south.up = True
    other.witnesses.gather()
    assert [name for name, _ in one.policy.check(one.ledger.note())] == [north.name, south.name]
    assert len(other.ledger.note().signatures) == 3


def test_a_witness_that_two_nodes_asked_at_once_stands_there_once(database: Database) -> None:
    """Else a note would have no room left for the others after a while."""
    book = Logbook(database, Witness(), needed=1)
    note = book.ledger.note()
    for time in range(1, 40):
        book.ledger.keep_cosigned(note.signed_too(cosign(note.text, Witness().name, b"\x11" * 32, time)))
    assert len(book.ledger.note().signatures) == 2


def test_T16_what_a_node_only_saw_counts_too(open_book: Callable[[], Logbook]) -> None:
    one, other = open_book(), open_book()
    one.log.enter_all(leaves(3))
    assert other.ledger.head().frontier.size == 3
    with one.database.writing() as connection:  # a fail-over to a standby that never had them
        for table in ("log_entries", "log_counts"):
            connection.execute(text(f"DELETE FROM {table}"))
        connection.execute(text("UPDATE log_state SET size = 0, peaks = :none"), {"none": b""})
    with pytest.raises(UntrustedError, match="lost entries"):
        other.log.enter("mail 9", leaf(9))


def test_only_the_newest_cosigned_checkpoints_are_kept(database: Database) -> None:
    book = Logbook(database, Witness(), needed=1)
    for number in range(COSIGNED_KEPT + 3):
        book.log.enter(f"{number}", leaf(number))
        book.witnesses.gather()
    sizes = [book.ledger.checkpoint_of(note).size for note in book.ledger.cosigned()]
    assert sizes == list(range(COSIGNED_KEPT + 3, 3, -1))


def test_T15_a_witness_that_signs_nonsense_does_not_count(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    witness = Witness()
    book = Logbook(database, witness, needed=1)
    index = book.log.enter("file", leaf(1))
    monkeypatch.setattr(witness, "private", b"\x66" * 32)
    with pytest.raises(UnavailableError, match="file waits"):
        book.log.proof(index, 0)
    assert len(book.ledger.note().signatures) == 1


def test_a_witness_that_saw_a_longer_log_is_not_asked_on_and_on(database: Database) -> None:
    witness = Witness(known=Checkpoint(ORIGIN, 9, sha256(b"x")))
    book = Logbook(database, witness, needed=1)
    index = book.log.enter("file", leaf(1))
    with pytest.raises(UnavailableError, match="file waits"):
        book.log.proof(index, 0)
    assert len(witness.asked) == 1


def test_a_note_in_a_proof_has_no_signature_that_no_device_knows(database: Database) -> None:
    book = Logbook(database, Witness(), needed=0)
    index = book.log.enter("file", leaf(1))
    stranger = Witness("stranger.example.com", b"\x13" * 32)
    note = book.ledger.note()
    line = stranger.post("", b"old 0\n\n" + note.encoded).body
    more = read_note(note.text.encode() + b"\n" + line).signatures
    book.ledger.keep_cosigned(note.signed_too(*more))
    assert len(book.ledger.note().signatures) == 2
    proof = read_proof(book.log.proof(index, 0))
    assert [one.name for one in proof.note.signatures] == [ORIGIN]
    assert read_checkpoint(proof.note.text).size == 1
