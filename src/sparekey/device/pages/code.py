"""Typing a code: the mailed one, the one that support reads out for a day, and the key for a request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sparekey.core.codes import read_code
from sparekey.core.errors import InputError
from sparekey.core.methods import METHODS
from sparekey.core.values import MethodName
from sparekey.device.pages.claim import claim_of, gone
from sparekey.device.pages.door import go
from sparekey.device.pages.mail import until
from sparekey.device.pages.proof import PATHS, Entry, elsewhere, leads_to
from sparekey.language.catalogue import N_
from sparekey.web.lean import Response

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from sparekey.core.record import Ask
    from sparekey.device.pages.door import Door
    from sparekey.web.forms import Form

SLIPS = {
    "code-length": N_("A code has eight characters. This cost no try."),
    "code-character": N_("A code has only digits and letters, and no I, L, O or U. This cost no try."),
    "code-check": N_("One character is not right: look again. This cost no try."),
}
"""What is told at once, by the slug of the error, and never counted."""


@dataclass(frozen=True)
class Typing:
    """The page for the code of one method; all texts are messages in English.

    `purpose`: of its form. `title`: the heading; `label`: of the field. `back`, `shows`: the page of the request, and
    what the link to it says. `check`: what to do during a pause. `wrong`: what a wrong code is told, or "" for the
    usual. `about`: a line above the field, in the reader's language.
    """

    method: MethodName
    purpose: str
    title: str
    label: str
    back: str
    shows: str
    check: str
    wrong: str = ""
    about: Callable[[Request, Ask], str] = lambda _request, _ask: ""


def typing(door: Door, kind: Typing) -> list[BaseRoute]:
    """The page and what its form does."""
    path = PATHS[kind.method]
    asks = METHODS[kind.method].asks or kind.method

    def opened(request: Request) -> Ask | None:
        return door.recovering.request_of(claim_of(door, request).hash, asks)

    def entry(request: Request, kept: Ask) -> Entry:
        words = door.pages.words(request)
        values = {
            "path": path,
            "purpose": kind.purpose,
            "title": words.text(kind.title),
            "label": words.text(kind.label),
            "back": kind.back,
            "shows": words.text(kind.shows),
            "check": words.text(kind.check),
            "about": kind.about(request, kept),
            "until": until(door, request, kept),
        }
        return Entry(
            door,
            request,
            kind.method,
            "device/code.html",
            values,
            told=words.text(kind.wrong) if kind.wrong else "",
        )

    def closed(request: Request) -> Ask | Response:
        kept = opened(request)
        if kept is None:
            return gone(door, request, asks)
        if door.recovering.greyed(kind.method, door.face(request)):
            return elsewhere(door, request, kind.method) or go("/forgot")
        return kept

    def show(request: Request) -> Response:
        kept = closed(request)
        if isinstance(kept, Response):
            return kept
        ready = door.recovering.right(claim_of(door, request).hash, door.face(request))
        return go(leads_to(door, request, ready)) if ready else entry(request, kept).form()

    def enter(request: Request, form: Form) -> Response:
        claim, kept = claim_of(door, request), closed(request)
        if isinstance(kept, Response):
            return kept
        if claim.hash is None or claim.token is None:
            return gone(door, request, asks)
        page = entry(request, kept)
        try:
            code = read_code(form.text("code"))
        except InputError as slip:
            return page.form(422, door.pages.words(request).text(SLIPS[slip.slug]))
        refusal = door.recovering.type_code_of(
            kind.method, kept.number, claim.hash, code, face=door.face(request)
        )
        return page.verdict(refusal, claim.token)

    return [door.get(path, show), door.post(path, kind.purpose, enter)]


def routes(door: Door) -> list[BaseRoute]:
    """The page for the mailed code."""
    return typing(
        door,
        Typing(
            MethodName.MAIL_CODE,
            purpose="code",
            title=N_("Type the code"),
            label=door.agent.config.policy.words.code_field,
            back="/forgot/mail",
            shows=N_("Show the square again"),
            check=N_(
                "Meanwhile compare the code with the mail, character by character. The newest mail counts."
            ),
        ),
    )
