"""What a signed-in owner may change, and what nobody else may."""

from __future__ import annotations

import pytest

from sparekey.core.device import events
from sparekey.core.effects import Happened
from sparekey.core.errors import Refusal
from sparekey.core.policy import Factor
from sparekey.core.values import MethodName, Role
from sparekey.testing.world import World
from tests.scenarios.enrolled import confirm
from tests.scenarios.play import CLAIM, NETWORK, NEW, OLD, OWNER, prove, ready


def add(
    world: World, name: str, role: Role = Role.OPERATOR, by: str = "admin", confirmed: int = 1
) -> Refusal | None:
    hashed = world.device.hash("the operator's password")
    return world.device.tell(events.AccountSet(by, confirmed, NETWORK, name, role, hashed))


def test_P20_the_reserved_address_changes_and_the_old_one_goes_on_hearing() -> None:
    world, _ = ready("hikvision")
    told = events.AddressChanged("admin", 1, NETWORK, "new@example.com")
    assert world.device.tell(told) is None
    reserved, former = world.device.record.reserved, world.device.record.former
    assert reserved is not None
    assert former is not None
    assert (reserved.address, reserved.confirmed, former.address) == ("new@example.com", False, OWNER)
    assert confirm(world) is None
    assert world.device.record.reserved is not None
    assert world.device.record.reserved.confirmed
    assert world.device.tell(told) is None, "the same address again changes nothing"
    assert world.device.record.reserved.confirmed
    assert world.device.tell(events.AddressChanged("admin", 1, NETWORK, None)) is None
    assert world.device.record.reserved is None


@pytest.mark.meets("nist-binding-more", "asvs-7.5.1")
def test_T04_every_change_asks_for_the_password_of_this_generation() -> None:
    world, kept = ready("patronum")
    add(world, "operator")
    hashed = world.device.hash(NEW)
    questions, file = world.device.record.factors.questions, world.device.record.factors.key_file
    assert questions is not None
    assert file is not None
    for account, confirmed in (("admin", 0), ("operator", 1), ("nobody", 1)):
        for event in (
            events.AddressChanged(account, confirmed, NETWORK, "evil@example.com"),
            events.QuestionsSet(account, confirmed, NETWORK, questions, 40),
            events.KeyFileMade(account, confirmed, NETWORK, file),
            events.SheetMade(account, confirmed, NETWORK, file),
            events.AccountSet(account, confirmed, NETWORK, "evil", Role.ADMIN, hashed),
            events.AccountRemoved(account, confirmed, NETWORK, "operator"),
        ):
            assert world.device.tell(event) is Refusal.NOT_AUTHORISED
    assert world.device.tell(events.PasswordChanged("admin", 0, NETWORK, hashed)) is Refusal.NOT_AUTHORISED
    assert world.device.tell(events.PasswordChanged("nobody", 1, NETWORK, hashed)) is Refusal.NOT_AUTHORISED
    assert world.device.tell(events.SavedProved("operator", NETWORK, kept.key_file)) is Refusal.NOT_AUTHORISED


@pytest.mark.meets("nist-no-rotation", "asvs-6.2.10")
def test_P02_a_plain_password_change_kills_no_saved_factor() -> None:
    world, kept = ready("patronum")
    assert world.device.tell(events.PasswordChanged("admin", 1, NETWORK, world.device.hash(NEW))) is None
    assert world.device.works(NEW)
    assert prove(world, MethodName.KEY_FILE, kept) is None


def test_P02_a_key_file_counts_once_it_was_handed_in_again() -> None:
    world, kept = ready("patronum")
    record = world.device.record
    assert all(record.prepared(factor) for factor in (Factor.ADDRESS, Factor.QUESTIONS, Factor.KEY_FILE))
    assert not record.prepared(Factor.SHEET)
    assert record.factors.key_file is not None
    world.device.tell(events.KeyFileMade("admin", 1, NETWORK, record.factors.key_file))
    assert not world.device.record.prepared(Factor.KEY_FILE)
    assert world.device.tell(events.SavedProved("admin", NETWORK, None)) is Refusal.NOT_GENUINE
    assert world.device.tell(events.SavedProved("admin", NETWORK, kept.key_file)) is None
    assert world.device.record.prepared(Factor.KEY_FILE)


@pytest.mark.meets("nist-questions", "asvs-6.4.2")
def test_P03_questions_are_refused_where_the_profile_has_none() -> None:
    world, _ = ready("sparekey")
    assert (
        world.device.set_questions(("a?", "b?", "c?"), ("one answer", "two answer", "three"))
        is Refusal.NOT_OFFERED
    )


def test_T09_other_accounts_wait_after_a_recovery_until_the_admin_looked() -> None:
    world, kept = ready("patronum")
    assert add(world, "operator") is None
    prove(world, MethodName.KEY_FILE, kept)
    world.device.choose_password(CLAIM, NEW)
    operator = world.device.record.account("operator")
    assert operator is not None
    assert operator.suspended
    assert world.device.tell(events.SignedIn("operator", 2, NETWORK)) is Refusal.NOT_AUTHORISED
    changed = events.PasswordChanged("operator", 2, NETWORK, world.device.hash("x"))
    assert world.device.tell(changed) is Refusal.NOT_AUTHORISED
    kept_password = events.AccountSet("admin", 2, NETWORK, "operator", Role.VIEWER, None)
    assert world.device.tell(kept_password) is None
    operator = world.device.record.account("operator")
    assert operator is not None
    assert (operator.suspended, operator.role) == (False, Role.VIEWER)
    assert world.device.tell(events.SignedIn("operator", 2, NETWORK)) is None


def test_P20_users_come_and_go_and_the_admin_stays() -> None:
    world, _ = ready("hikvision")
    assert add(world, "guard") is None
    assert (
        world.device.tell(events.AccountSet("admin", 1, NETWORK, "x", Role.VIEWER, None))
        is Refusal.NOT_ENOUGH
    )
    assert (
        world.device.tell(events.AccountSet("admin", 1, NETWORK, "admin", Role.VIEWER, None))
        is Refusal.LAST_ADMIN
    )
    assert world.device.tell(events.AccountRemoved("admin", 1, NETWORK, "admin")) is Refusal.LAST_ADMIN
    assert world.device.tell(events.AccountRemoved("admin", 1, NETWORK, "guard")) is None
    assert world.device.tell(events.AccountRemoved("admin", 1, NETWORK, "guard")) is Refusal.NOT_NOW
    told = [entry.what for entry in world.device.audit.values()]
    assert told[-2:] == [Happened.ACCOUNT_ADDED, Happened.ACCOUNT_REMOVED]


def test_B10_the_makers_store_hears_of_every_change() -> None:
    world, _ = ready("patronum", makers_store={})
    assert world.device.makers_store is not None
    assert add(world, "operator") is None
    assert set(world.device.makers_store) == {"admin", "operator"}
    assert all(account.password is None for account in world.device.record.accounts)
    assert world.device.tell(events.PasswordChanged("admin", 1, NETWORK, world.device.hash(NEW))) is None
    assert world.device.works(NEW)
    assert not world.device.works(OLD)
    assert world.device.tell(events.AccountRemoved("admin", 1, NETWORK, "operator")) is None
    assert set(world.device.makers_store) == {"admin"}
