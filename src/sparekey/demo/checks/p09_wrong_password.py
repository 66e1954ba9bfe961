"""P09: at a camera's login a wrong password, and nothing else, shows exactly what to read out to support."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.demo.checks.check import Check
from sparekey.demo.owner import FIRST_PASSWORD, Owner
from sparekey.demo.remote import CAMERA_PASSWORD, camera_owner, recorder_owner
from sparekey.demo.site import (
    BESIDE_IT,
    BESIDE_MAC,
    BESIDE_SERIAL,
    CAMERA_MAC,
    CAMERA_PROFILE,
    CAMERA_SERIAL,
)
from sparekey.demo.verdicts import expect
from sparekey.profiles import profile

if TYPE_CHECKING:
    from sparekey.demo.browser import Browser, Page
    from sparekey.demo.stage import Stage

_FAKE = "a fake password"
_SHOWN = ("Serial number", "Start time", "Request number", "Date")


def beside_the_recorder(stage: Stage) -> None:
    """Nothing before a wrong password; then serial, times, number and MAC, and to that browser alone."""
    site = stage.site
    site.start((BESIDE_IT,))
    owner = Owner(stage, site.plan.beside, "yard@example.com")
    owner.policy = profile(CAMERA_PROFILE)
    stage.step("set up")
    owner.set_up()

    stage.step("before a wrong password")
    browser = stage.browser()
    for path in ("/login", "/forgot", "/forgot/security-code", "/forgot/support", "/home"):
        page = browser.open(owner.door + path)
        _hides(page, BESIDE_SERIAL, BESIDE_MAC)
    refused = browser.open(owner.door + "/forgot/security-code")
    expect(
        not any(form.action == "/forgot/security-code" for form in refused.sheet.forms),
        "the numbers can be had without a wrong password",
    )

    stage.step("a wrong password")
    shown = _try(browser, owner.door).refuses(*_SHOWN, BESIDE_SERIAL, "MAC", BESIDE_MAC)
    expect(owner.address not in shown.words, "the owner's address is shown")

    stage.step("the same again, also after the plug was pulled")
    before = _facts(shown)
    expect(_facts(_try(browser, owner.door)) == before, "the numbers change from one try to the next")
    site.cut_power(BESIDE_IT)
    again = _facts(browser.open(owner.door + "/login").is_at("/login"))
    expect(again == before, "the numbers change when the camera is switched off")

    stage.step("another browser")
    stranger = _try(stage.browser(), owner.door)
    _hides(stranger, BESIDE_SERIAL, BESIDE_MAC)
    stranger.says("shown in another browser")
    owner.sign_in(FIRST_PASSWORD)


def behind_the_recorder(stage: Stage) -> None:
    """Opened through the recorder, by its WEB icon: the same without a MAC."""
    owner = camera_owner(stage)
    owner.set_up(CAMERA_PASSWORD)
    remote = recorder_owner(stage)
    stage.step("the camera's own page, through the recorder")
    camera = remote.add_camera(stage.site.plan.ports.camera)
    login = remote.web(camera)
    _hides(login, CAMERA_SERIAL, CAMERA_MAC)
    stage.step("a wrong password")
    typed = {"user": "admin", "password": _FAKE}
    shown = remote.owner.browser.send(login, "/login", typed).refuses(*_SHOWN, CAMERA_SERIAL)
    _hides(shown, CAMERA_MAC)


def _try(browser: Browser, door: str) -> Page:
    page = browser.open(door + "/login").is_at("/login")
    return browser.send(page, "/login", {"user": "admin", "password": _FAKE})


def _hides(page: Page, *secrets: str) -> None:
    for secret in secrets:
        expect(secret.encode() not in page.body, f"{page.path} tells {secret}")


def _facts(page: Page) -> str:
    """What is read out, as it stands in the page."""
    _, found, rest = page.words.partition("Serial number")
    expect(found, f"nothing to read out: {page.words[:300]}")
    return rest.partition("MAC")[0]


CHECKS = (
    Check("P09", CAMERA_PROFILE, beside_the_recorder),
    Check("P09", CAMERA_PROFILE, behind_the_recorder),
)
