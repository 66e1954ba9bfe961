"""P24: a firmware too old for self-service says what to upgrade to; afterwards it is there, and nothing is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core.values import MethodName
from sparekey.demo.checks.check import Check
from sparekey.demo.owner import FIRST_PASSWORD, Owner
from sparekey.demo.preparing import Preparing
from sparekey.demo.site import MODEL
from sparekey.demo.verdicts import expect
from sparekey.profiles import model

if TYPE_CHECKING:
    from sparekey.demo.stage import Stage

_OLD = "0.9.3"


def upgrade(stage: Stage) -> None:
    """The same recorder, the same storage, two firmwares."""
    new = model(MODEL).needs_firmware(MethodName.MAIL_CODE, _OLD)
    expect(new, "the model sheet names no firmware for the code by e-mail")
    told = f"upgrade to {new}"
    stage.step("the old firmware")
    stage.site.amend("recorder", {"firmware": _OLD})
    owner = Owner(stage, stage.site.plan.network, "owner@example.com")
    owner.set_up()
    owner.sign_in()
    preparing = Preparing(stage, owner)
    preparing.show_key_file(preparing.key_file()).says("valid")
    ways = preparing.ways().says(told)
    expect(not any(href.endswith("/address") for href, _ in ways.sheet.links), "setting it up is offered")
    recordings = _recordings(owner)
    owner.sign_out()
    locked_out = owner.forget().says(told)
    offered = [form.action for form in locked_out.sheet.forms]
    expect(not any(action.startswith("/forgot/mail") for action in offered), "the code by e-mail is offered")
    early = owner.browser.open(owner.door + "/forgot/mail")
    expect(not early.sheet.drawings, "there is a square with a firmware that is too old")

    stage.step("the new firmware on the same storage")
    stage.site.amend("recorder", {"firmware": str(new)})
    owner.sign_in(FIRST_PASSWORD)
    ways = preparing.ways()
    expect(told not in ways.words, "the new firmware asks for an upgrade")
    expect(any(href.endswith("/address") for href, _ in ways.sheet.links), "setting it up is not offered")
    expect(_recordings(owner) == recordings, "recordings were lost")
    owner.sign_out()
    square = owner.ask_for_the_square(owner.forget())
    owner.send_the_code(owner.scan(square))
    owner.read_the_code()


def _recordings(owner: Owner) -> list[str]:
    page = owner.browser.open(owner.door + "/recordings").is_at("/recordings")
    return sorted(href for href, _ in page.sheet.links if href.startswith("/recordings/"))


CHECKS = (Check("P24", "hikvision", upgrade),)
