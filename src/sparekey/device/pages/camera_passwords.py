"""Camera -> Passwords: new ones for all cameras at once, what became of each, and the stored ones for their owner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core.values import Secret
from sparekey.device.cameras.camera import Control, Result
from sparekey.device.cameras.room import can_change
from sparekey.device.cameras.safe import Place
from sparekey.device.pages.afterwards import Line
from sparekey.device.pages.door import go
from sparekey.device.pages.inside import Doubt, Inside, Who
from sparekey.device.pages.remote import REMOTE, meant
from sparekey.language.catalogue import N_

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from sparekey.core.record import Account
    from sparekey.device.pages.door import Door
    from sparekey.web.forms import Form

PASSWORDS = "/camera/passwords"
RESULTS = {
    Result.SHARED: N_("has this recorder's password; the old one no longer works"),
    Result.OWN: N_("has a new password of its own; the old one no longer works"),
    Result.WAITING: N_("does not answer: it gets a password of its own later, by itself"),
    Result.UNKNOWN: N_("not changed: the recorder knows no password that works on it"),
    Result.REFUSED: N_("not changed: the camera does not take this password"),
    Result.IN_THE_OPEN: N_("not changed: it would travel unencrypted"),
    Result.BOTH: N_("has a new password, but the old one still works: look at its users"),
}
GOOD = (Result.SHARED, Result.OWN)


def routes(door: Door) -> list[BaseRoute]:
    """The pages of this group."""
    inside = Inside(door)
    door.afterwards.append(lines)
    cameras, policy = door.agent.cameras, door.agent.config.policy

    def show(request: Request, _account: Account) -> Response:
        return page(request)

    def page(request: Request, status: int = 200, current: str = "") -> Response:
        _ = door.pages.words(request).text
        told = [camera for camera in cameras.all() if camera.control is not Control.NONE]
        return door.pages.page(
            request,
            "device/camera-passwords.html",
            status=status,
            here=PASSWORDS,
            current=current,
            shared=policy.response.cameras_too,
            ready=[camera.name for camera in told if can_change(camera)],
            closed=[camera.name for camera in told if not can_change(camera)],
            results=results(door, request),
        )

    def change(request: Request, form: Form, account: Account) -> Response:
        room = door.cameras
        confirmed = inside.confirm(request, form, account)
        if isinstance(confirmed, Doubt):
            return page(request, confirmed.status, confirmed.told)
        if room is None:
            return go("/home")
        password = Secret(form.exact("current")) if policy.response.cameras_too else None
        room.give_all(password, door.agent.record.generation)
        return go(PASSWORDS)

    def ask_reveal(request: Request, _account: Account) -> Response:
        return reveal_page(request, None)

    def reveal_page(
        request: Request, rows: list[tuple[str, str, str]] | None, status: int = 200, current: str = ""
    ) -> Response:
        page = "device/camera-reveal.html"
        return door.pages.page(request, page, status=status, here=PASSWORDS, rows=rows, current=current)

    def reveal(request: Request, form: Form, account: Account) -> Response:
        confirmed = inside.confirm(request, form, account)
        if isinstance(confirmed, Doubt):
            return reveal_page(request, None, confirmed.status, confirmed.told)
        rows = []
        for camera in cameras.all():
            kept = cameras.password(camera.id, Place.CREDENTIAL)
            if kept is not None:
                rows.append((camera.name, camera.user, kept.text))
        return reveal_page(request, rows)

    def activate(request: Request, _form: Form, _account: Account) -> Response:
        camera, room = meant(door, request), door.cameras
        if camera is None or room is None or camera.control is Control.NONE:
            return go(REMOTE)
        room.changing.stage(door.agent.record.generation, {camera.id})
        room.changing.go_on(camera.id)
        return go(f"{REMOTE}/{camera.id}")

    def agree(request: Request, form: Form, account: Account) -> Response:
        camera = meant(door, request)
        confirmed = inside.confirm(request, form, account)
        if camera is not None and not isinstance(confirmed, Doubt) and form.checked("agreed"):
            cameras.agree(camera.id)
        return go(f"{REMOTE}/{camera.id}" if camera else REMOTE)

    one = f"{REMOTE}/{{camera:int}}"
    return [
        inside.get(PASSWORDS, show, Who.ADMIN),
        inside.post(PASSWORDS, "camera-passwords", change, Who.ADMIN),
        inside.get(f"{PASSWORDS}/show", ask_reveal, Who.ADMIN),
        inside.post(f"{PASSWORDS}/show", "camera-reveal", reveal, Who.ADMIN),
        inside.post(f"{one}/activate", "camera-activate", activate, Who.ADMIN, calls=True),
        inside.post(f"{one}/agree", "camera-agree", agree, Who.ADMIN),
    ]


def lines(door: Door, request: Request) -> list[Line]:
    """What a recovery that took the cameras along tells about them."""
    generation = door.agent.record.generation
    words = door.pages.words(request)
    told = [camera for camera in door.agent.cameras.all() if camera.result_generation == generation]
    waiting = [
        camera
        for camera in door.agent.cameras.all()
        if camera.change and camera.change.generation == generation and camera not in told
    ]
    count = len(told) + len(waiting)
    if not count:
        return []
    good = sum(Result(camera.result) in GOOD for camera in told)
    text = words.forms(
        "%(num)s of %(all)s camera has its new password",
        "%(num)s of %(all)s cameras have their new password",
        good,
    ) % {"num": good, "all": count}
    here = Line(text, PASSWORDS, words.text(N_("See each camera")))
    bad = [(camera.name, Result(camera.result)) for camera in told if Result(camera.result) not in GOOD]
    return [here, *(Line(f"{name}: {words.text(RESULTS[result])}") for name, result in bad)]


def results(door: Door, request: Request) -> list[tuple[str, str, bool]]:
    """What became of each camera at the newest change: its name, how it is in words, whether all is well."""
    _ = door.pages.words(request).text
    told = [camera for camera in door.agent.cameras.all() if camera.result]
    newest = max((camera.result_generation for camera in told), default=0)
    rows = []
    for camera in told:
        if camera.result_generation == newest:
            result = Result(camera.result)
            rows.append((camera.name, _(RESULTS[result]), result in GOOD))
    return rows
