"""A gallery of everything that pages are made of, for the tests and for looking at.

To look at it: `python -m uvicorn tests.web.gallery:app --port 8000`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Literal

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from sparekey.core.errors import UnavailableError
from sparekey.web.face import face
from sparekey.web.form_token import Token
from sparekey.web.forms import Limits
from sparekey.web.guard import Rules
from sparekey.web.page import Band, KeptLost, Pages
from sparekey.web.qr import svg
from sparekey.web.statics import Statics

REQUEST = "HTTPS://DESK.EXAMPLE.COM/R/" + "0123456789ABCDEFGHJKMNPQRSTVWXYZ" * 11
BODY_LIMIT = 4096
SHEETS = ("login", "ways", "scan", "code", "lost", "after", "set-password", "facts", "wait", "desk")


@dataclass
class FixedEntropy:
    """The same bytes in the same order every time."""

    count: int = field(default=0)

    def bytes(self, count: int) -> bytes:
        self.count += 1
        return hashlib.sha256(str(self.count).encode()).digest()[:count]


def gallery(look: Literal["device", "desk"] = "device", *, at_screen: bool = False) -> Starlette:
    """The whole gallery; every call makes a fresh one with the same tokens."""
    entropy = FixedEntropy()
    device = Band("Front door recorder", "PX-3216", "7F2K-0042")
    band = device if look == "device" else Band("Example support desk")
    pages = Pages(
        {"gallery": "tests.web.gallery"},
        statics=Statics(),
        token=Token(b"k" * 32, entropy),
        band=lambda: band,
        look=look,
        at_screen=lambda _: at_screen,
    )
    kept = [
        KeptLost("Recordings", "yes", ""),
        KeptLost("Settings", "", "all"),
        KeptLost("Cameras' passwords", "", "all"),
    ]

    async def sheet(request: Request) -> Response:
        template = f"gallery/{request.path_params['name']}.html"
        error = request.query_params.get("error", "")
        return pages.page(request, template, code=svg(REQUEST, "Code to scan"), kept=kept, error=error)

    async def post(request: Request) -> Response:
        form = await pages.form(request, "demo", Limits(file=1024))
        file = form.file("file")
        return PlainTextResponse(f"{form.text('user')}|{form.exact('password')}|{file.name if file else ''}")

    async def broken(_: Request) -> Response:
        raise ValueError("the password is hunter2")

    async def away(_: Request) -> Response:
        raise UnavailableError("mail-server", "hint for the log")

    routes = [
        Route("/broken", broken),
        Route("/away", away),
        Route("/post", post, methods=["POST"]),
        Route("/link/call", lambda _: PlainTextResponse("called"), methods=["POST"]),
        Route("/{name}", sheet, methods=["GET"]),
    ]
    names = {"recorder.example.com", "localhost", "192.0.2.4", "[2001:db8::4]", "desk.example.com:8443"}
    rules = Rules(own_names=lambda: names, body_limit=BODY_LIMIT, machine_paths=("/link/",))
    return face(routes, pages=pages, rules=rules, entropy=entropy)


app = gallery()
screen = gallery(at_screen=True)
desk = gallery("desk")
