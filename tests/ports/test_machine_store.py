"""What every machine store promises (`host/ports.py`), held against each one there is."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sparekey.host.ports import MachineStore
from sparekey.host.sqlite_store import SqliteFile, SqliteStore
from sparekey.testing.power import CuttableStore, PowerCutError, PowerSwitch
from sparekey.testing.store import MemoryStore

STATE, NEXT = b"\x00state", b"\xffnext"


@pytest.fixture(params=["sqlite file", "sqlite memory", "memory", "memory behind a switch"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MachineStore]:
    match request.param:
        case "memory":
            yield MemoryStore()
        case "memory behind a switch":
            yield CuttableStore(MemoryStore(), PowerSwitch())
        case kind:
            file = SqliteFile(tmp_path / "machine.sqlite" if kind == "sqlite file" else None)
            yield SqliteStore(file)
            file.close()


def save(store: MachineStore, state: bytes = STATE, *orders: bytes) -> list[int]:
    with store.transaction() as transaction:
        return transaction.save(state, orders)


def load(store: MachineStore) -> bytes | None:
    with store.transaction() as transaction:
        return transaction.load()


def test_before_the_first_state_there_is_none(store: MachineStore) -> None:
    assert load(store) is None
    assert store.waiting() == []


def test_what_is_saved_is_loaded(store: MachineStore) -> None:
    for state in (STATE, NEXT, b"", bytes(100_000)):
        assert save(store, state) == []
        assert load(store) == state


def test_a_transaction_sees_what_it_saved(store: MachineStore) -> None:
    with store.transaction() as transaction:
        transaction.save(STATE, [])
        assert transaction.load() == STATE


def test_orders_wait_oldest_first_until_they_are_done(store: MachineStore) -> None:
    first, second = save(store, STATE, b"one", b"two")
    (third,) = save(store, NEXT, b"one")
    assert store.waiting() == [(first, b"one"), (second, b"two"), (third, b"one")]
    store.done([second])
    assert store.waiting() == [(first, b"one"), (third, b"one")]
    store.done([first, third])
    assert store.waiting() == []
    assert load(store) == NEXT


def test_done_twice_or_never_heard_of_is_fine(store: MachineStore) -> None:
    (order,) = save(store, STATE, b"one")
    store.done([])
    store.done([order, order])
    store.done([order, 12345])
    assert store.waiting() == []


def test_a_number_is_never_given_twice(store: MachineStore) -> None:
    seen: list[int] = []
    for _ in range(5):
        orders = save(store, STATE, b"a", b"b")
        store.done(orders)
        seen += orders
    assert len(set(seen)) == len(seen)
    assert seen == sorted(seen)


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, PowerCutError])
def test_T07_an_error_undoes_everything(store: MachineStore, error: type[BaseException]) -> None:
    (order,) = save(store, STATE, b"before")

    def fail() -> None:
        with store.transaction() as transaction:
            transaction.save(NEXT, [b"after"])
            raise error

    with pytest.raises(error):
        fail()
    assert load(store) == STATE
    assert store.waiting() == [(order, b"before")]
    save(store, NEXT, b"later")
    assert load(store) == NEXT
    assert [data for _, data in store.waiting()] == [b"before", b"later"]


@pytest.mark.meets("asvs-15.4.1")
def test_T09_two_threads_do_not_lose_a_step(store: MachineStore) -> None:
    save(store, (0).to_bytes(4, "big"))

    def work() -> None:
        for _ in range(25):
            with store.transaction() as transaction:
                before = int.from_bytes(transaction.load() or b"", "big")
                transaction.save((before + 1).to_bytes(4, "big"), [b"order"])

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert int.from_bytes(load(store) or b"", "big") == 100
    assert len({order for order, _ in store.waiting()}) == 100


@pytest.fixture(params=["sqlite", "memory"])
def reopened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], MachineStore]]:
    """The same store, as it is found again after the machine was off."""
    files: list[SqliteFile] = []
    memory = MemoryStore()

    def again() -> MachineStore:
        if request.param == "memory":
            return memory
        for file in files:
            file.close()
        files.append(SqliteFile(tmp_path / "machine.sqlite"))
        return SqliteStore(files[-1])

    yield again
    for file in files:
        file.close()


def test_T07_what_was_committed_is_there_after_the_power_came_back(
    reopened: Callable[[], MachineStore],
) -> None:
    (order,) = save(reopened(), STATE, b"one")
    again = reopened()
    assert load(again) == STATE
    assert again.waiting() == [(order, b"one")]
    again.done([order])
    (later,) = save(reopened(), NEXT, b"two")
    assert later > order
