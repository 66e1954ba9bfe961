"""The desk's pages on the web."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Protocol, runtime_checkable
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from sparekey.core.errors import UnavailableError
from sparekey.desk.api.limits import ROOT as API
from sparekey.desk.gathering import Gathering
from sparekey.desk.intake import Trouble, read
from sparekey.desk.log import pages as log_pages
from sparekey.desk.phone.pages import PhonePages
from sparekey.desk.proxies import Proxies
from sparekey.language.catalogue import N_
from sparekey.language.moments import moment
from sparekey.web.face import face
from sparekey.web.form_token import Token
from sparekey.web.guard import Rules
from sparekey.web.page import Band, Pages
from sparekey.web.statics import Statics

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import tzinfo

    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.routing import BaseRoute
    from starlette.types import ASGIApp, Lifespan, Receive, Scope, Send

    from sparekey.core.messages.header import Kind
    from sparekey.core.messages.request import Request as Carried
    from sparekey.desk.config import DeskConfig
    from sparekey.desk.intake import Intake, Shown
    from sparekey.desk.log.ledger import Ledger
    from sparekey.host.entropy import Entropy

BODY_LIMIT = 16 * 1024
"""Bytes of a posted form: a token and a button; the language switch brings a request's address too."""
TARGET_LIMIT = 4096
"""Bytes of a path. A request that is somewhat too long gets our own page, anything longer the guard's."""
PROGRAMS = "/link/"
"""Below it programs speak, without the marks of a browser (spec/desklink.md)."""
BATCH = 64
"""Requests that are looked at or sent together, at most."""
PURPOSE = "send"
"""What the form's token is for."""

_AWAY = (
    N_("The desk is interrupted for a moment"),
    N_(
        "It comes back by itself, mostly within half a minute, and nothing that it told you is lost. Wait, then"
        " go on, and see whether your last step arrived before you repeat it."
    ),
)

_TROUBLES = {
    Trouble.DAMAGED: (
        400,
        N_("This square cannot be read"),
        N_(
            "A part of it is missing or wrong, and nothing was sent. Go back to the recorder and scan the"
            " square again: hold the phone still, with the whole square in the picture."
        ),
    ),
    Trouble.OVERSIZE: (
        414,
        N_("This is too long"),
        N_(
            "It is longer than anything a recorder shows, and nothing was sent. Go back to the recorder and"
            " scan the square on its screen."
        ),
    ),
    Trouble.OTHER_DESK: (
        404,
        N_("This recorder belongs to another support desk"),
        N_(
            "Only that desk can send the code, and nothing was sent here. Scan the square again and open the"
            " page that the phone offers, without changing its address."
        ),
    ),
    Trouble.UNKNOWN_KEY: (
        410,
        N_("This recorder knows only an old key of this desk"),
        N_(
            "So the desk cannot open what it asks, and nothing was sent. Choose another way at the recorder,"
            " or call support and say that the recorder needs a new trust file."
        ),
    ),
    Trouble.NOT_GENUINE: (
        403,
        N_("This square was changed or damaged on the way"),
        N_(
            "The desk cannot open it, and nothing was sent. Go back to the recorder and scan the square on"
            " its own screen, not a picture of it."
        ),
    ),
    Trouble.OTHER_KIND: (
        409,
        N_("This square is for a person at the support desk"),
        N_(
            "It does not ask for a code by e-mail, so nothing was sent. Send the file that the recorder saves, or a"
            " picture of the square, to your support. If you want the code by e-mail, choose that at the recorder."
        ),
    ),
    Trouble.EXPIRED: (
        410,
        N_("The time for this square is over"),
        N_(
            "Nothing was sent. Go back to the recorder, choose “Forgot the password?” once more and scan the"
            " new square."
        ),
    ),
}


class Room(Protocol):
    """Pages of one room of the desk: where its templates and static files are, and which paths take larger forms."""

    @property
    def packages(self) -> Mapping[str, str]:
        """Short name -> package with `templates/` and `static/`."""

    @property
    def larger(self) -> tuple[tuple[str, int], ...]:
        """Path and bytes."""

    def routes(self, pages: Pages) -> Sequence[BaseRoute]:
        """Its pages."""


@runtime_checkable
class Carrying(Protocol):
    """A room that scanned requests of some kinds lead into."""

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """Which."""

    async def look(self, pages: Pages, request: Request, carried: Carried) -> Response:
        """What the square says. Changes nothing."""

    async def press(self, pages: Pages, request: Request, carried: Carried) -> Response:
        """Its button was pressed; the form is still to be read."""


class Site:
    """The routes. `healthy`: asks the store, raising UnavailableError when it does not answer. `carrying`: where those
    squares lead that ask for something else than a mailed code.
    """

    def __init__(
        self,
        *,
        pages: Pages,
        intake: Intake,
        trust: str,
        healthy: Callable[[], object],
        carrying: Mapping[Kind, Carrying],
        zone: tzinfo,
    ) -> None:
        self._pages = pages
        self._carrying = carrying
        self._clock = intake.clock
        self._looking = Gathering(intake.look_all, most=BATCH)
        self._sending = Gathering(intake.send_all, most=BATCH)
        self._trust = trust
        self._healthy = healthy
        self._zone = zone

    def routes(self) -> list[Route]:
        """All of them. Phones and mail programs may lower the letter R."""
        return [
            Route("/", self._home),
            Route("/R/{text:path}", self._look, methods=["GET"]),
            Route("/R/{text:path}", self._send, methods=["POST"]),
            Route("/r/{text:path}", self._look, methods=["GET"]),
            Route("/r/{text:path}", self._send, methods=["POST"]),
            Route("/trust", self._trust_file),
            Route("/healthz", self._health),
        ]

    async def _home(self, request: Request) -> Response:
        return self._pages.page(request, "desk/home.html")

    async def _look(self, request: Request) -> Response:
        carried = read(request.path_params["text"])
        if not isinstance(carried, Trouble) and carried.header.kind in self._carrying:
            return await self._carrying[carried.header.kind].look(self._pages, request, carried)
        shown = await self._looking.ask(carried)
        if isinstance(shown, Trouble):
            return self._pages.problem(request, *_TROUBLES[shown])
        chosen = "desk/confirm.html" if shown.confirms else "desk/request.html"
        return self._pages.filled(request, chosen, _values(request, shown), fleeting=shown.fleeting)

    async def _send(self, request: Request) -> Response:
        carried = read(request.path_params["text"])
        if not isinstance(carried, Trouble) and carried.header.kind in self._carrying:
            return await self._carrying[carried.header.kind].press(self._pages, request, carried)
        await self._pages.form(request, PURPOSE)
        shown = await self._sending.ask(carried)
        if isinstance(shown, Trouble):
            return self._pages.problem(request, *_TROUBLES[shown])
        values = {**_values(request, shown), "until": self._moment(request, shown.until)}
        chosen = "desk/confirm-sent.html" if shown.confirms else "desk/sent.html"
        return self._pages.filled(request, chosen, values, fleeting=shown.fleeting)

    async def _trust_file(self, _request: Request) -> Response:
        name = 'attachment; filename="desk.sparekey-trust"'
        return PlainTextResponse(self._trust, headers={"content-disposition": name})

    async def _health(self, _request: Request) -> Response:
        try:
            await run_in_threadpool(self._healthy)
        except UnavailableError:
            return PlainTextResponse("store\n", 503)
        return PlainTextResponse("ok\n")

    def _moment(self, request: Request, at: int) -> str:
        """A time as it is told in mails too."""
        offset = datetime.fromtimestamp(at, self._zone).utcoffset()
        seconds = int(offset.total_seconds()) if offset else 0
        return moment(at, self._clock.wall(), seconds, self._pages.words(request))


def _values(request: Request, shown: Shown) -> dict[str, str]:
    """What the pages of a square say of it."""
    return {
        "model": shown.identity.model,
        "serial": shown.identity.serial,
        "addresses": ", ".join(shown.addresses),
        "address": "/R/" + quote(request.path_params["text"]),
    }


def desk_app(
    config: DeskConfig,
    *,
    intake: Intake,
    trust: str,
    form_key: bytes,
    entropy: Entropy,
    healthy: Callable[[], object],
    ledger: Ledger,
    rooms: Sequence[Room] = (),
    api: ASGIApp | None = None,
    lifespan: Lifespan[Starlette] | None = None,
) -> ASGIApp:
    """The whole ASGI application behind the guard. `trust`: the trust file's text. `api`: the interface for programs,
    behind a guard of its own.
    """
    packages = {"desk": "sparekey.desk.pages", "phone": "sparekey.desk.phone", "log": "sparekey.desk.log"}
    for room in rooms:
        packages |= room.packages
    statics = Statics(packages)
    pages = Pages(
        packages,
        statics=statics,
        token=Token(form_key, entropy),
        band=lambda: Band(config.name),
        look="desk",
    )
    carrying = {kind: room for room in rooms if isinstance(room, Carrying) for kind in room.kinds}
    site = Site(pages=pages, intake=intake, trust=trust, healthy=healthy, carrying=carrying, zone=config.zone)
    names = own_names(config)
    larger = tuple(path for room in rooms for path in room.larger)
    rules = Rules(
        own_names=lambda: names,
        body_limit=BODY_LIMIT,
        target_limit=TARGET_LIMIT,
        machine_paths=(PROGRAMS,),
        larger=larger,
        only_https=config.scheme == "https",
    )
    phone = PhonePages(pages, prefix=config.prefix, name=config.name)
    here = [*site.routes(), *phone.routes(), *log_pages.routes(ledger, pages)]
    routes = [*here, *(route for room in rooms for route in room.routes(pages))]
    app = face(routes, pages=pages, rules=rules, entropy=entropy, lifespan=lifespan, away=_AWAY)
    beside = app if api is None else _Beside(app, api)
    return Proxies(_Public(beside, config.scheme), config.trusted_proxies)


def own_names(config: DeskConfig) -> frozenset[str]:
    """The hosts we answer to: the public one, and this machine's own for health checks."""
    _, port = config.listening
    return frozenset({config.public_host, f"localhost:{port}", f"127.0.0.1:{port}", f"[::1]:{port}"})


class _Beside:
    """Calls of programs go to their own application, everything else to the pages."""

    def __init__(self, pages: ASGIApp, api: ASGIApp) -> None:
        self._pages = pages
        self._api = api

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        calls = scope["type"] == "http" and f"{scope['path']}/".startswith(f"{API}/")
        await (self._api if calls else self._pages)(scope, receive, send)


class _Public:
    """A proxy may end TLS before us. Browsers see the public address, and their Origin says that one."""

    def __init__(self, app: ASGIApp, scheme: str) -> None:
        self._app = app
        self._scheme = scheme

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        public = {**scope, "scheme": self._scheme} if scope["type"] == "http" else scope
        await self._app(public, receive, send)
