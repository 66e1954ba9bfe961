"""B04, the desk's part: whoever is concerned is told of a case, and the owner stops it, from the mail or the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.demo.asker import Asker, code_in, numbers_on
from sparekey.demo.checks.check import Check
from sparekey.demo.office import office_of
from sparekey.demo.registered import registered, saved_request
from sparekey.demo.site import SERIAL
from sparekey.demo.verdicts import expect

if TYPE_CHECKING:
    from sparekey.demo.stage import Stage

_ASKED, _HELD = "Somebody asks support about your device", "Support is about to give a way into your device"


def cancel(stage: Stage) -> None:
    """Somebody else asks for the owner's recorder; the owner hears at once, and again when it is held, and cancels."""
    stage.step("somebody else asks")
    owner = registered(stage, "owner@example.com")
    office = office_of(stage)
    thief, mailbox = Asker(stage, "thief@example.com"), Asker(stage, owner.address)
    opened = thief.hand_in(saved_request(owner))
    (number,) = [found for found in numbers_on(opened) if found != SERIAL]
    case = number.replace("-", "")

    stage.step("the owner hears")
    asked = mailbox.letter(_ASKED).says(SERIAL, number)
    own_code = code_in(asked, number)
    thief_code = code_in(thief.letter("Your case at support"), number)
    expect(own_code != thief_code, "who asks and who owns have the same code")

    stage.step("a good story, and a hold")
    office.agent.prove(case, "invoice")
    office.agent.propose(case, "response-file")
    office.approver.approve(case).says("on hold")
    held = mailbox.letter(_HELD).says(SERIAL, number, "and not before")
    expect(code_in(held, number) == own_code, "the two mails have different codes")
    page = thief.enter(number, thief_code).says("the owner has time to cancel")
    expect(
        not any(path == "/help/case/answer" for path, _ in page.sheet.links), "the answer leaves too early"
    )

    stage.step("opening the link alone changes nothing")
    links = [href for href, _ in held.sheet.links if href.endswith("/help/case")]
    mailbox.browser.open(f"{stage.site.plan.desk}/help/case").is_at("/help/case")
    thief.look().says("the owner has time to cancel")
    expect(all("?" not in link for link in links), "a code stands in a link of a mail")

    stage.step("the owner cancels")
    view = mailbox.enter(number, own_code).is_at("/help/case/view")
    expect(
        not any(form.action == "/help/case/papers" for form in view.sheet.forms),
        "the owner can prove the thief's",
    )
    mailbox.browser.send(view, "/help/case/cancel").says("This case is closed.")
    mailbox.letter("The case was cancelled")
    thief.letter("The case was cancelled")
    thief.look().says("This case is closed.")
    office.agent.open(f"/cases/{case}").says("closed")


CHECKS = (Check("B04.desk", "sparekey", cancel),)
