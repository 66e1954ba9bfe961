"""The log as everybody may read it: its parts for programs (C2SP tlog-tiles), and a page for people."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from sparekey.core.errors import InputError
from sparekey.core.tlog.leaf import LOG_ID_LENGTH, EntryKind, Issued, LeafAction
from sparekey.core.tlog.tiles import Bundle, read_tile_path
from sparekey.core.tlog.tree import HASH_LENGTH
from sparekey.core.values import MethodName
from sparekey.desk.trust import LOG_PATH
from sparekey.language.catalogue import N_

if TYPE_CHECKING:
    from starlette.requests import Request

    from sparekey.desk.log.ledger import Ledger
    from sparekey.web.page import Pages

PURPOSE = "log-find"

WORDS = {
    MethodName.MAIL_CODE.value: N_("Code by e-mail"),
    MethodName.SECURITY_CODE.value: N_("Security code"),
    MethodName.RESPONSE_FILE.value: N_("File from support"),
    MethodName.RESPONSE_KEY.value: N_("Code read out by support"),
    MethodName.TECHNICIAN.value: N_("Technician"),
    LeafAction.NEW_PASSWORD.value: N_("sets a new password"),
    LeafAction.NEW_PASSWORD_OR_DEFAULT.value: N_("sets a new password or factory settings"),
    LeafAction.ERASE.value: N_("erases everything"),
    EntryKind.APPROVER.name.lower(): N_("New person who may approve"),
    EntryKind.PASSKEY.name.lower(): N_("New passkey"),
    EntryKind.ROLE.name.lower(): N_("New role"),
}
"""What the names in the log mean. An entry may name any method, and these are the ones by which a desk gives."""

_YEAR_10000 = 253_402_300_799
_FOR_EVER = {"cache-control": "public, max-age=31536000, immutable"}
_ANYWHERE = {"access-control-allow-origin": "*", "cross-origin-resource-policy": "cross-origin"}


def routes(ledger: Ledger, pages: Pages) -> list[BaseRoute]:
    """All of them."""

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
        return JSONResponse(await run_in_threadpool(counts_of, ledger), headers=_ANYWHERE)

    async def show(request: Request) -> Response:
        counts, words = await run_in_threadpool(counts_of, ledger), pages.words(request)
        methods = [(words.text(WORDS.get(name, name)), count) for name, count in counts["methods"].items()]
        return pages.page(
            request, "log/log.html", counts=counts, methods=methods, url=str(request.url).partition("?")[0]
        )

    async def find(request: Request) -> Response:
        form = await pages.form(request, PURPOSE)
        typed = form.text("id")
        wanted = _read_id(typed)
        found = [] if wanted is None else await run_in_threadpool(ledger.find, wanted)
        rows = [(index, *_told(leaf)) for index, leaf in found if isinstance(leaf, Issued)]
        status = 422 if wanted is None else 200
        return pages.page(
            request, "log/found.html", status=status, typed=typed, known=wanted is not None, rows=rows
        )

    return [
        Route(LOG_PATH, show),
        Route(LOG_PATH, find, methods=["POST"]),
        Route(f"{LOG_PATH}/checkpoint", checkpoint),
        Route(f"{LOG_PATH}/counts", counted),
        Route(f"{LOG_PATH}/tile/{{path:path}}", part),
    ]


def _told(leaf: Issued) -> tuple[str, str, str, int]:
    """When, by what method, what it allowed, and how many people approved."""
    method = WORDS.get(leaf.method.value, leaf.method.value)
    return _at(leaf.time), method, WORDS[leaf.action.value], len(leaf.approvers)


def _at(time: int) -> str:
    """A moment as every reader of a public list understands it."""
    return f"{datetime.fromtimestamp(min(time, _YEAR_10000), UTC):%Y-%m-%d %H:%M} UTC"


def counts_of(ledger: Ledger) -> dict[str, Any]:
    """The public counters."""
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
