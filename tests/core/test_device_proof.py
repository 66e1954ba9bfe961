"""The rules of the machine: a proof is counted, judged, and opens one password form."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sparekey.core.budget import FAILURES_LIMIT, Budget
from sparekey.core.crypto import sha256
from sparekey.core.device import (
    RIGHT_LASTS,
    Guarded,
    PasswordChosen,
    ProofShown,
    State,
    TryCounted,
    step,
)
from sparekey.core.effects import EndSessions, Happened, WriteAudit
from sparekey.core.errors import Refusal
from sparekey.core.record import (
    Account,
    Ask,
    Offered,
    Proved,
    Recovery,
    Situation,
)
from sparekey.core.table import Step
from sparekey.core.values import Face, MethodName
from tests.core.samples import (
    CLAIM,
    CODE,
    NEW,
    NOBODY,
    NUMBER,
    OLD,
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


# Count, then judge


def test_T03_no_verdict_without_a_counted_try() -> None:
    for event in (RIGHT, MISTAKEN):
        assert play(OFFERED, event) == Step(OFFERED, refusal=Refusal.NOT_CHARGED)
    once = play(OFFERED, COUNT, MISTAKEN)
    assert once.refusal is Refusal.WRONG_CODE
    assert told(once) == [Happened.PROOF_WRONG]
    assert play(once.state, RIGHT).refusal is Refusal.NOT_CHARGED


def test_counting_shows_nothing_and_raises_one_counter() -> None:
    result = play(OFFERED, COUNT)
    assert result.effects == ()
    assert result.refusal is None
    assert result.state.record.budgets == (Budget(MethodName.MAIL_CODE, NETWORK, 1, 100),)
    assert result.state.record.requests == (Offered(ask_of(OFFERED), 1),)


def ask_of(state: State) -> Ask:
    return state.record.requests[0].ask


def test_a_right_proof_gives_a_right_for_ten_minutes() -> None:
    result = play(OFFERED, COUNT, RIGHT)
    assert result.refusal is None
    assert told(result) == [Happened.PROOF_RIGHT]
    assert result.state.record.requests == (Proved(ask_of(OFFERED), 100 + RIGHT_LASTS),)


def test_a_wrong_proof_leaves_an_earlier_right_alone() -> None:
    result = play(PROVED, COUNT, MISTAKEN)
    assert result.refusal is Refusal.WRONG_CODE
    assert result.state.record.requests == PROVED.record.requests


def test_T03_a_pause_is_a_pause_and_an_end_is_an_end() -> None:
    paused = with_budget(5, paused_at=90)
    assert play(paused, COUNT) == Step(paused, refusal=Refusal.PAUSED)
    assert play(paused, COUNT, at=now(uptime=120)).refusal is None
    stopped = with_budget(FAILURES_LIMIT)
    assert play(stopped, COUNT) == Step(stopped, refusal=Refusal.TOO_MANY_TRIES)
    assert play(stopped, replace(COUNT, face=SCREEN)).refusal is None


def test_T03_the_hundredth_try_is_told_and_still_judged() -> None:
    last = play(with_budget(FAILURES_LIMIT - 1), COUNT)
    assert told(last) == [Happened.TRIES_STOPPED]
    assert play(last.state, RIGHT).refusal is None
    assert play(last.state, MISTAKEN).refusal is Refusal.WRONG_CODE


@pytest.mark.parametrize("event", [COUNT, RIGHT, CHOOSE])
def test_T04_others_on_the_network_may_not(event: TryCounted | ProofShown | PasswordChosen) -> None:
    for claim in (STRANGER, NOBODY, CLAIM[:-1], CLAIM + b"\x00"):
        assert play(PROVED, replace(event, claim=claim)) == Step(PROVED, refusal=Refusal.NOT_AUTHORISED)
    assert play(PROVED, replace(event, number="00000000")) == Step(PROVED, refusal=Refusal.NO_SUCH_REQUEST)


@pytest.mark.parametrize("event", [COUNT, RIGHT, CHOOSE])
def test_an_expired_request_is_over_for_its_holder(event: object) -> None:
    late = now(uptime=100 + 86_400)
    assert play(PROVED, event, at=late) == Step(PROVED, refusal=Refusal.EXPIRED)


def test_the_screen_may_use_any_request() -> None:
    result = play(OFFERED, *(replace(event, claim=NOBODY, face=SCREEN) for event in (COUNT, RIGHT, CHOOSE)))
    assert result.refusal is None
    assert result.state.record.admin == Account("admin", NEW, admin=True)


# Recover


def test_a_recovery_ends_everything_of_the_old_generation() -> None:
    guest = Account("guest", OLD)
    record = replace(
        PROVED.record,
        accounts=(Account("admin", OLD, admin=True, suspended=True), guest),
        requests=(*PROVED.record.requests, Offered(ask("00000000", STRANGER))),
    )
    result = play(Guarded(record), CHOOSE)
    after = result.state.record
    assert after.generation == record.generation + 1
    assert after.accounts == (Account("admin", NEW, admin=True), replace(guest, suspended=True))
    assert after.requests == ()
    assert after.budgets == ()
    assert after.reserved == record.reserved
    assert after.recovered == Recovery(MethodName.MAIL_CODE, sha256(ask_of(PROVED).sealed), 100, MADE)
    assert result.effects[0] == EndSessions(after.generation)
    assert told(result) == [Happened.PASSWORD_RECOVERED]
    assert play(result.state, CHOOSE).refusal is Refusal.NO_SUCH_REQUEST


def test_T04_a_right_that_ran_out_is_over() -> None:
    assert play(PROVED, CHOOSE, at=now(uptime=100 + RIGHT_LASTS - 1)).refusal is None
    result = play(PROVED, CHOOSE, at=now(uptime=100 + RIGHT_LASTS))
    assert result.refusal is Refusal.EXPIRED
    assert result.state.record.requests == (Offered(ask_of(PROVED)),)


def test_T04_no_right_no_password() -> None:
    assert play(OFFERED, CHOOSE) == Step(OFFERED, refusal=Refusal.NOT_AUTHORISED)
    counted = play(OFFERED, COUNT).state
    assert play(counted, CHOOSE) == Step(counted, refusal=Refusal.NOT_AUTHORISED)
