"""P25, the device's part: every way of the profile in order of least loss: what it needs, costs, takes and loses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core.values import MethodName
from sparekey.demo.checks.check import Check
from sparekey.demo.owner import Owner
from sparekey.demo.remote import CAMERA_PASSWORD, camera_owner
from sparekey.demo.verdicts import expect

if TYPE_CHECKING:
    from sparekey.demo.browser import Page
    from sparekey.demo.stage import Stage

_TITLES = {
    MethodName.QUESTIONS: "Security questions",
    MethodName.KEY_FILE: "Key file",
    MethodName.RECOVERY_SHEET: "Recovery sheet",
    MethodName.RESPONSE_FILE: "File from support",
    MethodName.RESPONSE_KEY: "Key from support",
    MethodName.RESET_BUTTON: "Reset button",
    MethodName.TECHNICIAN: "Technician",
}


def at_the_recorder(stage: Stage) -> None:
    """At the screen and on the network; what is not prepared is greyed with the reason and does not open."""
    stage.step("set up without anything prepared")
    at_screen = Owner(stage, stage.site.plan.screen, "")
    at_screen.set_up_without_address()
    network = Owner(stage, stage.site.plan.network, "")
    for owner in (at_screen, network):
        ways = owner.forget()
        _in_order(owner, ways)
        ways.says("No key file was made on this recorder.", "No e-mail address was set on this recorder.")
        ways.says("about 3 working days, paid", "All recordings and all settings are erased.")
        ways.says("All ways but the technician are free.")
        links = [href for href, _ in ways.sheet.links]
        for path in ("/forgot/key-file", "/forgot/mail"):
            expect(path not in links, f"{path} is offered, but cannot work")
    stage.step("the technician is for the screen")
    at_screen.browser.follow(at_screen.forget(), "/forgot/technician").is_at("/forgot/technician")
    network.forget().says("Not here: at the recorder's own screen only.")
    refused = network.browser.open(network.door + "/forgot/technician")
    expect(
        not any(form.action == "/forgot/technician" for form in refused.sheet.forms),
        "the technician's request can be made over the network",
    )


def at_a_camera(stage: Stage) -> None:
    """The same at a camera, in its own words."""
    owner = camera_owner(stage)
    stage.step("set up")
    owner.set_up(CAMERA_PASSWORD)
    ways = owner.browser.open(owner.door + "/forgot").is_at("/forgot")
    _in_order(owner, ways)
    ways.says("Sign in with any password: a wrong one shows what to read out to support.")
    expect("recorder" not in ways.words, "a camera calls itself a recorder")


def _in_order(owner: Owner, ways: Page) -> None:
    words, place = owner.policy.words, 0
    titles = {**_TITLES, MethodName.MAIL_CODE: words.mail_code, MethodName.SECURITY_CODE: words.security_code}
    for method in MethodName:
        if method not in owner.policy.methods:
            continue
        found = ways.words.find(titles[method], place)
        expect(found >= 0, f"{titles[method]} is missing, or stands in another order")
        place = found + 1


CHECKS = (
    Check("P25.device", "sparekey", at_the_recorder),
    Check("P25.device", "hikvision", at_the_recorder),
    Check("P25.device", "camera-support", at_a_camera),
)
