"""What every method refuses before it looks: a proof of another kind, no request, nothing prepared."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sparekey.core.codes import saved_from_bits
from sparekey.core.errors import Refusal
from sparekey.core.keys import dated_key
from sparekey.core.messages.request import read_request
from sparekey.core.methods import METHODS
from sparekey.core.methods import security_code as dated
from sparekey.core.methods.method import Closed
from sparekey.core.methods.questions import Answers
from sparekey.core.methods.response import learns
from sparekey.core.model import DeviceKind, Model, Since, Switch
from sparekey.core.policy import DAY, Policy, SecurityCode
from sparekey.core.record import Action, Former, Frozen, Record
from sparekey.core.values import Face, MethodName
from tests.core.samples import CLAIM, CODE, NUMBER, OLD, POLICY, RECORD, VOLATILE, ask, now


@pytest.mark.meets("asvs-6.1.3")
def test_the_table_is_in_order_of_least_loss() -> None:
    assert tuple(METHODS) == tuple(MethodName)


@pytest.mark.parametrize("name", list(MethodName))
def test_T14_a_proof_of_another_kind_is_refused(name: MethodName) -> None:
    method = METHODS[name]
    asked = replace(ask(), method=method.asks) if method.asks else None
    for record in (Record(), RECORD):
        assert method.judge(record, asked, object(), now()) is not None
        assert method.judge(record, None, None, now()) is not None


@pytest.mark.parametrize("name", list(MethodName))
def test_a_profile_that_does_not_name_a_method_does_not_offer_it(name: MethodName) -> None:
    situation = now(policy=replace(POLICY, methods=()))
    assert METHODS[name].greyed(RECORD, situation, Face.SCREEN) is Closed.NOT_OFFERED


def test_P24_old_firmware_greys_a_method_and_says_what_to_upgrade_to() -> None:
    model = Model("PX-3216", since=(Since(MethodName.MAIL_CODE, "V2.10.0"),))
    old = replace(now(), model=model, identity=replace(now().identity, firmware="V2.9.7 build 3"))
    new = replace(old, identity=replace(old.identity, firmware="V2.10.0"))
    method = METHODS[MethodName.MAIL_CODE]
    assert method.greyed(RECORD, old, Face.SCREEN) is Closed.OLD_FIRMWARE
    assert model.needs_firmware(MethodName.MAIL_CODE, "V2.9.7 build 3") == "V2.10.0"
    assert method.greyed(RECORD, new, Face.SCREEN) is None
    assert model.needs_firmware(MethodName.KEY_FILE, "V1") is None


@pytest.mark.parametrize(
    ("kind", "switch", "closed"),
    [
        (DeviceKind.CAMERA, Switch.UNDER_FLAP, None),
        (DeviceKind.CAMERA, Switch.NONE, Closed.NO_BUTTON),
        (DeviceKind.RECORDER, Switch.ON_CABLE, Closed.NO_BUTTON),
    ],
)
def test_P01_only_a_camera_with_a_switch_has_a_button(
    kind: DeviceKind, switch: Switch, closed: Closed | None
) -> None:
    button = METHODS[MethodName.RESET_BUTTON]
    situation = replace(now(), model=Model("C-220", kind, switch))
    assert button.greyed(RECORD, situation, Face.NETWORK) is closed
    assert button.judge(RECORD, None, None, situation) is Refusal.NOT_OFFERED
    assert button.action(situation) is Action.NEW_PASSWORD_OR_DEFAULT


def test_only_a_response_teaches_the_device_anything() -> None:
    assert learns(RECORD, None) is RECORD.lasting


@pytest.mark.parametrize(
    ("name", "why"),
    [
        (MethodName.RECOVERY_SHEET, Closed.NO_SHEET),
        (MethodName.QUESTIONS, Closed.NO_QUESTIONS),
        (MethodName.KEY_FILE, Closed.NO_KEY_FILE),
    ],
)
def test_what_was_never_prepared_is_closed_and_says_so(name: MethodName, why: Closed) -> None:
    assert METHODS[name].closed(RECORD, now()) is why


def test_answers_to_no_questions_and_a_code_for_no_request_are_wrong() -> None:
    questions, code = METHODS[MethodName.QUESTIONS], METHODS[MethodName.SECURITY_CODE]
    assert questions.judge(RECORD, None, Answers(OLD), now()) is Refusal.WRONG_CODE
    sheet = METHODS[MethodName.RECOVERY_SHEET]
    assert sheet.judge(RECORD, None, saved_from_bits(7), now()) is Refusal.WRONG_CODE
    assert code.judge(RECORD, ask(), CODE, now()) is Refusal.WRONG_CODE, "a mailed code's request has no date"


def test_P15_the_date_runs_from_when_it_was_asked_for() -> None:
    """A device that is three days old when it is asked shows today's date, and tomorrow's after a day of age."""
    early = now(uptime=3 * DAY)
    moment = replace(early.moment, clock=1_790_000_000)
    early = replace(early, moment=moment)
    asked = dated.challenge(RECORD, early, face=Face.SCREEN, claim=CLAIM, number=NUMBER)
    first = 1_790_000_000 // DAY
    for later, day in ((0, first), (DAY - 1, first), (DAY, first + 1), (5 * DAY, first + 5)):
        then = replace(early, moment=replace(moment, uptime=3 * DAY + later))
        assert dated.today(RECORD, asked, then) == day
    assert dated.today(RECORD, replace(asked, frozen=None), early) == 0


def test_P15_what_is_read_out_and_frozen_is_what_the_device_shows() -> None:
    situation = replace(now(uptime=500), mac="02-00-5e-00-53-01")
    situation = replace(situation, moment=replace(situation.moment, clock=1_790_000_000))
    asked = dated.challenge(RECORD, situation, face=Face.SCREEN, claim=CLAIM, number=NUMBER)
    assert (asked.account, asked.opened_age, asked.opened_wall) == ("admin", 500, situation.moment.wall)
    assert asked.bound == RECORD.binding(500)
    moved = replace(RECORD, former=Former("before@example.com", 600))
    again = dated.challenge(moved, situation, face=Face.SCREEN, claim=CLAIM, number=NUMBER)
    assert again.bound == moved.binding(599) != moved.binding(600)
    assert asked.frozen == Frozen(1_790_000_000 - 500, 1_790_000_000 // DAY)
    told = dated.Spoken(situation.identity.serial, 1_790_000_000 - 500, NUMBER, "02-00-5e-00-53-01")
    assert dated.spoken(asked, situation) == told
    assert dated.spoken(replace(asked, frozen=None), situation).started == 0
    unset = replace(situation, moment=replace(situation.moment, clock=20))
    reset = dated.challenge(Record(), unset, face=Face.SCREEN, claim=CLAIM, number=NUMBER)
    assert (reset.frozen, reset.account) == (Frozen(0, 0), ""), "its clock says 1970 and it has run longer"


def test_P15_yesterday_s_code_works_for_two_hours_of_the_next_day_of_age() -> None:
    early = now(uptime=3 * DAY + 12_345)
    early = replace(early, moment=replace(early.moment, clock=1_790_000_000))
    asked = dated.challenge(RECORD, early, face=Face.SCREEN, claim=CLAIM, number=NUMBER)
    told, first, key = dated.spoken(asked, early), 1_790_000_000 // DAY, dated_key(early.device_key)
    judge = METHODS[MethodName.SECURITY_CODE].judge

    def right(later: int, day: int) -> bool:
        moment = replace(early.moment, uptime=early.moment.uptime + later)
        return judge(RECORD, asked, dated.code_of_day(key, told, day), replace(early, moment=moment)) is None

    assert right(0, first)
    assert not right(0, first - 1), "the day it was asked for has no day before"
    assert right(DAY + dated.GRACE - 1, first)
    assert not right(DAY + dated.GRACE, first)
    assert right(DAY + dated.GRACE, first + 1)
    assert not right(DAY, first + 2)


def test_only_a_login_that_may_choose_factory_settings_stays_open_longer() -> None:
    lasts = METHODS[MethodName.SECURITY_CODE].lasts
    other = replace(POLICY, security_code=SecurityCode(may_default=True))
    assert lasts(now()) == METHODS[MethodName.QUESTIONS].lasts(now()) == 600
    assert lasts(now(policy=other)) == dated.DEFAULT_LASTS


@pytest.mark.parametrize(("policy", "answer"), [(POLICY, None), (VOLATILE, Refusal.WRONG_CODE)])
def test_P05_where_a_reboot_voids_the_code_its_verifier_is_of_this_boot(
    policy: Policy, answer: Refusal | None
) -> None:
    asked = ask(situation=now(policy=policy))
    judge = METHODS[MethodName.MAIL_CODE].judge
    assert judge(RECORD, asked, CODE, now(policy=policy)) is None
    assert judge(RECORD, asked, CODE, now(policy=policy, boot=b"c" * 32)) is answer


def test_P05_what_is_kept_of_a_mailed_code_is_what_it_was_opened_with() -> None:
    asked = ask()
    assert (asked.account, asked.opened_wall) == ("admin", now().moment.wall)
    assert read_request(asked.sealed).header.made == now().moment.wall
    assert ask(record=replace(RECORD, accounts=())).account == ""
