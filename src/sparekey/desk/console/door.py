"""The way into every page of the console: who is asking, and whether their role may see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse
from starlette.routing import Route

from sparekey.core.admission import Role
from sparekey.language.catalogue import N_
from sparekey.language.moments import moment
from sparekey.web import cookies

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import tzinfo

    from starlette.requests import Request
    from starlette.responses import Response

    from sparekey.desk.api.tokens import Tokens
    from sparekey.desk.staff.people import Session
    from sparekey.desk.staff.staff import Staff
    from sparekey.host.clock import Clock
    from sparekey.web.forms import Form, Limits
    from sparekey.web.page import Pages

    Handler = Callable[[Request, Session], Awaitable[Response]]

COOKIE = "staff"
"""What the browser of somebody who signed in holds."""
ROOT = "/console"
SIGN_IN = f"{ROOT}/sign-in"
ME = f"{ROOT}/me"
ORDERS = f"{ROOT}/orders"
PROGRAMS = f"{ROOT}/programs"
WORKERS = (Role.AGENT, Role.APPROVER, Role.AUDITOR)
"""Who sees cases."""

_SIGNED_OUT = (
    N_("You are signed out"),
    N_("Nothing was changed. Sign in again, then repeat what you wanted to do."),
)
NEEDS_PASSKEY = (
    N_("This needs a session that your passkey opened"),
    N_(
        "The company's sign-in is enough to read, not to change who may do what. Sign out, then use your passkey."
    ),
)
_NOT_YOURS = (
    N_("Your role does not open this page"),
    N_("Nothing was changed. An admin can ask for another role for you; two of them have to agree."),
)


@dataclass(frozen=True)
class Link:
    """One place in the console's menu."""

    path: str
    name: str
    roles: tuple[Role, ...]


MENU = (
    Link(ROOT, N_("Inbox"), WORKERS),
    Link(f"{ROOT}/new", N_("New case"), (Role.AGENT,)),
    Link(f"{ROOT}/devices", N_("Devices"), (*WORKERS, Role.ADMIN, Role.TECHNICIAN)),
    Link(f"{ROOT}/approvals", N_("Approvals"), (Role.APPROVER, Role.AUDITOR)),
    Link(f"{ROOT}/disputes", N_("Disputes"), (Role.APPROVER, Role.AUDITOR)),
    Link(f"{ROOT}/people", N_("People"), (Role.ADMIN, Role.AUDITOR)),
    Link(f"{ROOT}/numbers", N_("Numbers"), tuple(Role)),
    Link(f"{ROOT}/audit", N_("Audit"), (Role.AUDITOR, Role.ADMIN)),
)
"""In the order in which it is shown; everybody sees what their roles open."""
SHOP = Link(ORDERS, N_("Orders"), (Role.TECHNICIAN, Role.AUDITOR))
"""Where a desk has a shop."""
CALLERS = Link(PROGRAMS, N_("Programs"), (Role.ADMIN, Role.AUDITOR))
"""Where a desk answers programs."""


class Door:
    """Knows who is asking. `zone`: the one that times are told in. `shop`: this desk sells the technician's unlock.
    `tokens`: those of programs, where this desk answers them.
    """

    def __init__(
        self,
        *,
        pages: Pages,
        staff: Staff,
        clock: Clock,
        zone: tzinfo,
        shop: bool = False,
        tokens: Tokens | None = None,
    ) -> None:
        self._menu = (*MENU, *([SHOP] if shop else []), *([CALLERS] if tokens else []))
        self._tokens = tokens
        self.pages = pages
        self.staff = staff
        self._clock = clock
        self._zone = zone

    def route(self, path: str, handler: Handler, *roles: Role, method: str = "GET") -> Route:
        """A page for those with one of the roles, for everybody of the staff without any named."""

        async def endpoint(request: Request) -> Response:
            session = await self.session(request)
            if session is None:
                if method == "GET":
                    return RedirectResponse(SIGN_IN, 303)
                return self.pages.problem(request, 403, *_SIGNED_OUT, back=SIGN_IN)
            if roles and not session.person.may(*roles):
                return self.pages.problem(request, 403, *_NOT_YOURS, back=ME)
            return await handler(request, session)

        return Route(path, endpoint, methods=[method])

    async def session(self, request: Request) -> Session | None:
        """Who this browser is, at this very moment."""
        return await run_in_threadpool(self.staff.session, cookies.read(request, COOKIE))

    async def form(self, request: Request, session: Session, limits: Limits | None = None) -> Form:
        """What a page of this session posted. A form dies with the session that it was shown in."""
        return await self.pages.form(request, purpose(session), limits)

    def page(
        self, request: Request, session: Session, template: str, *, status: int = 200, **values: Any
    ) -> Response:
        """A page with the menu of this person."""
        menu = [link for link in self._menu if session.person.may(*link.roles)]
        at = max((link.path for link in menu if request.url.path.startswith(link.path)), key=len, default="")
        return self.pages.page(
            request,
            f"console/{template}",
            status=status,
            me=session.person,
            menu=menu,
            menu_at=at,
            mine=purpose(session),
            when=self.teller(request),
            now=self._clock.wall(),
            **values,
        )

    def teller(self, request: Request) -> Callable[[int], str]:
        """Says a time as this reader says it."""
        words, now = self.pages.words(request), self._clock.wall()

        def when(at: int) -> str:
            offset = datetime.fromtimestamp(at, self._zone).utcoffset()
            return moment(at, now, int(offset.total_seconds()) if offset else 0, words)

        return when

    async def names(self) -> dict[str, str]:
        """What people and programs are called, by what stands for them in histories."""
        people = {person.id: person.name for person in await run_in_threadpool(self.staff.everybody)}
        return {**(await run_in_threadpool(self._tokens.names) if self._tokens else {}), **people}

    def now(self) -> int:
        """Unix seconds."""
        return self._clock.wall()

    def browser(self, request: Request) -> str:
        """The mark of this browser; empty before any form was shown."""
        return self.pages.token.browser(request) or ""


def home(session: Session | None) -> str:
    """Where somebody starts who just signed in."""
    return ROOT if session is not None and session.person.may(*WORKERS) else ME


def purpose(session: Session) -> str:
    """What the forms of a session are for: nobody else's, and none of a later session."""
    return f"console {session.mark[:32]}"
