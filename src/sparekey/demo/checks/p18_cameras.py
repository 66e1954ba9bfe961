"""P18: the cameras get new passwords along with the recorder; one that is off gets its own later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.demo.checks.check import Check
from sparekey.demo.doors import BESIDE
from sparekey.demo.owner import FIRST_PASSWORD, Owner
from sparekey.demo.remote import CAMERA_PASSWORD, Remote, camera_owner, recorder_owner
from sparekey.demo.site import BESIDE_IT, BESIDE_NAME, CAMERA_NAME
from sparekey.demo.verdicts import expect

if TYPE_CHECKING:
    from sparekey.demo.browser import Page
    from sparekey.demo.stage import Stage


def the_recorders(stage: Stage) -> None:
    """In the profile of the page: the recorder's own password, at the moment when it is typed."""
    near, far, remote = _two_cameras(stage)
    stage.step("one camera is off")
    stage.site.stop(BESIDE_IT)
    page = _all_told(stage, remote)
    page.says(f"{CAMERA_NAME}: has this recorder's password", f"{BESIDE_NAME}: does not answer")
    near.is_refused(CAMERA_PASSWORD)
    near.sign_in(FIRST_PASSWORD)
    expect(remote.stored(CAMERA_NAME) != FIRST_PASSWORD, "the recorder keeps its own password")
    _later(stage, far, remote)


def each_its_own(stage: Stage) -> None:
    """In the recommended profile: each camera one of its own, which the recorder made."""
    near, far, remote = _two_cameras(stage)
    stage.step("one camera is off")
    stage.site.stop(BESIDE_IT)
    page = _all_told(stage, remote)
    page.says(f"{CAMERA_NAME}: has a new password of its own", f"{BESIDE_NAME}: does not answer")
    near.is_refused(CAMERA_PASSWORD)
    near.sign_in(remote.stored(CAMERA_NAME))
    _later(stage, far, remote)
    expect(remote.stored(CAMERA_NAME) != remote.stored(BESIDE_NAME), "two cameras have one password")


def _two_cameras(stage: Stage) -> tuple[Owner, Owner, Remote]:
    stage.step("two cameras with a password")
    near, far = camera_owner(stage), camera_owner(stage, BESIDE_IT)
    for owner in (near, far):
        owner.set_up(CAMERA_PASSWORD)
    remote = recorder_owner(stage)
    port = stage.site.plan.ports.camera
    for camera in (remote.add_camera(port), remote.add_camera(port, BESIDE, BESIDE_NAME)):
        remote.try_passwords(camera, CAMERA_PASSWORD).says("What you typed: works")
    stage.step("a wrong password changes nothing")
    remote.passwords("not this password").refuses(status=422)
    near.sign_in(CAMERA_PASSWORD)
    near.sign_out()
    return near, far, remote


def _all_told(stage: Stage, remote: Remote) -> Page:
    """Give all cameras new passwords, and wait until each has answered or not."""
    browser, here = remote.owner.browser, remote.owner.door + "/camera/passwords"

    def changed() -> Page | None:
        page = remote.passwords()
        return None if page.status == 429 else page

    stage.wait(changed, "the recorder makes its owner wait for too long").is_at("/camera/passwords")

    def told() -> Page | None:
        page = browser.open(here).is_at("/camera/passwords")
        return page if f"{CAMERA_NAME}:" in page.words and f"{BESIDE_NAME}:" in page.words else None

    return stage.wait(told, "nothing is told about the cameras")


def _later(stage: Stage, far: Owner, remote: Remote) -> None:
    stage.step("the power fails, and the camera comes back")
    stage.site.start((BESIDE_IT,))
    stage.site.cut_power("recorder")  # it looks again soon after it came back
    browser, here = remote.owner.browser, remote.owner.door + "/camera/passwords"

    def told() -> Page | None:
        page = browser.open(here).is_at("/camera/passwords")
        return page if f"{BESIDE_NAME}: has a new password of its own" in page.words else None

    stage.wait(told, "the camera that was off does not get its password")
    far.is_refused(CAMERA_PASSWORD)
    far.sign_in(remote.stored(BESIDE_NAME))
    expect(remote.stored(BESIDE_NAME) not in (CAMERA_PASSWORD, FIRST_PASSWORD), "that is no new password")


CHECKS = (Check("P18.device", "hikvision", the_recorders), Check("P18.device", "sparekey", each_its_own))
