"""Close a request: whoever opened it may, the recorder's screen may, and a signed-in administrator may."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core.values import Face, MethodName, Role
from sparekey.device.pages.claim import claim_of
from sparekey.device.pages.door import go
from sparekey.device.pages.pickup import CLAIM
from sparekey.device.pages.ways import title
from sparekey.language.catalogue import N_
from sparekey.web import cookies

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from sparekey.core.record import Ask
    from sparekey.device.pages.door import Door
    from sparekey.web.forms import Form

_ON = {
    MethodName.MAIL_CODE: "/forgot/mail",
    MethodName.SECURITY_CODE: "/forgot/security-code",
    MethodName.RESPONSE_FILE: "/forgot/support",
    MethodName.TECHNICIAN: "/forgot/technician",
}
"""Where whoever opened a request goes on with it."""
_PLACES = {
    Face.SCREEN: N_("opened at the [recorder's screen|camera itself]"),
    Face.NETWORK: N_("opened over the network"),
}


def routes(door: Door) -> list[BaseRoute]:
    """The pages of this group."""

    def closable(request: Request) -> tuple[Ask, ...]:
        return door.recovering.closable(
            claim_of(door, request).hash, door.face(request), signed_in=_is_admin(door, request)
        )

    def ask(request: Request) -> Response:
        rows = [_row(door, request, kept) for kept in closable(request)]
        return door.pages.page(request, "device/cancel.html", rows=rows)

    def cancel(request: Request, form: Form) -> Response:
        claim, number = claim_of(door, request), form.text("number")
        if number in {kept.number for kept in closable(request)}:
            refusal = door.recovering.cancel(
                number, claim.hash or b"", face=door.face(request), signed_in=_is_admin(door, request)
            )
            if refusal is not None:
                return door.refused(request, refusal)
        response = go("/forgot/cancel")
        if not door.recovering.closable(claim.hash, Face.NETWORK, signed_in=False):
            cookies.drop(response, request, CLAIM)
        return response

    return [door.get("/forgot/cancel", ask), door.post("/forgot/cancel", "cancel", cancel)]


def _row(door: Door, request: Request, kept: Ask) -> tuple[str, str, str, str]:
    """A request's number, its method, where it was opened, and where its opener goes on: "" for anybody else."""
    words = door.pages.words(request)
    own = door.recovering.request_of(claim_of(door, request).hash, kept.method) == kept
    href = _ON.get(kept.method, "") if own else ""
    return kept.number, title(door, request, kept.method), words.text(_PLACES[kept.face]), href


def _is_admin(door: Door, request: Request) -> bool:
    account = door.agent.record.account(door.account(request) or "")
    return account is not None and account.role is Role.ADMIN
