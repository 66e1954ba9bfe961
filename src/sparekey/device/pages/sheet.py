"""The recovery sheet: its code, typed in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sparekey.core.codes import read_saved
from sparekey.core.errors import InputError
from sparekey.core.values import MethodName
from sparekey.device.pages.claim import begin
from sparekey.device.pages.proof import PATHS, Entry, elsewhere
from sparekey.language.catalogue import N_

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from sparekey.device.pages.door import Door
    from sparekey.web.forms import Form

_METHOD = MethodName.RECOVERY_SHEET
_SLIPS = {
    "code-length": N_("The code on the sheet has fourteen characters. This cost no try."),
    "code-character": N_("The code has only digits and letters, and no I, L, O or U. This cost no try."),
    "code-check": N_("One character is not right: look again. This cost no try."),
}
"""What is told at once, by the slug of the error, and never counted."""


def routes(door: Door) -> list[BaseRoute]:
    """The pages of this group."""

    def entry(request: Request, typed: str = "") -> Entry:
        told = door.pages.words(request).text(
            "This is not the code of the newest sheet."
            " An older sheet ends when a newer one is printed, or when the password is recovered."
        )
        kept = door.agent.record.factors.sheet
        made = door.when(request, kept.made_wall, kept.made) if kept else ""
        values: dict[str, Any] = {"made": made, "typed": typed}
        return Entry(door, request, _METHOD, "device/forgot-sheet.html", values, told)

    def show(request: Request) -> Response:
        return elsewhere(door, request, _METHOD) or entry(request).form()

    def enter(request: Request, form: Form) -> Response:
        away = elsewhere(door, request, _METHOD)
        if away is not None:
            return away
        typed = form.text("code")
        try:
            code = read_saved(typed)
        except InputError as slip:  # fourteen characters are long: what was mistyped stays, to be put right
            return entry(request, typed).form(422, door.pages.words(request).text(_SLIPS[slip.slug]))
        token, claim = begin(door, request)
        return entry(request).verdict(door.recovering.type_saved(claim, code, face=door.face(request)), token)

    path = PATHS[_METHOD]
    return [door.get(path, show), door.post(path, "forgot-sheet", enter)]
