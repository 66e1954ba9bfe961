"""What a recorder's screen shows while nobody does anything: its cameras, and from there the login or the menu."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core.policy import Opening
from sparekey.core.values import Face
from sparekey.device.pages.door import go
from sparekey.language.catalogue import N_

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from sparekey.device.pages.door import Door

LIVE = "/live"
TILES_LIMIT = 16
"""Cameras that are shown at the same time."""
_MENU = (N_("Playback"), N_("Search"), N_("Camera"), N_("Record"), N_("Settings"), N_("Switch off"))
"""What the icons of the menu bar are for. Each asks to sign in first, as on the recorders that people know."""


def routes(door: Door) -> list[BaseRoute]:
    """The pages of this group."""
    agent = door.agent

    def live(request: Request) -> Response:
        if door.face(request) is not Face.SCREEN or not agent.is_set_up:
            return go("/login")
        words = door.pages.words(request)
        names = [camera.name for camera in agent.cameras.all()][:TILES_LIMIT]
        return door.pages.page(
            request,
            "device/live.html",
            cameras=names,
            columns=next(side for side in range(1, 5) if side * side >= len(names) or side == 4),
            menu=[words.text(name) for name in _MENU] if agent.config.policy.opening is Opening.MENU else [],
        )

    return [door.get(LIVE, live)]
