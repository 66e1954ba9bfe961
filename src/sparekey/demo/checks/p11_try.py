"""P11: before all that, try the recorder's passwords, and an earlier recorder's, on the camera."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.demo.checks.check import Check
from sparekey.demo.owner import FIRST_PASSWORD
from sparekey.demo.remote import CAMERA_PASSWORD, camera_owner, recorder_owner
from sparekey.demo.verdicts import expect

if TYPE_CHECKING:
    from sparekey.demo.stage import Stage


def attempt(stage: Stage) -> None:
    """The recorder's password is wrong on the camera, the earlier recorder's is right, and is kept."""
    stage.step("the camera has an earlier recorder's password")
    owner = camera_owner(stage)
    owner.set_up(CAMERA_PASSWORD)
    remote = recorder_owner(stage)
    camera = remote.add_camera(stage.site.plan.ports.camera)

    stage.step("the recorder's own")
    refused = remote.try_passwords(camera, FIRST_PASSWORD).refuses("What you typed: does not work")
    expect("It keeps that password" not in refused.words, "a wrong password is kept")

    stage.step("the earlier recorder's")
    right = remote.try_passwords(camera, FIRST_PASSWORD, CAMERA_PASSWORD)
    right.is_at(f"{camera}/password").says(
        "What you typed: does not work", "The earlier recorder's password: works", "It keeps that password"
    )
    remote.try_passwords(camera, "").is_at(f"{camera}/password").says("The stored password: works")

    stage.step("before the camera locks itself")
    other = "not the password of any camera"
    owner.change_password(CAMERA_PASSWORD, other + " at all")
    remote.try_passwords(camera, other).refuses("What you typed: does not work")
    remote.try_passwords(camera, other).refuses("after more wrong ones the camera would lock itself")
    owner.sign_out()
    owner.sign_in(other + " at all")


CHECKS = (Check("P11", "camera-support", attempt),)
