"""Every method that ends in a new password, from the locked screen to being back in, and what must be refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sparekey.core.budget import FAILURES_LIMIT, find
from sparekey.core.codes import code_from_bits, saved_from_bits
from sparekey.core.device import Applying, Guarded, events, step
from sparekey.core.errors import Refusal, UnavailableError
from sparekey.core.messages.request import Request
from sparekey.core.methods import key_file, mail_code, security_code
from sparekey.core.methods.key_file import Standing
from sparekey.core.methods.security_code import Spoken
from sparekey.core.policy import DAY
from sparekey.core.values import MethodName, Role
from sparekey.testing.power import PowerCutError
from tests.scenarios.play import (
    ANSWERS,
    ASKED,
    CLAIM,
    NETWORK,
    NEW,
    OLD,
    SCREEN,
    STRANGER,
    WHERE,
    prepare,
    prove,
    ready,
)

EVERY = list(WHERE)


@pytest.mark.parametrize("method", EVERY, ids=lambda method: method.value)
def test_P03_P04_P05_P10_P15_P16_P17_B08_back_in(method: MethodName) -> None:
    world, kept = ready(WHERE[method])
    assert world.device.sign_in(OLD) is None
    assert prove(world, method, kept) is None
    assert world.device.choose_password(CLAIM, NEW) is None
    assert world.device.works(NEW)
    assert not world.device.works(OLD)
    assert world.device.sessions == []
    recovered = world.device.record.recovered
    assert recovered is not None
    assert recovered.method is method
    assert world.device.record.factors.key_file is None, "every saved factor of the old generation dies"


@pytest.mark.parametrize("external", [False, True], ids=["embedded", "maker's store"])
@pytest.mark.parametrize("method", EVERY, ids=lambda method: method.value)
def test_T07_power_cut_at_every_instant_of_every_method(method: MethodName, external: bool) -> None:
    world, kept = ready(WHERE[method], makers_store={} if external else None)
    before = world.switch.passed
    prove(world, method, kept)
    world.device.choose_password(CLAIM, NEW)
    total = world.switch.passed
    assert world.device.works(NEW)
    for cut_at in range(before + 1, total + 1):
        world, kept = ready(WHERE[method], cut_at, makers_store={} if external else None)
        with pytest.raises(PowerCutError):
            prove(world, method, kept)
            world.device.choose_password(CLAIM, NEW)
        world.device.power_on()
        name = world.switch.names[cut_at - 1]
        assert world.device.works(OLD) != world.device.works(NEW), f"cut at {name}"
        assert isinstance(world.device.state, Guarded), f"cut at {name}"
        if world.device.works(OLD):
            assert prove(world, method, kept) is None, f"cut at {name}"
            assert world.device.choose_password(CLAIM, NEW) is None
        assert world.device.works(NEW)
        assert not world.device.works(OLD)


@pytest.mark.meets("asvs-6.4.3")
@pytest.mark.parametrize("method", EVERY, ids=lambda method: method.value)
def test_T04_only_who_proved_it_sets_the_password(method: MethodName) -> None:
    world, kept = ready(WHERE[method])
    assert world.device.choose_password(CLAIM, NEW) in (Refusal.NO_SUCH_REQUEST, Refusal.NOT_AUTHORISED)
    assert prove(world, method, kept) is None
    assert world.device.choose_password(STRANGER, NEW) is Refusal.NOT_AUTHORISED
    assert world.device.choose_password(STRANGER, NEW, SCREEN) is Refusal.NOT_AUTHORISED, (
        "earned on the network"
    )
    assert world.device.works(OLD)
    world.device.power_on()
    assert world.device.choose_password(CLAIM, NEW) is not None, "a right dies with the boot"


def test_P03_T24_one_wrong_answer_is_wrong_and_nobody_says_which() -> None:
    world, _ = ready("patronum")
    wrong = (ANSWERS[0], ANSWERS[1], "Brno")
    answer = world.device.prove(MethodName.QUESTIONS, CLAIM, world.device.answers(wrong))
    assert answer is Refusal.WRONG_CODE
    assert find(world.device.record.budgets, MethodName.QUESTIONS, NETWORK).counted == 1


def test_P03_case_accents_and_spaces_are_forgiven() -> None:
    world, _ = ready("patronum")
    typed = ("rex  the second ", "u skoly 12", "HRADEC KRALOVE")
    assert world.device.prove(MethodName.QUESTIONS, CLAIM, world.device.answers(typed)) is None


def test_P03_T24_too_little_in_the_answers_is_refused() -> None:
    world, _ = ready("patronum")
    assert world.device.set_questions(ASKED, ("a", "b", "c")) is Refusal.NOT_ENOUGH
    assert world.device.set_questions(("Same?", "same?", "Other?"), ANSWERS) is Refusal.NOT_ENOUGH


@pytest.mark.meets("nist-look-up-once", "asvs-6.5.6")
def test_P04_T20_an_older_key_file_is_replaced_and_another_device_is_told_so() -> None:
    world, kept = ready("patronum")
    assert kept.key_file is not None
    newer = world.device.make_key_file()
    situation = world.device.situation
    assert key_file.standing(newer, world.device.record, situation) is Standing.VALID
    assert key_file.standing(kept.key_file, world.device.record, situation) is Standing.REPLACED
    other = replace(newer, serial="PX-3216-0002")
    assert key_file.standing(other, world.device.record, situation) is Standing.OTHER_DEVICE
    assert world.device.prove(MethodName.KEY_FILE, CLAIM, kept.key_file) is Refusal.NOT_GENUINE


@pytest.mark.meets("nist-look-up-once")
def test_P04_T20_a_key_file_of_the_old_generation_opens_nothing() -> None:
    world, kept = ready("patronum")
    prove(world, MethodName.MAIL_CODE, kept)
    world.device.choose_password(CLAIM, NEW)
    assert world.device.prove(MethodName.KEY_FILE, CLAIM, kept.key_file) is Refusal.NOT_SET_UP


def test_B08_T20_a_sheet_that_was_replaced_or_is_of_the_old_generation_opens_nothing() -> None:
    world, kept = ready("sparekey")
    newer = world.device.make_sheet()
    assert world.device.prove(MethodName.RECOVERY_SHEET, CLAIM, kept.sheet) is Refusal.WRONG_CODE
    assert world.device.prove(MethodName.RECOVERY_SHEET, CLAIM, newer) is None
    assert world.device.choose_password(CLAIM, NEW) is None
    for code in (kept.sheet, newer):
        assert world.device.prove(MethodName.RECOVERY_SHEET, CLAIM, code) is Refusal.NOT_SET_UP


def test_P15_the_code_of_the_frozen_date_survives_reboot_and_1970() -> None:
    world, _ = ready("hikvision")
    world.clock.now = 3600
    world.device.clock_trusted = False
    spoken = world.device.open_security_code(CLAIM)
    assert isinstance(spoken, Spoken)
    code = world.desk.dictate(spoken, 0)
    world.device.power_on()
    world.clock.now = 1_790_000_000
    again = world.device.open_security_code(CLAIM)
    assert again == spoken, "what is read out stays frozen"
    assert world.device.prove(MethodName.SECURITY_CODE, CLAIM, code, spoken.number) is None


def test_P15_yesterdays_code_works_for_two_hours_and_not_longer() -> None:
    for hours, refusal in ((25, None), (27, Refusal.WRONG_CODE)):
        world, _ = ready("hikvision")
        spoken = world.device.open_security_code(CLAIM)
        assert isinstance(spoken, Spoken)
        code = world.desk.dictate(spoken, world.clock.now // DAY)
        world.clock.forward(hours * 3600)
        assert world.device.prove(MethodName.SECURITY_CODE, CLAIM, code, spoken.number) is refusal


@pytest.mark.meets("asvs-6.5.1")
def test_P15_tomorrows_code_does_not_work_today_and_one_use_burns_all() -> None:
    world, _ = ready("hikvision")
    spoken = world.device.open_security_code(CLAIM)
    assert isinstance(spoken, Spoken)
    today = world.clock.now // DAY
    tomorrow = world.desk.dictate(spoken, today + 1)
    assert world.device.prove(MethodName.SECURITY_CODE, CLAIM, tomorrow, spoken.number) is Refusal.WRONG_CODE
    code = world.desk.dictate(spoken, today)
    assert world.device.prove(MethodName.SECURITY_CODE, CLAIM, code, spoken.number) is None
    world.device.choose_password(CLAIM, NEW)
    answer = world.device.prove(MethodName.SECURITY_CODE, CLAIM, tomorrow, spoken.number)
    assert answer is Refusal.NO_SUCH_REQUEST


def test_P10_the_mac_is_part_of_the_code_when_the_camera_is_not_behind_a_recorder() -> None:
    world, _ = ready("camera-support")
    world.device.mac = "02-00-5e-00-53-01"
    spoken = world.device.open_security_code(CLAIM)
    assert isinstance(spoken, Spoken)
    day = world.clock.now // DAY
    without = world.desk.dictate(replace(spoken, mac=""), day)
    assert world.device.prove(MethodName.SECURITY_CODE, CLAIM, without, spoken.number) is Refusal.WRONG_CODE
    code = world.desk.dictate(spoken, day)
    assert world.device.prove(MethodName.SECURITY_CODE, CLAIM, code, spoken.number) is None


@pytest.mark.meets("nist-recovery-saved-stored")
@pytest.mark.parametrize("method", [MethodName.KEY_FILE, MethodName.RECOVERY_SHEET])
def test_T03_strong_proofs_are_slowed_and_never_stopped(method: MethodName) -> None:
    world, kept = ready("sparekey")
    wrong = (
        replace(kept.key_file, secret=bytes(32))
        if method is MethodName.KEY_FILE and kept.key_file
        else saved_from_bits(1)
    )
    while find(world.device.record.budgets, method, NETWORK).counted < FAILURES_LIMIT:
        if world.device.prove(method, CLAIM, wrong) is Refusal.PAUSED:
            world.clock.forward(3600)
    world.clock.forward(3600)
    assert prove(world, method, kept) is None


def test_T03_each_method_has_its_own_budget_and_no_verdict_without_a_count() -> None:
    world, kept = ready("patronum")
    for _ in range(5):
        world.device.prove(MethodName.QUESTIONS, CLAIM, world.device.answers(("x", "y", "z")))
    right = world.device.answers(ANSWERS)
    assert world.device.prove(MethodName.QUESTIONS, CLAIM, right) is Refusal.PAUSED
    told = events.ProofShown(MethodName.QUESTIONS, "", CLAIM, NETWORK, right)
    assert world.device.tell(told) is Refusal.NOT_CHARGED
    assert prove(world, MethodName.KEY_FILE, kept) is None


@pytest.mark.meets("nist-throttle-codes")
def test_T03_all_typed_methods_share_a_hundred_tries_on_one_face() -> None:
    world, kept = ready("hikvision")
    spoken = world.device.open_security_code(CLAIM)
    assert isinstance(spoken, Spoken)
    counted = 0
    while counted < FAILURES_LIMIT:
        method, number = (MethodName.SECURITY_CODE, spoken.number)
        if counted >= FAILURES_LIMIT // 2:
            request = world.device.open_support(CLAIM)
            assert isinstance(request, Request)
            method, number = MethodName.RESPONSE_KEY, request.header.number
        answer = world.device.prove(method, CLAIM, code_from_bits(0), number)
        counted += answer is Refusal.WRONG_CODE
        if answer is Refusal.PAUSED:
            world.clock.forward(3600)
    world.device.tell(events.RequestCancelled(spoken.number, CLAIM, NETWORK))
    assert prove(world, MethodName.MAIL_CODE, kept) is Refusal.TOO_MANY_TRIES
    world.clock.forward(3600)
    assert prove(world, MethodName.KEY_FILE, kept) is None


def test_T12_a_clock_that_was_set_back_behind_a_signed_time_is_not_trusted() -> None:
    world, kept = ready("hikvision")
    assert prove(world, MethodName.RESPONSE_FILE, kept) is None
    assert world.device.choose_password(CLAIM, NEW) is None
    assert world.device.situation.moment.wall is not None
    world.clock.now -= 3600
    assert world.device.situation.moment.wall is None


def test_P02_setting_up_twice_changes_nothing() -> None:
    world, _ = ready("patronum")
    assert world.device.activate(NEW, None) is Refusal.ALREADY_DONE
    prepare(world)
    assert world.device.works(OLD)


def test_T12_a_right_ends_with_the_request_that_it_came_from() -> None:
    world, _ = ready("hikvision")
    request = world.device.open_mail_code(CLAIM)
    assert isinstance(request, Request)
    (mail,) = world.scan_and_send(request)
    world.clock.forward(48 * 3600 - 1)
    assert world.device.type_code(request, CLAIM, mail.code) is None
    world.clock.forward(2)
    world.device.tell(events.Ticked())
    assert world.device.choose_password(CLAIM, NEW) is Refusal.NO_SUCH_REQUEST
    assert world.device.works(OLD)


def test_T21_while_the_makers_store_is_busy_only_the_right_people_come_in() -> None:
    world, kept = ready("patronum", makers_store={})
    hashed = world.device.hash("the guard's password")
    world.device.tell(events.AccountSet("admin", 1, NETWORK, "guard", Role.VIEWER, hashed))
    prove(world, MethodName.KEY_FILE, kept)
    world.device.store_answers = False
    with pytest.raises(UnavailableError):
        world.device.choose_password(CLAIM, NEW)
    world.device.store_answers = True
    applying = world.device.state
    assert isinstance(applying, Applying)
    now = world.device.situation
    for account, generation, refusal in (
        ("admin", 1, None),
        ("admin", 2, Refusal.NOT_AUTHORISED),
        ("guard", 1, Refusal.NOT_AUTHORISED),
        ("nobody", 1, Refusal.NOT_AUTHORISED),
    ):
        stepped = step(applying, events.SignedIn(account, generation, NETWORK), now)
        assert stepped.refusal is refusal
        assert stepped.state == applying
    assert world.device.works(OLD)
    world.device.power_on()
    assert world.device.works(NEW)


def test_T11_a_request_made_before_a_change_of_address_comes_too_late() -> None:
    world, _ = ready("hikvision")
    device = world.device
    ask, _ = mail_code.challenge(
        device.record,
        device.situation,
        face=NETWORK,
        claim=CLAIM,
        number="00000000",
        code=code_from_bits(1),
        tls=bytes(32),
        locale="en",
    )
    device.tell(events.AddressChanged("admin", 1, NETWORK, "new@example.com"))
    assert device.tell(events.RecoveryOpened(ask)) is Refusal.NOT_NOW
    assert device.record.requests == ()


@pytest.mark.meets("asvs-11.5.2")
def test_T09_two_requests_never_share_a_number() -> None:
    world, _ = ready("hikvision")
    device = world.device
    first = security_code.challenge(
        device.record, device.situation, face=NETWORK, claim=CLAIM, number="00000000"
    )
    assert device.tell(events.RecoveryOpened(first)) is None
    second = replace(first, claim=STRANGER)
    assert device.tell(events.RecoveryOpened(second)) is Refusal.NOT_NOW


@pytest.mark.meets("asvs-2.3.1")
def test_T14_events_that_come_at_the_wrong_time_are_refused() -> None:
    world, _ = ready("hikvision")
    device = world.device
    ask = security_code.challenge(
        device.record, device.situation, face=NETWORK, claim=CLAIM, number="00000000"
    )
    assert (
        device.tell(events.RecoveryOpened(replace(ask, method=MethodName.TECHNICIAN))) is Refusal.NOT_OFFERED
    )
    assert device.tell(events.RecoveryOpened(ask)) is None
    assert device.tell(events.RecoveryOpened(replace(ask, number="00000001"))) is None
    assert [kept.number for kept in device.record.requests] == ["00000000"], (
        "the same claim keeps what it has"
    )
    shown = events.ProofShown(MethodName.SECURITY_CODE, "00000009", CLAIM, NETWORK, code_from_bits(0))
    assert device.tell(shown) is Refusal.NO_SUCH_REQUEST
    assert device.tell(events.RequestCancelled("00000009", CLAIM, NETWORK)) is Refusal.NO_SUCH_REQUEST
