"""P21: forgot password, verify by reserved e-mail, agree to the legal disclaimer: the square pops up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.demo.checks.check import Check
from sparekey.demo.owner import Owner
from sparekey.demo.verdicts import expect

if TYPE_CHECKING:
    from sparekey.demo.stage import Stage


def show_the_square(stage: Stage) -> None:
    """At the recorder's own screen. Nobody gets a square without having agreed."""
    door = stage.site.plan.screen
    owner = Owner(stage, door, "owner@example.com")
    stage.step("set up")
    owner.set_up()
    ways = owner.forget()

    stage.step("without agreeing")
    expect(not any(form.action == "/forgot/mail" for form in ways.sheet.forms), "the disclaimer is skipped")
    early = owner.browser.open(door + "/forgot/mail")
    expect(early.path != "/forgot/mail" or early.status != 200, "there is a square before the disclaimer")
    expect(not early.sheet.drawings, "there is a square before the disclaimer")
    notice = owner.browser.follow(ways, "/forgot/notice").is_at("/forgot/notice")
    expect("agreed" in notice.form("/forgot/mail").needed, "the disclaimer need not be agreed to")
    unread = owner.browser.press(notice, "/forgot/mail", "", {})
    unread.is_at("/forgot/notice")

    stage.step("agreeing")
    square = owner.browser.send(unread, "/forgot/mail", ticked=["agreed"]).is_at("/forgot/mail")
    link = owner.scan(square)
    square.says("Keep the recorder switched on.")

    stage.step("the square leads to the desk")
    owner.send_the_code(link)
    owner.read_the_code()


CHECKS = (Check("P21", "hikvision", show_the_square),)
