"""P06: no way left. The unlock is ordered and paid, the device is sent, two people approve, and the bench erases it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core.codes import read_code
from sparekey.demo.bench import ANSWER, PRICE, WORKSHOP, ordered
from sparekey.demo.checks.check import Check
from sparekey.demo.owner import FIRST_PASSWORD, NEW_PASSWORD, Owner, other_code
from sparekey.demo.returning import Returning
from sparekey.demo.verdicts import expect

if TYPE_CHECKING:
    from sparekey.demo.stage import Stage

_ERASE = "/forgot/technician/erase"
_SUPPORT = "/forgot/support"


def order(stage: Stage) -> None:
    """Ordered, paid to the exact amount, received, returned; no file before it is here, none with one approval."""
    work = ordered(stage)
    stage.step("a wrong code and too little money")
    page = work.customer.browser.open(stage.site.plan.desk + "/unlock/status")
    wrong = {"number": work.number, "code": other_code(read_code(work.code))}
    refused = work.customer.browser.send(page, "/unlock/status", wrong)
    refused.refuses("do not belong together", status=422)
    work.pay("5.00", "2").says("0 orders are paid by it.")
    work.stands().says("by bank transfer until")
    stage.step("no file before the device is here")
    work.pay(PRICE, "1").says("1 order is paid by it.")
    work.pay(PRICE, "1").says("1 payment was taken in before.")
    work.customer.letter("Paid: please send the device").says(*WORKSHOP, "ALL RECORDINGS ARE LOST")
    case = work.case()
    work.proposed(case)
    work.file().refuses("There is no file yet.", status=409)
    work.act("received").is_at(work.path).says("device is here")
    stage.step("no file with one approval")
    work.file().refuses("two people have to approve", status=409)
    work.office.approver.approve(case).says("approved; now it is: proposed")
    work.file().refuses("two people have to approve", status=409)
    work.office.second.approve(case)
    work.issued()
    stage.step("unlocked and returned")
    expect(
        not any(form.action == f"{work.path}/refund" for form in work.order().sheet.forms),
        "the money goes back after the file was given",
    )
    work.act("unlocked").is_at(work.path)
    work.act("returned").is_at(work.path).says("sent back")
    work.stands().says("on its way to you")


def erase(stage: Stage) -> None:
    """The file erases at the screen alone, after power-on, after one more question; then it is as on the first day."""
    work = ordered(stage)
    work.pay(PRICE, "1").says("1 order is paid by it.")
    work.act("received").is_at(work.path)
    stage.step("the request and two approvals")
    case = work.case()
    work.proposed(case)
    for colleague in (work.office.approver, work.office.second):
        colleague.approve(case)
    file = work.issued()
    stage.step("not over the network, and not for a new password")
    owner = work.owner
    refused = owner.browser.open(owner.door + ANSWER)
    expect(not any(form.files for form in refused.sheet.forms), "the network may hand the file in")
    page = owner.browser.send(Returning(owner).open(_SUPPORT), _SUPPORT).is_at(_SUPPORT)
    page = owner.browser.open(f"{owner.door}{_SUPPORT}/answer").is_at(f"{_SUPPORT}/answer")
    other = owner.browser.send(page, f"{_SUPPORT}/answer", files={"file": file})
    other.refuses("answers another request", status=422)
    stage.step("at the screen")
    work.switch_on()
    page = work.hand_in(file).is_at(_ERASE).says("Before anything is lost", "Recordings")
    expect(
        work.screen.browser.open(work.screen.door + "/forgot/password").path == _ERASE, "it sets a password"
    )
    work.screen.browser.press(page, _ERASE, "", {}).refuses("Tick this box first.", status=422)
    work.screen.browser.send(page, _ERASE, ticked=["understood"]).says("Back to factory settings")
    stage.step("as on the first day")
    expect(owner.browser.open(owner.door).path == "/setup", "the old owner is still known")
    owner = Owner(stage, stage.site.plan.network, "owner@example.com")
    owner.set_up(NEW_PASSWORD)
    owner.is_refused(FIRST_PASSWORD)
    owner.sign_in(NEW_PASSWORD)
    page = owner.browser.open(owner.door + "/recordings").is_at("/recordings")
    left = [href for href, _ in page.sheet.links if href.startswith("/recordings/")]
    expect(not left, "there are recordings after it was erased")


CHECKS = (Check("P06.desk", "sparekey", order), Check("P06.device", "sparekey", erase))
