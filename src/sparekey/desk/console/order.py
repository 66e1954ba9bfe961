"""One order: where it is, what comes next, the device's request, and the file that erases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from sparekey.core.admission import Role
from sparekey.core.errors import InputError, Refusal, UnavailableError
from sparekey.core.order import Cancelled, Received, Refunded
from sparekey.desk.cases.opening import Trouble
from sparekey.desk.console import words as case_words
from sparekey.desk.console.door import ORDERS, WORKERS
from sparekey.desk.console.orders import READERS
from sparekey.desk.orders import words
from sparekey.desk.orders.money import shown
from sparekey.desk.orders.ordering import Wrong
from sparekey.desk.photo import PHOTO_LIMIT, is_photo, read_photo
from sparekey.language.catalogue import N_
from sparekey.language.moments import date
from sparekey.web.forms import Limits

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from sparekey.core.order import State
    from sparekey.desk.console.door import Door, Handler
    from sparekey.desk.orders.service import Orders
    from sparekey.desk.staff.people import Session

    Act = Callable[[str, str, int | None], Refusal | None]

_GONE = (
    N_("There is no such order"),
    N_("Look at the number once more; it has ten digits. Or look for the serial number in the list."),
)
_NO_FILE = N_("Choose the request that the device saved, or a photo of the square on its screen.")
_HANDED_IN = {
    Wrong.SERIAL: N_("This request is of another device than the order. Compare both serial numbers."),
    Wrong.FILE: N_("This is not the request of a technician. Choose “Technician” at the device’s screen."),
}
_NOT_READY = {
    Refusal.NOT_NOW: N_(
        "There is no file yet. The device has to be marked as received, and two people have to approve in its case."
    ),
    Refusal.EXPIRED: N_("The time of this answer is over. Hand in a new request of the device."),
}
_NO_LOG = N_("The public log does not have it yet. In a minute it will; try again.")


class OrderPages:
    """The pages."""

    def __init__(self, door: Door, orders: Orders) -> None:
        self._door = door
        self._orders = orders

    def routes(self) -> list[BaseRoute]:
        """All of them."""
        route, orders, here = self._door.route, self._orders, f"{ORDERS}/{{number}}"
        acts: dict[str, Act] = {
            "sent": orders.sent,
            "received": orders.received,
            "unlocked": orders.unlocked,
            "returned": orders.returned,
            "cancel": orders.cancel,
            "refund": orders.refund,
        }
        return [
            route(f"{ORDERS}/request", self._hand_in, Role.TECHNICIAN, method="POST"),
            route(here, self._show, *READERS),
            route(f"{here}/file", self._file, Role.TECHNICIAN, method="POST"),
            *(
                route(f"{here}/{name}", self._acting(name, act), Role.TECHNICIAN, method="POST")
                for name, act in acts.items()
            ),
        ]

    async def _show(self, request: Request, session: Session) -> Response:
        return await self._page(request, session, request.path_params["number"][:16])

    async def _page(
        self, request: Request, session: Session, number: str, told: str = "", trouble: str = ""
    ) -> Response:
        view = await run_in_threadpool(self._orders.show, number)
        if view is None:
            return self._door.pages.problem(request, 404, *_GONE, back=ORDERS)
        spoken = self._door.pages.words(request)
        state, dossier = view.kept.state, view.kept.dossier
        return self._door.page(
            request,
            session,
            "order.html",
            status=409 if told else 422 if trouble else 200,
            told=spoken.text(told),
            trouble=spoken.text(trouble),
            number=number,
            version=view.kept.version,
            status_=view.status,
            status_name=words.STATUS[view.status],
            deal=state.deal,
            price=shown(state.deal.price, state.deal.currency, spoken),
            customer=dossier.customer,
            country=words.COUNTRIES.get(dossier.customer.country, ""),
            case=dossier.case,
            sees_cases=session.person.may(*WORKERS),
            technician=session.person.may(Role.TECHNICIAN),
            due=date(view.due, self._door.now(), 0, spoken) if view.due else "",
            left=isinstance(state, Received) and bool(state.left),
            next_=_next(state),
            may_refund=_may_refund(state),
            history=view.history,
            past=words.PAST,
            people=await self._door.names(),
        )

    def _acting(self, name: str, act: Act) -> Handler:
        """A button. It is written down what was done."""

        async def acted(request: Request, session: Session) -> Response:
            form = await self._door.form(request, session)
            number, seen = request.path_params["number"][:16], form.text("seen")
            version = int(seen) if seen.isdecimal() and len(seen) < 10 else None
            refusal = await run_in_threadpool(act, number, session.person.id, version)
            if refusal is not None:
                return await self._page(request, session, number, told=words.REFUSED)
            await run_in_threadpool(self._door.staff.note, session, f"order-{name}", number)
            return RedirectResponse(f"{ORDERS}/{number}", 303)

        return acted

    async def _hand_in(self, request: Request, session: Session) -> Response:
        form = await self._door.form(request, session, Limits(file=PHOTO_LIMIT))
        number, upload = form.text("number")[:16], form.file("file")
        if upload is None or not upload.data:
            return await self._page(request, session, number, trouble=_NO_FILE)
        given: str | bytes = upload.data
        if is_photo(upload.data):
            try:
                given = await run_in_threadpool(read_photo, upload.data)
            except InputError as error:
                return await self._page(request, session, number, trouble=case_words.PHOTO[error.slug])
        handed = await run_in_threadpool(self._orders.hand_in, number, given, session.person.id)
        if isinstance(handed, Refusal):
            return await self._page(request, session, number, told=words.REFUSED)
        if isinstance(handed, Wrong):
            return await self._page(request, session, number, trouble=_HANDED_IN.get(handed, words.OTHERWISE))
        if isinstance(handed, Trouble):
            return await self._page(
                request, session, number, trouble=words.TROUBLES.get(handed, words.OTHERWISE)
            )
        await run_in_threadpool(self._door.staff.note, session, "order-request", number)
        return RedirectResponse(f"{ORDERS}/{number}", 303)

    async def _file(self, request: Request, session: Session) -> Response:
        """The file. Whoever fetches it is written down before."""
        await self._door.form(request, session)
        number = request.path_params["number"][:16]
        await run_in_threadpool(self._door.staff.note, session, "order-file", number)
        try:
            given = await run_in_threadpool(self._orders.file, number, session.person.id)
        except UnavailableError as error:
            if error.slug != "log":
                raise
            return await self._page(request, session, number, told=_NO_LOG)
        if isinstance(given, Refusal):
            return await self._page(request, session, number, told=_NOT_READY.get(given, words.REFUSED))
        headers = {
            "content-disposition": f'attachment; filename="{given.file_name}"',
            "cache-control": "no-store",
        }
        return Response(given.file, media_type="application/octet-stream", headers=headers)


def _next(state: State) -> tuple[str, ...]:
    """What a technician may do now, the likely one first."""
    name = type(state).__name__
    if isinstance(state, Received):
        return ("unlocked",) if state.left else ()
    if isinstance(state, Cancelled | Refunded):
        return ("returned",) if state.here else ("received",)
    return {"Paid": ("received", "sent"), "Sent": ("received",), "Unlocked": ("returned",)}.get(name, ())


def _may_refund(state: State) -> bool:
    if isinstance(state, Received):
        return not state.left
    return type(state).__name__ in ("Paid", "Sent") or (isinstance(state, Cancelled) and state.owed)
