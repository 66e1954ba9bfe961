"""Signing in and out; and the start page, which only knows where to send people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core.policy import Opening
from sparekey.core.values import Face, MethodName
from sparekey.device.agent import Wait
from sparekey.device.pages.door import SESSION, SETUP, go
from sparekey.device.pages.live import LIVE
from sparekey.device.pages.ways import page_of
from sparekey.language.moments import duration
from sparekey.web import cookies

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from sparekey.device.pages.door import Door
    from sparekey.web.forms import Form


def routes(door: Door) -> list[BaseRoute]:
    """The pages of this group."""
    agent = door.agent

    def start(request: Request) -> Response:
        if door.account(request):
            return go("/home")
        return go(LIVE if door.face(request) is Face.SCREEN and agent.is_set_up else "/login")

    def show(request: Request) -> Response:
        if door.account(request):
            return go("/home")
        if not agent.is_set_up and agent.config.policy.factory_login is None:
            return go("/setup")
        return _form(door, request)

    def sign_in(request: Request, form: Form) -> Response:
        user, password = form.text("user"), form.exact("password")
        factory = not agent.is_set_up
        if factory:
            answer = agent.factory_sign_in(user, password, source=door.source(request))
        else:
            answer = agent.sign_in(user, password, source=door.source(request), face=door.face(request))
        words = door.pages.words(request)
        if isinstance(answer, Wait):
            told = words.text(
                "Several wrong passwords came from here. Time to wait: %(time)s. Then try again."
            )
            return _form(door, request, 429, user, told % {"time": duration(answer.seconds, words)})
        if answer is None:
            told = words.text("User name or password: one of them is not right.")
            return _form(door, request, 403, user, told)
        response = go("/setup" if factory else "/home")
        cookies.put(response, request, SETUP if factory else SESSION, answer)
        return response

    def sign_out(request: Request, _form: Form) -> Response:
        token = cookies.read(request, SESSION)
        if token:
            agent.sign_out(token)
        response = go("/login")
        cookies.drop(response, request, SESSION)
        return response

    return [
        door.get("/", start),
        door.get("/login", show),
        door.post("/login", "login", sign_in),
        door.get("/logout", start),
        door.post("/logout", "logout", sign_out),
    ]


def _form(
    door: Door, request: Request, status: int = 200, user: str | None = None, error: str = ""
) -> Response:
    agent = door.agent
    return door.pages.page(
        request,
        "device/login.html",
        status=status,
        user=agent.account if user is None else user,
        error=error,
        factory=not agent.is_set_up,
        forgot=door.pages.words(request).text(agent.config.policy.words.forgot),
        idle=LIVE if door.face(request) is Face.SCREEN and agent.is_set_up else "",
        corner=_corner(door, request),
    )


def _corner(door: Door, request: Request) -> str:
    """Where a double click at the bottom left leads: only at the screen, and only where the maker's people know it."""
    at_screen = door.face(request) is Face.SCREEN and door.agent.is_set_up
    if not at_screen or door.agent.config.policy.opening is not Opening.CORNER:
        return ""
    return page_of(MethodName.SECURITY_CODE) or "/forgot"
