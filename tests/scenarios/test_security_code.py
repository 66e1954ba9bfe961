"""The code of the day: what a wrong password reveals, what its right allows, and how the log names it."""

from __future__ import annotations

import pytest

from sparekey.core.device import Erasing, Guarded, MustSet, events
from sparekey.core.effects import Happened
from sparekey.core.errors import Refusal
from sparekey.core.keys import dated_key
from sparekey.core.messages.request import Request
from sparekey.core.methods.security_code import Spoken
from sparekey.core.record import REVEAL_HOLDS
from sparekey.core.tlog.leaf import dated_request_hash
from sparekey.core.values import MethodName
from sparekey.testing.power import PowerCutError
from sparekey.testing.world import World
from tests.scenarios.play import CLAIM, NETWORK, NEW, OLD, SCREEN, STRANGER, prove, ready

CODE = MethodName.SECURITY_CODE
THIRD = b"3" * 32


def revealed(world: World, claim: bytes) -> Spoken:
    """What a wrong password shows to a browser."""
    spoken = world.device.open_security_code(claim)
    assert isinstance(spoken, Spoken), spoken
    return spoken


def test_P09_over_the_network_nothing_but_a_wrong_password_shows_it() -> None:
    world, _ = ready("camera-support")
    assert world.device.open_security_code(CLAIM, revealed=False) is Refusal.NOT_OFFERED
    spoken = revealed(world, CLAIM)
    assert world.device.open_security_code(CLAIM) == spoken, "the same browser sees the same again"
    assert [entry.what for entry in world.device.audit.values()][-1] is Happened.NUMBERS_SHOWN
    assert world.device.open_security_code(STRANGER, SCREEN, revealed=True) is Refusal.NOT_OFFERED
    assert isinstance(world.device.open_security_code(STRANGER, SCREEN), Spoken)


def test_P09_where_the_profile_does_not_say_so_a_wrong_password_shows_nothing() -> None:
    world, _ = ready("hikvision")
    assert world.device.open_security_code(CLAIM, revealed=True) is Refusal.NOT_OFFERED


def test_T39_strangers_with_wrong_passwords_leave_a_place_and_hold_theirs_for_half_an_hour() -> None:
    world, _ = ready("camera-support")
    theirs = revealed(world, STRANGER)
    assert world.device.open_security_code(CLAIM) is Refusal.TOO_MANY_REQUESTS
    assert isinstance(world.device.open_mail_code(CLAIM), Request), "the other place is free"
    world.clock.forward(REVEAL_HOLDS - 1)
    assert world.device.open_security_code(CLAIM) is Refusal.TOO_MANY_REQUESTS
    world.clock.forward(1)
    mine = revealed(world, CLAIM)
    assert mine.number != theirs.number
    assert world.device.record.claimed(CODE, STRANGER) is None
    assert world.device.open_security_code(STRANGER) is Refusal.TOO_MANY_REQUESTS


def test_T39_nobody_takes_what_a_right_code_has_just_opened() -> None:
    world, kept = ready("camera-support")
    world.clock.forward(1)
    assert prove(world, CODE, kept) is None
    world.clock.forward(REVEAL_HOLDS - 1)
    assert prove(world, CODE, kept) is None, "the same code opens the same page again"
    world.clock.forward(60)
    assert world.device.open_security_code(STRANGER) is Refusal.TOO_MANY_REQUESTS
    assert world.device.choose_password(CLAIM, NEW) is None


def test_P10_the_code_opens_the_same_page_until_one_of_the_two_is_done() -> None:
    world, _ = ready("camera-support")
    spoken = revealed(world, CLAIM)
    ask = world.device.record.request(spoken.number)
    assert ask is not None
    assert ask.frozen is not None
    code = world.desk.dictate(spoken, ask.frozen.day)
    for _again in range(2):
        assert world.device.prove(CODE, CLAIM, code, spoken.number) is None
        world.clock.forward(30 * 60)
        assert world.device.tell(events.DefaultChosen(CLAIM, NETWORK)) is Refusal.EXPIRED
        world.device.power_on()
    assert world.device.prove(CODE, CLAIM, code, spoken.number) is None
    assert world.device.choose_password(CLAIM, NEW) is None
    assert world.device.prove(CODE, CLAIM, code, spoken.number) is Refusal.NO_SUCH_REQUEST
    assert world.device.tell(events.DefaultChosen(CLAIM, NETWORK)) is Refusal.NO_SUCH_REQUEST


def test_P10_T07_a_power_cut_on_the_way_to_factory_settings_leaves_one_of_two() -> None:
    def run(world: World, kept: object) -> None:
        assert prove(world, CODE, kept) is None  # type: ignore[arg-type]
        world.device.tell(events.DefaultChosen(CLAIM, NETWORK))

    world, kept = ready("camera-support")
    before = world.switch.passed
    run(world, kept)
    assert isinstance(world.device.state, MustSet)
    assert world.device.recordings
    for cut_at in range(before + 1, world.switch.passed + 1):
        world, kept = ready("camera-support", cut_at)
        with pytest.raises(PowerCutError):
            run(world, kept)
        world.device.power_on()
        name = world.switch.names[cut_at - 1]
        assert not isinstance(world.device.state, Erasing), f"cut at {name}"
        assert world.device.works(OLD) == isinstance(world.device.state, Guarded), f"cut at {name}"
        assert world.device.recordings, f"cut at {name}"


def test_P19_B03_the_recovery_is_named_as_the_log_names_it() -> None:
    world, kept = ready("hikvision")
    assert prove(world, CODE, kept) is None
    spoken = world.device.open_security_code(CLAIM)
    assert isinstance(spoken, Spoken)
    assert world.device.choose_password(CLAIM, NEW) is None
    recovered = world.device.record.recovered
    assert recovered is not None
    assert recovered.request == dated_request_hash(dated_key(world.device.device_key), spoken.number)


@pytest.mark.parametrize(
    ("profile", "says", "may"),
    [("hikvision", True, True), ("hikvision", False, False), ("sparekey", True, False)],
)
def test_P18_a_right_says_whether_the_cameras_may_have_the_password_too(
    profile: str, says: bool, may: bool
) -> None:
    world, _ = ready(profile)
    request = world.device.open_support(CLAIM)
    assert isinstance(request, Request)
    response = world.desk.answer(request, cameras=says)
    assert world.device.prove(MethodName.RESPONSE_FILE, CLAIM, response, request.header.number) is None
    (right,) = world.device.record.rights
    assert right.cameras is may


def test_P18_whoever_types_a_key_may_choose_for_the_cameras() -> None:
    world, kept = ready("hikvision")
    assert prove(world, MethodName.RESPONSE_KEY, kept) is None
    (right,) = world.device.record.rights
    assert right.cameras


def test_P09_what_was_revealed_can_be_let_go_and_nobody_is_mailed() -> None:
    world, _ = ready("camera-support")
    number = revealed(world, CLAIM).number
    cancelled = events.RequestCancelled(number, STRANGER, NETWORK)
    assert world.device.tell(cancelled) is Refusal.NOT_AUTHORISED
    assert world.device.tell(events.RequestCancelled(number, CLAIM, NETWORK)) is None
    assert world.device.record.request(number) is None
    assert [entry.what for entry in world.device.audit.values()][-1] is Happened.RECOVERY_CANCELLED
