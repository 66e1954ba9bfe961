"""The shop's public pages: what the technician's unlock is, ordering it, and how an order stands."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from sparekey.core.errors import InputError, Refusal
from sparekey.core.order import Cancelled, Received, Refunded
from sparekey.core.values import mask
from sparekey.desk.cases.opening import Trouble
from sparekey.desk.orders import days
from sparekey.desk.orders import words as told
from sparekey.desk.orders.door import ROOT, Door
from sparekey.desk.orders.money import shown
from sparekey.desk.orders.ordering import Customer, Wrong
from sparekey.language.catalogue import N_
from sparekey.language.moments import about_working_days, date, duration
from sparekey.web import qr
from sparekey.web.forms import Limits
from sparekey.web.page import KeptLost

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from datetime import tzinfo

    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from sparekey.desk.orders.service import Orders, OrderView
    from sparekey.desk.source import Sources
    from sparekey.host.clock import Clock
    from sparekey.language.catalogue import Translator
    from sparekey.web.page import Pages

FORM, ENTER, ACT = "unlock-order", "unlock-status", "unlock-act"
"""What the forms' tokens are for."""
VIEW = f"{ROOT}/view"
FILE_LIMIT = 64 * 1024
FORM_ROOM = 32 * 1024

_NOT_THAT = N_("This number and this code do not belong together. Compare both with the mail.")
_TOO_MANY = N_("Too many codes were typed. Wait an hour, or call us.")
_SLIP = N_("One character is not right: look at the code again.")
_SLIP_NUMBER = N_("An order’s number has ten digits. Compare it with the mail.")
_CONFIRM = N_("Please tick this: we erase nothing without it.")
_FIELDS = ("name", "street", "city", "country", "address", "serial")


class Shop:
    """The room. `key`: 32 secret bytes that all nodes share. `zone`: the workshop's."""

    packages: Mapping[str, str] = MappingProxyType({"orders": "sparekey.desk.orders"})
    larger = ((f"{ROOT}/order", FILE_LIMIT + FORM_ROOM),)

    def __init__(self, *, orders: Orders, sources: Sources, key: bytes, clock: Clock, zone: tzinfo) -> None:
        self._orders = orders
        self._sources = sources
        self._key = key
        self._clock = clock
        self._zone = zone

    def routes(self, pages: Pages) -> Sequence[BaseRoute]:
        """All of them."""
        door = Door(pages=pages, sources=self._sources, key=self._key, clock=self._clock)
        return _ShopPages(door, self._orders, self._clock, self._zone).routes()


class _ShopPages:
    def __init__(self, door: Door, orders: Orders, clock: Clock, zone: tzinfo) -> None:
        self._door = door
        self._orders = orders
        self._clock = clock
        self._zone = zone

    def routes(self) -> Sequence[BaseRoute]:
        return [
            Route(ROOT, self._offer, methods=["GET"]),
            Route(f"{ROOT}/order", self._fill_in, methods=["GET"]),
            Route(f"{ROOT}/order", self._order, methods=["POST"]),
            Route(f"{ROOT}/status", self._ask, methods=["GET"]),
            Route(f"{ROOT}/status", self._enter, methods=["POST"]),
            Route(VIEW, self._view, methods=["GET"]),
            Route(f"{ROOT}/sent", self._acting(self._orders.sent), methods=["POST"]),
            Route(f"{ROOT}/cancel", self._acting(self._orders.cancel), methods=["POST"]),
            Route(f"{ROOT}/leave", self._leave, methods=["POST"]),
        ]

    async def _offer(self, request: Request) -> Response:
        words = self._door.pages.words(request)
        gone = words.text("erased")
        rows = [
            KeptLost(words.text("Recordings"), lost=gone),
            KeptLost(words.text("Users and all settings"), lost=gone),
            KeptLost(words.text("The device itself"), stays=words.text("comes back")),
        ]
        return self._door.page(request, "shop", rows=rows, **self._terms(words))

    async def _fill_in(self, request: Request) -> Response:
        return self._form(request, {}, {})

    def _form(
        self, request: Request, wrong: dict[str, str], kept: dict[str, str], status: int = 200
    ) -> Response:
        words = self._door.pages.words(request)
        countries = [(code, words.text(told.COUNTRIES[code])) for code in self._orders.shop.returns_to]
        return self._door.page(
            request,
            "order",
            status=status,
            here=f"{ROOT}/order",
            wrong=wrong,
            kept=kept,
            countries=countries,
            **self._terms(words),
        )

    async def _order(self, request: Request) -> Response:
        form = await self._door.pages.form(request, FORM, Limits(value=200, file=FILE_LIMIT))
        words = self._door.pages.words(request)
        kept = {name: " ".join(form.text(name).split()) for name in _FIELDS}
        if not form.checked("erase"):
            return self._form(request, {"erase": words.text(_CONFIRM)}, kept, 422)
        customer = Customer(
            kept["name"], kept["street"], kept["city"], kept["country"], kept["address"], words.code
        )
        file = form.file("file")
        placed = await run_in_threadpool(
            self._orders.place,
            customer,
            kept["serial"],
            file.data if file is not None else b"",
            self._door.source(request),
        )
        if not isinstance(placed, str):
            return self._form(request, _refused(placed, words, with_file=file is not None), kept, 422)
        answer = RedirectResponse(VIEW, 303)
        self._door.let_in(answer, request, placed)
        return answer

    async def _ask(self, request: Request) -> Response:
        return self._door.page(request, "status", number="")

    async def _enter(self, request: Request) -> Response:
        form = await self._door.pages.form(request, ENTER)
        words, number = self._door.pages.words(request), form.text("number")
        try:
            opened = await run_in_threadpool(
                self._orders.enter, number, form.exact("code"), self._door.source(request)
            )
        except InputError as error:
            slip = {"number": _SLIP_NUMBER} if error.slug == "order-number" else {"code": _SLIP}
            return self._refused(request, number, {name: words.text(text) for name, text in slip.items()})
        if isinstance(opened, Refusal):
            text = _TOO_MANY if opened is Refusal.TOO_MANY_TRIES else _NOT_THAT
            return self._refused(request, number, {"number": words.text(text)})
        answer = RedirectResponse(VIEW, 303)
        self._door.let_in(answer, request, opened)
        return answer

    def _refused(self, request: Request, number: str, wrong: dict[str, str]) -> Response:
        return self._door.page(
            request, "status", status=422, here=f"{ROOT}/status", number=number[:20], wrong=wrong
        )

    async def _view(self, request: Request) -> Response:
        number = self._door.shown(request)
        view = None if number is None else await run_in_threadpool(self._orders.show, number)
        if view is None:
            return self._door.leave(request)
        return self._door.page(request, "view", here=VIEW, **self._values(request, view))

    async def _leave(self, request: Request) -> Response:
        await self._door.pages.form(request, ACT)
        return self._door.leave(request)

    def _acting(self, act: Callable[[str], Refusal | None]) -> Callable[[Request], Awaitable[Response]]:
        """A form that whoever holds a pass sends. What the order does not allow changes nothing; the page shows it."""

        async def acted(request: Request) -> Response:
            await self._door.pages.form(request, ACT)
            number = self._door.shown(request)
            if number is None:
                return RedirectResponse(f"{ROOT}/status", 303)
            await run_in_threadpool(act, number)
            return RedirectResponse(VIEW, 303)

        return acted

    def _terms(self, words: Translator) -> dict[str, Any]:
        shop = self._orders.shop
        return {
            "price": shown(shop.amount, shop.currency, words),
            "bench": about_working_days(shop.days, words),
            "pay_within": duration(shop.pay_within * 86400, words),
        }

    def _values(self, request: Request, view: OrderView) -> dict[str, Any]:
        words, shop, now = self._door.pages.words(request), self._orders.shop, self._clock.wall()

        def day(at: int) -> str:
            return date(at, now, days.offset(at, self._zone), words)

        state, deal = view.kept.state, view.kept.state.deal
        names = [name for name, _ in told.STEPS]
        at = names.index(view.status) if view.status in names else -1
        squares = [
            (words.text(square.name), qr.svg(square.text, words.text(square.name), plain=True, level="M"))
            for square in view.squares
        ]
        owed = isinstance(state, Cancelled) and state.owed
        return {
            "number": deal.number,
            "serial": deal.serial,
            "stage": view.status,
            "told": words.text(told.STATUS[view.status]),
            "steps": [(words.text(text), place <= at) for place, (_, text) in enumerate(told.STEPS)],
            "on_way": at >= 0,
            "squares": squares,
            "account": shop.account,
            "bic": shop.bic,
            "holder": shop.holder,
            "workshop": shop.workshop,
            "pay_by": day(deal.pay_by),
            "due": day(view.due) if view.due else "",
            "mailbox": mask(view.kept.dossier.customer.address),
            "may_cancel": view.status in ("ordered", "paid", "sent")
            or (isinstance(state, Received) and not state.left),
            "owed": owed,
            "here_still": isinstance(state, Cancelled | Refunded) and state.here,
            "history": [(day(past.at), words.text(told.PAST[past.what])) for past in view.history],
            **self._terms(words),
            "price": shown(deal.price, deal.currency, words),
        }


def _refused(placed: Wrong | Trouble, words: Translator, *, with_file: bool) -> dict[str, str]:
    """What is told at which field."""
    if isinstance(placed, Trouble):
        return {"file": words.text(told.DAMAGED)}
    if placed is Wrong.SERIAL and with_file:
        return {"serial": words.text(told.WRONG[placed]), "file": words.text(told.OTHER_DEVICE)}
    name = "name" if placed is Wrong.TOO_MANY else placed.value
    return {name: words.text(told.WRONG[placed])}
