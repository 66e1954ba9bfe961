"""The tokens of other programs: which there are, a new one, shown once, and one that is taken away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool

from sparekey.core.admission import Role
from sparekey.core.errors import InputError
from sparekey.desk.api.scopes import ALONE, TASKS, Scope
from sparekey.desk.api.tokens import NAME_LIMIT
from sparekey.desk.console.door import PROGRAMS
from sparekey.desk.staff.people import Opening
from sparekey.language.catalogue import N_

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from sparekey.desk.api.tokens import Made, Tokens
    from sparekey.desk.console.door import Door
    from sparekey.desk.staff.people import Session

DAYS = (30, 90, 180, 366)
"""For how long a token is good, as the page offers it; the second is chosen already."""
_NEEDS_PASSKEY = (
    N_("This needs a session that your passkey opened"),
    N_("The company's sign-in is enough to read, not to let programs in. Sign out, then use your passkey."),
)
_WRONG = {
    "token-name": N_("No token was made. Give a name of at most 60 characters: which program is it for?"),
    "token-scopes": N_("No token was made. Choose at least one thing that it is for."),
    "token-days": N_("No token was made. Choose for how long it is good."),
    "token-many": N_("No token was made: there are 100 already. Take some away first."),
}
_ENDED = N_("The token is taken away. Whoever holds it is refused from now on.")
_AGREED = N_("You agreed. From now on the program may call.")
_NOTHING = N_("Nothing was changed: this token waits for nobody, or for somebody else than you.")
_GONE = N_("Nothing was changed: this token was taken away already.")


class Programs:
    """The pages."""

    def __init__(self, door: Door, tokens: Tokens, url: str) -> None:
        self._door = door
        self._tokens = tokens
        self._url = url

    def routes(self) -> list[BaseRoute]:
        """All of them."""
        route = self._door.route
        return [
            route(PROGRAMS, self._show, Role.ADMIN, Role.AUDITOR),
            route(f"{PROGRAMS}/make", self._make, Role.ADMIN, method="POST"),
            route(f"{PROGRAMS}/agree", self._agree, Role.ADMIN, method="POST"),
            route(f"{PROGRAMS}/revoke", self._revoke, Role.ADMIN, method="POST"),
        ]

    async def _show(self, request: Request, session: Session) -> Response:
        return await self._page(request, session)

    async def _page(
        self,
        request: Request,
        session: Session,
        told: str = "",
        done: str = "",
        made: Made | None = None,
        status: int = 200,
    ) -> Response:
        words = self._door.pages.words(request)
        return self._door.page(
            request,
            session,
            "programs.html",
            status=status,
            tokens=await run_in_threadpool(self._tokens.all),
            names_of=await self._door.names(),
            tasks=TASKS,
            alone=ALONE,
            days=DAYS,
            limit=NAME_LIMIT,
            admin=session.person.may(Role.ADMIN),
            told=words.text(told),
            done=words.text(done),
            made=made,
            url=self._url,
        )

    async def _make(self, request: Request, session: Session) -> Response:
        form = await self._door.form(request, session)
        if session.opening is not Opening.PASSKEY:
            return self._door.pages.problem(request, 403, *_NEEDS_PASSKEY, back=PROGRAMS)
        scopes = [scope for scope in Scope if scope.value in form.every("scope")]
        days = form.text("days")
        try:
            made = await run_in_threadpool(
                self._tokens.make,
                form.text("name"),
                scopes,
                int(days) if days.isdecimal() and len(days) < 5 else 0,
                session.person.id,
            )
        except InputError as error:
            return await self._page(request, session, told=_WRONG[error.slug], status=422)
        await run_in_threadpool(self._door.staff.note, session, "token-made", made.token.actor)
        return await self._page(request, session, made=made)

    async def _agree(self, request: Request, session: Session) -> Response:
        form = await self._door.form(request, session)
        if session.opening is not Opening.PASSKEY:
            return self._door.pages.problem(request, 403, *_NEEDS_PASSKEY, back=PROGRAMS)
        id_ = form.text("id")[:8]
        if not await run_in_threadpool(self._tokens.agree, id_, session.person.id):
            return await self._page(request, session, told=_NOTHING, status=409)
        await run_in_threadpool(self._door.staff.note, session, "token-agreed", f"api-{id_}")
        return await self._page(request, session, done=_AGREED)

    async def _revoke(self, request: Request, session: Session) -> Response:
        form = await self._door.form(request, session)
        if session.opening is not Opening.PASSKEY:
            return self._door.pages.problem(request, 403, *_NEEDS_PASSKEY, back=PROGRAMS)
        id_ = form.text("id")[:8]
        if not await run_in_threadpool(self._tokens.revoke, id_):
            return await self._page(request, session, told=_GONE, status=409)
        await run_in_threadpool(self._door.staff.note, session, "token-ended", f"api-{id_}")
        return await self._page(request, session, done=_ENDED)
