"""The pages of the device, the same on its screen and in every browser: one file for each group, loaded when somebody
first asks for one of its paths. Most are asked for once a year.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from sparekey.device.pages.door import Door
from sparekey.device.pages.proof import ANSWER_LIMIT, ANSWERS
from sparekey.lan.link.frame import PATH as CALLS
from sparekey.lan.onvif.names import PATH as ONVIF
from sparekey.web.guard import Rules
from sparekey.web.lean.face import lean_face

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from starlette.routing import BaseRoute
    from starlette.types import ASGIApp

    from sparekey.device.agent import Agent
    from sparekey.device.cameras.room import CameraRoom
    from sparekey.host.entropy import Entropy


HERE = "sparekey.device.pages"
GROUPS = {
    "": ("login",),
    "login": ("login",),
    "logout": ("login",),
    "screen": ("screen",),
    "live": ("live",),
    "setup": ("setup",),
    "home": ("home",),
    "info": ("info",),
    "recordings": ("recordings",),
    "ways": ("ways_back", "own_key_file", "own_sheet"),
    "configuration": ("users", "default"),
    "users": ("users", "address"),
    "phones": ("phones",),
    "sessions": ("sessions",),
    "audit": ("audit",),
    "systems": ("onvif",),
    "registration": ("registration",),
    "address": ("confirming",),
    "system": ("system",),
    # The last one tells there what became of the cameras.
    "forgot": (
        *("ways", "button", "questions", "key_file", "sheet", "mail", "code", "security_code", "support"),
        *("technician", "cancel", "password", "camera_passwords"),
    ),
    "camera": ("camera", "remote", "remote_camera", "camera_passwords"),
    CALLS.strip("/"): ("sparekey.device.lan_face",),
    ONVIF.strip("/").partition("/")[0]: ("sparekey.device.onvif.face",),
}
"""The first part of a path -> the modules whose `routes` have such paths; here, or by a whole name."""
BEHIND = frozenset({"camera", "remote", "remote_camera", "camera_passwords"})
"""Those of a recorder with its cameras."""


class Rooms:
    """The groups of one device."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._loaded: dict[str, list[BaseRoute]] = {}

    def routes(self, path: str) -> list[BaseRoute]:
        """Every route that may have this path."""
        first = path.removeprefix("/").partition("/")[0]
        return [route for name in GROUPS.get(first, ()) for route in self._group(name)]

    def _group(self, name: str) -> list[BaseRoute]:
        if name in BEHIND and self._door.cameras is None:
            return []
        if name not in self._loaded:
            module = import_module(name if "." in name else f"{HERE}.{name}")
            self._loaded[name] = module.routes(self._door)
        return self._loaded[name]


def application(
    agent: Agent,
    *,
    entropy: Entropy,
    own_names: Callable[[], Collection[str]],
    offset: Callable[[int], int],
    cameras: CameraRoom | None = None,
) -> ASGIApp:
    """The ASGI application. `own_names`: what people may call this device at the moment (`guard.Rules`).

    `offset`: seconds between local time and UTC at a moment in Unix seconds. `cameras`: of a recorder.
    """
    door = Door(agent, entropy, offset, cameras)
    rules = Rules(
        own_names=own_names,
        machine_paths=(CALLS, ONVIF),
        larger=(*ANSWERS, ("/registration/answer", ANSWER_LIMIT + 4096)),
    )
    return lean_face(Rooms(door).routes, pages=door.pages, rules=rules, entropy=entropy)
