"""The mailed code, second half: typing it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sparekey.core.codes import read_code
from sparekey.core.errors import InputError
from sparekey.core.values import MethodName
from sparekey.device.pages.claim import claim_of, gone
from sparekey.device.pages.door import go
from sparekey.device.pages.mail import until
from sparekey.device.pages.proof import PATHS, Entry
from sparekey.language.catalogue import N_

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from sparekey.core.record import Ask
    from sparekey.device.pages.door import Door
    from sparekey.web.forms import Form

_METHOD = MethodName.MAIL_CODE
_SLIPS = {
    "code-length": N_("A code has eight characters. This cost no try."),
    "code-character": N_("A code has only digits and letters, and no I, L, O or U. This cost no try."),
    "code-check": N_("One character is not right: look again. This cost no try."),
}
"""What is told at once, by the slug of the error, and never counted."""


def routes(door: Door) -> list[BaseRoute]:
    """The pages of this group."""

    def entry(request: Request, kept: Ask) -> Entry:
        label = door.pages.words(request).text(door.agent.config.policy.words.code_field)
        values: dict[str, Any] = {"label": label, "until": until(door, request, kept)}
        return Entry(door, request, _METHOD, "device/code.html", values)

    def show(request: Request) -> Response:
        claim = claim_of(door, request).hash
        kept = door.recovering.request_of(claim)
        if kept is None:
            return gone(door, request)
        ready = door.recovering.right(claim, door.face(request))
        return go("/forgot/password") if ready else entry(request, kept).form()

    def enter(request: Request, form: Form) -> Response:
        claim = claim_of(door, request)
        kept = door.recovering.request_of(claim.hash)
        if kept is None or claim.hash is None or claim.token is None:
            return gone(door, request)
        page = entry(request, kept)
        try:
            code = read_code(form.text("code"))
        except InputError as slip:
            return page.form(422, door.pages.words(request).text(_SLIPS[slip.slug]))
        refusal = door.recovering.type_code(kept.number, claim.hash, code, face=door.face(request))
        return page.verdict(refusal, claim.token)

    path = PATHS[_METHOD]
    return [door.get(path, show), door.post(path, "code", enter)]
