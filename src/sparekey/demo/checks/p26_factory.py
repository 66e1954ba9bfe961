"""P26: a camera back at factory state is not orphaned: the recorder shows it, and one press sets it up again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.demo.checks.check import Check
from sparekey.demo.doors import SWITCHED
from sparekey.demo.finger import Finger
from sparekey.demo.owner import FIRST_PASSWORD, Owner
from sparekey.demo.remote import CAMERA_PASSWORD, recorder_owner
from sparekey.demo.site import BUTTON, SWITCH, SWITCH_NAME
from sparekey.demo.verdicts import expect

if TYPE_CHECKING:
    from sparekey.demo.browser import Page
    from sparekey.demo.stage import Stage

_LONG = 6.0
"""Seconds that the switch is held."""


def set_up_again(stage: Stage) -> None:
    """The owner's own camera is held at its switch; before that, one press does nothing to it."""
    site = stage.site
    site.start((SWITCH,))
    stage.step("a camera with a password")
    owner = Owner(stage, site.plan.switched, "shed@example.com")
    owner.set_up(CAMERA_PASSWORD)
    remote = recorder_owner(stage)
    camera = remote.add_camera(site.plan.ports.camera, SWITCHED, SWITCH_NAME)
    page = remote.try_passwords(camera, CAMERA_PASSWORD).says("What you typed: works")
    expect(f"{camera}/activate" not in [form.action for form in page.sheet.forms], "it is offered too early")

    stage.step("back at factory state")
    finger = Finger(site.folders.switched)
    finger.press()
    stage.pause(_LONG)
    finger.let_go()

    def seen() -> Page | None:
        page = remote.look_again()
        return page if "at factory state" in page.words else None

    stage.wait(seen, "the recorder does not see that the camera is at factory state")
    browser = remote.owner.browser
    page = browser.follow(remote.cameras(), camera).is_at(camera).says("nobody set a password on it")

    stage.step("one press")
    browser.send(page, f"{camera}/activate").is_at(camera).says("in order")
    password = remote.stored(SWITCH_NAME)
    expect(password not in (CAMERA_PASSWORD, FIRST_PASSWORD), "that is no new password")
    again = Owner(stage, site.plan.switched, "shed@example.com")
    again.is_refused(CAMERA_PASSWORD)
    again.sign_in(password)


CHECKS = (Check("P26", "sparekey", set_up_again, BUTTON),)
