"""The orders of the technician's unlock: which there are, the bank's statement, and money that a person looks at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse

from sparekey.core.admission import Role
from sparekey.core.errors import InputError, Refusal
from sparekey.desk.console.door import ORDERS
from sparekey.desk.orders import words
from sparekey.desk.orders.camt import STATEMENT_LIMIT
from sparekey.desk.orders.money import shown
from sparekey.language.catalogue import N_
from sparekey.language.moments import duration
from sparekey.web.forms import Limits

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from sparekey.desk.console.door import Door
    from sparekey.desk.orders.service import Orders
    from sparekey.desk.orders.till import Imported
    from sparekey.desk.staff.people import Session

SHOWN = 50
LIVE = ("ordered", "paid", "sent", "received", "unlocked")
READERS = (Role.TECHNICIAN, Role.AUDITOR)

_NO_FILE = N_("Choose the statement that the bank gives out.")
_NO_NUMBER = N_("That is no order’s number: it has ten digits. Look at the list.")


class OrderLists:
    """The pages."""

    def __init__(self, door: Door, orders: Orders) -> None:
        self._door = door
        self._orders = orders

    def routes(self) -> list[BaseRoute]:
        """All of them."""
        route = self._door.route
        return [
            route(ORDERS, self._show, *READERS),
            route(f"{ORDERS}/statement", self._statement, Role.TECHNICIAN, method="POST"),
            route(f"{ORDERS}/money", self._money, Role.TECHNICIAN, method="POST"),
        ]

    async def _show(self, request: Request, session: Session) -> Response:
        return await self._page(request, session)

    async def _page(
        self, request: Request, session: Session, told: str = "", imported: Imported | None = None
    ) -> Response:
        asked = request.query_params
        find, state = asked.get("find", "")[:100].strip(), asked.get("state", "")
        at, _, number = asked.get("after", "").partition(".")
        after = (int(at), number[:16]) if at.isdecimal() and len(at) < 16 else (0, "")
        if find:
            lines = await run_in_threadpool(self._orders.find, find)
        else:
            chosen = (state,) if state in words.STATUS else LIVE
            lines = await run_in_threadpool(self._orders.lines, chosen, after=after, most=SHOWN + 1)
        spoken = self._door.pages.words(request)
        return self._door.page(
            request,
            session,
            "orders.html",
            status=422 if told else 200,
            lines=lines[:SHOWN],
            more=f"{lines[SHOWN - 1].placed}.{lines[SHOWN - 1].number}" if len(lines) > SHOWN else "",
            find=find,
            state=state,
            states=words.STATUS,
            waiting=await run_in_threadpool(self._orders.till.waiting),
            outcomes=words.OUTCOMES,
            money=lambda amount, currency: shown(amount, currency, spoken),
            age=lambda seconds: duration(seconds, spoken),
            technician=session.person.may(Role.TECHNICIAN),
            told=spoken.text(told),
            imported=imported,
        )

    async def _statement(self, request: Request, session: Session) -> Response:
        form = await self._door.form(request, session, Limits(file=STATEMENT_LIMIT))
        file = form.file("file")
        if file is None:
            return await self._page(request, session, _NO_FILE)
        try:
            imported = await run_in_threadpool(self._orders.statement, file.data, session.person.id)
        except InputError as error:
            return await self._page(
                request, session, words.STATEMENTS.get(error.slug, words.STATEMENTS["statement"])
            )
        await run_in_threadpool(
            self._door.staff.note, session, "order-statement", f"{len(imported.paid)} paid"
        )
        return await self._page(request, session, imported=imported)

    async def _money(self, request: Request, session: Session) -> Response:
        form = await self._door.form(request, session)
        mark, number = _mark(form.text("mark")), form.text("number")
        refusal: Refusal | None
        if form.text("do") == "settle":
            refusal = await run_in_threadpool(self._orders.till.settle, mark, session.person.id)
        else:
            try:
                refusal = await run_in_threadpool(self._orders.accept, mark, number, session.person.id)
            except InputError:
                return await self._page(request, session, _NO_NUMBER)
        if refusal is not None:
            told = _NO_NUMBER if refusal is Refusal.NO_SUCH_REQUEST else words.REFUSED
            return await self._page(request, session, told)
        await run_in_threadpool(self._door.staff.note, session, "order-money", number or mark.hex()[:16])
        return RedirectResponse(ORDERS, 303)


def _mark(text: str) -> bytes:
    try:
        return bytes.fromhex(text[:64])
    except ValueError:
        return b""
