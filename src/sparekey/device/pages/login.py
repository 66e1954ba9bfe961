"""Signing in and out; and the start page, which only knows where to send people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core.errors import Refusal
from sparekey.core.policy import Opening
from sparekey.core.values import Face, MethodName
from sparekey.device.agent import Wait
from sparekey.device.pages.claim import begin, claim_of, give_claim
from sparekey.device.pages.door import SESSION, SETUP, go
from sparekey.device.pages.live import LIVE
from sparekey.device.pages.proof import leads_to
from sparekey.device.pages.security_code import ReadOut, read_out, told_of
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
        face, claim = door.face(request), claim_of(door, request)
        if door.recovering.is_temporary(claim.hash, user, password, face=face):
            return go("/forgot/password")
        factory = not agent.is_set_up
        if factory:
            answer = agent.factory_sign_in(user, password, source=door.source(request))
        else:
            answer = agent.sign_in(user, password, source=door.source(request), face=face)
        words = door.pages.words(request)
        if isinstance(answer, Wait):
            told = words.text(
                "Several wrong passwords came from here. Time to wait: %(time)s. Then try again."
            )
            return _form(door, request, 429, user, told % {"time": duration(answer.seconds, words)})
        if answer is None:
            right = door.recovering.code_as_password(claim.hash, user, password, face=face)
            if right is not None:
                agent.entrance.welcome(door.source(request))
                return go(leads_to(door, request, right))
            if not factory and door.recovering.opens_at_login(face):
                return _revealed(door, request, user)
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


def _revealed(door: Door, request: Request, user: str) -> Response:
    """The answer to a wrong password where that, and nothing else, shows what to read out to support."""
    words = door.pages.words(request)
    wrong = words.text("User name or password: one of them is not right.")
    token, claim = begin(door, request)
    opened = door.recovering.open_security_code(claim, face=door.face(request), revealed=True)
    if isinstance(opened, Refusal):
        waits = door.recovering.reveal_waits()
        if opened is Refusal.TOO_MANY_REQUESTS and waits:
            told = words.text(
                "What support needs is shown in another browser now. It can be shown here in %(time)s."
            )
            wrong = f"{wrong} {told % {'time': duration(waits, words)}}"
        return _form(door, request, 403, user, wrong)
    response = _form(door, request, 403, user, wrong, told_of(door, request, opened))
    give_claim(door, request, response, token)
    return response


def _form(
    door: Door,
    request: Request,
    status: int = 200,
    user: str | None = None,
    error: str = "",
    told: ReadOut | None = None,
) -> Response:
    agent = door.agent
    if told is None and agent.is_set_up and door.recovering.opens_at_login(door.face(request)):
        told = read_out(door, request)
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
        told=told,
        band=door.named if told else None,
    )


def _corner(door: Door, request: Request) -> bool:
    """Whether a double click at the bottom left leads to the code: only at the screen, and where people know it so."""
    policy = door.agent.config.policy
    closed = door.recovering.greyed(MethodName.SECURITY_CODE, door.face(request))
    at_screen = door.face(request) is Face.SCREEN and door.agent.is_set_up
    return at_screen and policy.opening is Opening.CORNER and not closed
