"""What a signed-in owner changes goes into a maker's store by the same journal as a recovery does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sparekey.core.device import Applying, Guarded, events
from sparekey.core.effects import Happened
from sparekey.core.errors import Refusal
from sparekey.core.values import Role
from sparekey.device.accounts.command import CommandAccounts
from sparekey.testing.power import PowerCutError, PowerSwitch
from tests.ports.accounts_bench import NETWORK, NEW, OLD, Cuttable, Faulty, InProcess, Recorder

GUARDS = "the guard's password"
Change = Callable[[Recorder], Refusal | None]


def own_password(device: Recorder) -> Refusal | None:
    return device.change(events.PasswordChanged("admin", 1, NETWORK, device.hash(NEW)))


def guard_added(device: Recorder) -> Refusal | None:
    password = device.hash(GUARDS)
    return device.change(events.AccountSet("admin", 1, NETWORK, "guard", Role.VIEWER, password))


def guards_password(device: Recorder) -> Refusal | None:
    return device.change(events.AccountSet("admin", 1, NETWORK, "guard", Role.VIEWER, device.hash(NEW)))


def guard_removed(device: Recorder) -> Refusal | None:
    return device.change(events.AccountRemoved("admin", 1, NETWORK, "guard"))


def seen(device: Recorder) -> tuple[bool, bool, bool, bool]:
    """Which passwords open: admin's old and new, guard's old and new."""
    guard = device.opens("guard", GUARDS), device.opens("guard", NEW)
    return device.works(OLD), device.works(NEW), *guard


CHANGES: dict[str, tuple[Change, tuple[bool, ...], tuple[bool, ...], Happened]] = {
    "own password": (
        own_password,
        (True, False, True, False),
        (False, True, True, False),
        Happened.PASSWORD_CHANGED,
    ),
    "guard added": (
        guard_added,
        (True, False, False, False),
        (True, False, True, False),
        Happened.ACCOUNT_ADDED,
    ),
    "guard's password": (
        guards_password,
        (True, False, True, False),
        (True, False, False, True),
        Happened.ACCOUNT_CHANGED,
    ),
    "guard removed": (
        guard_removed,
        (True, False, True, False),
        (True, False, False, False),
        Happened.ACCOUNT_REMOVED,
    ),
}
"""Each change, what opens before it, what opens after it, and its line on the audit page."""
FAULTS = ("dead", "hang", "garbage", "lie", "done, dead", "done, hang", "done, garbage")


def ready(folder: Path, change: str, cut_at: int | None = None) -> tuple[Recorder, Faulty]:
    """A recorder in the state before the change."""
    for left in folder.iterdir():
        left.unlink()
    switch = PowerSwitch()
    program = Faulty(InProcess(folder), folder)
    device = Recorder(CommandAccounts(Cuttable(program, switch)), switch).ready()
    if change != "guard added":
        assert guard_added(device) is None
    switch.cut_at = switch.passed + cut_at if cut_at else None
    return device, program


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("fault", FAULTS)
def test_B10_what_an_owner_is_told_is_true(change: str, fault: str, tmp_path: Path) -> None:
    do, before, after, what = CHANGES[change]
    device, program = ready(tmp_path, change)
    assert seen(device) == before
    program.faults = {"set": fault, "revoke": fault}
    told = do(device)
    program.faults = {}
    assert told is (None if fault.startswith("done, ") else Refusal.STORE_REFUSED)
    assert seen(device) == (after if told is None else before)
    assert isinstance(device.state, Guarded)
    lines = [line.what for line in device.audit.values()]
    assert lines.count(what) == (told is None)


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("fault", ["dead", "hang", "garbage"])
def test_B10_a_change_waits_for_a_store_that_is_away(change: str, fault: str, tmp_path: Path) -> None:
    do, before, after, _ = CHANGES[change]
    device, program = ready(tmp_path, change)
    program.faults = {"shown": fault, "set": fault, "revoke": fault}
    assert do(device) is Refusal.STORE_WAITS
    for _boot in range(3):
        device.power_on()
        device.tick()
        assert isinstance(device.state, Applying)
        assert not device.store.orders, "nothing piles up"
    now = seen(device)
    assert now[:2] == before[:2]
    assert now[2:] == ((False, False) if change == "guard removed" else before[2:])
    program.faults = {}
    device.tick()
    assert seen(device) == after
    assert device.settled()


@pytest.mark.parametrize("change", CHANGES)
def test_B10_power_cut_at_every_instant_of_an_owners_change(change: str, tmp_path: Path) -> None:
    do, before, after, what = CHANGES[change]
    device, _ = ready(tmp_path, change)
    passed = device.switch.passed
    assert do(device) is None
    for cut_at in range(1, device.switch.passed - passed + 1):
        device, _ = ready(tmp_path, change, cut_at)
        with pytest.raises(PowerCutError) as cut:
            do(device)
        device.power_on()
        assert seen(device) in (before, after), cut.value
        assert device.settled(), cut.value
        if seen(device) == before:
            assert do(device) is None, cut.value
        assert seen(device) == after, cut.value
        assert [line.what for line in device.audit.values()].count(what) == 1, cut.value


def test_B10_an_old_order_never_undoes_a_later_change(tmp_path: Path) -> None:
    device, program = ready(tmp_path, "own password")
    program.faults = {"set": "dead", "shown": "dead"}
    assert own_password(device) is Refusal.STORE_WAITS
    program.faults = {}
    device.tick()
    last = device.hash("the last password")
    assert device.change(events.PasswordChanged("admin", 1, NETWORK, last)) is None
    for _ in range(2):
        device.power_on()
        assert device.works("the last password")
        assert not device.works(NEW)


def test_B10_a_role_alone_needs_no_store(tmp_path: Path) -> None:
    device, program = ready(tmp_path, "own password")
    program.faults = {"shown": "dead", "set": "dead"}
    promoted = events.AccountSet("admin", 1, NETWORK, "guard", Role.OPERATOR, None)
    assert device.change(promoted) is None
    assert isinstance(device.state, Guarded)
