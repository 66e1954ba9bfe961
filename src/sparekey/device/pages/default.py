"""System -> Default for the signed-in owner: told what is lost, the password typed again; then it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core.model import DeviceKind
from sparekey.core.record import Action
from sparekey.device.pages.door import SESSION, go
from sparekey.device.pages.inside import Doubt, Inside, Who
from sparekey.device.pages.losses import table
from sparekey.web import cookies

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from sparekey.core.record import Account
    from sparekey.device.pages.door import Door
    from sparekey.web.forms import Form

PATH = "/configuration/default"


def routes(door: Door) -> list[BaseRoute]:
    """The pages of this group."""
    inside, agent = Inside(door), door.agent

    def show(request: Request, _account: Account) -> Response:
        return page(request)

    def page(request: Request, status: int = 200, current: str = "", *, missing: bool = False) -> Response:
        rows = table(
            Action.NEW_PASSWORD_OR_DEFAULT,
            door.pages.words(request),
            chose_default=True,
            others=len(agent.record.accounts) > 1,
            cameras=agent.config.kind is DeviceKind.RECORDER,
        )
        return door.pages.page(
            request,
            "device/before-lost.html",
            status=status,
            rows=rows,
            cameras=sum(camera.kept for camera in agent.cameras.all()),
            signed_in=True,
            current=current,
            erases=False,
            time="",
            missing=missing,
            purpose="default",
            path=PATH,
            back="/configuration",
        )

    def reset(request: Request, form: Form, account: Account) -> Response:
        if not form.checked("understood"):
            return page(request, 422, missing=True)
        confirmed = inside.confirm(request, form, account)
        if isinstance(confirmed, Doubt):
            return page(request, confirmed.status, confirmed.told)
        refusal = inside.ownership.reset(confirmed)
        if refusal is not None:
            return door.refused(request, refusal)
        if agent.is_erasing:  # not everything let itself be erased at once
            return go("/")
        response = door.pages.page(
            request, "device/erased.html", here="/", factory=agent.config.policy.factory_login
        )
        cookies.drop(response, request, SESSION)
        return response

    return [inside.get(PATH, show, Who.OWNER), inside.post(PATH, "default", reset, Who.OWNER)]
