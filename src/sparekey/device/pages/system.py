"""The page that a reset password opens: System -> Default -> Default, or a new password, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core.record import Action
from sparekey.device.pages.claim import claim_of
from sparekey.device.pages.door import go
from sparekey.device.pages.losing import Losing, losing
from sparekey.device.pages.proof import PATHS
from sparekey.language.moments import duration

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from sparekey.device.pages.door import Door

PATH = "/system"
DEFAULT = "/system/default"


def routes(door: Door) -> list[BaseRoute]:
    """The pages of this group."""

    def instead(request: Request) -> Response:
        lapsed = door.recovering.lapsed(claim_of(door, request).hash)
        return go(PATHS.get(lapsed.method, "/login") if lapsed else "/login")

    def show(request: Request) -> Response:
        right = door.recovering.right(claim_of(door, request).hash, door.face(request))
        if right is None or right.action is not Action.NEW_PASSWORD_OR_DEFAULT:
            return instead(request)
        time = duration(right.until - door.agent.age(), door.pages.words(request))
        return door.pages.page(request, "device/system.html", account=right.account, time=time)

    default = Losing(DEFAULT, Action.NEW_PASSWORD_OR_DEFAULT, "system-default", PATH)
    return [door.get(PATH, show), *losing(door, default, instead)]
