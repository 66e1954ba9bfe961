"""Save, then speak."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from sparekey.core.errors import InputError, Refusal, UnavailableError
from sparekey.core.table import Step
from sparekey.host.driver import Driver
from sparekey.host.snapshot import freeze
from sparekey.testing.store import MemoryStore


@dataclass(frozen=True)
class Total:
    value: int


@dataclass(frozen=True)
class Say:
    value: int


@dataclass(frozen=True)
class Add:
    value: int


def step(state: Total, event: object, limit: int) -> Step[Total]:
    """Adds and says so; says nothing about zero; refuses beyond the limit; breaks at what is no number."""
    assert isinstance(event, Add)
    if state.value + event.value > limit:
        return Step(state, refusal=Refusal.NOT_NOW)
    total = Total(state.value + event.value)
    return Step(total, (Say(total.value), Say(-total.value)) if event.value else ())


class Recorded:
    """A store that writes down what it is asked, and breaks where it is told."""

    def __init__(self) -> None:
        self.inner = MemoryStore()
        self.log: list[object] = []
        self.breaks_at = ""

    def note(self, what: str) -> None:
        self.log.append(what)
        if what == self.breaks_at:
            raise UnavailableError("store", "broken")

    @contextmanager
    def transaction(self) -> Iterator[Recorded.Inside]:
        with self.inner.transaction() as transaction:
            yield Recorded.Inside(self, transaction)
            self.note("commit")

    def waiting(self) -> list[tuple[int, bytes]]:
        return self.inner.waiting()

    def done(self, orders: Sequence[int]) -> None:
        self.note("done")
        self.inner.done(orders)

    class Inside:
        def __init__(self, outer: Recorded, inner: Any) -> None:
            self.outer = outer
            self.inner = inner

        def load(self) -> bytes | None:
            loaded: bytes | None = self.inner.load()
            return loaded

        def save(self, state: bytes, orders: Sequence[bytes]) -> list[int]:
            self.outer.note("save")
            numbers: list[int] = self.inner.save(state, orders)
            return numbers


class World:
    def __init__(self, store: Recorded | None = None) -> None:
        self.store = store or Recorded()
        self.said: list[tuple[int, int]] = []
        self.deaf = False
        self.driver: Driver[Total] = Driver(
            store=self.store,
            states=Total,
            effects=Say,
            first=Total(0),
            step=step,
            situation=lambda: 100,
            perform=self.perform,
        )

    def perform(self, order: int, effect: Say) -> None:
        if self.deaf:
            raise UnavailableError("deaf", "nobody listens")
        self.store.log.append(effect)
        self.said.append((order, effect.value))


def test_the_first_state_is_there_before_anything_was_stored() -> None:
    world = World()
    assert world.driver.state == Total(0)
    assert world.driver.state == Total(0)
    assert world.store.log == ["commit"]


def test_T07_the_state_is_stored_before_an_order_is_carried_out() -> None:
    world = World()
    assert world.driver.tell(Add(7)) == Step(Total(7), (Say(7), Say(-7)))
    assert world.store.log == ["save", "commit", Say(7), Say(-7), "done"]
    assert world.driver.state == Total(7)
    assert world.store.waiting() == []


def test_nothing_is_written_where_nothing_changed() -> None:
    world = World()
    assert world.driver.tell(Add(101)).refusal is Refusal.NOT_NOW
    world.driver.tell(Add(0))
    assert world.store.log == ["commit", "commit"]


def test_every_order_has_a_number_of_its_own() -> None:
    world = World()
    world.driver.tell(Add(1))
    world.driver.tell(Add(1))
    assert len({order for order, _ in world.said}) == 4


@pytest.mark.meets("asvs-16.5.3")
@pytest.mark.parametrize("place", ["save", "commit"])
def test_T07_a_store_that_fails_changes_nothing(place: str) -> None:
    world = World()
    world.driver.tell(Add(1))
    world.store.breaks_at = place
    with pytest.raises(UnavailableError):
        world.driver.tell(Add(2))
    assert world.driver.state == Total(1)
    assert [value for _, value in world.said] == [1, -1]
    world.store.breaks_at = ""
    assert world.driver.tell(Add(4)).state == Total(5)


def test_T07_what_was_stored_and_not_carried_out_comes_at_the_next_start() -> None:
    world = World()
    world.deaf = True
    with pytest.raises(UnavailableError):
        world.driver.tell(Add(3))
    assert world.driver.state == Total(3)
    again = World(world.store)
    assert again.driver.resume() == 2
    assert [value for _, value in again.said] == [3, -3]
    assert again.driver.resume() == 0
    assert again.driver.state == Total(3)


def test_T07_what_was_not_carried_out_comes_first_at_the_next_event() -> None:
    world = World()
    world.deaf = True
    with pytest.raises(UnavailableError):
        world.driver.tell(Add(3))
    with pytest.raises(UnavailableError):
        world.driver.tell(Add(1))
    assert world.driver.state == Total(3), "nothing new while the old waits"
    world.deaf = False
    world.driver.tell(Add(1))
    assert [value for _, value in world.said] == [3, -3, 4, -4]
    assert world.store.waiting() == []


def test_T07_a_crash_after_carrying_out_carries_out_again_under_the_same_number() -> None:
    world = World()
    world.store.breaks_at = "done"
    with pytest.raises(UnavailableError):
        world.driver.tell(Add(3))
    world.store.breaks_at = ""
    again = World(world.store)
    again.driver.resume()
    assert again.said == world.said


def test_a_state_that_this_version_does_not_know_stops_it() -> None:
    store = Recorded()
    with store.inner.transaction() as transaction:
        transaction.save(freeze(Say(1)), [])
    with pytest.raises(InputError):
        _ = World(store).driver.state
    with pytest.raises(InputError):
        World(store).driver.tell(Add(1))


@pytest.mark.meets("asvs-15.4.1")
def test_T09_events_from_many_threads_are_counted_one_by_one() -> None:
    world = World()

    def work() -> None:
        for _ in range(10):
            world.driver.tell(Add(1))

    threads = [threading.Thread(target=work) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert world.driver.state == Total(50)
    assert [value for _, value in world.said if value > 0] == list(range(1, 51))
