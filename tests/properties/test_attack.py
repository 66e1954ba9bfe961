"""The simulated attacker: short runs that have to end well, and broken devices that have to be found out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from attack.__main__ import doors, machine
from attack.referee import PromiseBrokenError, least_seconds
from sparekey.core import budget
from sparekey.core.budget import Budget
from sparekey.core.device import TABLE, events, life, owner, recovery
from sparekey.core.device.states import Applying, Guarded
from sparekey.core.record import Situation
from sparekey.core.table import Rule, Step
from sparekey.core.values import Face

SEEDS = range(10)
"""Each profile once with a stranger at the screen and once without."""


@pytest.mark.parametrize("seed", SEEDS)
def test_T03_an_attacker_at_the_machine_never_gets_a_try_more(seed: int) -> None:
    assert machine(seed, 2_000).judged, "nothing was tried"


def test_T03_an_attacker_at_every_door_at_once_never_gets_a_try_more() -> None:
    judged = sum(sum(doors(seed, 150).judged.values()) for seed in SEEDS)
    assert judged > len(SEEDS), "next to nothing was tried"


def test_the_referee_counts_the_pauses_by_itself() -> None:
    assert [least_seconds(tries) for tries in (1, 5, 6, 10, 11, 100)] == [0, 0, 30, 30, 90, 47_010]


def broken(play: Callable[[], object]) -> str:
    """Somewhere in the first seeds the broken device has to be found out."""
    with pytest.raises(PromiseBrokenError) as found:
        play()
    return str(found.value)


def many(steps: int = 3_000) -> None:
    for seed in range(40):
        machine(seed, steps)


def test_a_device_that_allows_a_hundred_and_one_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "FAILURES_LIMIT", 101)
    assert broken(many).startswith("101 typed tries")


def test_a_device_whose_pauses_are_too_short_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "FIRST_DELAY", 29)
    assert "before its pause was over" in broken(many)


def test_a_device_that_forgets_its_counters_at_boot_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Budget, "reboot", lambda self: replace(self, counted=0))
    assert "lowered a counter" in broken(many)


def test_a_device_with_one_counter_for_both_faces_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def shared(budgets: tuple[Budget, ...], kept: Budget) -> tuple[Budget, ...]:
        other = Face.SCREEN if kept.face is Face.NETWORK else Face.NETWORK
        return budget.put(budget.put(budgets, kept), replace(kept, face=other))

    monkeypatch.setattr(recovery, "put", shared)
    assert "touched a counter of the screen" in broken(many)


def rule(monkeypatch: pytest.MonkeyPatch, event: type, made: Rule) -> None:
    monkeypatch.setitem(TABLE, (Guarded, event), made)


def test_a_device_whose_viewer_lowers_counters_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def signed_in(state: Guarded, event: events.SignedIn, now: Situation) -> Step[Guarded]:
        stepped = life.signed_in(state, event, now)
        return replace(stepped, state=Guarded(replace(stepped.state.record, budgets=())))

    rule(monkeypatch, events.SignedIn, signed_in)
    assert "lowered a counter" in broken(many)


def test_a_device_that_takes_a_foreign_claim_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def changed(state: Guarded, event: events.PasswordChanged, now: Situation) -> Step[Guarded | Applying]:
        return owner.password_changed(state, replace(event, confirmed=state.record.generation), now)

    rule(monkeypatch, events.PasswordChanged, changed)
    assert "changed who owns the device" in broken(many)


def test_a_device_whose_network_fills_the_screens_place_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recovery, "NETWORK_REQUESTS_LIMIT", 3)
    assert "the owner does not get in" in broken(many)
