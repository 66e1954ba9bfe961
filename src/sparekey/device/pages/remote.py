"""Camera -> Remote Device: the cameras that were added, how they are, their own pages, and adding one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sparekey.core.errors import InputError, UnavailableError
from sparekey.core.values import Face
from sparekey.device.cameras.camera import CAMERAS_LIMIT, NAME_LIMIT, Camera, Control, State
from sparekey.device.pages.door import SESSION, go
from sparekey.device.pages.info import host_of
from sparekey.device.pages.inside import Doubt, Inside, Who
from sparekey.lan.discovery.found import mac_address
from sparekey.language.catalogue import N_
from sparekey.web import cookies
from sparekey.web.headers import POLICY
from sparekey.web.lean import RedirectResponse

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from sparekey.core.record import Account
    from sparekey.device.cameras.searching import Seen
    from sparekey.device.pages.door import Door
    from sparekey.web.forms import Form

REMOTE = "/camera/remote"
STATES = {
    State.NEW: N_("password not given yet"),
    State.OK: N_("in order"),
    State.WRONG_PASSWORD: N_("the stored password does not work"),
    State.OFFLINE: N_("does not answer"),
    State.FACTORY: N_("at factory state"),
    State.OTHER_KEY: N_("another device answers there"),
}
CHANGING = N_("a new password waits")


@dataclass(frozen=True)
class Row:
    """A camera in the table. `more`: where it is looked at; `web`: the form that opens its page, or empty."""

    name: str
    more: str
    address: str
    mac: str
    state: str
    good: bool
    web: str


@dataclass(frozen=True)
class _Faults:
    """What to say next to each field."""

    address: str = ""
    name: str = ""
    mac: str = ""


def routes(door: Door) -> list[BaseRoute]:
    """The pages of this group."""
    inside = Inside(door)
    cameras = door.agent.cameras

    def listed(request: Request, _account: Account) -> Response:
        words = door.pages.words(request)
        at_screen = door.face(request) is Face.SCREEN
        response = door.pages.page(
            request,
            "device/remote.html",
            rows=[_row(camera, words.text, at_screen=at_screen) for camera in cameras.all()],
            at_screen=at_screen,
        )
        # A form of this page leads on to a door of ours at another port.
        host, doors = request.url.hostname or "", door.cameras.doors if door.cameras else None
        host = f"[{host}]" if ":" in host else host
        scheme = "https" if doors is None or doors.tls else "http"
        leads = POLICY.replace("form-action 'self'", f"form-action 'self' {scheme}://{host}:*")
        response.headers["content-security-policy"] = leads
        return response

    def ask_add(request: Request, _account: Account) -> Response:
        return add_page(request)

    def add_page(
        request: Request,
        status: int = 200,
        faults: _Faults | None = None,
        address: str = "",
        name: str = "",
        mac: str = "",
        *,
        seen: list[Seen] | None = None,
    ) -> Response:
        return door.pages.page(
            request,
            "device/remote-add.html",
            status=status,
            here=f"{REMOTE}/add",
            seen=seen,
            faults=faults or _Faults(),
            address=address,
            name=name,
            mac=mac,
        )

    def add(request: Request, form: Form, _account: Account) -> Response:
        room, _ = door.cameras, door.pages.words(request).text
        typed = {field: form.text(field) for field in ("address", "name", "mac")}
        faults = _typed_faults(door, request, typed)
        if faults != _Faults():
            return add_page(request, 422, faults, *typed.values())
        if room is None:
            return go("/home")
        try:
            met = room.meet(typed["address"])
        except InputError as error:
            told = _("No camera of this recorder can be at this address.")
            if error.slug == "address":
                told = _("This does not look like an address. Examples: 192.0.2.10 or camera.local")
            return add_page(request, 422, _Faults(told), *typed.values())
        except UnavailableError:
            told = _(
                "No camera answers there. Check that it has power and its cable, and compare the address."
            )
            return add_page(request, 422, _Faults(told), *typed.values())
        host = met.page.partition("://")[2].rstrip("/")
        camera = room.add(met, typed["name"] or host, mac_address(typed["mac"]))
        if camera is None:
            full = len(cameras.all()) >= CAMERAS_LIMIT
            told = _("There is no room for another camera.") if full else _("This camera was added already.")
            return add_page(request, 409, _Faults(told), *typed.values())
        return go(f"{REMOTE}/{camera.id}")

    def web(request: Request, _form: Form, _account: Account) -> Response:
        camera, room = meant(door, request), door.cameras
        if camera is None or room is None or door.face(request) is Face.SCREEN:
            return door.told(request, 404, *_GONE)
        try:
            port, ticket = room.open_page(camera, cookies.read(request, SESSION) or "")
        except (InputError, UnavailableError):
            return door.told(request, 503, *_NO_DOOR)
        host = request.url.hostname or ""
        host = f"[{host}]" if ":" in host else host
        scheme = "https" if room.doors and room.doors.tls else "http"
        return RedirectResponse(f"{scheme}://{host}:{port}/.sparekey/{ticket}", 303)

    def search(request: Request, _form: Form, _account: Account) -> Response:
        return add_page(request, seen=door.cameras.search() if door.cameras else [])

    def look(_request: Request, _form: Form, _account: Account) -> Response:
        if door.cameras is not None:
            door.cameras.round()
            door.cameras.carry_soon()
        return go(REMOTE)

    def rename(request: Request, form: Form, _account: Account) -> Response:
        camera = meant(door, request)
        if camera is None:
            return door.told(request, 404, *_GONE)
        typed = {"name": form.text("name"), "mac": form.text("mac"), "address": "-"}
        if _typed_faults(door, request, typed) != _Faults():
            return door.told(request, 422, *_UNNAMED)
        cameras.rename(camera.id, typed["name"] or camera.name, mac_address(typed["mac"]))
        return go(f"{REMOTE}/{camera.id}")

    def ask_remove(request: Request, _account: Account) -> Response:
        camera = meant(door, request)
        return remove_page(request, camera) if camera else door.told(request, 404, *_GONE)

    def remove_page(request: Request, camera: Camera, status: int = 200, current: str = "") -> Response:
        page = "device/remote-remove.html"
        return door.pages.page(request, page, status=status, camera=camera, current=current)

    def remove(request: Request, form: Form, account: Account) -> Response:
        camera = meant(door, request)
        if camera is None:
            return go(REMOTE)
        confirmed = inside.confirm(request, form, account)
        if isinstance(confirmed, Doubt):
            return remove_page(request, camera, confirmed.status, confirmed.told)
        cameras.remove(camera.id)
        return go(REMOTE)

    one = f"{REMOTE}/{{camera:int}}"
    return [
        inside.get(REMOTE, listed, Who.ADMIN),
        inside.post(f"{REMOTE}/search", "camera-search", search, Who.ADMIN, calls=True),
        inside.post(f"{REMOTE}/look", "camera-look", look, Who.ADMIN, calls=True),
        inside.get(f"{REMOTE}/add", ask_add, Who.ADMIN),
        inside.post(f"{REMOTE}/add", "camera-add", add, Who.ADMIN, calls=True),
        inside.post(f"{one}/web", "camera-web", web, Who.ADMIN),
        inside.post(f"{one}/name", "camera-name", rename, Who.ADMIN),
        inside.get(f"{one}/remove", ask_remove, Who.ADMIN),
        inside.post(f"{one}/remove", "camera-remove", remove, Who.ADMIN),
    ]


_GONE = (
    N_("This camera is not in the list any more"),
    N_("Somebody removed it, or the address was typed by hand."),
    REMOTE,
    N_("See the cameras"),
)
_NO_DOOR = (
    N_("The camera's page does not open here"),
    N_(
        "Its address is not one of a camera any more, or the recorder has no free door. Try again in a minute."
    ),
    REMOTE,
    N_("See the cameras"),
)
_UNNAMED = (
    N_("Nothing was changed."),
    N_("A name has at most 64 characters, and a MAC address looks like 02-00-5e-00-53-01."),
    REMOTE,
    N_("See the cameras"),
)


def meant(door: Door, request: Request) -> Camera | None:
    """The camera that the address names."""
    number: int = request.path_params["camera"]
    return door.agent.cameras.get(number) if number < 1 << 62 else None


def state_told(camera: Camera, text: Callable[[str], str]) -> tuple[str, bool]:
    """How a camera is, in words, and whether all is well."""
    if camera.change is not None:
        return text(CHANGING), False
    if camera.control is Control.NONE and camera.state is State.NEW:
        return text(N_("only its own page is known")), True
    return text(STATES[camera.state]), camera.state is State.OK


def _row(camera: Camera, text: Callable[[str], str], *, at_screen: bool) -> Row:
    told, good = state_told(camera, text)
    here = f"{REMOTE}/{camera.id}"
    web = "" if at_screen else f"{here}/web"
    return Row(camera.name, here, host_of(camera), camera.mac, told, good, web)


def _typed_faults(door: Door, request: Request, typed: dict[str, str]) -> _Faults:
    _ = door.pages.words(request).text
    long = len(typed["name"]) > NAME_LIMIT or not typed["name"].isprintable()
    return _Faults(
        "" if typed["address"] else _("Type the address of the camera."),
        _("A name has at most 64 characters.") if long else "",
        ""
        if not typed["mac"] or mac_address(typed["mac"])
        else _("A MAC address looks like 02-00-5e-00-53-01."),
    )
