"""P23: back at the recorder, enter the code of "Verify by Reserved Email", create and confirm the password.

A reboot voids the code of this maker's recorders.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.demo.checks.check import Check
from sparekey.demo.owner import NEW_PASSWORD, Owner, other_code
from sparekey.demo.verdicts import expect

if TYPE_CHECKING:
    from sparekey.demo.stage import Stage


def type_the_code(stage: Stage) -> None:
    """At the recorder's own screen: the code of before a reboot is dead, the one of after it works."""
    door = stage.site.plan.screen
    owner = Owner(stage, door, "owner@example.com")
    stage.step("set up")
    owner.set_up()

    stage.step("a code, then a reboot")
    owner.send_the_code(owner.scan(owner.ask_for_the_square(owner.forget())))
    voided = owner.read_the_code()
    stage.site.cut_power("recorder")
    dead = owner.browser.open(door + "/forgot/code")
    expect(dead.status == 410, "the request of before the reboot is still open")
    dead.says("switched off")

    stage.step("a second code")
    letters = owner.letters()
    square = owner.ask_for_the_square(owner.forget())
    owner.send_the_code(owner.scan(square))
    stage.wait(lambda: owner.letters() > letters or None, "no second letter came")
    code = owner.read_the_code()
    expect(code != voided, "the second request has the same code")

    stage.step("wrong codes")
    page = owner.type_code(owner.code_page(square), voided.shown)
    expect(page.status == 403, "the code of before the reboot still works")
    page = owner.type_code(page, other_code(code))
    expect(page.status == 403, "a wrong code was not refused")
    page.says("That is not the code.", "3 tries left")
    owner.is_refused(NEW_PASSWORD)

    stage.step("the new password")
    owner.choose_password(owner.type_code(page, code.shown))
    owner.is_back()


CHECKS = (Check("P23", "hikvision", type_the_code),)
