"""Where is the switch? What this model has, how long to hold it, and what that costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core.methods.method import Closed
from sparekey.core.model import Switch
from sparekey.core.record import Action
from sparekey.core.values import MethodName
from sparekey.device.pages.losses import told
from sparekey.language.catalogue import N_
from sparekey.language.moments import duration

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from sparekey.device.pages.door import Door

_PLACES = {
    Switch.UNDER_FLAP: N_(
        "Underneath the [recorder|camera] is a small flap, closed by one or two screws. "
        "Behind it, beside the slot of the memory card, is a tiny push button."
    ),
    Switch.ON_CABLE: N_(
        "On the cable that comes out of the [recorder|camera], beside the network plug, "
        "is a small capsule with a push button."
    ),
}
_NO_SWITCH = (
    N_("This [recorder|camera] has no reset button"),
    N_("No button and no universal password opens it. The other ways back in are still there."),
    "/forgot",
    N_("See the other ways back in"),
)


def routes(door: Door) -> list[BaseRoute]:
    """The pages of this group."""
    agent = door.agent

    def show(request: Request) -> Response:
        words, policy = door.pages.words(request), agent.config.policy
        closed = door.recovering.greyed(MethodName.RESET_BUTTON, door.face(request))
        if closed in (Closed.NO_BUTTON, Closed.NOT_OFFERED):
            return door.told(request, 200, *_NO_SWITCH)
        return door.pages.page(
            request,
            "device/forgot-button.html",
            place=words.text(_PLACES[agent.config.model.switch]),
            switch=agent.config.model.switch.value,
            hold=duration(policy.reset_button.hold, words),
            factory=policy.factory_login,
            loses=told(Action.NEW_PASSWORD_OR_DEFAULT, words, chose_default=True)[1],
        )

    return [door.get("/forgot/button", show)]
