"""Camera: what a recorder can do with its cameras."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.device.pages.inside import Inside, Who

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from sparekey.core.record import Account
    from sparekey.device.pages.door import Door


def routes(door: Door) -> list[BaseRoute]:
    """The pages of this group."""
    inside = Inside(door)

    def menu(request: Request, _account: Account) -> Response:
        count = len(door.agent.cameras.all())
        return door.pages.page(request, "device/camera.html", count=count)

    return [inside.get("/camera", menu, Who.ADMIN)]
