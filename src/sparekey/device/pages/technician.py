"""The technician, the last way: a request from the bench, a file that erases, and one more question before it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core.methods.technician import BENCH_LASTS
from sparekey.core.record import Action
from sparekey.core.values import MethodName
from sparekey.device.pages.claim import claim_of
from sparekey.device.pages.door import go
from sparekey.device.pages.losing import Losing, losing
from sparekey.device.pages.support import Asking, asking

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from sparekey.device.pages.door import Door

TECHNICIAN = Asking(
    MethodName.TECHNICIAN,
    "/forgot/technician",
    "device/forgot-technician.html",
    "device/forgot-technician-open.html",
    "forgot-technician",
)


def routes(door: Door) -> list[BaseRoute]:
    """The pages of this group."""

    def instead(request: Request) -> Response:
        """Where somebody goes who may not erase now."""
        if door.recovering.greyed(MethodName.TECHNICIAN, door.face(request)):
            return go("/forgot")
        mine = door.recovering.request_of(claim_of(door, request).hash, MethodName.TECHNICIAN)
        return go(f"{TECHNICIAN.base}/answer" if mine else "/forgot")

    erase = Losing("/forgot/technician/erase", Action.ERASE, "erase", TECHNICIAN.base, BENCH_LASTS)
    return [*asking(door, TECHNICIAN), *losing(door, erase, instead)]
