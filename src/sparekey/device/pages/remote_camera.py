"""One camera of the recorder: how it is, and its password."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core.errors import InputError
from sparekey.core.values import Secret, account_name
from sparekey.device.cameras.camera import Control, Result, State
from sparekey.device.pages.camera_passwords import RESULTS
from sparekey.device.pages.door import go
from sparekey.device.pages.info import host_of
from sparekey.device.pages.inside import Inside, Who
from sparekey.device.pages.remote import REMOTE, meant, state_told
from sparekey.lan.link.fingerprint import shown
from sparekey.language.catalogue import N_

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from sparekey.core.record import Account
    from sparekey.device.cameras.camera import Camera
    from sparekey.device.cameras.trying import Tried
    from sparekey.device.pages.door import Door
    from sparekey.web.forms import Form

_CONTROLS = {
    Control.LINK: N_("a camera of this maker"),
    Control.ONVIF: N_("ONVIF"),
    Control.NONE: N_("only its own page"),
}
_ORIGINS = {
    "stored": N_("The stored password"),
    "typed": N_("What you typed"),
    "former": N_("The earlier recorder's password"),
}
_HEARD = {
    "right": N_("works"),
    "wrong": N_("does not work"),
    "locked": N_("not tried: after more wrong ones the camera would lock itself. Wait half an hour."),
    "silent": N_("not tried: the camera does not answer"),
    "garbled": N_("not tried: the camera's answer cannot be read"),
    "other-key": N_("not tried: another device answers at this address"),
    "in-the-open": N_("not tried: the camera wants it unencrypted, and others in the network could read it"),
    "factory": N_("not needed: nobody set a password on this camera"),
    "refused": N_("not tried: the recorder can only show this camera's own page"),
}


def routes(door: Door) -> list[BaseRoute]:
    """The pages of this group."""
    inside = Inside(door)

    def show(request: Request, _account: Account) -> Response:
        camera = meant(door, request)
        return page(request, camera) if camera else go(REMOTE)

    def page(
        request: Request,
        camera: Camera,
        status: int = 200,
        results: list[tuple[str, str]] | None = None,
        *,
        works: bool = False,
        user: str = "",
        fault: str = "",
    ) -> Response:
        _ = door.pages.words(request).text
        return door.pages.page(
            request,
            "device/remote-camera.html",
            status=status,
            here=f"{REMOTE}/{camera.id}",
            camera=camera,
            facts=_facts(door, request, camera),
            factory=camera.state is State.FACTORY,
            good=camera.state is State.OK,
            controlled=camera.control is not Control.NONE,
            result=_(RESULTS[Result(camera.result)]) if camera.result else "",
            in_the_open=camera.result == Result.IN_THE_OPEN.value and not camera.in_the_open,
            results=results or [],
            works=works,
            user=user or camera.user,
            fault=fault,
        )

    def attempt(request: Request, form: Form, _account: Account) -> Response:
        from sparekey.device.cameras.talk import Heard
        from sparekey.device.cameras.trying import try_passwords

        camera, room, _ = meant(door, request), door.cameras, door.pages.words(request).text
        if camera is None or room is None:
            return go(REMOTE)
        user = form.text("user")
        try:
            account_name(user)
        except InputError:
            told = _("A user name has 1 to 32 letters without accents, digits, or . _ - and no spaces.")
            return page(request, camera, 422, user=user, fault=told)
        typed, former = Secret(form.exact("password")), Secret(form.exact("former"))
        tried = try_passwords(room, camera, user, typed, former)
        works = any(each.heard is Heard.RIGHT for each in tried)
        fresh = door.agent.cameras.get(camera.id) or camera
        return page(
            request, fresh, 200 if works else 403, [_told(door, request, t) for t in tried], works=works
        )

    one = f"{REMOTE}/{{camera:int}}"
    return [
        inside.get(one, show, Who.ADMIN),
        inside.post(f"{one}/password", "camera-password", attempt, Who.ADMIN, calls=True),
    ]


def _told(door: Door, request: Request, tried: Tried) -> tuple[str, str]:
    _ = door.pages.words(request).text
    if tried.heard is None:
        return _(_ORIGINS[tried.origin.value]), _("not needed any more")
    return _(_ORIGINS[tried.origin.value]), _(_HEARD[tried.heard.value])


def _facts(door: Door, request: Request, camera: Camera) -> list[tuple[str, str]]:
    _ = door.pages.words(request).text
    state, _good = state_told(camera, _)
    told = [(_("State"), state), (_("Address"), host_of(camera))]
    if camera.mac:
        told.append((_("MAC address"), camera.mac))
    told.append((_("Spoken with as"), _(_CONTROLS[camera.control])))
    if camera.seen_age is not None:
        told.append((_("Last seen"), door.when(request, camera.seen_wall, camera.seen_age)))
    if camera.pin is not None:
        told.append((_("Fingerprint of its key"), shown(camera.pin)))
    else:
        told.append((_("Connection"), _("unencrypted: others in the network can listen")))
    return told
