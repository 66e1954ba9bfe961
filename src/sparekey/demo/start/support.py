"""The other side of the story: work at the support desk, with colleagues whose passkeys are the demo's software."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.routing import Route

from sparekey.demo.browser import Browser
from sparekey.demo.office import Office
from sparekey.demo.verdicts import UnlikeError
from sparekey.host import tls
from sparekey.language.catalogue import N_

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from sparekey.demo.start.config import Config
    from sparekey.web.page import Pages

SUPPORT = "/support"
_PURPOSE = "support"
_COOKIE = "staff"
_LATER = (
    N_("The support desk has its people already"),
    N_(
        "They came with an earlier run of this demo, and took their passkeys with them. Start a demo in a new folder."
    ),
)


class Support:
    """The pages. The people come to the desk when somebody first asks for them."""

    def __init__(self, config: Config, pages: Pages) -> None:
        self._config = config
        self._pages = pages
        self._coming = threading.Lock()
        self._office: Office | None = None

    def routes(self) -> list[BaseRoute]:
        """All of them."""
        return [
            Route(SUPPORT, self._show, methods=["GET"]),
            Route(f"{SUPPORT}/agent", self._sign_in, methods=["POST"]),
            Route(f"{SUPPORT}/approve", self._approve, methods=["POST"]),
        ]

    async def _show(self, request: Request) -> Response:
        if self._config.authority is None:
            threading.Thread(target=self._begin, daemon=True, name="staff").start()
        return self._page(request)

    def _begin(self) -> None:
        """It takes a while: let it go on while the page is read."""
        with suppress(UnlikeError):
            self._come()

    def _page(self, request: Request, approved: int | None = None, *, signed_in: bool = False) -> Response:
        here = self._config.authority is None
        return self._pages.page(
            request,
            "start/support.html",
            to=self._config,
            here=SUPPORT,
            works=here,
            approved=approved,
            signed_in=signed_in,
        )

    async def _sign_in(self, request: Request) -> Response:
        """The agent signs in, and the session is this browser's: cookies of one host do not know ports."""
        await self._pages.form(request, _PURPOSE)
        try:
            office = await run_in_threadpool(self._come)
            await run_in_threadpool(office.agent.sign_in)
        except UnlikeError:
            return self._pages.problem(request, 503, *_LATER, back=SUPPORT)
        response = self._page(request, signed_in=True)
        session = office.agent.browser.cookie(_COOKIE)
        response.set_cookie(_COOKIE, session, httponly=True, samesite="strict")
        return response

    async def _approve(self, request: Request) -> Response:
        await self._pages.form(request, _PURPOSE)
        try:
            approved = await run_in_threadpool(self._all)
        except UnlikeError:
            return self._pages.problem(request, 503, *_LATER, back=SUPPORT)
        return self._page(request, approved)

    def _all(self) -> int:
        """Both approvers touch what waits for them; how many touches that were."""
        office = self._come()
        touches = 0
        for approver in (office.approver, office.second):
            approver.sign_in()
            touches += approver.approve_all()
        return touches

    def _come(self) -> Office:
        with self._coming:
            if self._office is None:
                self._office = Office(
                    self._config.desk,
                    self._config.desk_settings,
                    lambda: Browser(tls.caller()),
                )
            return self._office
