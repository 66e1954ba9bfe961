"""What every page of the device needs: the agent, who asks and from where, and the page that says no."""

from __future__ import annotations

import asyncio
import ipaddress
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

from sparekey.core.crypto import derive
from sparekey.core.errors import InputError, Refusal, UnavailableError
from sparekey.core.model import DeviceKind
from sparekey.core.values import Face, MethodName
from sparekey.device.pages.afterwards import own_lines
from sparekey.device.pages.pickup import carried, hashed
from sparekey.device.recovery import Recovering
from sparekey.device.usb import UsbFolder
from sparekey.host.problems import of_refusal
from sparekey.language.catalogue import N_
from sparekey.language.moments import date, duration, moment
from sparekey.web import cookies
from sparekey.web.answers import lean
from sparekey.web.form_token import Token
from sparekey.web.forms import Upload
from sparekey.web.lean import RedirectResponse, Route
from sparekey.web.page import Band, Pages
from sparekey.web.statics import Statics

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import HTTPConnection, Request
    from starlette.responses import Response

    from sparekey.device.agent import Agent
    from sparekey.device.cameras.room import CameraRoom
    from sparekey.device.pages.afterwards import Line
    from sparekey.host.entropy import Entropy
    from sparekey.web.forms import Form, Limits

SESSION, SETUP = "session", "setup"
"""Names of cookies."""
FACE = "sparekey.face"
"""Where a listener writes into the ASGI scope which face its visitors speak to."""
SCREEN_DOOR = "sparekey.screen-door"
"""Set where the visitor came through the listener of the recorder's own screen, whoever it is."""
_PACKAGE = {"device": "sparekey.device"}
_WORKERS = 2
"""Threads that do what waits for the disk or for a hash; the event loop goes on meanwhile."""
_CALLERS = 4
"""Threads that wait for cameras."""
_CALLS_LIMIT = 8
"""Pages that may wait for cameras at the same time."""

_NEXT = {
    Refusal.WRONG_CODE: ("/forgot/code", N_("Type the code again")),
    Refusal.NOT_GENUINE: ("/forgot", N_("See the ways back in")),
    Refusal.STORE_REFUSED: ("/", N_("Try again")),
    Refusal.STORE_WAITS: ("/", N_("Go to the start page")),
    Refusal.NOT_ENOUGH: ("/home", N_("Go back")),
    Refusal.LAST_ADMIN: ("/home", N_("Go back")),
    Refusal.EXPIRED: ("/forgot", N_("Start again")),
    Refusal.TOO_MANY_TRIES: ("/forgot", N_("See the ways back in")),
    Refusal.PAUSED: ("/forgot/code", N_("Type the code again")),
    Refusal.NOT_AUTHORISED: ("/forgot", N_("Start again here")),
    Refusal.NO_SUCH_REQUEST: ("/forgot", N_("Start again")),
    Refusal.TOO_MANY_REQUESTS: ("/forgot", N_("See the ways back in")),
    Refusal.ALREADY_DONE: ("/login", N_("Sign in")),
    Refusal.NOT_SET_UP: ("/forgot", N_("See the ways back in")),
    Refusal.NOT_OFFERED: ("/forgot", N_("See the ways back in")),
    Refusal.NOT_NOW: ("/", N_("Go to the start page")),
    Refusal.NEEDS_PRESENCE: ("/", N_("Try again")),
    Refusal.NOT_CHARGED: ("/forgot/code", N_("Type the code again")),
}
"""Where a person goes on from each refusal, and what the button says."""
_CALLING = (
    N_("Several cameras are being called already."),
    N_("Wait until their answers are there, a quarter of a minute at most."),
)
_ERASING = (
    N_("The [recorder|camera] is being erased"),
    N_("Leave it switched on. What cannot be erased now is tried again every five minutes."),
)


_STICK = {
    "usb-gone": (
        N_("This file is not on the USB stick any more"),
        N_("Plug the stick in again, wait a moment, and choose the file once more."),
    ),
    "usb-kind": (
        N_("This is no plain file"),
        N_("Copy the file itself onto the stick, not a link to it or a folder."),
    ),
    "usb-size": (
        N_("This file is too big"),
        N_("Choose the file that was saved for it: those have a few kilobytes."),
    ),
    "usb-save": (
        N_("Nothing was saved"),
        N_("Plug a USB stick in and wait a moment. If one is there, it is full or cannot be written to."),
    ),
}
_SAVED = (
    N_("It is saved on the USB stick"),
    N_("You can pull the stick out now."),
)


class Door:
    """One for all pages. `afterwards`: what tells a person what a recovery left to be done, room by room."""

    def __init__(
        self,
        agent: Agent,
        entropy: Entropy,
        offset: Callable[[int], int],
        cameras: CameraRoom | None = None,
    ) -> None:
        settings = agent.config.settings
        band = self.named = Band(settings.name, settings.model, settings.serial)
        bare = Band(settings.name, settings.model)
        self.agent = agent
        self.cameras = cameras
        self.recovering = Recovering(agent)
        self.usb = UsbFolder(settings.usb)
        self.pages = Pages(
            _PACKAGE,
            statics=Statics(_PACKAGE),
            token=Token(self._form_key(), entropy),
            band=lambda: band,
            band_for=lambda request: None if self.may_read_serial(request) else bare,
            look="device",
            at_screen=lambda request: self.face(request) is Face.SCREEN,
            camera=agent.config.kind is DeviceKind.CAMERA,
            also={"usb": self.usb},
            answers=lean(),
        )
        agent.when_erased(lambda: self.pages.token.rekey(self._form_key()))
        self.afterwards: list[Callable[[Door, Request], list[Line]]] = [own_lines]
        self.offset = offset
        self._workers = ThreadPoolExecutor(_WORKERS, thread_name_prefix="page")
        self._callers = ThreadPoolExecutor(_CALLERS, thread_name_prefix="camera")
        self._calling = 0

    def get(self, path: str, page: Callable[[Request], Response]) -> Route:
        """A page to look at. `page` runs in a thread."""

        async def endpoint(request: Request) -> Response:
            return await self.work(self._unless_erasing, page, request)

        return Route(path, endpoint, methods=["GET"])

    def post(
        self,
        path: str,
        purpose: str,
        page: Callable[[Request, Form], Response],
        limits: Limits | None = None,
        *,
        calls: bool = False,
    ) -> Route:
        """What a form does. `page` runs in a thread, after the form's hidden field was checked. `calls`: it waits for
        cameras, which may never answer, so it keeps nobody else waiting.
        """

        async def endpoint(request: Request) -> Response:
            form = await self.pages.form(request, purpose, limits)
            work = self._call if calls else self.work
            return await work(self._unless_erasing, self._with_stick(page), request, form)

        return Route(path, endpoint, methods=["POST"])

    async def _call(
        self, do: Callable[..., Response], page: object, request: Request, form: Form
    ) -> Response:
        if self._calling >= _CALLS_LIMIT:
            return self.told(request, 503, *_CALLING, request.url.path, N_("Try again"))
        self._calling += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._callers, do, page, request, form)
        finally:
            self._calling -= 1

    async def work(self, do: Callable[..., Response], *arguments: object) -> Response:
        """Let a thread do what waits for the disk or for a hash."""
        return await asyncio.get_running_loop().run_in_executor(self._workers, do, *arguments)

    def _unless_erasing(self, page: Callable[..., Response], request: Request, *form: Form) -> Response:
        if self.agent.is_erasing:
            return self.told(request, 503, *_ERASING, "/", N_("Look again"))
        return page(request, *form)

    def _with_stick(self, page: Callable[[Request, Form], Response]) -> Callable[[Request, Form], Response]:
        """The same page; a file that was picked on the USB stick, at the screen, comes as if it were uploaded."""

        def done(request: Request, form: Form) -> Response:
            name = form.text("usb") if self.face(request) is Face.SCREEN else ""
            if name:
                try:
                    upload = Upload(name, self.usb.read(name))
                except InputError as error:
                    return self.told(request, 422, *_STICK[error.slug], request.url.path, N_("Go back"))
                form = replace(form, files={"file": upload})
            return page(request, form)

        return done

    def to_stick(self, request: Request, file: Response, href: str, back: str = "") -> Response:
        """Save on the USB stick what would be downloaded elsewhere, and say so. `href`: where it goes on; `back`: where
        to, when nothing was saved, if that is another page.
        """
        _, _, name = file.headers["content-disposition"].partition('filename="')
        if self.face(request) is not Face.SCREEN:
            return self.refused(request, Refusal.NOT_OFFERED)
        try:
            self.usb.save(name.rstrip('"'), bytes(file.body))
        except UnavailableError:
            return self.told(request, 503, *_STICK["usb-save"], back or href, N_("Go back"))
        return self.told(request, 200, *_SAVED, href, N_("Go on"))

    def _form_key(self) -> bytes:
        """A key that stays: pages that are open go on working after a restart, and not after an erase."""
        return derive(self.agent.keys.device_key, "form tokens")

    def face(self, request: HTTPConnection) -> Face:
        """Where the person stands: at the recorder's own screen, or somewhere on the network."""
        face: Face = request.scope.get(FACE, Face.NETWORK)
        return face

    def source(self, request: Request) -> str:
        """Who asks, for the delay at the login: the screen, an IPv4 address, an IPv6 address's /64."""
        if self.face(request) is Face.SCREEN or request.client is None:
            return self.face(request).value
        try:
            address = ipaddress.ip_address(request.client.host)
        except ValueError:
            return request.client.host
        return str(address if address.version == 4 else ipaddress.ip_network((int(address) >> 64 << 64, 64)))

    def account(self, request: HTTPConnection) -> str | None:
        """Whoever is signed in, or None."""
        return self.agent.signed_in(cookies.read(request, SESSION))

    def may_read_serial(self, request: HTTPConnection) -> bool:
        """Whether pages may name the serial number to this visitor (spec/requests.md section 10.3)."""
        if not self.recovering.opens_at_login(self.face(request)) or self.account(request):
            return True
        mine = hashed(carried(request)[0])
        return self.recovering.request_of(mine, MethodName.SECURITY_CODE) is not None

    def refused(self, request: Request, refusal: Refusal) -> Response:
        """The page for a "no": what happened, what to do, and the button that does it."""
        problem = of_refusal(refusal)
        href, label = _NEXT[refusal]
        return self.told(request, problem.status, problem.told, problem.mend, href, label)

    def told(self, request: Request, status: int, title: str, text: str, href: str, label: str) -> Response:
        """A page of two sentences and one button. The texts are messages in English."""
        _ = self.pages.words(request).text
        return self.pages.page(
            request,
            "device/told.html",
            status=status,
            here="/",
            title=_(title),
            text=_(text),
            href=href,
            label=_(label),
        )

    def when(self, request: Request, wall: int | None, age: int) -> str:
        """A past moment in words: by a clock that was trusted then and is now, else by the device's age."""
        words = self.pages.words(request)
        now = self.agent.now().moment.wall
        if wall is None or now is None:
            since = duration(self.agent.age() - age, words)
            return words.text("%(time)s of switched-on time ago") % {"time": since}
        return moment(wall, now, self.offset(wall), words)

    def day(self, request: Request, wall: int) -> str:
        """A day with its year, as it stands on paper."""
        return date(wall, 0, self.offset(wall), self.pages.words(request))

    def until(self, request: Request, remaining: int, ends: int | None) -> str:
        """How long something holds. `remaining`: seconds of the device's age. `ends`: Unix seconds."""
        words = self.pages.words(request)
        now = self.agent.now().moment.wall
        if ends is None or now is None:
            return words.text("valid for %(time)s of switched-on time") % {"time": duration(remaining, words)}
        soonest = min(ends, now + remaining)
        told = moment(soonest, now, self.offset(soonest), words)
        return words.text("valid until %(time)s") % {"time": told}


def go(path: str) -> RedirectResponse:
    """On to another page, by GET."""
    return RedirectResponse(path, 303)
