"""What the shop's pages share: the short pass of whoever typed the code of an order."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from starlette.responses import RedirectResponse

from sparekey.core.crypto import derive, equal, mac
from sparekey.web import cookies

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from sparekey.desk.source import Sources
    from sparekey.host.clock import Clock
    from sparekey.web.page import Pages

ROOT = "/unlock"
COOKIE = "order"
PASS_LASTS = 2 * 3600
"""Seconds for which a typed code opens an order in one browser."""


class Door:
    """`key`: secret bytes that all nodes share."""

    def __init__(self, *, pages: Pages, sources: Sources, key: bytes, clock: Clock) -> None:
        self.pages = pages
        self._sources = sources
        self._passing = derive(key, "order pass")
        self._clock = clock

    def page(
        self, request: Request, name: str, *, status: int = 200, here: str | None = None, **values: Any
    ) -> Response:
        """One of our templates. What an order says is nobody's to keep. In `wrong` and `kept` what is not there is
        empty.
        """
        for fields in ("wrong", "kept"):
            values[fields] = defaultdict(str, values.get(fields) or {})
        answer = self.pages.page(request, f"orders/{name}.html", status=status, here=here, **values)
        answer.headers["cache-control"] = "no-store"
        return answer

    def source(self, request: Request) -> bytes:
        """A mark of where somebody comes from."""
        return self._sources.mark(request)

    def let_in(self, response: Response, request: Request, number: str) -> None:
        """Give this browser the pass."""
        said = f"{number}.{self._clock.wall() + PASS_LASTS}"
        cookies.put(response, request, COOKIE, f"{said}.{self._seal(said)}", seconds=PASS_LASTS)

    def shown(self, request: Request) -> str | None:
        """The order whose pass this browser holds, or None."""
        said, _, seal = (cookies.read(request, COOKIE) or "").rpartition(".")
        if not equal(seal.encode(), self._seal(said).encode()):
            return None
        number, _, ends = said.partition(".")
        return number if self._clock.wall() < int(ends) else None

    def leave(self, request: Request) -> Response:
        """Take the pass away."""
        answer = RedirectResponse(f"{ROOT}/status", 303)
        cookies.drop(answer, request, COOKIE)
        return answer

    def _seal(self, said: str) -> str:
        return mac(self._passing, said.encode())[:16].hex()
