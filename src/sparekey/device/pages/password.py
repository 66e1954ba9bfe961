"""The last steps of a recovery: the new password, and what it changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core.crypto import derive
from sparekey.core.errors import Refusal
from sparekey.core.record import Action
from sparekey.core.values import MethodName, Secret
from sparekey.device.pages.afterwards import logged
from sparekey.device.pages.claim import claim_of, gone
from sparekey.device.pages.door import go
from sparekey.device.pages.pickup import CLAIM
from sparekey.device.pages.proof import PATHS, leads_to
from sparekey.host.problems import of_fault
from sparekey.language.moments import duration
from sparekey.web import cookies
from sparekey.web.lean import Response

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from sparekey.core.record import Right
    from sparekey.device.pages.door import Door
    from sparekey.web.forms import Form

DONE = "recovered"
"""The cookie that brings a browser to the last page, of the recovery that it finished and of no other."""
UNPLUGGED = 10
"""Seconds that the plug stays out, where the maker asks for that after a recovery."""


def routes(door: Door) -> list[BaseRoute]:
    """The pages of this group."""
    agent, recovering = door.agent, door.recovering

    def right(request: Request) -> Right | Response:
        """What allows this visitor to set a password now, or where to go instead."""
        claim = claim_of(door, request).hash
        found = recovering.right(claim, door.face(request))
        if found is not None:
            return go(leads_to(door, request, found)) if found.action is Action.ERASE else found
        lapsed = recovering.lapsed(claim)
        if lapsed is not None:
            return go(PATHS.get(lapsed.method, "/forgot"))
        for method in (MethodName.MAIL_CODE, MethodName.SECURITY_CODE, MethodName.RESPONSE_FILE):
            if recovering.request_of(claim, method):
                return go(PATHS[method])
        return gone(door, request)

    def show(request: Request) -> Response:
        found = right(request)
        return found if isinstance(found, Response) else _form(door, request, found)

    def choose(request: Request, form: Form) -> Response:
        found = right(request)
        if isinstance(found, Response):
            return found
        faults = new_password_faults(door, request, form)
        user = form.text("user") if _names_user(found) else found.account
        if any(faults) or user != found.account:
            return _form(door, request, found, 422, *faults, user=user)
        claim, password = claim_of(door, request).hash or b"", form.exact("password")

        def set_it() -> Refusal | None:
            return recovering.choose_password(claim, password, face=door.face(request))

        if door.cameras is not None and found.cameras and form.checked("cameras"):
            refusal = door.cameras.recover(set_it, Secret(password), shared=True)
        else:
            refusal = set_it()
        if refusal is Refusal.EXPIRED:  # the same proof may be handed in once more
            return go(PATHS.get(found.method, "/forgot"))
        if refusal is not None:
            return door.refused(request, refusal)
        response = go("/forgot/done")
        cookies.drop(response, request, CLAIM)
        cookies.put(response, request, DONE, _mark(door))
        return response

    def done(request: Request) -> Response:
        recovered = agent.record.recovered
        if recovered is None or cookies.read(request, DONE) != _mark(door):
            return go("/")
        lines = [line for tell in door.afterwards for line in tell(door, request)]
        return door.pages.page(
            request,
            "device/done.html",
            account=agent.account,
            afterwards=agent.afterwards.value,
            pause=UNPLUGGED,
            lines=lines,
            logged=logged(door, recovered),
        )

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


def _names_user(right: Right) -> bool:
    """Whether the user name is typed too, as the makers' own dialogs for a security code have it."""
    return right.method is MethodName.SECURITY_CODE


def _form(
    door: Door,
    request: Request,
    right: Right,
    status: int = 200,
    fault: str = "",
    again_fault: str = "",
    *,
    user: str | None = None,
) -> Response:
    words = door.pages.words(request)
    other = user is not None and user != right.account
    steps = 3 if right.number else 2
    return door.pages.page(
        request,
        "device/password.html",
        status=status,
        steps=steps,
        account=right.account,
        time=duration(right.until - door.agent.age(), words),
        least=door.agent.config.policy.password.least,
        names_user=_names_user(right),
        cameras=len(door.cameras.changeable()) if door.cameras and right.cameras else 0,
        user=right.account if user is None else user,
        user_fault=words.text("The code is for the user %(name)s.") % {"name": right.account}
        if other
        else "",
        fault=fault,
        again_fault=again_fault,
        stop="/forgot/cancel" if right.number else "/login",
    )


def _mark(door: Door) -> str:
    """What only the browser that finished the newest recovery holds."""
    return derive(door.agent.keys.device_key, f"recovered {door.agent.record.generation}").hex()
