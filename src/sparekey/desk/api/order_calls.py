"""Orders of the technician's unlock, and the bank's statements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Query
from starlette.responses import Response

from sparekey.core.errors import InputError
from sparekey.core.order import read_number
from sparekey.desk.api import paging, shapes, telling
from sparekey.desk.api.call import Call, Spec
from sparekey.desk.api.desk import Desk
from sparekey.desk.api.entrance import Caller, Terms, caller_of
from sparekey.desk.api.limits import ROOT
from sparekey.desk.api.problems import stop
from sparekey.desk.api.scopes import Scope
from sparekey.desk.orders.camt import STATEMENT_LIMIT

if TYPE_CHECKING:
    from sparekey.desk.orders.service import Orders

By = Annotated[Caller, Depends(caller_of)]
XML = ("application/xml", "text/xml")


class OrderCalls:
    """The calls. A desk that sells nothing says so."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[Call]:
        """All of them."""
        call = self._desk.call
        return [
            call(
                Spec(
                    "GET",
                    "/orders",
                    "list_orders",
                    "List orders, the oldest first",
                    shapes.OrderPage,
                    terms=Terms(Scope.ORDERS, asks=True),
                    statuses=(404,),
                    headers={"Link": "The next page (RFC 8288)."},
                    leads=("/orders/0/number", ("read_order",)),
                    tag="orders",
                ),
                self._list,
            ),
            call(
                Spec(
                    "GET",
                    "/orders/{number}",
                    "read_order",
                    "Read an order",
                    shapes.OrderTold,
                    terms=Terms(Scope.ORDERS),
                    statuses=(404,),
                    tag="orders",
                ),
                self._show,
            ),
            call(
                Spec(
                    "POST",
                    "/statements",
                    "take_in_statement",
                    "Take in a bank statement (CAMT.053); twice does no harm",
                    shapes.StatementTold,
                    terms=Terms(Scope.STATEMENTS, STATEMENT_LIMIT, XML),
                    statuses=(404,),
                    tag="orders",
                ),
                self._statement,
            ),
        ]

    def _list(
        self, asked: Annotated[shapes.OrdersAsked, Query()], caller: By, response: Response
    ) -> shapes.OrderPage:
        lines = self._shop().lines(tuple(asked.status), after=paging.after(asked), most=asked.limit + 1)
        shown, following = paging.cut(
            lines, asked, f"{ROOT}/orders", response, lambda line: (line.placed, line.number)
        )
        return shapes.OrderPage(orders=[telling.order_line(line) for line in shown], next=following)

    def _show(self, number: str, caller: By) -> shapes.OrderTold:
        try:
            view = self._shop().show(read_number(number[:32]))
        except InputError:
            view = None
        if view is None:
            raise stop("no-such-order")
        return telling.order(view)

    def _statement(self, caller: By) -> shapes.StatementTold:
        try:
            imported = self._shop().statement(caller.body, caller.by)
        except InputError as error:
            raise stop("statement", fault=error.slug) from None
        self._desk.note(caller, "order-statement", f"{len(imported.paid)} paid")
        return shapes.StatementTold(
            paid=list(imported.paid), listed=imported.listed, known=imported.known, other=imported.other
        )

    def _shop(self) -> Orders:
        if self._desk.orders is None:
            raise stop("no-shop")
        return self._desk.orders
