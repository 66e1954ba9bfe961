"""A machine: frozen states, frozen events, and a literal table of rules. The table is the diagram.

Every rule takes (state, event, situation) and returns a `Step`. Its return annotation lists the states it may reach,
so the type checker checks the diagram and `edges` prints it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, get_args, get_type_hints

from sparekey.core.errors import Refusal

S_co = TypeVar("S_co", covariant=True)


@dataclass(frozen=True)
class Step(Generic[S_co]):
    """What a rule says: the next state, the orders to carry out once it is stored, and perhaps a "no"."""

    state: S_co
    effects: tuple[object, ...] = ()
    refusal: Refusal | None = None


Rule = Callable[[Any, Any, Any], Step[Any]]
Table = Mapping[tuple[type, type], Rule]


def step(table: Table, state: Any, event: object, now: Any) -> Step[Any]:
    """Apply the rule for this state and event; without one the answer is NOT_NOW and nothing changes."""
    rule = table.get((type(state), type(event)))
    if rule is None:
        return Step(state, refusal=Refusal.NOT_NOW)
    return rule(state, event, now)


def edges(table: Table) -> list[tuple[str, str, str]]:
    """The diagram: (state, event, reachable state), sorted. Read from the rules' return annotations."""
    found = []
    for (state, event), rule in table.items():
        (reached,) = get_args(get_type_hints(rule)["return"])
        targets = get_args(reached) or (reached,)
        found += [(state.__name__, event.__name__, target.__name__) for target in targets]
    return sorted(found)
