"""The company's own sign-in: the way there, the way back, and what it is connected to. It opens a session, no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse
from starlette.routing import Route

from sparekey.core.errors import UnavailableError, UntrustedError
from sparekey.desk.console.door import COOKIE, ME, NEEDS_PASSKEY, ROOT, SIGN_IN, home
from sparekey.desk.staff.company import BACK, CODE_LIMIT
from sparekey.desk.staff.people import Opening
from sparekey.language.catalogue import N_
from sparekey.web import cookies
from sparekey.web.forms import Limits

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from sparekey.desk.console.door import Door
    from sparekey.desk.staff.company import Company
    from sparekey.desk.staff.people import Session

COMPANY = f"{ROOT}/company"

_FIELDS = ("state", "code", "iss")
_LIMITS = Limits(value=CODE_LIMIT)
_STOPPED = N_("The company’s sign-in did not let you in")
_NOTHING = {
    "company": (
        403,
        _STOPPED,
        N_("What it said about you does not hold here. Try it once more, or sign in with your passkey."),
    ),
    "stale-challenge": (
        403,
        N_("This took too long, or began in another window"),
        N_("You are not signed in by it. Start again; from the first press you have five minutes."),
    ),
    "no-role": (
        403,
        N_("This company account opens nothing here"),
        N_(
            "Sign in with your passkey, open the page with your name and connect the account there. If you did that"
            " before, your rights have ended; an admin can see which."
        ),
    ),
    "declined": (
        403,
        _STOPPED,
        N_(
            "It was called off there, or you may not use it for this desk. Try it once more, or use your passkey."
        ),
    ),
    "other": (
        409,
        N_("This company account belongs to somebody else here"),
        N_("Nothing was changed. Sign in there with your own account, then connect it."),
    ),
}
"""Why not, by the slug of the error."""
_AWAY = (
    503,
    N_("The company’s sign-in does not answer"),
    N_("You can sign in with your passkey all the same. If this stays so, tell whoever runs this desk."),
)


class CompanyPages:
    """The pages."""

    def __init__(self, door: Door, company: Company) -> None:
        self._door = door
        self._pages = door.pages
        self._staff = door.staff
        self._company = company

    def routes(self) -> list[BaseRoute]:
        """All of them."""
        return [
            Route(COMPANY, self._leave, methods=["GET"]),
            Route(BACK, self._back, methods=["GET"]),
            Route(BACK, self._arrive, methods=["POST"]),
            self._door.route(f"{COMPANY}/disconnect", self._disconnect, method="POST"),
        ]

    async def _leave(self, request: Request) -> Response:
        """To the company's sign-in, and nowhere else."""
        session = await self._door.session(request)
        if session is not None and session.opening is not Opening.PASSKEY:
            return self._pages.problem(request, 403, *NEEDS_PASSKEY, back=ME)
        known = self._door.browser(request)
        browser = known or self._pages.token.new_browser()
        try:
            address = await run_in_threadpool(self._company.address, _wanted(session), browser)
        except UnavailableError:
            return self._pages.problem(request, *_AWAY, back=_from(session))
        response = RedirectResponse(address, 303)
        if not known:
            self._pages.token.remember(response, request, browser)
        return response

    async def _back(self, request: Request) -> Response:
        """A browser comes from elsewhere: our own cookies are not all with it, and nothing changes. Our own page sends
        on what it brought.
        """
        said = {name: request.query_params.get(name, "") for name in _FIELDS}
        if not said["code"] or max(map(len, said.values())) > CODE_LIMIT:
            return self._pages.problem(request, *_NOTHING["declined"], back=SIGN_IN)
        return self._pages.page(
            request, "console/company.html", here=SIGN_IN, action=BACK, said=said, name=self._company.name
        )

    async def _arrive(self, request: Request) -> Response:
        form = await self._pages.form(request, "company", _LIMITS)
        session = await self._door.session(request)
        state, code, issuer = (form.exact(name) for name in _FIELDS)
        try:
            account = await run_in_threadpool(
                self._company.account,
                _wanted(session),
                self._door.browser(request),
                state=state,
                code=code,
                issuer=issuer,
            )
            if session is not None:
                return await self._connect(request, session, account)
            token = await run_in_threadpool(self._staff.sign_in_by_company, account)
        except UntrustedError as error:
            return self._pages.problem(
                request, *_NOTHING.get(error.slug, _NOTHING["company"]), back=_from(session)
            )
        except UnavailableError as error:
            if error.slug != "company":
                raise
            return self._pages.problem(request, *_AWAY, back=_from(session))
        opened = await run_in_threadpool(self._staff.session, token)
        response = RedirectResponse(home(opened), 303)
        cookies.put(response, request, COOKIE, token)
        return response

    async def _connect(self, request: Request, session: Session, account: str) -> Response:
        if session.opening is not Opening.PASSKEY:
            return self._pages.problem(request, 403, *NEEDS_PASSKEY, back=ME)
        if not await run_in_threadpool(self._staff.connect_company, session, account):
            return self._pages.problem(request, *_NOTHING["other"], back=ME)
        return RedirectResponse(ME, 303)

    async def _disconnect(self, request: Request, session: Session) -> Response:
        await self._door.form(request, session)
        await run_in_threadpool(self._staff.disconnect_company, session)
        return RedirectResponse(ME if session.opening is Opening.PASSKEY else SIGN_IN, 303)


def _wanted(session: Session | None) -> str:
    """What a browser goes there for."""
    return "sign-in" if session is None else f"connect {session.mark}"


def _from(session: Session | None) -> str:
    return SIGN_IN if session is None else ME
