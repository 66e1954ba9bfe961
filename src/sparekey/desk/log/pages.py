"""The log as everybody may read it: its parts for programs (C2SP tlog-tiles), and a page for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from sparekey.core.errors import InputError
from sparekey.core.tlog.leaf import LOG_ID_LENGTH, Issued
from sparekey.core.tlog.tiles import Bundle, read_tile_path
from sparekey.core.tlog.tree import HASH_LENGTH
from sparekey.language.moments import moment

if TYPE_CHECKING:
    from datetime import tzinfo

    from starlette.requests import Request

    from sparekey.desk.log.ledger import Ledger
    from sparekey.web.page import Pages

PREFIX = "/log"
"""Where the log is, below the desk's address."""
PURPOSE = "log-find"

_FOR_EVER = {"cache-control": "public, max-age=31536000, immutable"}
_ANYWHERE = {"access-control-allow-origin": "*", "cross-origin-resource-policy": "cross-origin"}


def routes(ledger: Ledger, pages: Pages, zone: tzinfo) -> list[BaseRoute]:
    """All of them. `zone`: the time zone that times are told in."""

    async def checkpoint(_request: Request) -> Response:
        note = await run_in_threadpool(ledger.note)
        return PlainTextResponse(note.encoded, headers=_ANYWHERE)

    async def part(request: Request) -> Response:
        try:
            asked = read_tile_path("tile/" + request.path_params["path"])
        except InputError:
            return PlainTextResponse("there is no such part of the log\n", 404)
        read = ledger.bundle if isinstance(asked, Bundle) else ledger.tile
        content = await run_in_threadpool(read, asked)  # type: ignore[arg-type]  # each reads its own kind
        if content is None:
            return PlainTextResponse("the log is not that long\n", 404)
        return Response(content, media_type="application/octet-stream", headers=_FOR_EVER | _ANYWHERE)

    async def counted(_request: Request) -> Response:
        return JSONResponse(await run_in_threadpool(_counts, ledger), headers=_ANYWHERE)

    async def show(request: Request) -> Response:
        counts = await run_in_threadpool(_counts, ledger)
        return pages.page(request, "log/log.html", counts=counts, origin=ledger.origin)

    async def find(request: Request) -> Response:
        form = await pages.form(request, PURPOSE)
        words = pages.words(request)
        typed = form.text("id")
        wanted = _read_id(typed)
        found = [] if wanted is None else await run_in_threadpool(ledger.find, wanted)
        rows = [
            (index, moment(leaf.time, zone, words), leaf) for index, leaf in found if isinstance(leaf, Issued)
        ]
        status = 422 if wanted is None else 200
        return pages.page(
            request, "log/found.html", status=status, typed=typed, known=wanted is not None, rows=rows
        )

    return [
        Route(PREFIX, show),
        Route(PREFIX, find, methods=["POST"]),
        Route(f"{PREFIX}/checkpoint", checkpoint),
        Route(f"{PREFIX}/counts", counted),
        Route(f"{PREFIX}/tile/{{path:path}}", part),
    ]


def _counts(ledger: Ledger) -> dict[str, object]:
    return {
        "origin": ledger.origin,
        "entries": ledger.head().frontier.size,
        "methods": ledger.counted("method"),
        "approvers": ledger.counted("approver"),
    }


def _read_id(typed: str) -> bytes | None:
    """A log id or a request hash, written in hexadecimal digits with or without gaps."""
    try:
        wanted = bytes.fromhex(typed.replace("-", ""))
    except ValueError:
        return None
    return wanted if len(wanted) in (LOG_ID_LENGTH, HASH_LENGTH) else None
