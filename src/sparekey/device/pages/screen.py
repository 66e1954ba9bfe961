"""Where the launch file leads: the kiosk shows what it read there, and is the screen from then on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.device import screen
from sparekey.device.pages.door import SCREEN_DOOR, go
from sparekey.language.catalogue import N_
from sparekey.web import cookies

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from sparekey.device.pages.door import Door
    from sparekey.web.forms import Form

_NOT_HERE = (
    N_("This page is for the recorder's own screen"),
    N_("Start the screen again, or open the device in a browser by its address."),
    "/",
    N_("Go to the start page"),
)


def routes(door: Door) -> list[BaseRoute]:
    """The pages of this group."""
    screens = door.agent.screens

    def show(request: Request) -> Response:
        if not request.scope.get(SCREEN_DOOR):
            return door.told(request, 404, *_NOT_HERE)
        return door.pages.page(request, "device/screen.html")

    def launch(request: Request, form: Form) -> Response:
        here = request.scope.get(SCREEN_DOOR)
        cookie = screens.launch(form.exact("launch")) if here else None
        if cookie is None:
            return door.told(request, 403, *_NOT_HERE)
        response = go("/")
        cookies.put(response, request, screen.COOKIE, cookie)
        return response

    return [door.get(screen.PATH, show), door.post(screen.PATH, "screen", launch)]
