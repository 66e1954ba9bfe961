from __future__ import annotations

from typing import Any

import pytest

from sparekey.core.device import TABLE
from sparekey.core.errors import Refusal
from sparekey.core.table import Step, Table, edges, step


class Open: ...


class Shut: ...


class Pushed: ...


class Kicked: ...


def _pushed(_state: Open, _event: Pushed, _now: Any) -> Step[Shut]:
    return Step(Shut(), ("bang",))


def _kicked(state: Open, _event: Kicked, _now: Any) -> Step[Open | Shut]:
    return Step(state)


DOOR: Table = {(Open, Pushed): _pushed, (Open, Kicked): _kicked}


def test_a_rule_decides() -> None:
    result = step(DOOR, Open(), Pushed(), None)
    assert isinstance(result.state, Shut)
    assert result.effects == ("bang",)
    assert result.refusal is None


def test_without_a_rule_nothing_changes() -> None:
    shut = Shut()
    result = step(DOOR, shut, Pushed(), None)
    assert result == Step(shut, (), Refusal.NOT_NOW)
    assert step(DOOR, shut, "no event", None).refusal is Refusal.NOT_NOW


def test_the_diagram_is_read_from_the_rules() -> None:
    assert edges(DOOR) == [("Open", "Kicked", "Open"), ("Open", "Kicked", "Shut"), ("Open", "Pushed", "Shut")]


@pytest.mark.meets("asvs-6.3.4", "asvs-8.1.1")
def test_the_diagram_of_the_device() -> None:
    changes = {(before, after) for before, _, after in edges(TABLE) if before != after}
    assert changes == {
        ("MustSet", "Guarded"),
        ("MustSet", "Applying"),
        ("MustSet", "Erasing"),
        ("Guarded", "Applying"),
        ("Guarded", "Erasing"),
        ("Applying", "MustSet"),
        ("Applying", "Guarded"),
        ("Applying", "Erasing"),
        ("Erasing", "MustSet"),
    }
