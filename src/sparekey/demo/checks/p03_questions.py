"""P03: back in by security questions. All answers are looked at together, and every try is counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.demo.checks.check import Check
from sparekey.demo.owner import FIRST_PASSWORD, Owner
from sparekey.demo.preparing import ANSWERS, ANSWERS_AGAIN, QUESTIONS, Preparing
from sparekey.demo.returning import Returning
from sparekey.demo.verdicts import expect

if TYPE_CHECKING:
    from sparekey.demo.browser import Page
    from sparekey.demo.stage import Stage

_WRONG = "no idea"


def answer(stage: Stage) -> None:
    """One wrong answer of three is refused, whichever; accents, case and spaces are forgiven."""
    owner = _prepared(stage, stage.site.plan.network)
    returning = Returning(owner)

    stage.step("one wrong answer")
    returning.open("/forgot/questions").says(*QUESTIONS)
    told = []
    for place in range(len(ANSWERS)):
        answers = [*ANSWERS[:place], _WRONG, *ANSWERS[place + 1 :]]
        left = f"{4 - place} tries left"
        told.append(returning.answer(answers).refuses(left).words.replace(left, ""))
    expect(len(set(told)) == 1, "the recorder says which answer was wrong")

    stage.step("a power cut does not give tries back")
    stage.site.cut_power("recorder")
    returning.answer((*ANSWERS[1:], ANSWERS[0])).refuses("1 try left")
    owner.is_refused("a password that was never set")

    stage.step("the right answers, typed in a hurry")
    owner.choose_password(returning.answer(ANSWERS_AGAIN))
    owner.is_back()
    owner.sign_out()

    stage.step("the answers once more")
    returning.is_closed("/forgot/questions", "answer1")


def exhaust(stage: Stage) -> None:
    """A stranger on the network uses up the tries there; the owner at the recorder's screen is not in their way."""
    owner = _prepared(stage, stage.site.plan.screen)
    stranger = Returning(Owner(stage, stage.site.plan.network, ""))
    stage.step("five wrong answers from the network")
    for _ in range(5):
        page = stranger.answer([_WRONG] * len(ANSWERS))
        expect(page.path != "/forgot/password", "wrong answers open the form for the new password")
    stage.step("the right ones, from the network")
    _is_paused(stranger.open("/forgot/questions"))
    stage.step("the right ones, at the screen")
    owner.choose_password(Returning(owner).answer(ANSWERS))
    owner.is_back()


def _prepared(stage: Stage, door: str) -> Owner:
    """An owner who chose questions, signed out, and knows the password no more."""
    owner = Owner(stage, door, "owner@example.com")
    stage.step("set up")
    owner.set_up()
    Returning(owner).is_closed("/forgot/questions", "answer1")
    owner.sign_in(FIRST_PASSWORD)
    Preparing(stage, owner).questions()
    owner.sign_out()
    return owner


def _is_paused(page: Page) -> None:
    """Raises UnlikeError unless the page says that there is a pause, and has no field to fill in."""
    page.says("30 seconds")
    fields = {name for form in page.sheet.forms for name in form.names}
    expect("answer1" not in fields, "a paused way still takes answers")


CHECKS = (Check("P03", "patronum", answer), Check("P03", "patronum", exhaust))
