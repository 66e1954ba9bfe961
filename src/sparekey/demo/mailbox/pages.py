"""The web side: the list of letters, and one letter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse
from starlette.routing import Route

from sparekey.language.catalogue import N_
from sparekey.language.moments import moment
from sparekey.web.face import face
from sparekey.web.form_token import Token
from sparekey.web.guard import Rules
from sparekey.web.headers import POLICY
from sparekey.web.page import Band, Pages
from sparekey.web.statics import Statics

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

    from sparekey.demo.mailbox.letters import Letter, Letters
    from sparekey.host.clock import Clock
    from sparekey.host.entropy import Entropy

NAME = N_("Demo mailbox")
REFRESH = 3
"""Seconds after which the list looks again."""
INSIDE = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox"
"""Content-Security-Policy of a letter's HTML: it may look as it likes and do nothing."""


def mailbox(letters: Letters, port: int, clock: Clock, entropy: Entropy) -> Starlette:
    """The application."""
    here = _Mailbox(letters, clock, entropy)
    routes = [
        Route("/", here.inbox),
        Route("/mail/{number:int}", here.mail),
        Route("/mail/{number:int}/html", here.html),
    ]
    rules = Rules(own_names=lambda: {f"localhost:{port}", f"127.0.0.1:{port}"})
    return face(routes, pages=here.pages, rules=rules, entropy=entropy)


class _Mailbox:
    def __init__(self, letters: Letters, clock: Clock, entropy: Entropy) -> None:
        self._letters = letters
        self._clock = clock
        self.pages = Pages(
            {"mailbox": "sparekey.demo.mailbox"},
            statics=Statics({"mailbox": "sparekey.demo.mailbox"}),
            token=Token(entropy.bytes(32), entropy),
            band=lambda: Band(NAME),
            look="desk",
        )

    async def inbox(self, request: Request) -> Response:
        letters = [(letter, self._when(request, letter)) for letter in self._letters.newest_first()]
        return self.pages.page(
            request, "mailbox/inbox.html", band=self._band(request), letters=letters, refresh=REFRESH
        )

    async def mail(self, request: Request) -> Response:
        letter = self._letter(request)
        answer = self.pages.page(
            request,
            "mailbox/mail.html",
            band=self._band(request),
            letter=letter,
            when=self._when(request, letter),
        )
        answer.headers["content-security-policy"] = f"{POLICY}; frame-src 'self'"
        return answer

    async def html(self, request: Request) -> Response:
        letter = self._letter(request)
        return HTMLResponse(
            letter.html, headers={"content-security-policy": INSIDE, "x-frame-options": "SAMEORIGIN"}
        )

    def _letter(self, request: Request) -> Letter:
        letter = self._letters.letter(request.path_params["number"])
        if letter is None:
            raise HTTPException(404)
        return letter

    def _when(self, request: Request, letter: Letter) -> str:
        now = self._clock.wall()
        return moment(letter.arrived, now, offset(now), self.pages.words(request))

    def _band(self, request: Request) -> Band:
        return Band(self.pages.words(request).text(NAME))


def offset(at: int) -> int:
    """Seconds by which this machine's zone is ahead of UTC."""
    from datetime import datetime

    ahead = datetime.fromtimestamp(at).astimezone().utcoffset()
    return int(ahead.total_seconds()) if ahead else 0
