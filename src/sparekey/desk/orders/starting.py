"""Puts the parts of the shop together at the desk's start."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sparekey.desk.mail.outbox import Outbox
from sparekey.desk.orders.bank import BankTransfer
from sparekey.desk.orders.pages import Shop
from sparekey.desk.orders.service import Orders
from sparekey.desk.source import Sources

if TYPE_CHECKING:
    from collections.abc import Callable

    from sparekey.desk.cases.service import Cases
    from sparekey.desk.orders.posting import OrderMail
    from sparekey.desk.orders.shop import ShopConfig
    from sparekey.desk.tools import Tools


@dataclass(frozen=True)
class OpenOrders:
    """`orders`: the service. `outbox`: sends what customers hear of them. `room`: the public pages."""

    orders: Orders
    outbox: Outbox[OrderMail]
    room: Shop

    @property
    def chores(self) -> tuple[Callable[[], int], ...]:
        """What the desk's worker does for them, besides their mails."""
        return (self.orders.work,)

    @property
    def prunes(self) -> tuple[Callable[[], None], ...]:
        """What it does once an hour."""
        return (self.orders.prune,)


def open_orders(tools: Tools, shop: ShopConfig, cases: Cases) -> OpenOrders:
    """Everything that a desk with a shop has besides."""
    config, keyring, clock = tools.config, tools.keyring, tools.clock
    orders = Orders(
        shop=shop,
        payments=BankTransfer(shop),
        cases=cases,
        database=tools.database,
        keyring=keyring,
        clock=clock,
        entropy=tools.entropy,
        zone=config.zone,
        wake=tools.wake,
    )
    outbox = tools.outbox(orders.mails(tools.letters, tools.sender, config.url))
    room = Shop(
        orders=orders, sources=Sources(keyring.ticket), key=keyring.form_key, clock=clock, zone=config.zone
    )
    return OpenOrders(orders, outbox, room)
