from __future__ import annotations

from dataclasses import replace

import pytest

from sparekey.core.budget import FAILURES_LIMIT, LONGEST_DELAY, TRIES, Budget, find, put, stopped, tries_left
from sparekey.core.values import Face, MethodName

NETWORK = Budget(MethodName.MAIL_CODE, Face.NETWORK)
SCREEN = Budget(MethodName.MAIL_CODE, Face.SCREEN)


def counted(times: int, uptime: int = 0) -> Budget:
    budget = NETWORK
    for _ in range(times):
        budget = budget.count(uptime)
    return budget


@pytest.mark.parametrize(
    ("times", "left", "pause"),
    [
        (0, 5, 0),
        (1, 4, 0),
        (4, 1, 0),
        (5, 5, 30),
        (6, 4, 0),
        (10, 5, 60),
        (35, 5, 1920),
        (40, 5, 3600),
        (99, 1, 0),
    ],
)
def test_T03_five_tries_then_a_pause_that_doubles(times: int, left: int, pause: int) -> None:
    budget = counted(times, uptime=1000)
    assert tries_left((budget,), budget) == left
    assert budget.waits(1000) == pause
    assert budget.waits(1000 + pause - 1) == (1 if pause else 0)
    assert budget.waits(1000 + pause) == budget.waits(10**9) == 0
    assert not stopped((budget,), budget)


@pytest.mark.meets("nist-throttle-codes")
def test_T03_a_hundred_and_no_more() -> None:
    last, over = counted(FAILURES_LIMIT - 1), counted(FAILURES_LIMIT)
    assert not stopped((last,), last)
    assert stopped((over,), over)
    assert tries_left((over,), over) == 0


def test_T03_typed_entries_of_one_face_share_the_hundred_and_strong_ones_have_none() -> None:
    half = replace(NETWORK, counted=FAILURES_LIMIT // 2)
    both = (half, replace(half, method=MethodName.RESPONSE_KEY))
    assert stopped(both, half)
    assert stopped(both, Budget(MethodName.SECURITY_CODE, Face.NETWORK))
    assert not stopped(both, SCREEN)
    strong = Budget(MethodName.KEY_FILE, Face.NETWORK, strong=True, counted=10**6)
    assert not stopped((*both, strong), strong)
    assert tries_left((strong,), strong) == TRIES
    assert not stopped((strong,), NETWORK)


def test_T12_a_reboot_starts_the_pause_again_in_full() -> None:
    budget = counted(TRIES, uptime=5000).reboot()
    assert budget.counted == TRIES
    assert budget.waits(0) == 30
    assert budget.waits(29) == 1
    assert budget.waits(30) == 0


def test_no_pause_is_longer_than_an_hour() -> None:
    assert Budget(MethodName.MAIL_CODE, Face.SCREEN, counted=TRIES * 10**6).waits(0) == LONGEST_DELAY


def test_faces_have_budgets_of_their_own() -> None:
    assert find((), MethodName.MAIL_CODE, Face.SCREEN) == SCREEN
    budgets = put(put((), NETWORK.count(1)), SCREEN.count(2))
    assert find(budgets, MethodName.MAIL_CODE, Face.NETWORK).paused_at == 1
    assert find(budgets, MethodName.MAIL_CODE, Face.SCREEN).paused_at == 2
    again = put(budgets, NETWORK.count(7))
    assert len(again) == 2
    assert find(again, MethodName.MAIL_CODE, Face.NETWORK).paused_at == 7
    assert find(again, MethodName.MAIL_CODE, Face.SCREEN).paused_at == 2
