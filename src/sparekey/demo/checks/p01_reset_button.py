"""P01: hold the switch of a camera for five seconds while it is on: factory settings. Not on recorders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.demo import settings
from sparekey.demo.checks.check import Check
from sparekey.demo.finger import Finger
from sparekey.demo.owner import FIRST_PASSWORD, Owner
from sparekey.demo.preparing import Preparing
from sparekey.demo.site import BUTTON, SWITCH
from sparekey.demo.verdicts import expect

if TYPE_CHECKING:
    from sparekey.demo.stage import Stage

_SHORT, _LONG = 3.0, 6.0
"""Seconds that the switch is held: too short, and long enough."""


def hold_the_switch(stage: Stage) -> None:
    """A short press and a power cut while it is held do nothing. Five seconds: factory settings, and the card stays."""
    site = stage.site
    site.start((SWITCH,))
    finger, door = Finger(site.folders.switched), site.plan.switched
    owner = Owner(stage, door, "owner@example.com")

    stage.step("set up, and read where the switch is")
    owner.set_up()
    kept = _prepared(stage, owner)
    ways = owner.forget()
    page = owner.browser.follow(ways, "/forgot/button").is_at("/forgot/button")
    page.says("beside the slot of the memory card", "5 seconds", "Shorter does nothing")

    stage.step("held for three seconds only")
    _hold(stage, finger, _SHORT)
    _works(owner)

    stage.step("power is lost while it is held")
    finger.press()
    stage.pause(_SHORT)
    site.cut_power(SWITCH)
    stage.pause(_SHORT)
    _works(owner)

    stage.step("held for five seconds")
    _hold(stage, finger, _LONG)
    owner.is_refused(FIRST_PASSWORD)
    factory = owner.policy.factory_login
    if factory is not None:
        stranger = stage.browser()
        page = stranger.open(door).is_at("/login").says("factory password")
        login = {"user": factory.account, "password": factory.password}
        stranger.send(page, "/login", login).is_at("/setup")
        for path in ("/home", "/recordings", "/users", "/configuration"):
            expect(stranger.open(door + path).path != path, f"the factory password opens {path}")

    stage.step("a new password, and the recordings are still there")
    owner = Owner(stage, door, "owner@example.com")
    owner.set_up()
    expect(_prepared(stage, owner) == kept, "the recordings of before are not there")


def no_switch_no_button(stage: Stage) -> None:
    """A recorder has none, whatever is wired to it; a camera without one says so, and no settings give it one."""
    site = stage.site
    owner = Owner(stage, site.plan.network, "owner@example.com")
    stage.step("a recorder")
    owner.set_up()
    ways = owner.forget().says("This recorder has no reset button.")
    expect(not any("/forgot/button" in href for href, _ in ways.sheet.links), "a recorder offers a switch")
    owner.browser.open(site.plan.network + "/forgot/button").says("No button and no universal password")
    for name, password in (("admin", "admin"), ("admin", "12345"), ("root", "root")):
        page = stage.browser().open(site.plan.network + "/login")
        expect(page.path == "/login", "the login is not where it was")
        refused = stage.browser()
        answer = refused.send(refused.open(page.url), "/login", {"user": name, "password": password})
        expect(answer.status in (403, 429), f"{name} got in with {password}")

    stage.step("a camera without a switch")
    site.make(SWITCH)
    settings.amend(site.folders.switched / "device.toml", {"model": "C-221"})
    site.start((SWITCH,))
    camera = Owner(stage, site.plan.switched, "owner@example.com")
    camera.set_up()
    _prepared(stage, camera)
    camera.forget().says("This camera has no reset button.")
    _hold(stage, Finger(site.folders.switched), _LONG)
    _works(camera)


def _hold(stage: Stage, finger: Finger, seconds: float) -> None:
    finger.press()
    stage.pause(seconds)
    finger.let_go()
    stage.pause(1)


def _works(owner: Owner) -> None:
    owner.sign_in()
    owner.sign_out()


def _prepared(stage: Stage, owner: Owner) -> list[str]:
    """Do what the first login asks for. The recordings that are shown then."""
    owner.sign_in()
    Preparing(stage, owner).everything()
    found = _recordings(owner)
    owner.sign_out()
    return found


def _recordings(owner: Owner) -> list[str]:
    page = owner.browser.open(owner.door + "/recordings").is_at("/recordings")
    found = sorted(href for href, _ in page.sheet.links if href.startswith("/recordings/"))
    expect(found, "no recording is shown")
    return found


CHECKS = (Check("P01", "patronum", hold_the_switch, BUTTON), Check("P01", "patronum", no_switch_no_button))
