"""Signing in and out, and joining with a code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse
from starlette.routing import Route

from sparekey.core.admission import Agreed
from sparekey.core.errors import InputError, UntrustedError
from sparekey.desk.console import names
from sparekey.desk.console.door import COOKIE, ME, ROOT, SIGN_IN, home
from sparekey.desk.staff.people import Person
from sparekey.language.catalogue import N_
from sparekey.web import cookies
from sparekey.web.forms import Limits

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from sparekey.desk.console.door import Door
    from sparekey.desk.staff.people import Invitation, Session

ANSWER = Limits(fields=16, value=10_000)
"""How much a form with a passkey's answer may carry."""
_JOIN = f"{ROOT}/join"
_NO_CODE = N_("This is not a code from an admin: fourteen characters, such as ABCDE-FGHJK-MNPQ. Look again.")


class SignIn:
    """The pages before anybody is known. `company`: what the company's own sign-in is called, empty without one."""

    def __init__(self, door: Door, company: str = "") -> None:
        self._door = door
        self._pages = door.pages
        self._staff = door.staff
        self._company = company

    def routes(self) -> list[BaseRoute]:
        """All of them."""
        return [
            Route(SIGN_IN, self._show, methods=["GET"]),
            Route(SIGN_IN, self._sign_in, methods=["POST"]),
            self._door.route(f"{ROOT}/sign-out", self._sign_out, method="POST"),
            Route(_JOIN, self._ask_code, methods=["GET"]),
            Route(_JOIN, self._take_code, methods=["POST"]),
            Route(f"{_JOIN}/passkey", self._join, methods=["POST"]),
        ]

    async def _show(self, request: Request) -> Response:
        if await self._door.session(request) is not None:
            return RedirectResponse(ME, 303)
        return self._ask(request)

    def _ask(self, request: Request, trouble: str = "", status: int = 200) -> Response:
        """The page with a fresh challenge for this browser."""
        browser = self._door.browser(request) or self._pages.token.new_browser()
        challenge = self._staff.challenge("sign-in", browser)
        return self._pages.page(
            request,
            "console/sign_in.html",
            status=status,
            here=SIGN_IN,
            browser=browser,
            challenge=challenge.hex(),
            asked=self._staff.passkeys.to_sign(challenge),
            company=self._company,
            trouble=self._pages.words(request).text(trouble),
        )

    async def _sign_in(self, request: Request) -> Response:
        form = await self._pages.form(request, "sign-in", ANSWER)
        try:
            token = await run_in_threadpool(
                self._staff.sign_in,
                form.exact("answer"),
                read_challenge(form.text("challenge")),
                self._door.browser(request),
            )
        except UntrustedError as error:
            return self._ask(request, names.TROUBLES.get(error.slug, names.OTHERWISE), 403)
        session = await run_in_threadpool(self._staff.session, token)
        response = RedirectResponse(home(session), 303)
        cookies.put(response, request, COOKIE, token)
        return response

    async def _sign_out(self, request: Request, session: Session) -> Response:
        await self._door.form(request, session)
        await run_in_threadpool(self._staff.sign_out, session)
        response = RedirectResponse(SIGN_IN, 303)
        cookies.drop(response, request, COOKIE)
        return response

    async def _ask_code(self, request: Request) -> Response:
        return self._code_page(request)

    def _code_page(self, request: Request, trouble: str = "", status: int = 200) -> Response:
        told = self._pages.words(request).text(trouble)
        return self._pages.page(request, "console/join.html", status=status, here=_JOIN, trouble=told)

    async def _take_code(self, request: Request) -> Response:
        form = await self._pages.form(request, "join")
        invitation = await self._invitation(form.text("code"))
        if isinstance(invitation, str):
            return self._code_page(request, invitation, 403)
        person = self._staff.new_person(invitation)
        browser = self._door.browser(request)
        challenge = self._staff.challenge(_purpose(invitation, person), browser)
        return self._pages.page(
            request,
            "console/join_passkey.html",
            here=_JOIN,
            invitation=invitation,
            person=person,
            code=form.text("code"),
            challenge=challenge.hex(),
            asked=self._staff.passkeys.to_make(person, challenge),
            role_names=names.ROLES,
        )

    async def _join(self, request: Request) -> Response:
        form = await self._pages.form(request, "join", ANSWER)
        invitation = await self._invitation(form.text("code"))
        if isinstance(invitation, str):
            return self._code_page(request, invitation, 403)
        person = Person(form.text("person"), invitation.name)
        try:
            rights = await run_in_threadpool(
                self._staff.join,
                invitation,
                person,
                form.exact("answer"),
                read_challenge(form.text("challenge")),
                self._door.browser(request),
            )
        except UntrustedError as error:
            return self._code_page(request, names.TROUBLES.get(error.slug, names.OTHERWISE), 403)
        return self._pages.page(
            request,
            "console/joined.html",
            here=SIGN_IN,
            invitation=invitation,
            at_once=all(isinstance(kept.state, Agreed) for kept in rights),
            mark=rights[0].state.right.key.hex().upper()[:8],
        )

    async def _invitation(self, typed: str) -> Invitation | str:
        """What a code lets somebody do, or why it is none."""
        try:
            found = await run_in_threadpool(self._staff.invitation, typed)
        except InputError:
            return _NO_CODE
        return found or names.TROUBLES["invitation"]


def read_challenge(text: str) -> bytes:
    """A challenge as a form brings it back; empty for what is none."""
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""


def _purpose(invitation: Invitation, person: Person) -> str:
    return f"join {invitation.mark.hex()} {person.id}"
