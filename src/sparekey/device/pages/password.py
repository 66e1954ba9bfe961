"""The last steps of a recovery: the new password, and what it changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core.errors import Refusal
from sparekey.device.pages.claim import CLAIM, claim_of, gone
from sparekey.device.pages.door import go
from sparekey.host.problems import of_fault
from sparekey.web import cookies

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from sparekey.device.pages.door import Door
    from sparekey.web.forms import Form

DONE = "recovered"
"""The cookie that brings a browser to the last page: the hash of the request that it finished. No secret."""


def routes(door: Door) -> list[BaseRoute]:
    """The pages of this group."""
    agent = door.agent

    def show(request: Request) -> Response:
        return closed(request) or _form(door, request)

    def closed(request: Request) -> Response | None:
        """Where to go instead, for whoever has no right to set a password now."""
        claim = claim_of(door, request).hash
        if agent.may_choose(claim, door.face(request)):
            return None
        return go("/forgot/code") if agent.request_of(claim) else gone(door, request)

    def choose(request: Request, form: Form) -> Response:
        elsewhere = closed(request)
        if elsewhere is not None:
            return elsewhere
        faults = new_password_faults(door, request, form)
        if any(faults):
            return _form(door, request, 422, *faults)
        claim = claim_of(door, request).hash or b""
        refusal = agent.choose_password(claim, form.exact("password"), face=door.face(request))
        if refusal is Refusal.EXPIRED:  # the code may be typed once more
            return go("/forgot/code")
        if refusal is not None:
            return door.refused(request, refusal)
        response = go("/forgot/done")
        cookies.drop(response, request, CLAIM)
        recovered = agent.record.recovered
        cookies.put(response, request, DONE, recovered.request.hex() if recovered else "")
        return response

    def done(request: Request) -> Response:
        recovered = agent.record.recovered
        if recovered is None or cookies.read(request, DONE) != recovered.request.hex():
            return go("/")
        others = any(account.suspended for account in agent.record.accounts)
        return door.pages.page(request, "device/done.html", account=agent.account, others=others)

    return [
        door.get("/forgot/password", show),
        door.post("/forgot/password", "password", choose),
        door.get("/forgot/done", done),
    ]


def new_password_faults(door: Door, request: Request, form: Form) -> tuple[str, str]:
    """What to say next to the fields `password` and `again`; empty when all is well."""
    words = door.pages.words(request)
    password = form.exact("password")
    fault = door.agent.password_fault(password)
    if fault is not None:
        return words.text(of_fault(fault)), ""
    if password != form.exact("again"):
        return "", words.text("This is not the same as above. Type both once more.")
    return "", ""


def _form(
    door: Door, request: Request, status: int = 200, fault: str = "", again_fault: str = ""
) -> Response:
    return door.pages.page(
        request,
        "device/password.html",
        status=status,
        account=door.agent.account,
        least=door.agent.config.policy.password.least,
        fault=fault,
        again_fault=again_fault,
    )
