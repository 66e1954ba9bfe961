"""The switch: how long it is held, what a short press does, and what reads it."""

from __future__ import annotations

import fcntl
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from sparekey.core.device import events
from sparekey.core.errors import InputError, Refusal, UnavailableError
from sparekey.core.model import DeviceKind, Model, Switch
from sparekey.core.values import Face
from sparekey.device.button import evdev
from sparekey.device.button.choice import ButtonSettings, check, open_button
from sparekey.device.button.evdev import KEY_RESTART, EvdevButton
from sparekey.device.button.gpio import GpioButton
from sparekey.device.button.watch import Watch, WatchMan
from sparekey.testing.clock import FixedClock
from tests.device.recorder import NEW, OLD, Recorder

HOLD = 5


class Finger:
    """A button whose changes are scripted. Waiting moves the clock, as far as the next change."""

    def __init__(self, clock: FixedClock, down: bool = False) -> None:
        self.clock = clock
        self.down = down
        self.later: list[tuple[float, bool]] = []
        self.broken = False

    def after(self, seconds: float, down: bool) -> None:
        """Something to happen so many seconds from now."""
        self.later.append((self.clock.monotonic() + seconds, down))

    def is_down(self) -> bool:
        if self.broken:
            raise UnavailableError("button", "gone")
        return self.down

    def wait(self, seconds: float) -> bool | None:
        if self.broken:
            raise UnavailableError("button", "gone")
        now = self.clock.monotonic()
        if self.later and self.later[0][0] <= now + seconds:
            at, self.down = self.later.pop(0)
            self.clock.forward(max(0.0, at - now))
            return self.down
        self.clock.forward(seconds)
        return None

    def close(self) -> None:
        """Nothing to let go."""


class Bench:
    """A watch on such a finger, and what it told."""

    def __init__(self, down: bool = False) -> None:
        self.clock = FixedClock()
        self.finger = Finger(self.clock, down)
        self.presses = 0
        self.held: list[int] = []
        self.watch = Watch(self.finger, self.clock, HOLD, pressed=self._press, held=self.held.append)

    def _press(self) -> None:
        self.presses += 1

    def run(self, seconds: float) -> None:
        ends = self.clock.monotonic() + seconds
        while self.clock.monotonic() < ends:
            self.watch.look()


@pytest.mark.parametrize(
    ("seconds", "held"), [(0.01, []), (4.9, []), (5.1, [5]), (30, [5])], ids=["tap", "short", "long", "stuck"]
)
def test_P01_five_seconds_count_once_and_less_does_not(seconds: float, held: list[int]) -> None:
    bench = Bench()
    bench.finger.after(2, True)
    bench.finger.after(2 + seconds, False)
    bench.run(60)
    assert bench.held == held
    assert bench.presses == 1


def test_P01_what_bounces_or_is_let_go_in_between_begins_anew() -> None:
    bench = Bench()
    for at in (1, 4, 7):
        bench.finger.after(at, True)
        bench.finger.after(at + 2.9, False)
    bench.run(30)
    assert bench.held == []
    assert bench.presses == 3


def test_P01_a_switch_that_is_held_while_power_comes_on_does_nothing() -> None:
    bench = Bench(down=True)
    bench.run(30)
    assert (bench.presses, bench.held) == (0, [])
    bench.finger.after(1, False)
    bench.finger.after(2, True)
    bench.run(10)
    assert (bench.presses, bench.held) == (1, [5])


def test_P01_the_clock_of_the_wall_has_no_say() -> None:
    bench = Bench()
    bench.finger.after(1, True)
    bench.run(3)
    bench.clock.now += 86400
    bench.finger.after(1, False)
    bench.run(10)
    assert bench.held == []


def test_P01_a_device_that_stood_still_does_not_take_a_short_press_for_a_long_one() -> None:
    bench = Bench()
    bench.finger.after(1, True)
    bench.run(2)
    bench.finger.after(0, False)
    bench.clock.forward(60)  # the process was stopped; the change waits in the queue
    bench.run(5)
    assert bench.held == []


def test_P01_a_switch_that_breaks_while_it_is_held_does_nothing() -> None:
    bench = Bench()
    bench.finger.after(1, True)
    bench.run(3)
    bench.finger.broken = True
    with pytest.raises(UnavailableError):
        bench.watch.look()
    bench.watch.forget()
    bench.finger.broken = False
    bench.run(30)
    assert bench.held == []


def test_the_man_who_watches_goes_on_after_a_switch_that_fails_and_ends_when_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sparekey.device.button.watch.AGAIN", 0.0)
    bench, twice = Bench(), threading.Event()
    failures: list[bool] = []

    def fail() -> None:
        failures.append(True)
        if len(failures) > 1:
            twice.set()
        raise UnavailableError("button", "gone")

    bench.watch.look = fail  # type: ignore[method-assign]
    man = WatchMan(bench.watch)
    man.start()
    assert twice.wait(10)
    man.end()


def camera(folder: Path, model: str = "C-220") -> Recorder:
    made = Recorder(folder, "patronum", model=model)
    made.set_up()
    return made


def test_P01_a_press_is_presence(tmp_path: Path) -> None:
    made = camera(tmp_path)
    made.agent.tell(events.ButtonHeld(5))
    made.clock.forward(31 * 60)
    assert made.agent.activate(NEW, None, Face.NETWORK) is Refusal.NEEDS_PRESENCE
    made.agent.touch()
    assert made.agent.activate(NEW, None, Face.NETWORK) is None


@pytest.mark.parametrize("model", ["C-221", "PX-3216"])
def test_P01_without_a_switch_there_is_no_button(model: str, tmp_path: Path) -> None:
    made = camera(tmp_path, model)
    assert made.agent.tell(events.ButtonHeld(60)) is Refusal.NOT_OFFERED
    assert made.agent.knows("admin", OLD)
    browser = made.browser()
    page = browser.get("/forgot")
    assert f"This {made.agent.config.kind.value} has no reset button." in page.words
    assert "/forgot/button" not in page.links
    assert "No button and no universal password" in browser.get("/forgot/button").words


@pytest.mark.parametrize(
    ("model", "place"),
    [("C-220", "beside the slot of the memory card"), ("C-230", "On the cable that comes out of the camera")],
)
def test_P01_the_page_says_where_the_switch_is_and_what_is_lost(
    model: str, place: str, tmp_path: Path
) -> None:
    browser = camera(tmp_path, model).browser()
    assert "/forgot/button" in browser.get("/forgot").links
    page = browser.get("/forgot/button")
    assert page.status == 200
    for words in (
        place,
        "5 seconds",
        "Shorter does nothing",
        "All settings are lost. Recordings stay.",
        "admin",
    ):
        assert words in page.words
    assert page.forms == [form for form in page.forms if form.action == "/language"]


# What reads it


class Kernel:
    """Answers EVIOCGKEY for a FIFO that stands for an input device."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.down: set[int] = set()
        monkeypatch.setattr(fcntl, "ioctl", self._ioctl)

    def _ioctl(self, _file: int, request: int, bits: bytearray) -> int:
        assert request == 0x8060_4518  # EVIOCGKEY(96), as the kernel's own header computes it
        for code in self.down:
            bits[code // 8] |= 1 << code % 8
        return len(bits)


@pytest.fixture
def device(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    path = tmp_path / "event0"
    os.mkfifo(path)
    kernel = Kernel(monkeypatch)
    button = EvdevButton(path)
    pen = os.open(path, os.O_WRONLY)

    def send(*changes: tuple[int, int, int]) -> None:
        os.write(pen, b"".join(evdev._EVENT.pack(0, 0, *change) for change in changes))

    yield SimpleNamespace(button=button, kernel=kernel, send=send, close=lambda: os.close(pen))
    button.close()


def test_an_input_device_tells_each_change_of_its_key_in_order(device: Any) -> None:
    key = (1, KEY_RESTART)
    device.send((1, 30, 1), (*key, 1), (0, 0, 0), (*key, 2), (*key, 0), (4, 4, 458792))
    assert [device.button.wait(0) for _ in range(4)] == [True, False, None, None]


def test_what_was_before_is_forgotten_when_it_is_asked_how_it_is(device: Any) -> None:
    device.send((1, KEY_RESTART, 1))
    device.kernel.down = {KEY_RESTART}
    assert device.button.is_down()
    assert device.button.wait(0) is None
    device.send((1, KEY_RESTART, 0))
    assert device.button.wait(0) is False


def test_events_that_the_kernel_lost_begin_a_press_anew(device: Any) -> None:
    device.send((1, KEY_RESTART, 1))
    assert device.button.wait(0) is True
    device.kernel.down = {KEY_RESTART}
    device.send((0, 3, 0))
    assert [device.button.wait(0), device.button.wait(0)] == [False, True]
    device.kernel.down = set()
    device.send((0, 3, 0))
    assert [device.button.wait(0), device.button.wait(0)] == [False, None]


def test_what_is_no_input_device_is_refused(tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    plain.write_bytes(b"")
    for path in (plain, tmp_path / "nowhere"):
        with pytest.raises(UnavailableError, match="button"):
            EvdevButton(path)


class Line:
    """Stands for a line of the GPIO binding."""

    def __init__(self) -> None:
        self.edges: list[str] = []
        self.value: object = "inactive"
        self.released = False
        self.fails = False

    def wait_edge_events(self, _timeout: object) -> bool:
        if self.fails:
            raise OSError(19, "No such device")
        return bool(self.edges)

    def read_edge_events(self) -> list[SimpleNamespace]:
        given, self.edges = self.edges, []
        return [SimpleNamespace(event_type=edge) for edge in given]

    def get_value(self, _line: int) -> object:
        if self.fails:
            raise OSError(19, "No such device")
        return self.value

    def release(self) -> None:
        self.released = True


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch) -> Line:
    made = Line()

    def request(chip: str, *, config: dict[int, Any], consumer: str) -> Line:
        assert consumer == "sparekey"
        if chip == "/dev/nowhere":
            raise FileNotFoundError(2, "No such file or directory")
        (wanted,) = config.values()
        assert wanted.debounce_period
        return made

    import gpiod

    monkeypatch.setattr(gpiod, "request_lines", request)
    monkeypatch.setattr(
        gpiod,
        "EdgeEvent",
        SimpleNamespace(Type=SimpleNamespace(RISING_EDGE="rising", FALLING_EDGE="falling")),
    )
    return made


@pytest.mark.skipif(sys.platform != "linux", reason="the GPIO character device is Linux's")
def test_a_pin_tells_each_edge_in_order(line: Line) -> None:
    from gpiod.line import Value

    button = GpioButton(Path("/dev/gpiochip0"), 4)
    assert not button.is_down()
    line.edges = ["rising", "falling"]
    assert [button.wait(0), button.wait(0), button.wait(0)] == [True, False, None]
    line.edges, line.value = ["rising"], Value.ACTIVE
    assert button.is_down()
    assert button.wait(0) is None
    line.fails = True
    with pytest.raises(UnavailableError, match="button"):
        button.is_down()
    with pytest.raises(UnavailableError, match="button"):
        button.wait(0)
    button.close()
    assert line.released


@pytest.mark.skipif(sys.platform != "linux", reason="the GPIO character device is Linux's")
def test_a_pin_that_cannot_be_had_and_a_missing_part_are_told(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UnavailableError, match="cannot use line 4"):
        GpioButton(Path("/dev/nowhere"), 4)
    monkeypatch.setitem(sys.modules, "gpiod", ModuleType("gpiod"))
    monkeypatch.setitem(sys.modules, "gpiod.line", None)
    with pytest.raises(UnavailableError, match=r"sparekey\[gpio\]"):
        GpioButton(Path("/dev/gpiochip0"), 4)
    assert line.edges == []


CAMERA = Model("C-220", DeviceKind.CAMERA, Switch.UNDER_FLAP)


@pytest.mark.parametrize(
    ("settings", "model"),
    [
        (ButtonSettings(event=Path("/dev/input/event0"), chip=Path("/dev/gpiochip0")), CAMERA),
        (ButtonSettings(event=Path("/dev/input/event0")), Model("C-221", DeviceKind.CAMERA)),
        (ButtonSettings(code=0), CAMERA),
        (ButtonSettings(line=-1), CAMERA),
    ],
)
def test_P01_settings_that_do_not_fit_are_refused(settings: ButtonSettings, model: Model) -> None:
    with pytest.raises(InputError):
        check(settings, model, "device.toml")


def test_the_settings_choose_what_reads_it(line: Line, tmp_path: Path) -> None:
    choose: Callable[[ButtonSettings], object] = open_button
    assert choose(ButtonSettings()) is None
    assert isinstance(choose(ButtonSettings(chip=Path("/dev/gpiochip0"))), GpioButton)
    with pytest.raises(UnavailableError):
        choose(ButtonSettings(event=tmp_path / "nowhere"))
