"""Files and keys from support: for one request of one device, in time, and with their place in the public log."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sparekey.core.codes import code_from_bits
from sparekey.core.errors import Refusal
from sparekey.core.messages.request import Request
from sparekey.core.methods.response import CLOCK_SLACK
from sparekey.core.policy import DAY
from sparekey.core.record import Action
from sparekey.core.values import MethodName
from tests.scenarios.play import (
    CLAIM,
    NEW,
    OLD,
    OWNER,
    STRANGER,
    prove,
    ready,
)


@pytest.mark.meets("nist-expiry", "asvs-9.2.1")
def test_P16_a_file_expires_after_24_hours_by_a_trusted_clock() -> None:
    for hours, refusal in ((23, None), (25, Refusal.EXPIRED)):
        world, _ = ready("hikvision")
        request = world.device.open_support(CLAIM)
        assert isinstance(request, Request)
        response = world.desk.answer(request, valid=14 * DAY)
        world.clock.forward(hours * 3600)
        answer = world.device.prove(MethodName.RESPONSE_FILE, CLAIM, response, request.header.number)
        assert answer is refusal


@pytest.mark.meets("asvs-6.5.8")
def test_P16_at_a_clock_of_1970_the_age_of_the_request_decides() -> None:
    for days, refusal in ((6, None), (8, Refusal.EXPIRED)):
        world, _ = ready("hikvision")
        world.device.clock_trusted = False
        request = world.device.open_support(CLAIM)
        assert isinstance(request, Request)
        response = world.desk.answer(request)
        world.clock.forward(days * DAY)
        answer = world.device.prove(MethodName.RESPONSE_FILE, CLAIM, response, request.header.number)
        assert answer is refusal


def test_P16_an_unplugged_night_counts_when_the_clock_can_be_trusted() -> None:
    world, _ = ready("hikvision")
    request = world.device.open_support(CLAIM)
    assert isinstance(request, Request)
    response = world.desk.answer(request)
    world.clock.now += 25 * 3600
    world.device.power_on()
    answer = world.device.prove(MethodName.RESPONSE_FILE, CLAIM, response, request.header.number)
    assert answer is Refusal.EXPIRED


def test_P17_accepting_either_kind_kills_both() -> None:
    world, kept = ready("hikvision")
    request = world.device.open_support(CLAIM)
    assert isinstance(request, Request)
    response, number = world.desk.answer(request), request.header.number
    assert prove(world, MethodName.RESPONSE_KEY, kept) is None
    assert world.device.choose_password(CLAIM, NEW) is None
    assert world.device.prove(MethodName.RESPONSE_FILE, CLAIM, response, number) is Refusal.NO_SUCH_REQUEST


def test_P17_the_recommended_profile_puts_no_key_into_a_request() -> None:
    world, _ = ready("sparekey")
    request = world.device.open_support(CLAIM)
    assert isinstance(request, Request)
    assert world.desk.dictate_key(request) is None
    answer = world.device.prove(MethodName.RESPONSE_KEY, CLAIM, code_from_bits(0), request.header.number)
    assert answer is Refusal.NOT_OFFERED


def test_T01_a_file_serves_one_request_of_one_device_and_one_action() -> None:
    world, _ = ready("hikvision")
    first, second = world.device.open_support(CLAIM), world.device.open_support(STRANGER)
    assert isinstance(first, Request)
    assert isinstance(second, Request)
    response = world.desk.answer(first)
    answer = world.device.prove(MethodName.RESPONSE_FILE, STRANGER, response, second.header.number)
    assert answer is Refusal.NOT_GENUINE
    erase = world.desk.answer(first, Action.ERASE)
    answer = world.device.prove(MethodName.RESPONSE_FILE, CLAIM, erase, first.header.number)
    assert answer is Refusal.NOT_GENUINE


def test_B03_a_file_without_its_proof_is_refused_by_the_device() -> None:
    world, _ = ready("hikvision")
    request = world.device.open_support(CLAIM)
    assert isinstance(request, Request)
    number = request.header.number
    for logged, cosigned in ((False, True), (True, False)):
        world.desk.log.cosigned = cosigned
        response = world.desk.answer(request, logged=logged)
        answer = world.device.prove(MethodName.RESPONSE_FILE, CLAIM, response, number)
        assert answer is Refusal.NOT_GENUINE
    world.desk.log.cosigned = True
    response = world.desk.answer(request)
    assert world.device.prove(MethodName.RESPONSE_FILE, CLAIM, response, number) is None


def test_B03_the_log_may_only_grow_since_the_device_last_saw_it() -> None:
    world, kept = ready("hikvision")
    assert prove(world, MethodName.RESPONSE_FILE, kept) is None
    world.device.choose_password(CLAIM, NEW)
    assert world.device.record.lasting.tree_size == 1
    assert world.device.activate(OLD, OWNER) is Refusal.ALREADY_DONE
    request = world.device.open_support(CLAIM)
    assert isinstance(request, Request)
    assert request.header.seen == 1
    assert prove(world, MethodName.RESPONSE_FILE, kept) is None
    assert world.device.record.lasting.tree_size == 1, "remembered when it is used, not before"
    assert world.device.choose_password(CLAIM, OLD) is None
    assert world.device.record.lasting.tree_size == 2


def test_B03_T16_a_log_that_tells_another_history_is_refused() -> None:
    world, kept = ready("hikvision")
    assert prove(world, MethodName.RESPONSE_FILE, kept) is None
    assert world.device.choose_password(CLAIM, NEW) is None
    request = world.device.open_support(CLAIM)
    assert isinstance(request, Request)
    number, honest = request.header.number, world.desk.log
    for entries in (0, 1, 5):
        world.desk.log = honest.forked()
        for leaf in [replace(honest.leaves[0], policy=2)] * entries:
            world.desk.log.append(leaf)
        response = world.desk.answer(request)
        assert world.device.prove(MethodName.RESPONSE_FILE, CLAIM, response, number) is Refusal.NOT_GENUINE
    world.desk.log = honest
    response = world.desk.answer(request)
    assert world.device.prove(MethodName.RESPONSE_FILE, CLAIM, response, number) is None


@pytest.mark.parametrize(
    ("seconds", "refusal"),
    [(DAY - 1, None), (DAY, Refusal.EXPIRED), (-CLOCK_SLACK, None), (-CLOCK_SLACK - 1, Refusal.EXPIRED)],
)
def test_P16_a_file_counts_from_a_quarter_of_an_hour_before_its_issue_to_a_day_after(
    seconds: int, refusal: Refusal | None
) -> None:
    world, _ = ready("hikvision")
    request = world.device.open_support(CLAIM)
    assert isinstance(request, Request)
    response = world.desk.answer(request, valid=14 * DAY)
    world.clock.now += seconds
    answer = world.device.prove(MethodName.RESPONSE_FILE, CLAIM, response, request.header.number)
    assert answer is refusal


@pytest.mark.parametrize(("seconds", "refusal"), [(7 * DAY - 1, None), (7 * DAY, Refusal.EXPIRED)])
def test_P16_without_a_clock_the_seven_days_begin_with_the_request(
    seconds: int, refusal: Refusal | None
) -> None:
    world, _ = ready("hikvision")
    world.device.clock_trusted = False
    world.clock.forward(30 * DAY)
    request = world.device.open_support(CLAIM)
    assert isinstance(request, Request)
    response = world.desk.answer(request)
    world.clock.forward(seconds)
    answer = world.device.prove(MethodName.RESPONSE_FILE, CLAIM, response, request.header.number)
    assert answer is refusal


def test_B06_a_support_request_survives_reboot_and_re_export() -> None:
    world, _ = ready("hikvision")
    request = world.device.open_support(CLAIM)
    assert isinstance(request, Request)
    response = world.desk.answer(request)
    world.device.power_on()
    again = world.device.open_support(CLAIM)
    assert isinstance(again, Request)
    assert again.encoded == request.encoded
    answer = world.device.prove(MethodName.RESPONSE_FILE, CLAIM, response, request.header.number)
    assert answer is None


def test_T13_without_a_log_in_the_trust_file_no_file_is_taken() -> None:
    world, _ = ready("hikvision")
    request = world.device.open_support(CLAIM)
    assert isinstance(request, Request)
    response = world.desk.answer(request)
    world.device.trust = replace(world.device.trust, logs=())
    answer = world.device.prove(MethodName.RESPONSE_FILE, CLAIM, response, request.header.number)
    assert answer is Refusal.NOT_GENUINE
