"""What anybody is told: which ways in are possible, and nothing else (spec/lan.md section 5.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core.errors import Refusal
from sparekey.core.methods import METHODS
from sparekey.core.methods.method import Closed
from sparekey.core.model import DeviceKind
from sparekey.core.values import Face, MethodName
from sparekey.device.lan_face.rates import Sort
from sparekey.lan.link.frame import Nothing
from sparekey.lan.link.ways import Abilities, Setting, Way

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

    from sparekey.core.messages.fields import Fields
    from sparekey.device.lan_face.calls import Caller, Calls
    from sparekey.device.pages.door import Door

_SETTINGS = {None: Setting.OPEN, Refusal.ALREADY_DONE: Setting.DONE}
_OPENLY = {Closed.NOT_HERE, Closed.OLD_FIRMWARE, Closed.NEEDS_POWER_ON, Closed.NO_BUTTON}
"""Reasons that tell nothing of what the owner did."""


def routes(calls: Calls) -> list[BaseRoute]:
    """The calls of this group."""
    door = calls.door

    def abilities(_caller: Caller, fields: Fields) -> Abilities:
        Nothing.read(fields)
        agent, policy = door.agent, door.agent.config.policy
        ways = [way for method in METHODS if (way := _way(door, method))] if agent.is_set_up else []
        recorder = agent.config.kind is DeviceKind.RECORDER
        return Abilities(
            _SETTINGS.get(agent.may_set_up(Face.NETWORK), Setting.NEEDS_PRESENCE),
            tuple(ways),
            policy.password.least,
            policy.password.most,
            cameras=recorder and policy.response.cameras_too,
        )

    return [calls.route("abilities", Sort.LOOK, abilities)]


def _way(door: Door, method: MethodName) -> Way | None:
    """One way as a stranger sees it; None for what the maker does not offer."""
    closed = door.recovering.greyed(method, Face.NETWORK)
    if closed is Closed.NOT_OFFERED:
        return None
    if closed is not None:
        return Way(method, closed.value if closed in _OPENLY else Refusal.NOT_SET_UP.value)
    at_login = method is MethodName.SECURITY_CODE and door.recovering.opens_at_login(Face.NETWORK)
    if at_login or method is MethodName.RESET_BUTTON:
        return Way(method, Closed.NOT_HERE.value)
    if not door.recovering.reaches_desk(method):
        return Way(method, Refusal.NOT_SET_UP.value)
    if not door.recovering.tries(method, Face.NETWORK).left:
        return Way(method, Refusal.TOO_MANY_TRIES.value)
    return Way(method)
