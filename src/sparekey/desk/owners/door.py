"""What all pages of the owners share: who is signed in, since when, and the page where they say who they are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.routing import Route

from sparekey.web import cookies

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from sparekey.desk.owners.accounts import Accounts, Owner
    from sparekey.web.page import Pages

ROOT = "/devices"
COOKIE = "owner"
_BACK = re.compile(
    r"/[Pp]/[0-9A-Za-z]{1,512}"
    rf"|{ROOT}/one/[0-9a-f]{{16}}/(?:stolen|found|transfer|mine/[0-9A-Z]{{8}})"
    rf"|{ROOT}/account"
)


class OwnerDoor:
    """`teller`: says a moment as this desk's mails do."""

    def __init__(self, pages: Pages, accounts: Accounts, teller: Callable[[Request, int], str]) -> None:
        self.pages = pages
        self.accounts = accounts
        self.when = teller

    async def owner(self, request: Request) -> Owner | None:
        """Whose session this is."""
        return await run_in_threadpool(self.accounts.owner, cookies.read(request, COOKIE))

    def mine(
        self,
        path: str,
        handler: Callable[[Request, Owner], Awaitable[Response]],
        method: str,
        *,
        fresh: bool = False,
    ) -> BaseRoute:
        """A page for who is signed in; `fresh`: for who signed in a moment ago, since it decides over the device."""

        async def endpoint(request: Request) -> Response:
            owner = await self.owner(request)
            if owner is None or (fresh and not self.accounts.is_fresh(owner)):
                return self.sign_in_page(request, again=owner is not None)
            return await handler(request, owner)

        return Route(path, endpoint, methods=[method])

    def page(self, request: Request, template: str, *, status: int = 200, **values: Any) -> Response:
        """One of the owners' pages; no browser keeps it."""
        page = self.pages.page(request, f"owners/{template}.html", status=status, **values)
        page.headers["cache-control"] = "no-store"
        return page

    def sign_in_page(
        self,
        request: Request,
        trouble: str = "",
        status: int = 200,
        back: str = "",
        *,
        again: bool = False,
    ) -> Response:
        """Who are you? Afterwards they come back to where they wanted to go. `again`: they are signed in already."""
        browser = self.browser(request) or self.pages.token.new_browser()
        challenge = self.accounts.challenge("sign-in", browser)
        return self.page(
            request,
            "sign-in",
            status=status,
            here=ROOT,
            browser=browser,
            back=back or back_to(request.url.path),
            again=again,
            trouble=trouble,
            challenge=challenge.hex(),
            asked=self.accounts.keys.to_sign(challenge),
        )

    def browser(self, request: Request) -> str:
        """The mark of this browser, or nothing."""
        return self.pages.token.browser(request) or ""


def back_to(path: str) -> str:
    """Where somebody goes on after signing in: to a pairing, to what they began, or to the list."""
    return path if _BACK.fullmatch(path) else ROOT
