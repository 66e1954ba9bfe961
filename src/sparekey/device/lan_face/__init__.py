"""The answering side of our own calls: the same device behind a door for programs (spec/lan.md section 5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.device.lan_face import owner, recovery, ways
from sparekey.device.lan_face.calls import Calls

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

    from sparekey.device.pages.door import Door


def routes(door: Door) -> list[BaseRoute]:
    """A route for each call, or none where the maker's settings switch them off."""
    if not door.agent.config.settings.lan.calls:
        return []
    calls = Calls(door)
    return [route for group in (ways, recovery, owner) for route in group.routes(calls)]
