"""P07: the recorder's Info screen shows its own address and those of its cameras."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.demo.checks.check import Check
from sparekey.demo.doors import CAMERA, LOOPBACK
from sparekey.demo.owner import Owner
from sparekey.demo.remote import camera_owner, recorder_owner
from sparekey.demo.site import CAMERA_MAC, CAMERA_NAME, RECORDER_MAC
from sparekey.demo.verdicts import expect

if TYPE_CHECKING:
    from sparekey.demo.stage import Stage


def look(stage: Stage) -> None:
    """At the screen, and signed in with a camera; a stranger on the network sees nothing of it."""
    stage.step("at the screen")
    camera_owner(stage)
    remote = recorder_owner(stage)
    passer_by = Owner(stage, stage.site.plan.screen, "passer-by@example.com").browser
    passer_by.open(stage.site.plan.screen + "/info").is_at("/info").says(LOOPBACK, RECORDER_MAC)

    stage.step("with a camera")
    remote.add_camera(stage.site.plan.ports.camera)
    remote.info().says(LOOPBACK, RECORDER_MAC, CAMERA_NAME, CAMERA, CAMERA_MAC)

    stage.step("a stranger on the network")
    stranger = stage.browser().open(stage.site.plan.network + "/info").is_at("/login")
    expect(CAMERA not in stranger.words, "a stranger on the network is told the cameras' addresses")
    page = passer_by.open(stage.site.plan.screen + "/info").is_at("/info")
    expect(CAMERA not in page.words, "the screen tells the cameras' addresses to whoever passes by")


CHECKS = (Check("P07", "camera-support", look),)
