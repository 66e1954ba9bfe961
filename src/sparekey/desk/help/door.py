"""What all public pages of support share: who asks, as a mark; and the short pass of whoever typed the code of
a case.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from starlette.responses import RedirectResponse
from starlette.routing import Route

from sparekey.core.crypto import derive, equal, mac
from sparekey.desk.cases.codes import Door as Opens
from sparekey.language.moments import moment
from sparekey.web import cookies

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import tzinfo

    from starlette.requests import Request
    from starlette.responses import Response

    from sparekey.desk.source import Sources
    from sparekey.host.clock import Clock
    from sparekey.web.page import Pages

ROOT = "/help"
COOKIE = "case"
PASS_LASTS = 2 * 3600
"""Seconds for which a typed code opens a case in one browser."""


@dataclass(frozen=True)
class Pass:
    """Which case this browser may see, and as whom."""

    number: str
    opens: Opens


class Door:
    """`key`: secret bytes that all nodes share. `shop`: this desk sells the technician's unlock."""

    def __init__(
        self, *, pages: Pages, sources: Sources, key: bytes, clock: Clock, zone: tzinfo, shop: bool = False
    ) -> None:
        self.shop = shop
        self.pages = pages
        self.clock = clock
        self._sources = sources
        self._marking = derive(key, "browser mark")
        self._passing = derive(key, "case pass")
        self._zone = zone

    def get(self, path: str, handler: Callable[[Request], Awaitable[Response]]) -> Route:
        """A page to look at."""
        return Route(ROOT + path, handler, methods=["GET"])

    def post(self, path: str, handler: Callable[[Request], Awaitable[Response]]) -> Route:
        """A form to send."""
        return Route(ROOT + path, handler, methods=["POST"])

    def page(
        self, request: Request, name: str, *, status: int = 200, here: str | None = None, **values: Any
    ) -> Response:
        """One of our templates. What a case says is nobody's to keep. In `wrong` and `kept` what is not there
        is empty.
        """
        for fields in ("wrong", "kept"):
            values[fields] = defaultdict(str, values.get(fields) or {})
        values["shop"] = self.shop
        answer = self.pages.page(request, f"help/{name}.html", status=status, here=here, **values)
        answer.headers["cache-control"] = "no-store"
        return answer

    def source(self, request: Request) -> bytes:
        """A mark of where somebody comes from."""
        return self._sources.mark(request)

    def browser(self, request: Request) -> bytes:
        """A mark of this browser."""
        return mac(self._marking, (self.pages.token.browser(request) or "").encode())[:16]

    def moment(self, request: Request, at: int) -> str:
        """A time in the reader's words."""
        offset = datetime.fromtimestamp(at, self._zone).utcoffset()
        seconds = int(offset.total_seconds()) if offset else 0
        return moment(at, self.clock.wall(), seconds, self.pages.words(request))

    def let_in(self, response: Response, request: Request, given: Pass) -> None:
        """Give this browser the pass."""
        ends = self.clock.wall() + PASS_LASTS
        said = f"{given.number}.{given.opens.value}.{ends}"
        cookies.put(response, request, COOKIE, f"{said}.{self._seal(said)}", seconds=PASS_LASTS)

    def shown(self, request: Request) -> Pass | None:
        """The pass that this browser holds, or None."""
        said, _, seal = (cookies.read(request, COOKIE) or "").rpartition(".")
        if not equal(seal.encode(), self._seal(said).encode()):
            return None
        number, opens, ends = said.split(".")
        return Pass(number, Opens(opens)) if self.clock.wall() < int(ends) else None

    def leave(self, request: Request) -> Response:
        """Take the pass away."""
        answer = RedirectResponse(f"{ROOT}/case", 303)
        cookies.drop(answer, request, COOKIE)
        return answer

    def _seal(self, said: str) -> str:
        return mac(self._passing, said.encode())[:16].hex()
