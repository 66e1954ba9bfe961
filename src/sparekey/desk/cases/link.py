"""Cases for programs: requests in, numbers out; a secret in, the answer out (spec/desklink.md section 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from sparekey.core.case import Closed, Held
from sparekey.core.codes import read_number
from sparekey.core.errors import InputError, UnavailableError
from sparekey.core.messages.armour import FileKind, unwrap, wrap
from sparekey.core.messages.batch import make_batch
from sparekey.core.messages.link_answer import LinkAnswer, LinkVerdict, make_answers
from sparekey.core.messages.link_case import CaseStage, CaseTold, read_case_call
from sparekey.desk.cases import asking
from sparekey.desk.cases.asking import Asker
from sparekey.desk.cases.giving import Given
from sparekey.desk.cases.opening import Trouble
from sparekey.desk.cases.repository import NAMES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from sparekey.core.messages.link_case import CaseCall
    from sparekey.desk.cases.asking import Kept
    from sparekey.desk.cases.reception import Receipt
    from sparekey.desk.cases.service import Cases
    from sparekey.web.page import Pages

LINK = "/link/cases"
BODY_LIMIT = 131_072
"""Bytes of a call, at most."""
HEADER = "sparekey-pickup"
_BINARY = "application/octet-stream"

_VERDICTS = {
    Trouble.OTHER_DESK: LinkVerdict.OTHER_DESK,
    Trouble.UNKNOWN_KEY: LinkVerdict.UNKNOWN_KEY,
    Trouble.NOT_GENUINE: LinkVerdict.NOT_GENUINE,
    Trouble.EXPIRED: LinkVerdict.EXPIRED,
    Trouble.MAIL_CODE: LinkVerdict.OTHER_KIND,
    Trouble.NO_REQUEST: LinkVerdict.OTHER_KIND,
    Trouble.TOO_MANY: LinkVerdict.LATER,
}
"""Everything else is damaged."""


class CasesLink:
    """The calls, as a room of the desk. `source`: a mark of where a call comes from."""

    packages: ClassVar[dict[str, str]] = {}
    larger = ((LINK, BODY_LIMIT),)

    def __init__(self, cases: Cases, source: Callable[[Request], bytes]) -> None:
        self._cases = cases
        self._source = source

    def routes(self, _pages: Pages) -> Sequence[BaseRoute]:
        """Both."""
        return [
            Route(LINK, self._open, methods=["POST"]),
            Route(LINK + "/{number}", self._fetch, methods=["GET"]),
        ]

    async def _open(self, request: Request) -> Response:
        try:
            call = read_case_call(await request.body())
        except InputError as error:
            return PlainTextResponse(f"{error.slug}\n", 400)
        try:
            receipts = await run_in_threadpool(self._opened, call, self._source(request))
        except UnavailableError:
            return PlainTextResponse("store\n", 503)
        return Response(make_answers([_answer(receipt) for receipt in receipts]), media_type=_BINARY)

    async def _fetch(self, request: Request) -> Response:
        try:
            number = read_number(request.path_params["number"])
            pickup = bytes.fromhex(request.headers.get(HEADER, ""))
        except (InputError, ValueError):
            return _none()
        try:
            told = await run_in_threadpool(self._told, number, pickup)
        except UnavailableError:
            return PlainTextResponse("store\n", 503)
        if told is None:
            return _none()
        return Response(told.encoded, media_type=_BINARY, headers={"cache-control": "no-store"})

    def _opened(self, call: CaseCall, source: bytes) -> list[Receipt]:
        route = asking.Route.MAIL if call.address else asking.Route.DOWNLOAD
        asker = Asker(call.pickup, call.locale, route, call.address, pickup=call.pickup)
        file = wrap(FileKind.REQUESTS, make_batch(call.requests), {})
        return self._cases.open_text(file, asker, source)

    def _told(self, number: str, pickup: bytes) -> CaseTold | None:
        kept = self._cases.doors.picked_up(number, pickup)
        return None if kept is None else self._of(kept)

    def _of(self, kept: Kept) -> CaseTold:
        state = kept.state
        stage = CaseStage(NAMES[type(state)])
        if isinstance(state, Held):
            return CaseTold(stage, until=state.until)
        if isinstance(state, Closed):
            return CaseTold(stage, reason=state.reason)
        given = self._given(kept) if stage is CaseStage.ISSUED else None
        if given is None:
            return CaseTold(stage)
        response = unwrap(FileKind.RESPONSE, given.file) if given.file else b""
        return CaseTold(stage, until=given.expires, response=response, key=given.key)

    def _given(self, kept: Kept) -> Given | None:
        """The answer; None while the log has not taken it, and when its time is over."""
        try:
            given = self._cases.give(kept.number)
        except UnavailableError:
            return None
        return given if isinstance(given, Given) else None


def _answer(receipt: Receipt) -> LinkAnswer:
    if receipt.trouble is not None:
        return LinkAnswer(_VERDICTS.get(receipt.trouble, LinkVerdict.DAMAGED))
    return LinkAnswer(LinkVerdict.TAKEN, receipt.number.encode())


def _none() -> Response:
    """The same for a number that is not there, and for a secret that does not belong to it."""
    return PlainTextResponse("no-such-case\n", 404)
