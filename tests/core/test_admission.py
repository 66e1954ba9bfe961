"""Who becomes able to decide at the desk: two admins, the log, and a wait; the first people are the only exception."""

from __future__ import annotations

import pytest

from sparekey.core.admission import (
    FOUNDING,
    WAIT,
    AdminAgreed,
    Agreed,
    Asked,
    BegunHere,
    EnterAdmission,
    Over,
    Right,
    RightEnded,
    Role,
    Staffing,
    State,
    holds,
    step,
)
from sparekey.core.errors import Refusal
from sparekey.core.table import Step
from sparekey.core.tlog.leaf import EntryKind
from sparekey.host.snapshot import freeze, thaw

NOW = 1_790_000_000
ADMINS = frozenset({"alice", "bob"})
OLD = Staffing(NOW, NOW - 10 * FOUNDING, ADMINS, ADMINS)
RIGHT = Right("4F7Q0002", "carol", b"carolkey", Role.APPROVER)


def agreed(state: State, by: str, staffing: Staffing = OLD, key: bytes = b"") -> State:
    stepped = step(state, AdminAgreed(by, key or by.encode(), (RIGHT.item,)), staffing)
    assert stepped.refusal is None
    assert thaw(freeze(stepped.state), State) == stepped.state
    found: State = stepped.state
    return found


@pytest.mark.meets("asvs-8.4.2")
def test_T30_two_admins_agree_and_then_it_waits_three_days() -> None:
    asked = agreed(Asked(RIGHT), "bob")
    assert isinstance(asked, Asked)
    last = step(asked, AdminAgreed("alice", b"alice", (bytes(32), RIGHT.item)), OLD)
    assert last.effects == (EnterAdmission(RIGHT, (b"alice", b"bob"), NOW),)
    assert isinstance(last.state, Agreed)
    assert last.state.since == NOW + WAIT
    assert [holds(last.state, at) for at in (NOW, NOW + WAIT - 1, NOW + WAIT)] == [False, False, True]
    assert not holds(asked, NOW + WAIT)


def test_T30_one_admin_is_one_person_and_one_passkey() -> None:
    asked = agreed(Asked(RIGHT), "bob")
    for by, key in (("bob", b"another"), ("alice", b"bob")):
        again = step(asked, AdminAgreed(by, key, (RIGHT.item,)), OLD)
        assert (again.state, again.refusal) == (asked, Refusal.ALREADY_DONE)


@pytest.mark.parametrize(
    ("by", "item", "refusal"),
    [("carol", RIGHT.item, Refusal.NOT_AUTHORISED), ("bob", bytes(32), Refusal.NOT_GENUINE)],
)
def test_T30_only_admins_and_only_what_they_signed(by: str, item: bytes, refusal: Refusal) -> None:
    stepped = step(Asked(RIGHT), AdminAgreed(by, b"k", (item,)), OLD)
    assert (stepped.state, stepped.effects, stepped.refusal) == (Asked(RIGHT), (), refusal)


def test_in_the_first_day_of_a_desk_nothing_waits() -> None:
    for age, waits in ((0, 0), (FOUNDING - 1, 0), (FOUNDING, WAIT)):
        young = Staffing(NOW, NOW - age, ADMINS)
        state = agreed(agreed(Asked(RIGHT), "bob", young), "alice", young)
        assert isinstance(state, Agreed)
        assert state.since == NOW + waits
    assert Staffing(NOW, None, frozenset()).wait == WAIT


def test_T30_whoever_runs_the_server_names_the_first_two_admins_and_nobody_else() -> None:
    admin, key = Right("1", "alice", b"alicekey", Role.ADMIN), Right("2", "alice", b"alicekey")
    for right in (admin, key):
        first = step(Asked(right), BegunHere(), Staffing(NOW, None, frozenset()))
        assert first.state == Agreed(right, (), NOW, NOW)
        assert first.effects == (EnterAdmission(right, (), NOW),)
        third = step(Asked(right), BegunHere(), OLD)
        assert (third.state, third.refusal) == (Asked(right), Refusal.NOT_AUTHORISED)
    other = step(Asked(RIGHT), BegunHere(), Staffing(NOW, None, frozenset()))
    assert other.refusal is Refusal.NOT_AUTHORISED


@pytest.mark.meets("nist-loss")
def test_a_right_ends_at_once_but_two_admins_stay() -> None:
    one = Agreed(Right("1", "alice", b"alicekey", Role.ADMIN), (), NOW, NOW)
    left = Staffing(NOW, NOW, ADMINS, frozenset({"bob"}))
    assert step(one, RightEnded("bob"), left) == Step(one, refusal=Refusal.LAST_ADMIN)
    agent = Agreed(RIGHT, (), NOW, NOW)
    alone = Staffing(NOW, NOW, frozenset({"bob"}), frozenset({"bob"}))
    assert step(agent, RightEnded("bob"), alone).refusal is None, (
        "an agent's end leaves the admins as they are"
    )
    assert step(one, RightEnded(""), left).state == Over(one.right, "", NOW)
    third = Staffing(NOW, NOW, ADMINS | {"carol"}, ADMINS)
    assert step(one, RightEnded("bob"), third).state == Over(one.right, "bob", NOW)
    assert step(Agreed(RIGHT, (), NOW, NOW), RightEnded("bob"), OLD).state == Over(RIGHT, "bob", NOW)
    assert step(Asked(RIGHT), RightEnded("bob"), OLD).state == Over(RIGHT, "bob", NOW)
    assert step(Over(RIGHT, "bob", NOW), BegunHere(), OLD).refusal is Refusal.NOT_NOW


def test_the_log_calls_each_right_by_its_kind() -> None:
    kinds = {role: Right("1", "carol", b"carolkey", role).kind for role in (*Role, None)}
    assert kinds[None] is EntryKind.PASSKEY
    assert kinds[Role.APPROVER] is EntryKind.APPROVER
    assert {kind for role, kind in kinds.items() if role not in (None, Role.APPROVER)} == {EntryKind.ROLE}


def test_an_item_stands_for_everything_in_it() -> None:
    items = {
        right.item
        for right in (
            RIGHT,
            Right("4F7Q0003", "carol", b"carolkey", Role.APPROVER),
            Right("4F7Q0002", "carla", b"carolkey", Role.APPROVER),
            Right("4F7Q0002", "carol", b"carlakey", Role.APPROVER),
            Right("4F7Q0002", "carol", b"carolkey", Role.ADMIN),
            Right("4F7Q0002", "carol", b"carolkey"),
        )
    }
    assert len(items) == 6
