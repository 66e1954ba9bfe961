"""Before anything is lost: what stays, what goes, and a box to tick; then it goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sparekey.core.methods import METHODS
from sparekey.core.model import DeviceKind
from sparekey.core.record import Action
from sparekey.device.pages.claim import claim_of
from sparekey.device.pages.door import go
from sparekey.device.pages.losses import table
from sparekey.device.pages.pickup import CLAIM
from sparekey.language.moments import duration
from sparekey.web import cookies
from sparekey.web.lean import Response

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from sparekey.core.record import Right
    from sparekey.device.pages.door import Door
    from sparekey.web.forms import Form


@dataclass(frozen=True)
class Losing:
    """One such page. `path`: where it stands. `action`: what the visitor's right must allow. `purpose`: of the form.
    `back`: where to go instead. `bench`: seconds after power-on within which all of it must be done, or 0.
    """

    path: str
    action: Action
    purpose: str
    back: str
    bench: int = 0


def losing(door: Door, kind: Losing, instead: Callable[[Request], Response]) -> list[BaseRoute]:
    """The page and what its form does. `instead`: for whoever holds no such right."""
    agent, recovering = door.agent, door.recovering

    def allowed(request: Request) -> Right | Response:
        right = recovering.right(claim_of(door, request).hash, door.face(request))
        if right is None or right.action is not kind.action:
            return instead(request)
        closed = METHODS[right.method].greyed(agent.record, agent.now(), door.face(request))
        return instead(request) if closed else right

    def page(request: Request, right: Right, *, status: int = 200, missing: bool = False) -> Response:
        words, now = door.pages.words(request), agent.now()
        time = right.until - agent.age()
        if kind.bench:
            time = min(time, now.presence_at + kind.bench - now.moment.uptime)
        default = kind.action is not Action.ERASE
        rows = table(
            kind.action,
            words,
            chose_default=default,
            others=len(agent.record.accounts) > 1,
            cameras=agent.config.kind is DeviceKind.RECORDER,
        )
        return door.pages.page(
            request,
            "device/before-lost.html",
            cameras=sum(camera.kept for camera in door.agent.cameras.all()),
            status=status,
            rows=rows,
            erases=not default,
            purpose=kind.purpose,
            path=kind.path,
            back=kind.back,
            missing=missing,
            signed_in=False,
            current="",
            time=duration(max(0, time), words),
        )

    def show(request: Request) -> Response:
        right = allowed(request)
        return right if isinstance(right, Response) else page(request, right)

    def lose(request: Request, form: Form) -> Response:
        right = allowed(request)
        if isinstance(right, Response):
            return right
        if not form.checked("understood"):
            return page(request, right, status=422, missing=True)
        claim = claim_of(door, request).hash or b""
        refusal = recovering.choose_default(claim, face=door.face(request))
        if refusal is not None:
            return door.refused(request, refusal)
        if agent.is_erasing:  # not everything let itself be erased at once
            return go("/")
        response = door.pages.page(
            request, "device/erased.html", here="/", factory=agent.config.policy.factory_login
        )
        cookies.drop(response, request, CLAIM)
        return response

    return [door.get(kind.path, show), door.post(kind.path, kind.purpose, lose)]
