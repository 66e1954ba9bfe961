"""P08: Camera -> Remote Device -> Added Device -> WEB opens the camera's own page through the recorder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.demo.checks.check import Check
from sparekey.demo.doors import LOOPBACK
from sparekey.demo.remote import CAMERA_PASSWORD, camera_owner, door_of, recorder_owner
from sparekey.demo.site import CAMERA_NAME, CAMERA_SERIAL
from sparekey.demo.verdicts import expect

if TYPE_CHECKING:
    from sparekey.demo.stage import Stage


def open_through(stage: Stage) -> None:
    """Set the camera up through the recorder and sign in to it there; without a ticket the door stays shut."""
    stage.step("the camera's page")
    camera_owner(stage)
    remote = recorder_owner(stage)
    camera = remote.add_camera(stage.site.plan.ports.camera)
    login = remote.web(camera).is_at("/login").says(CAMERA_NAME)
    door = door_of(login)
    expect(door != remote.owner.door, "the camera's page is at the recorder's own address")
    browser = remote.owner.browser
    setup = browser.send(login, "/login", {"user": "admin", "password": "admin"}).is_at("/setup")
    typed = {"password": CAMERA_PASSWORD, "again": CAMERA_PASSWORD, "address": ""}
    ready = browser.press(setup, "/setup", "without", typed).is_at("/setup/done")
    expect(door_of(ready) == door, "the camera leads away from its door")
    page = browser.send(
        browser.open(door + "/login"), "/login", {"user": "admin", "password": CAMERA_PASSWORD}
    )
    page.is_at("/home").says(CAMERA_SERIAL)

    stage.step("nobody else")
    for path in ("/home", "/.sparekey/" + "0" * 64):
        stranger = stage.browser().open(door + path)
        expect(stranger.status == 403, f"a stranger gets through the door: {stranger.words[:200]}")
        expect(CAMERA_SERIAL not in stranger.words, "a stranger is told the camera's serial number")
    refused = remote.add(f"{LOOPBACK}:{stage.site.plan.ports.network}").refuses(status=422)
    refused.says("No camera of this recorder can be at this address.")

    stage.step("after signing out")
    remote.owner.sign_out()
    gone = browser.open(door + "/home")
    expect(gone.status == 403, "the door stays open after signing out of the recorder")


CHECKS = (Check("P08", "camera-support", open_through),)
