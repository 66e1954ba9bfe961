"""Signed in: print a recovery sheet, shown once, and type its code again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core.codes import SavedCode, read_saved
from sparekey.core.errors import InputError, Refusal
from sparekey.core.policy import Factor
from sparekey.device.pages.door import go
from sparekey.device.pages.inside import Doubt, Inside, Who
from sparekey.language.catalogue import N_
from sparekey.web import qr

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from sparekey.core.record import Account
    from sparekey.device.pages.door import Door
    from sparekey.web.forms import Form

SLIPS = {
    "code-length": N_("The code on a recovery sheet has 14 characters."),
    "code-character": N_("The code has only digits and letters, and no I, L, O or U."),
    "code-check": N_("One character is not right: look again."),
}
"""What is told at once of a code that cannot be one, by the slug of the error."""


def routes(door: Door) -> list[BaseRoute]:
    """The pages of this group."""
    inside = Inside(door)
    agent, ownership = door.agent, inside.ownership

    def show(request: Request, _account: Account) -> Response:
        return make_page(request)

    def make(request: Request, form: Form, account: Account) -> Response:
        confirmed = inside.confirm(request, form, account)
        if isinstance(confirmed, Doubt):
            return make_page(request, confirmed.status, confirmed.told)
        code = ownership.make_sheet(confirmed)
        return door.refused(request, code) if isinstance(code, Refusal) else paper(request, code)

    def make_page(request: Request, status: int = 200, current: str = "") -> Response:
        if Factor.SHEET not in ownership.offered:
            return go("/ways")
        kept = agent.record.factors.sheet
        made = door.when(request, kept.made_wall, kept.made) if kept else ""
        return door.pages.page(request, "device/own-sheet.html", status=status, made=made, current=current)

    def paper(request: Request, code: SavedCode) -> Response:
        words, wall = door.pages.words(request), agent.now().moment.wall
        return door.pages.page(
            request,
            "device/own-sheet-paper.html",
            here="/ways/sheet/prove",
            code=code.shown,
            square=qr.svg(code.shown, words.text("The code as a square to scan")),
            name=agent.config.settings.name,
            identity=agent.config.identity,
            day="" if wall is None else door.day(request, wall),
            forgot=words.text(agent.config.policy.words.forgot),
        )

    def ask(request: Request, _account: Account) -> Response:
        return go("/ways/sheet") if agent.record.factors.sheet is None else prove_page(request)

    def prove(request: Request, form: Form, account: Account) -> Response:
        words = door.pages.words(request)
        try:
            code = read_saved(form.text("code"))
        except InputError as slip:
            return prove_page(request, 422, words.text(SLIPS[slip.slug]))
        refusal = ownership.prove_sheet(account.name, code, door.face(request))
        if refusal is Refusal.WRONG_CODE:
            told = words.text("This code is of another sheet. The newest one counts.")
            return prove_page(request, 422, told)
        return door.refused(request, refusal) if refusal else prove_page(request, right=True)

    def prove_page(request: Request, status: int = 200, error: str = "", *, right: bool = False) -> Response:
        return door.pages.page(
            request,
            "device/own-sheet-prove.html",
            status=status,
            error=error,
            right=right,
            missing=len(ownership.missing),
        )

    return [
        inside.get("/ways/sheet", show, Who.OWNER, unfinished=True),
        inside.post("/ways/sheet", "sheet", make, Who.OWNER, unfinished=True),
        inside.get("/ways/sheet/prove", ask, Who.OWNER, unfinished=True),
        inside.post("/ways/sheet/prove", "sheet-prove", prove, Who.OWNER, unfinished=True),
    ]
