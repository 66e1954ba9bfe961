"""The rules of the machine, one by one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sparekey.core.budget import Budget, find
from sparekey.core.crypto import sha256
from sparekey.core.device import (
    NETWORK_REQUESTS_LIMIT,
    PRESENCE_LASTS,
    REQUESTS_LIMIT,
    Activated,
    AddressChanged,
    Booted,
    Guarded,
    MustSet,
    PasswordChosen,
    ProofShown,
    RecoveryOpened,
    RequestCancelled,
    SignedIn,
    State,
    Ticked,
    TryCounted,
    step,
)
from sparekey.core.effects import Happened, WriteAudit
from sparekey.core.errors import Refusal
from sparekey.core.methods import mail_code
from sparekey.core.record import (
    ADDRESS_COOLING,
    Account,
    Age,
    Offered,
    Record,
    Reserved,
    Situation,
)
from sparekey.core.table import Step
from sparekey.core.values import Face, MethodName
from tests.core.samples import (
    CLAIM,
    CODE,
    GUARDED,
    NEW,
    NOBODY,
    NUMBER,
    OLD,
    OWNER,
    RECORD,
    STRANGER,
    WRONG,
    ask,
    now,
)
from tests.vectors.desk import MADE

NETWORK, SCREEN = Face.NETWORK, Face.SCREEN
COUNT = TryCounted(NUMBER, CLAIM, NETWORK)
RIGHT = ProofShown(NUMBER, CLAIM, NETWORK, CODE)
MISTAKEN = ProofShown(NUMBER, CLAIM, NETWORK, WRONG)
CHOOSE = PasswordChosen(NUMBER, CLAIM, NETWORK, NEW)


def play(state: State, *events: object, at: Situation | None = None) -> Step[State]:
    """The last step of several events at one moment."""
    result: Step[State] = Step(state)
    for event in events:
        result = step(result.state, event, at or now())
    return result


def told(result: Step[State]) -> list[Happened]:
    return [effect.what for effect in result.effects if isinstance(effect, WriteAudit)]


def with_budget(counted: int, face: Face = NETWORK, paused_at: int = -4000) -> Guarded:
    budget = Budget(MethodName.MAIL_CODE, face, counted, paused_at)
    return Guarded(replace(RECORD, requests=(Offered(ask()),), budgets=(budget,)))


OFFERED = Guarded(replace(RECORD, requests=(Offered(ask()),)))
PROVED = play(OFFERED, COUNT, RIGHT).state


# Life


def test_a_boot_adds_age_and_boots_in_both_states() -> None:
    aged = replace(RECORD, age=Age(base=10, saved=400, boots=2))
    assert play(MustSet(aged), Booted()).state.record.age == Age(1300, 1300, 3)
    assert play(Guarded(aged), Booted()).state.record.age == Age(1300, 1300, 3)


def test_a_tick_writes_the_age_down_in_both_states() -> None:
    aged = replace(RECORD, age=Age(base=1000, saved=1000, boots=2))
    for state in (MustSet(aged), Guarded(aged)):
        assert play(state, Ticked()).state.record.age == Age(1000, 1100, 2)


def test_dead_requests_go_at_a_boot_and_at_a_tick() -> None:
    dead = Guarded(replace(RECORD, requests=(Offered(replace(ask(), valid=1)), Offered(ask("00000000")))))
    for event in (Booted(), Ticked()):
        (kept,) = play(dead, event, at=now(uptime=101)).state.record.requests
        assert kept.ask.number == "00000000"


def test_T04_a_reboot_ends_a_right() -> None:
    rebooted = play(PROVED, Booted(), at=now(uptime=0)).state
    assert isinstance(rebooted.record.request(NUMBER), Offered)
    assert step(rebooted, CHOOSE, now(uptime=1)).refusal is Refusal.NOT_AUTHORISED


def test_T07_a_try_that_was_counted_before_a_boot_is_not_judged_after_it() -> None:
    counted = play(OFFERED, COUNT).state
    rebooted = play(counted, Booted(), at=now(uptime=0)).state
    assert step(rebooted, RIGHT, now(uptime=1)).refusal is Refusal.NOT_CHARGED
    assert find(rebooted.record.budgets, MethodName.MAIL_CODE, NETWORK).counted == 1


# Set up


def test_activation_sets_password_and_address() -> None:
    result = play(MustSet(Record()), Activated("admin", NEW, OWNER, NETWORK))
    assert result.state == Guarded(
        Record(accounts=(Account("admin", NEW, admin=True),), reserved=Reserved(OWNER))
    )
    assert told(result) == [Happened.ACTIVATED]
    without = play(MustSet(Record()), Activated("admin", NEW, None, SCREEN)).state
    assert without.record.reserved is None


def test_activation_over_the_network_needs_a_fresh_start() -> None:
    event = Activated("admin", NEW, None, NETWORK)
    assert play(MustSet(Record()), event, at=now(uptime=PRESENCE_LASTS)).refusal is None
    late = now(uptime=PRESENCE_LASTS + 1)
    assert play(MustSet(Record()), event, at=late) == Step(MustSet(Record()), refusal=Refusal.NEEDS_PRESENCE)
    assert play(MustSet(Record()), replace(event, face=SCREEN), at=late).refusal is None


def test_T09_nobody_activates_twice() -> None:
    result = play(GUARDED, Activated("admin", NEW, None, SCREEN))
    assert result == Step(GUARDED, refusal=Refusal.ALREADY_DONE)


@pytest.mark.parametrize(
    "event",
    [
        SignedIn("admin", 1, SCREEN), RecoveryOpened(ask()), COUNT, RIGHT, CHOOSE,
        RequestCancelled(NUMBER, CLAIM, SCREEN, signed_in=True), AddressChanged("admin", OWNER, SCREEN),
    ],
)  # fmt: skip
def test_without_a_password_nothing_works_but_setting_one(event: object) -> None:
    assert play(MustSet(RECORD), event) == Step(MustSet(RECORD), refusal=Refusal.NOT_NOW)


# Sign in


def test_only_the_admins_sign_in_clears_the_counters() -> None:
    counted = with_budget(7).record
    guest = Account("guest", OLD)
    state = Guarded(replace(counted, accounts=(*RECORD.accounts, guest)))
    result = play(state, SignedIn("guest", 1, NETWORK))
    assert result.state.record.budgets == counted.budgets
    assert told(result) == [Happened.SIGNED_IN]
    assert play(state, SignedIn("admin", 1, NETWORK)).state.record.budgets == ()


@pytest.mark.parametrize(("account", "generation"), [("nobody", 1), ("admin", 0), ("admin", 2), ("guest", 1)])
def test_T09_a_sign_in_of_another_generation_or_a_suspended_account_is_none(
    account: str, generation: int
) -> None:
    guest = Account("guest", OLD, suspended=True)
    state = Guarded(replace(with_budget(7).record, accounts=(*RECORD.accounts, guest)))
    result = play(state, SignedIn(account, generation, SCREEN))
    assert result == Step(state, refusal=Refusal.NOT_AUTHORISED)


# Open


def test_opening_keeps_the_request() -> None:
    made = ask()
    result = play(GUARDED, RecoveryOpened(made))
    assert result.state.record.requests == (Offered(made),)
    assert told(result) == [Happened.RECOVERY_OPENED]
    (effect,) = result.effects
    assert effect == WriteAudit(Happened.RECOVERY_OPENED, NETWORK, "admin", NUMBER, 100, MADE)


def test_the_same_claim_keeps_what_it_has() -> None:
    result = play(OFFERED, RecoveryOpened(ask("00000000")))
    assert result == Step(OFFERED)


def test_a_dead_request_makes_room_for_its_own_claim() -> None:
    dead = Guarded(replace(RECORD, requests=(Offered(replace(ask(), valid=1)),)))
    fresh = ask("00000000", situation=now(uptime=200))
    assert play(dead, RecoveryOpened(fresh), at=now(uptime=200)).state.record.requests == (Offered(fresh),)


def test_greyed_methods_open_nothing() -> None:
    for record in (replace(RECORD, reserved=None), replace(RECORD, accounts=())):
        state = Guarded(record)
        assert play(state, RecoveryOpened(ask())) == Step(state, refusal=Refusal.NOT_SET_UP)


def test_a_method_may_be_closed_to_a_face(monkeypatch: pytest.MonkeyPatch) -> None:
    from sparekey.core import device

    screen_only = replace(mail_code.METHOD, faces=frozenset({SCREEN}))
    monkeypatch.setitem(device.METHODS, MethodName.MAIL_CODE, screen_only)
    assert play(GUARDED, RecoveryOpened(ask())) == Step(GUARDED, refusal=Refusal.NOT_OFFERED)
    assert play(GUARDED, RecoveryOpened(ask(face=SCREEN))).refusal is None


def opened(*faces: Face) -> State:
    events = [
        RecoveryOpened(ask(f"0000000{place}", sha256(bytes([place])), face))
        for place, face in enumerate(faces)
    ]
    return play(GUARDED, *events).state


def test_T03_the_network_leaves_a_place_for_the_screen() -> None:
    full = opened(*[NETWORK] * NETWORK_REQUESTS_LIMIT)
    assert play(full, RecoveryOpened(ask())).refusal is Refusal.TOO_MANY_REQUESTS
    whole = play(full, RecoveryOpened(ask(face=SCREEN)))
    assert whole.refusal is None
    assert len(whole.state.record.requests) == REQUESTS_LIMIT
    more = play(whole.state, RecoveryOpened(ask("11111111", STRANGER, SCREEN)))
    assert more.refusal is Refusal.TOO_MANY_REQUESTS


def test_requests_from_the_screen_take_places_too() -> None:
    assert play(opened(SCREEN, SCREEN, SCREEN), RecoveryOpened(ask())).refusal is Refusal.TOO_MANY_REQUESTS
    assert play(opened(SCREEN, SCREEN), RecoveryOpened(ask())).refusal is None


# Cancel


@pytest.mark.parametrize(
    ("claim", "face", "signed_in"),
    [(CLAIM, NETWORK, False), (NOBODY, SCREEN, False), (NOBODY, NETWORK, True)],
)
def test_who_may_cancel(claim: bytes, face: Face, signed_in: bool) -> None:
    two = Guarded(replace(RECORD, requests=(*OFFERED.record.requests, Offered(ask("00000000", STRANGER)))))
    result = play(two, RequestCancelled(NUMBER, claim, face, signed_in))
    assert [kept.ask.number for kept in result.state.record.requests] == ["00000000"]
    assert told(result) == [Happened.RECOVERY_CANCELLED]


def test_T04_who_may_not_cancel() -> None:
    assert play(OFFERED, RequestCancelled(NUMBER, STRANGER, NETWORK)) == Step(
        OFFERED, refusal=Refusal.NOT_AUTHORISED
    )
    result = play(OFFERED, RequestCancelled("00000000", CLAIM, SCREEN, signed_in=True))
    assert result == Step(OFFERED, refusal=Refusal.NO_SUCH_REQUEST)


# Address


def changed(state: State, address: str, uptime: int = 100) -> Reserved:
    result = play(state, AddressChanged("admin", address, NETWORK), at=now(uptime=uptime))
    assert told(result) == [Happened.ADDRESS_CHANGED]
    assert result.state.record.requests == ()
    assert result.state.record.reserved is not None
    return result.state.record.reserved


def test_T11_a_change_voids_codes_and_the_previous_address_hears() -> None:
    assert changed(OFFERED, "new@example.com") == Reserved("new@example.com", OWNER, 100 + ADDRESS_COOLING)
    nothing = Guarded(replace(RECORD, reserved=None))
    assert changed(nothing, "new@example.com") == Reserved("new@example.com")


def test_T11_two_quick_changes_do_not_silence_the_owner() -> None:
    first = changed(OFFERED, "thief@example.com")
    again = Guarded(replace(RECORD, reserved=first))
    second = changed(again, "other-thief@example.com", uptime=200)
    assert second == Reserved("other-thief@example.com", OWNER, 100 + ADDRESS_COOLING)
    assert second.listening(200) == ("other-thief@example.com", OWNER)
    back = changed(again, OWNER, uptime=200)
    assert back.listening(200) == (OWNER,), "whoever had it in between hears no more"
    late = changed(again, "third@example.com", uptime=100 + ADDRESS_COOLING)
    assert late.previous == "thief@example.com"
