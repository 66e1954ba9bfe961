"""The owner's ways back in: which are prepared, and the security questions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sparekey.core.errors import Refusal
from sparekey.core.policy import Factor
from sparekey.core.values import mask
from sparekey.device.pages.banner import banner
from sparekey.device.pages.door import go
from sparekey.device.pages.inside import Doubt, Inside, Who
from sparekey.language.catalogue import N_

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from sparekey.core.record import Account, Saved
    from sparekey.device.pages.door import Door
    from sparekey.web.forms import Form

QUESTION_LIMIT = 100
"""Characters of a question, at most."""
ANSWER_LIMIT = 200
"""Characters of an answer, at most."""

_SUGGESTIONS = (
    N_("What did I call my first bicycle?"),
    N_("Which words did my grandmother always say?"),
    N_("What was written on the door of my first flat?"),
    N_("What was the first thing that I ever repaired?"),
    N_("Which toy did I never get?"),
    N_("Where did I hide things as a child?"),
    N_("Which sentence ended my first letter?"),
    N_("What did we eat on the worst journey of my life?"),
)
"""Questions whose answers stand in no register and in no social network."""


@dataclass(frozen=True)
class Prepared:
    """One line of the overview. Without `href` it is closed, and `why` says what opens it."""

    title: str
    state: str
    detail: str
    href: str
    why: str = ""


@dataclass(frozen=True)
class _Pair:
    """One question with its answer as typed, and what is wrong with either."""

    text: str
    answer: str = ""
    text_fault: str = ""
    answer_fault: str = ""


def routes(door: Door) -> list[BaseRoute]:
    """The pages of this group."""
    inside = Inside(door)
    ownership = inside.ownership
    rules = door.agent.config.policy.questions

    def overview(request: Request, account: Account) -> Response:
        return door.pages.page(
            request,
            "device/own-ways.html",
            banner=banner(door, request),
            rows=[_row(inside, request, account, factor) for factor in ownership.shown],
            missing=len(ownership.missing),
            first=bool(door.agent.config.policy.setup.required),
            count=len(ownership.prepared),
            wanted=ownership.wanted,
        )

    def show(request: Request, _account: Account) -> Response:
        if Factor.QUESTIONS not in ownership.offered:
            return go("/ways")
        kept = door.agent.record.factors.questions
        words = door.pages.words(request)
        texts = kept.texts if kept else [words.text(text) for text in _SUGGESTIONS[: rules.count]]
        return form_page(request, [_Pair(text) for text in texts])

    def keep(request: Request, form: Form, account: Account) -> Response:
        if Factor.QUESTIONS not in ownership.offered:
            return go("/ways")
        pairs = [_pair(door, request, form, number) for number in range(1, rules.count + 1)]
        if any(pair.text_fault or pair.answer_fault for pair in pairs):
            return form_page(request, pairs, 422)
        confirmed = inside.confirm(request, form, account)
        if isinstance(confirmed, Doubt):
            return form_page(request, pairs, confirmed.status, current=confirmed.told)
        refusal = ownership.set_questions(
            confirmed, [pair.text for pair in pairs], [pair.answer for pair in pairs]
        )
        if refusal is Refusal.NOT_ENOUGH:
            told = door.pages.words(request).text(
                "That is too little to protect anything. Ask something different each time, and give longer answers:"
                " %(least)s letters and digits in all of them together."
            )
            return form_page(request, pairs, 422, too_little=told % {"least": rules.least})
        return door.refused(request, refusal) if refusal else go("/ways")

    def form_page(
        request: Request, pairs: list[_Pair], status: int = 200, too_little: str = "", current: str = ""
    ) -> Response:
        words = door.pages.words(request)
        return door.pages.page(
            request,
            "device/own-questions.html",
            status=status,
            pairs=pairs,
            suggestions=[words.text(text) for text in _SUGGESTIONS],
            replaces=door.agent.record.factors.questions is not None,
            question_limit=QUESTION_LIMIT,
            answer_limit=ANSWER_LIMIT,
            too_little=too_little,
            current=current,
        )

    return [
        inside.get("/ways", overview, Who.OWNER, unfinished=True),
        inside.get("/ways/questions", show, Who.OWNER, unfinished=True),
        inside.post("/ways/questions", "questions", keep, Who.OWNER, unfinished=True),
    ]


def _pair(door: Door, request: Request, form: Form, number: int) -> _Pair:
    words = door.pages.words(request)
    text = " ".join((form.text(f"own{number}") or form.text(f"question{number}")).split())
    answer = form.text(f"answer{number}")
    text_fault = answer_fault = ""
    if not text or len(text) > QUESTION_LIMIT or not text.isprintable():
        text_fault = words.text("Choose a question from the list, or write one of your own.")
    if not answer or len(answer) > ANSWER_LIMIT:
        answer_fault = words.text("Give an answer that you will still know in years.")
    return _Pair(text[:QUESTION_LIMIT], answer[:ANSWER_LIMIT], text_fault, answer_fault)


def _row(inside: Inside, request: Request, account: Account, factor: Factor) -> Prepared:
    row = _usual_row(inside, request, account, factor)
    upgrade = inside.ownership.upgrade_for(factor)
    if not upgrade:
        return row
    why = inside.door.pages.words(request).text("Not with this firmware: upgrade to %(firmware)s.")
    return Prepared(row.title, "", "", "", why % {"firmware": upgrade})


def _usual_row(inside: Inside, request: Request, account: Account, factor: Factor) -> Prepared:
    door = inside.door
    _ = door.pages.words(request).text
    record = door.agent.record
    done, not_yet = _("done"), _("not yet")
    if factor is Factor.ADDRESS:
        reserved = record.reserved
        title, href = _(door.agent.config.policy.words.mail_code), f"/users/{account.name}/address"
        if reserved is None:
            return Prepared(title, not_yet, _("Reserve the e-mail address that the code goes to."), href)
        return Prepared(title, done, address_told(door, request), href)
    if factor is Factor.QUESTIONS:
        title, href = _("Security questions"), "/ways/questions"
        if record.factors.questions is None:
            return Prepared(title, not_yet, _("Questions that only you can answer."), href)
        return Prepared(title, done, _("Look at them, or set new ones."), href)
    if factor is Factor.KEY_FILE:
        what = _("A file that you keep on a USB stick or on another computer.")
        return _saved(door, request, record.factors.key_file, _("Key file"), what, "/ways/key-file")
    what = _("A code on paper that you keep with your documents.")
    return _saved(door, request, record.factors.sheet, _("Recovery sheet"), what, "/ways/sheet")


def _saved(door: Door, request: Request, saved: Saved | None, title: str, what: str, href: str) -> Prepared:
    _ = door.pages.words(request).text
    if saved is None:
        return Prepared(title, _("not yet"), what, href)
    made = _("Made: %(when)s.") % {"when": door.when(request, saved.made_wall, saved.made)}
    if saved.proved:
        return Prepared(title, _("done"), made, href)
    return Prepared(
        title,
        _("made, not checked yet"),
        f"{made} {_('It counts once you have handed it in.')}",
        f"{href}/prove",
    )


def address_told(door: Door, request: Request, *, whole: bool = False) -> str:
    """The reserved address, masked unless `whole`, and whether it was ever confirmed; "" without one."""
    reserved = door.agent.record.reserved
    if reserved is None:
        return ""
    _ = door.pages.words(request).text
    told = _("%(address)s, confirmed") if reserved.confirmed else _("%(address)s, not yet confirmed")
    return told % {"address": reserved.address if whole else mask(reserved.address)}
