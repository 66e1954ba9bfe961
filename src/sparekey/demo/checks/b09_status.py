"""B09: the owner sees how a case stands, in their language: what was asked, what is missing, who decided, what next."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sparekey.demo.asker import Asker, code_in, numbers_on
from sparekey.demo.checks.check import Check
from sparekey.demo.office import office_of, with_form
from sparekey.demo.registered import registered, saved_request
from sparekey.demo.site import SERIAL
from sparekey.demo.verdicts import expect

if TYPE_CHECKING:
    from sparekey.demo.stage import Stage

_PAPER = ("invoice.pdf", b"%PDF-1.7\n% an invoice\n")


def status(stage: Stage) -> None:
    """By case number and mailed code; papers go in and come out as attachments only; nobody is named."""
    stage.step("a case")
    owner = registered(stage, "owner@example.com")
    office = office_of(stage)
    asker = Asker(stage, owner.address)
    opened = asker.hand_in(saved_request(owner))
    (number,) = [found for found in numbers_on(opened) if found != SERIAL]
    case = number.replace("-", "")

    stage.step("nobody without the code")
    stranger = Asker(stage, "stranger@example.com")
    expect(
        stranger.browser.open(stage.site.plan.desk + "/help/case/view").path == "/help/case",
        "a stranger sees a case",
    )
    stranger.enter(number, "0000-0000").refuses("do not belong together", status=422)

    stage.step("what is missing")
    code = code_in(asker.letter("Your case at support"), number)
    view = asker.enter(number.lower(), code).is_at("/help/case/view")
    view.says(
        number, SERIAL, "Nothing was decided yet.", "mailbox that is registered", "invoice with the serial"
    )
    refused = asker.browser.send(
        view,
        "/help/case/papers",
        {"kind": "invoice"},
        files={"file": ("x.html", b"<script>alert(1)</script>")},
    )
    refused.refuses("Send a photo", status=422)
    sent = asker.browser.send(asker.look(), "/help/case/papers", {"kind": "invoice"}, files={"file": _PAPER})
    sent.says("You sent: invoice with the serial number")

    stage.step("who decided, and when")
    office.agent.prove(case, "invoice")
    office.agent.propose(case, "response-file")
    office.approver.approve(case)
    view = asker.look().says(
        "Proof was checked", "(support)", "(an approver)", "the owner has time to cancel"
    )
    for colleague in (office.agent, office.approver):
        expect(colleague.name not in view.words, "the page names who works at support")

    stage.step("in Czech")
    _speak(asker, "cs")
    expect(asker.look().sheet.language == "cs", "the page speaks no Czech")
    asker.look().says("Případ", "schvalovatel")
    _speak(asker, "en")

    stage.step("cancelled from the page")
    closed = asker.browser.send(asker.look(), "/help/case/cancel").says("This case is closed.")
    expect(
        not any(form.action == "/help/case/cancel" for form in closed.sheet.forms),
        "it can be cancelled twice",
    )
    asker.letter("The case was cancelled").says(number)


def _speak(asker: Asker, language: str) -> None:
    """Press the button of one language."""
    page = asker.look()
    form = page.form("/language")
    buttons = [button for button in form.buttons if button[1] == language]
    asker.browser.press(with_form(page, replace(form, buttons=buttons)), "/language", "language", {})


CHECKS = (Check("B09", "sparekey", status),)
