"""B05: what support gives was approved by passkey, by different people, on evidence, and by nobody for themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.demo.checks.check import Check
from sparekey.demo.office import case_of, office_of
from sparekey.demo.owner import Owner
from sparekey.demo.returning import Returning
from sparekey.demo.verdicts import expect

if TYPE_CHECKING:
    from sparekey.demo.stage import Stage

_TOUCH = "/console/approvals/touch"
_PAGE = "/forgot/support"


def approve(stage: Stage) -> None:
    """A device that nobody confirmed: two people, two touches, three days. No touch serves twice."""
    stage.step("the staff comes in")
    office = office_of(stage)
    agent, approver, second = office.agent, office.approver, office.second

    stage.step("a request is exported and handed to support")
    owner = Owner(stage, stage.site.plan.network, "")
    owner.set_up_without_address()
    page = owner.browser.send(Returning(owner).open(_PAGE), _PAGE).is_at(_PAGE)
    file = owner.browser.follow(page, "/forgot/support/file").is_file(".sparekey-request")
    case = case_of(agent.new_file(("gate.sparekey-request", file.body)))

    stage.step("too little evidence")
    page = agent.open(f"/cases/{case}").says("Not allowed", "The evidence is not enough yet.")
    action = f"/console/cases/{case}/propose"
    expect(not any(form.action == action for form in page.sheet.forms), "too little evidence is enough")
    expect(approver.open("/new").status == 403, "an approver opens cases")

    stage.step("evidence, and a proposal")
    agent.prove(case, "invoice", "installer").says("Allowed", "2 approvals")
    agent.propose(case, "response-key").says("0 of 2")
    look = agent.open("/approvals")
    expect(look.status == 403, "an agent who is no approver may approve")

    stage.step("the first touch, and the same once more")
    signed = approver.signed(approver.look_at(case), _TOUCH)
    approver.browser.send(signed, _TOUCH).says("approved; now it is: proposed")
    again = approver.browser.send(signed, _TOUCH)
    again.refuses("a touch serves once")
    agent.open(f"/cases/{case}").says("1 of 2")

    stage.step("somebody else's signature")
    foreign = approver.signed(second.look_at(case), _TOUCH, uninvited=True)
    second.browser.send(foreign, _TOUCH).refuses("does not know this passkey")
    agent.open(f"/cases/{case}").says("1 of 2")

    stage.step("a second person, and the hold")
    second.approve(case).says("approved; now it is: on hold")
    agent.open(f"/cases/{case}").says("2 of 2", "The owner was told, and can cancel until then.")
    answer = f"/console/cases/{case}/answer"
    page = agent.open(f"/cases/{case}")
    expect(not any(form.action == answer for form in page.sheet.forms), "an answer leaves before its time")

    stage.step("signed out")
    second.browser.send(second.open("/me"), "/console/sign-out")
    expect(second.open("/approvals").path == "/console/sign-in", "who signed out is still in")


CHECKS = (Check("B05", "sparekey", approve),)
