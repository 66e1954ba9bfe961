"""The mailed code, second half: typing it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core.codes import read_code
from sparekey.core.errors import InputError, Refusal
from sparekey.device.pages.claim import claim_of, gone
from sparekey.device.pages.door import go
from sparekey.device.pages.mail import until
from sparekey.host.problems import of_refusal
from sparekey.language.catalogue import N_
from sparekey.language.moments import duration

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from sparekey.core.record import Ask
    from sparekey.device.pages.door import Door
    from sparekey.web.forms import Form

_SLIPS = {
    "code-length": N_("A code has eight characters. This cost no try."),
    "code-character": N_("A code has only digits and letters, and no I, L, O or U. This cost no try."),
    "code-check": N_("One character is not right: look again. This cost no try."),
}
"""What is told at once, by the slug of the error, and never counted."""


def routes(door: Door) -> list[BaseRoute]:
    """The pages of this group."""
    agent = door.agent

    def show(request: Request) -> Response:
        kept = agent.request_of(claim_of(door, request).hash)
        if kept is None:
            return gone(door, request)
        ready = agent.may_choose(claim_of(door, request).hash, door.face(request))
        return go("/forgot/password") if ready else _form(door, request, kept)

    def enter(request: Request, form: Form) -> Response:
        claim = claim_of(door, request)
        kept = agent.request_of(claim.hash)
        if kept is None or claim.hash is None:
            return gone(door, request)
        words = door.pages.words(request)
        try:
            code = read_code(form.text("code"))
        except InputError as slip:
            return _form(door, request, kept, 422, words.text(_SLIPS[slip.slug]))
        refusal = agent.type_code(kept.number, claim.hash, code, face=door.face(request))
        if refusal is None:
            return go("/forgot/password")
        problem = of_refusal(refusal)
        if refusal is Refusal.WRONG_CODE:
            error = f"{words.text(problem.told)} {words.text(problem.mend)}"
            return _form(door, request, kept, problem.status, error)
        if refusal is Refusal.PAUSED:
            return _form(door, request, kept, problem.status)
        return door.refused(request, refusal)

    return [door.get("/forgot/code", show), door.post("/forgot/code", "code", enter)]


def _form(
    door: Door, request: Request, kept: Ask, status: int = 200, error: str = ""
) -> Response:
    left, pause = door.agent.tries(door.face(request))
    if not left:
        return door.refused(request, Refusal.TOO_MANY_TRIES)
    words = door.pages.words(request)
    return door.pages.page(
        request,
        "device/code.html",
        status=status,
        label=words.text(door.agent.config.policy.words.code_field),
        error=error,
        left=left,
        pause=pause,
        pause_told=duration(pause, words),
        lapsed=door.agent.lapsed(claim_of(door, request).hash),
        until=until(door, request, kept),
    )
