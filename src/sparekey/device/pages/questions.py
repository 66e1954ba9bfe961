"""Security questions: all of them on one page, and never a word about which answer was wrong."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from sparekey.core.values import MethodName
from sparekey.device.pages.claim import begin
from sparekey.device.pages.proof import PATHS, Entry, elsewhere

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from sparekey.device.pages.door import Door
    from sparekey.web.forms import Form

_METHOD = MethodName.QUESTIONS


def routes(door: Door) -> list[BaseRoute]:
    """The pages of this group."""

    def asked() -> tuple[str, ...]:
        kept = door.agent.record.factors.questions
        return kept.texts if kept else ()

    def entry(request: Request, given: tuple[str, ...] = ()) -> Entry:
        told = door.pages.words(request).text(
            "These are not the answers. Look at all of them: which one is wrong is not told."
        )
        rows = [
            (f"answer{place}", *row) for place, row in enumerate(zip_longest(asked(), given, fillvalue=""), 1)
        ]
        return Entry(door, request, _METHOD, "device/forgot-questions.html", {"rows": rows}, told)

    def show(request: Request) -> Response:
        return elsewhere(door, request, _METHOD) or entry(request).form()

    def answer(request: Request, form: Form) -> Response:
        away = elsewhere(door, request, _METHOD)
        if away is not None:
            return away
        given = tuple(form.text(f"answer{place}") for place, _ in enumerate(asked(), 1))
        if not all(given):  # only then do the others stay in the page
            told = door.pages.words(request).text("Answer every question. This cost no try.")
            return entry(request, given).form(422, told)
        token, claim = begin(door, request)
        return entry(request).verdict(door.recovering.answer(claim, given, face=door.face(request)), token)

    path = PATHS[_METHOD]
    return [door.get(path, show), door.post(path, "forgot-questions", answer)]
