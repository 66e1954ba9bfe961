"""Save, then speak: load, step, store the next state with its orders in one transaction, then carry the orders out.

Power may fail between any two instructions. What was stored and not carried out is carried out at the next `resume`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from sparekey.core.table import Step
from sparekey.host.ports import MachineStore
from sparekey.host.snapshot import freeze, thaw

S = TypeVar("S")


class Driver(Generic[S]):
    """Runs one machine on one store. Safe to call from several threads; one event at a time.

    `states`: the union of its state classes. `effects`: the union of its order classes. `first`: the state before
    anything was stored. `step`: (state, event, situation) -> Step. `situation`: what the world is like now.
    `perform`: carries out one order, given with the number by which it knows a repetition.
    """

    def __init__(
        self,
        *,
        store: MachineStore,
        states: Any,
        effects: Any,
        first: S,
        step: Callable[[S, object, Any], Step[S]],
        situation: Callable[[], Any],
        perform: Callable[[int, Any], None],
    ) -> None:
        self._store = store
        self._states = states
        self._effects = effects
        self._step = step
        self._situation = situation
        self._perform = perform
        self._lock = threading.RLock()
        self._first = first
        self._held: S | None = None
        self._behind = False

    @property
    def state(self) -> S:
        """The state as last stored."""
        with self._lock:
            if self._held is None:
                with self._store.transaction() as transaction:
                    self._held = self._thawed(transaction.load())
            return self._held

    def tell(self, event: object) -> Step[S]:
        """Put an event to the machine. When this returns, the new state is durable and its orders were carried out.

        Raises UnavailableError when the store fails; then nothing changed. Whatever `perform` raises comes through;
        then the state is durable, and what was not carried out comes first at the next event.
        """
        with self._lock:
            if self._behind:
                self._behind = False
                self.resume()
            with self._store.transaction() as transaction:
                state = self._thawed(transaction.load())
                step = self._step(state, event, self._situation())
                orders = [freeze(effect) for effect in step.effects]
                ids = transaction.save(freeze(step.state), orders) if step.state != state or orders else []
            self._held = step.state
            self._carry_out(list(zip(ids, step.effects, strict=True)))
            return step

    def resume(self) -> int:
        """Carry out what an earlier run stored and did not finish. Call before any door opens. Returns how many."""
        with self._lock:
            waiting = [(order, thaw(data, self._effects)) for order, data in self._store.waiting()]
            self._carry_out(waiting)
            return len(waiting)

    def _carry_out(self, orders: list[tuple[int, Any]]) -> None:
        try:
            for order, effect in orders:
                self._perform(order, effect)
            if orders:
                self._store.done([order for order, _ in orders])
        except BaseException:
            self._behind = True
            raise

    def _thawed(self, data: bytes | None) -> S:
        if data is None:
            return self._first
        state: S = thaw(data, self._states)
        return state
