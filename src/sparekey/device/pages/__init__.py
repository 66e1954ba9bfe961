"""The pages of the device, the same on its screen and in every browser: one file for each group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.device import lan_face
from sparekey.device.onvif import face as onvif_face
from sparekey.device.pages import (
    address,
    audit,
    button,
    camera,
    camera_passwords,
    cancel,
    code,
    confirming,
    default,
    home,
    info,
    key_file,
    live,
    login,
    mail,
    onvif,
    own_key_file,
    own_sheet,
    password,
    phones,
    questions,
    recordings,
    registration,
    remote,
    remote_camera,
    screen,
    security_code,
    setup,
    sheet,
    support,
    system,
    technician,
    users,
    ways,
    ways_back,
)
from sparekey.device.pages.door import Door
from sparekey.device.pages.proof import ANSWER_LIMIT, ANSWERS
from sparekey.lan.link.frame import PATH as CALLS
from sparekey.lan.onvif.names import PATH as ONVIF
from sparekey.web.guard import Rules
from sparekey.web.lean.face import lean_face

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from starlette.types import ASGIApp

    from sparekey.device.agent import Agent
    from sparekey.device.cameras.room import CameraRoom
    from sparekey.host.entropy import Entropy


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
    signed_in = (
        home,
        info,
        recordings,
        ways_back,
        own_key_file,
        own_sheet,
        users,
        address,
        phones,
        audit,
        onvif,
        default,
    )
    with_support = (security_code, system, support, technician)
    locked_out = (ways, button, questions, key_file, sheet, mail, code, *with_support, cancel, password)
    behind = (camera, remote, remote_camera, camera_passwords) if cameras is not None else ()
    at_desk = (registration, confirming)
    groups = (screen, live, login, setup, *signed_in, *at_desk, *locked_out, *behind)
    routes = [route for group in groups for route in group.routes(door)]
    rules = Rules(
        own_names=own_names,
        machine_paths=(CALLS, ONVIF),
        larger=(*ANSWERS, ("/registration/answer", ANSWER_LIMIT + 4096)),
    )
    return lean_face(
        [*lan_face.routes(door), *onvif_face.routes(door), *routes],
        pages=door.pages,
        rules=rules,
        entropy=entropy,
    )
