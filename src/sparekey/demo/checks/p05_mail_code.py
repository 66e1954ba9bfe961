"""P05, the recorder's part: factory login, forced change with an address, and back in by a mailed code.

Played from another computer over https, where a request belongs to the browser that opened it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.demo.checks.check import Check
from sparekey.demo.owner import FIRST_PASSWORD, NEW_PASSWORD, Owner, other_code, slip
from sparekey.demo.verdicts import expect

if TYPE_CHECKING:
    from sparekey.demo.browser import Page
    from sparekey.demo.stage import Stage


def recover(stage: Stage) -> None:
    """From the factory login to the new password; strangers, wrong codes and changed squares get nowhere."""
    door = stage.site.plan.network
    owner = Owner(stage, door, "owner@example.com")
    stage.step("set up")
    owner.set_up()
    owner.sign_in()
    owner.sign_out()
    owner.is_refused(NEW_PASSWORD)

    stage.step("forgot the password")
    square = owner.ask_for_the_square(owner.forget())
    link = owner.scan(square)

    stage.step("a changed square")
    changed = link[:-20] + ("0" if link[-20] != "0" else "1") + link[-19:]
    answer = stage.browser().open(changed)
    expect(answer.status in (400, 403), f"the desk takes a changed square: {answer.words[:200]}")
    expect(not any(form.action.startswith("/R/") for form in answer.sheet.forms), "it even offers to send")
    expect(owner.letters() == 0, "a letter went out before anybody asked for it")

    stage.step("the code by mail")
    owner.send_the_code(link)
    code = owner.read_the_code()

    stage.step("a stranger with the right code")
    stranger = stage.browser().open(door + "/forgot/code")
    expect(not _asks_for_a_code(stranger), "another browser may type the code")

    stage.step("wrong codes")
    page = owner.code_page(square)
    mistyped = owner.type_code(page, slip(code))
    expect(mistyped.status == 422, "a slip of the finger was not told")
    mistyped.says("This cost no try.", "5 tries left")
    wrong = owner.type_code(mistyped, other_code(code))
    expect(wrong.status == 403, "a wrong code was not refused")
    wrong.says("That is not the code.", "4 tries left")
    owner.is_refused(NEW_PASSWORD)

    stage.step("the new password")
    owner.choose_password(owner.type_code(wrong, code.shown.lower()))
    owner.is_back()

    stage.step("the code once more")
    used = owner.browser.open(door + "/forgot/code")
    expect(not _asks_for_a_code(used), "a used code may be typed again")
    owner.is_refused(FIRST_PASSWORD)


def greyed(stage: Stage) -> None:
    """Without an address the way is shown, greyed, with the reason; asking all the same gets nothing."""
    owner = Owner(stage, stage.site.plan.screen, "")
    stage.step("set up without an address")
    owner.set_up_without_address()
    ways = owner.forget().says("No e-mail address was set")
    expect(not any(form.action == "/forgot/mail" for form in ways.sheet.forms), "the way is not greyed")
    expect(not [href for href, _ in ways.sheet.links if href == "/forgot/mail"], "the way is not greyed")
    stage.step("asking all the same")
    refused = owner.browser.open(stage.site.plan.screen + "/forgot/mail")
    expect(refused.path != "/forgot/mail" or refused.status != 200, "there is a square without an address")
    expect(not refused.sheet.drawings, "there is a square without an address")


def _asks_for_a_code(page: Page) -> bool:
    return any("code" in form.names for form in page.sheet.forms)


CHECKS = (Check("P05.device", "patronum", recover), Check("P05.device", "sparekey", greyed))
