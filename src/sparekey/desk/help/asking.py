"""Ask for help: the start page, a request as file, photo or text, or what the device shows to be read out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool

from sparekey.core.codes import to_base32
from sparekey.core.crypto import sha256
from sparekey.core.errors import InputError
from sparekey.desk.cases.budget import HANDED
from sparekey.desk.cases.opening import Trouble
from sparekey.desk.cases.typed import Typed
from sparekey.desk.help.handing import LIMITS, PHOTO, is_photo, read_given, read_reach
from sparekey.desk.help.words import FIELDS, TROUBLES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from sparekey.core.messages.request import Request as Carried
    from sparekey.desk.cases.reception import Receipt
    from sparekey.desk.cases.service import Cases
    from sparekey.desk.help.door import Door
    from sparekey.desk.help.handing import Reach
    from sparekey.web.forms import Form

REQUEST, CODES = "help-request", "help-codes"
"""What the forms' tokens are for."""
TYPED = ("serial", "started", "number", "day", "mac")
TROUBLES_SHOWN = 20
"""Broken requests of one file that are listed one by one."""


class Asking:
    """The pages."""

    def __init__(self, door: Door, cases: Cases) -> None:
        self._door = door
        self._cases = cases

    def routes(self) -> Sequence[BaseRoute]:
        """All of them."""
        door = self._door
        return [
            door.get("", self._start),
            door.get("/request", self._request),
            door.post("/request", self._hand_in),
            door.get("/codes", self._codes),
            door.post("/codes", self._read_out),
        ]

    async def _start(self, request: Request) -> Response:
        return self._door.page(request, "start")

    async def _request(self, request: Request) -> Response:
        return self._door.page(request, "request", wrong={}, kept={})

    def scanned(self, request: Request, carried: Carried) -> Response:
        """The same page for a square that a phone scanned: nothing is left to choose but how to reach the person."""
        kept = {"text": to_base32(carried.encoded)}
        return self._door.page(request, "request", wrong={}, kept=kept, scanned=carried.header.identity)

    async def _codes(self, request: Request) -> Response:
        return self._door.page(request, "codes", wrong={}, kept={})

    async def _hand_in(self, request: Request) -> Response:
        form = await self._door.pages.form(request, REQUEST, LIMITS)
        reach = read_reach(form)
        words = self._door.pages.words(request)
        try:
            given = await run_in_threadpool(self._given, form, self._door.source(request))
        except InputError as error:
            wrong = {"file": words.text(PHOTO.get(error.slug, PHOTO["photo"]))}
            return self._again(request, "request", form, wrong)
        if not given:
            return self._again(request, "request", form, {"file": words.text(TROUBLES[Trouble.DAMAGED])})
        if reach.wrong:
            return self._again(request, "request", form, self._told(request, reach))
        asker = reach.asker(self._opener(request, reach), words.code)
        source = self._door.source(request)
        receipts = await run_in_threadpool(self._cases.open_text, given, asker, source)
        if len(receipts) == 1 and receipts[0].trouble is not None:
            wrong = {"file": words.text(TROUBLES[receipts[0].trouble])}
            return self._again(request, "request", form, wrong)
        return self._opened(request, receipts, reach)

    async def _read_out(self, request: Request) -> Response:
        form = await self._door.pages.form(request, CODES)
        reach, words = read_reach(form), self._door.pages.words(request)
        if reach.wrong:
            return self._again(request, "codes", form, self._told(request, reach))
        typed = Typed(**{name: form.text(name) for name in TYPED})
        asker = reach.asker(self._opener(request, reach), words.code)
        source = self._door.source(request)
        receipt = await run_in_threadpool(self._cases.open_typed, typed, asker, source)
        if receipt.trouble is not None:
            field = FIELDS.get(receipt.trouble, "serial")
            return self._again(request, "codes", form, {field: words.text(TROUBLES[receipt.trouble])})
        return self._opened(request, [receipt], reach)

    def _given(self, form: Form, source: bytes) -> str | bytes:
        """What was handed in. Looking at a photo takes its time, so each source has so many."""
        if is_photo(form) and not self._cases.budget.take(((HANDED, source),), self._door.clock.wall()):
            raise InputError("photo-many-times")
        return read_given(form)

    def _opened(self, request: Request, receipts: Sequence[Receipt], reach: Reach) -> Response:
        words = self._door.pages.words(request)
        good = [receipt for receipt in receipts if receipt.number]
        broken = [
            (place, words.text(TROUBLES[receipt.trouble]))
            for place, receipt in enumerate(receipts, 1)
            if receipt.trouble is not None
        ]
        # Where an address was left the code goes there and nowhere else; without one it is shown once, here.
        code = self._cases.doors.status_code(good[0].number) if good and not reach.address else None
        return self._door.page(
            request,
            "opened",
            here="/help",
            cases=good[:TROUBLES_SHOWN],
            count=len(good),
            broken=broken[:TROUBLES_SHOWN],
            broken_count=len(broken),
            address=reach.address,
            route=reach.route.value,
            code=code.shown if code is not None else "",
        )

    def _opener(self, request: Request, reach: Reach) -> bytes:
        """The same browser that leaves the same address is the same opener."""
        return self._door.browser(request) + sha256(reach.address.encode())[:16]

    def _told(self, request: Request, reach: Reach) -> dict[str, str]:
        words = self._door.pages.words(request)
        return {field: words.text(sentence) for field, sentence in reach.wrong.items()}

    def _again(self, request: Request, name: str, form: Form, wrong: dict[str, str]) -> Response:
        kept = {field: form.text(field) for field in (*TYPED, "text", "route", "address", "phone")}
        return self._door.page(request, name, status=422, wrong=wrong, kept=kept)
