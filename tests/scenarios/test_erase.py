"""The ways that lose something: the button, factory settings, the technician."""

from __future__ import annotations

import pytest

from sparekey.core.device import Erasing, Guarded, MustSet, events
from sparekey.core.effects import Happened
from sparekey.core.errors import Refusal
from sparekey.core.messages.request import Request
from sparekey.core.model import DeviceKind, Model, Switch
from sparekey.core.record import Action
from sparekey.core.values import MethodName
from sparekey.testing.power import PowerCutError
from sparekey.testing.world import World
from tests.scenarios.play import CLAIM, NETWORK, NEW, OLD, OWNER, SCREEN, prove, ready

CAMERA = Model("C-220", DeviceKind.CAMERA, Switch.UNDER_FLAP)


def technician(world: World) -> tuple[Request, Refusal | None]:
    """The unit is on the bench, switched on a moment ago; the desk's file is on a USB stick."""
    world.device.power_on()
    request = world.device.open_support(CLAIM, SCREEN, MethodName.TECHNICIAN)
    assert isinstance(request, Request)
    response = world.desk.answer(request, Action.ERASE)
    return request, world.device.prove(MethodName.TECHNICIAN, CLAIM, response, request.header.number, SCREEN)


def test_the_owner_takes_a_device_back_to_factory_settings_and_nobody_else_does() -> None:
    world, _ = ready("camera-support", model=CAMERA)
    device, generation = world.device, world.device.record.generation
    for account, confirmed in (("admin", generation - 1), ("guard", generation), ("nobody", generation)):
        assert device.tell(events.ResetChosen(account, confirmed, NETWORK)) is Refusal.NOT_AUTHORISED
    key = device.device_key
    assert device.tell(events.ResetChosen("admin", generation, NETWORK)) is None
    assert isinstance(device.state, MustSet)
    assert device.device_key != key
    assert device.tell(events.ResetChosen("admin", generation, NETWORK)) is not None, "once is enough"


@pytest.mark.meets("etsi-5.11-1")
def test_P06_the_technicians_file_erases_everything() -> None:
    world, _ = ready("patronum")
    key = world.device.device_key
    _, refusal = technician(world)
    assert refusal is None
    assert world.device.choose_password(CLAIM, NEW, SCREEN) is Refusal.NOT_AUTHORISED
    assert world.device.tell(events.DefaultChosen(CLAIM, SCREEN)) is None
    assert isinstance(world.device.state, MustSet)
    assert not world.device.recordings
    assert world.device.device_key != key
    assert not world.device.works(OLD)
    assert world.device.record.lasting.tree_size == 1, "an erase does not forget what the log said"
    assert [entry.what for entry in world.device.audit.values()] == [Happened.ERASED]


@pytest.mark.meets("asvs-8.2.4")
def test_P06_T23_only_at_the_screen_and_only_shortly_after_power_on() -> None:
    world, _ = ready("patronum")
    assert world.device.open_support(CLAIM, NETWORK, MethodName.TECHNICIAN) is Refusal.NOT_SET_UP
    world.clock.forward(5 * 60 + 1)
    assert world.device.open_support(CLAIM, SCREEN, MethodName.TECHNICIAN) is Refusal.NOT_SET_UP
    world.device.pressed_at = world.clock.monotonic()
    assert isinstance(world.device.open_support(CLAIM, SCREEN, MethodName.TECHNICIAN), Request)


def test_T23_what_began_on_the_bench_ends_on_the_bench() -> None:
    for waits_at in ("counted", "proved"):
        world, _ = ready("patronum")
        world.device.power_on()
        request = world.device.open_support(CLAIM, SCREEN, MethodName.TECHNICIAN)
        assert isinstance(request, Request)
        response = world.desk.answer(request, Action.ERASE)
        if waits_at == "proved":
            number = request.header.number
            assert world.device.prove(MethodName.TECHNICIAN, CLAIM, response, number, SCREEN) is None
        world.clock.forward(5 * 60 + 1)
        answer = world.device.prove(MethodName.TECHNICIAN, CLAIM, response, request.header.number, SCREEN)
        assert answer is Refusal.NEEDS_PRESENCE
        assert world.device.tell(events.DefaultChosen(CLAIM, SCREEN)) is not None
        assert world.device.works(OLD)
        assert world.device.recordings


def test_P06_a_new_password_file_does_not_erase() -> None:
    world, _ = ready("patronum")
    world.device.power_on()
    request = world.device.open_support(CLAIM, SCREEN, MethodName.TECHNICIAN)
    assert isinstance(request, Request)
    response = world.desk.answer(request)
    answer = world.device.prove(MethodName.TECHNICIAN, CLAIM, response, request.header.number, SCREEN)
    assert answer is Refusal.NOT_GENUINE


def test_T07_a_power_cut_while_erasing_ends_in_erased() -> None:
    world, _ = ready("patronum")
    technician(world)
    before = world.switch.passed
    world.device.tell(events.DefaultChosen(CLAIM, SCREEN))
    total = world.switch.passed
    for cut_at in range(before + 1, total + 1):
        world, _ = ready("patronum", cut_at)
        technician(world)
        with pytest.raises(PowerCutError):
            world.device.tell(events.DefaultChosen(CLAIM, SCREEN))
        world.device.power_on()
        name = world.switch.names[cut_at - 1]
        assert not isinstance(world.device.state, Erasing), f"cut at {name}"
        if isinstance(world.device.state, Guarded):
            assert world.device.works(OLD), f"cut at {name}"
            assert world.device.recordings, f"cut at {name}"
        else:
            assert not world.device.works(OLD)
            assert not world.device.recordings


def test_P01_five_seconds_on_the_switch_and_not_less() -> None:
    world, _ = ready("patronum", model=CAMERA)
    assert world.device.tell(events.ButtonHeld(4)) is Refusal.NOT_NOW
    assert world.device.works(OLD)
    assert world.device.tell(events.ButtonHeld(5)) is None
    assert isinstance(world.device.state, MustSet)
    assert world.device.recordings, "the card stays"


def test_P01_no_button_on_recorders_or_on_cameras_without_a_switch() -> None:
    for model in (Model("PX-3216", switch=Switch.UNDER_FLAP), Model("C-221", DeviceKind.CAMERA)):
        world, _ = ready("patronum", model=model)
        assert world.device.tell(events.ButtonHeld(60)) is Refusal.NOT_OFFERED
        assert world.device.works(OLD)


def test_P01_a_short_press_does_nothing_on_a_device_without_a_password_either() -> None:
    world = World("patronum", model=CAMERA)
    world.device.power_on()
    assert world.device.tell(events.ButtonHeld(4)) is Refusal.NOT_NOW
    assert world.device.tell(events.ButtonHeld(5)) is None
    assert isinstance(world.device.state, MustSet)


def test_P10_the_code_may_also_choose_factory_settings() -> None:
    world, kept = ready("camera-support", model=CAMERA)
    assert prove(world, MethodName.SECURITY_CODE, kept) is None
    world.clock.forward(29 * 60)
    assert world.device.tell(events.DefaultChosen(CLAIM, NETWORK)) is None
    assert isinstance(world.device.state, MustSet)
    assert world.device.recordings


def test_P15_elsewhere_the_code_does_not_choose_factory_settings() -> None:
    world, kept = ready("hikvision")
    assert prove(world, MethodName.SECURITY_CODE, kept) is None
    assert world.device.tell(events.DefaultChosen(CLAIM, NETWORK)) is Refusal.NOT_AUTHORISED
    assert world.device.tell(events.DefaultChosen(b"", NETWORK)) is Refusal.NOT_AUTHORISED


def test_P26_after_an_erase_the_network_may_set_it_up_for_thirty_minutes_after_power_on() -> None:
    world, _ = ready("patronum", model=CAMERA)
    world.device.tell(events.ButtonHeld(5))
    world.clock.forward(31 * 60)
    assert world.device.activate(NEW, OWNER) is Refusal.NEEDS_PRESENCE
    assert world.device.activate(NEW, OWNER, SCREEN) is None
    assert world.device.works(NEW)


@pytest.mark.meets("etsi-5.11-4")
def test_T22_an_erase_that_cannot_be_verified_never_ends_in_default() -> None:
    world, _ = ready("patronum", model=CAMERA)
    assert isinstance(world.device.state, Guarded)
    erasing = Erasing(world.device.record, False, SCREEN)
    from sparekey.core.device import step

    stepped = step(erasing, events.Wiped(verified=False), world.device.situation)
    assert stepped.state == erasing
    assert stepped.refusal is Refusal.NOT_NOW
