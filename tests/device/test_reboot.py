"""After a recovery: nothing, a restart by the maker's command, or the plug that stays out for ten seconds."""

from __future__ import annotations

import sys
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from sparekey.core.policy import Afterwards
from sparekey.device.reboot import Reboot
from tests.device.recorder import Recorder, choose


def test_P12_the_page_asks_to_pull_the_plug_where_the_profile_does(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path, "secure-code")
    recorder.set_up()
    page = choose(recorder.choosing())
    assert page.path == "/forgot/done"
    assert "Pull the power adapter out at the back." in page.words
    assert 'data-countdown="10"' in page.html


def test_other_profiles_ask_for_nothing(recorder: Recorder) -> None:
    page = choose(recorder.choosing())
    assert "power adapter" not in page.words
    assert "restarts" not in page.words


def rebooting(recorder: Recorder, reboot: Reboot) -> Recorder:
    agent = recorder.agent
    agent.config = replace(agent.config, policy=replace(agent.config.policy, afterwards=Afterwards.REBOOTS))
    agent.reboot = reboot
    return recorder


def test_a_device_that_restarts_itself_says_so_and_does_it_once(recorder: Recorder) -> None:
    begun = threading.Event()
    orders: list[Sequence[str]] = []

    def run(command: Sequence[str]) -> None:
        orders.append(command)
        begun.set()

    reboot = Reboot(("restart", "now"), run)
    order = reboot.order
    reboot.order = lambda delay=0.0: order(0.0)  # type: ignore[method-assign]
    page = choose(rebooting(recorder, reboot).choosing())
    assert "The recorder restarts by itself now." in page.words
    assert begun.wait(10)
    assert orders == [("restart", "now")]


def test_a_second_order_while_the_first_one_waits_changes_nothing() -> None:
    orders: list[Sequence[str]] = []
    reboot = Reboot(("restart",), orders.append)
    reboot.order(60)
    timer = reboot._timer
    reboot.order(60)
    assert reboot._timer is timer
    assert timer is not None
    timer.cancel()
    timer.join()
    assert orders == []


def test_without_a_command_nothing_is_promised(recorder: Recorder) -> None:
    page = choose(rebooting(recorder, Reboot(())).choosing())
    assert "restarts" not in page.words


@pytest.mark.meets("asvs-16.3.4")
@pytest.mark.parametrize("command", [("/nowhere/program",), (sys.executable, "-c", "raise SystemExit(1)")])
def test_a_command_that_fails_is_in_the_log_and_nothing_else(
    command: Sequence[str], caplog: pytest.LogCaptureFixture
) -> None:
    reboot = Reboot(command)
    reboot.order(0)
    assert reboot._timer is not None
    reboot._timer.join()
    assert "could not be restarted" in caplog.text
