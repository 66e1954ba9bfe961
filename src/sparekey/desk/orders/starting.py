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
    from sparekey.desk.config import DeskConfig
    from sparekey.desk.keyring import Keyring
    from sparekey.desk.mail.letters import Letters
    from sparekey.desk.mail.ports import Mailer, Sender
    from sparekey.desk.orders.posting import OrderMail
    from sparekey.desk.orders.shop import ShopConfig
    from sparekey.desk.store.database import Database
    from sparekey.host.clock import Clock
    from sparekey.host.entropy import Entropy


@dataclass(frozen=True)
class OpenOrders:
    """`orders`: the service. `outbox`: sends what customers hear of them. `room`: the public pages."""

    orders: Orders
    outbox: Outbox[OrderMail]
    room: Shop

    @property
    def chores(self) -> tuple[Callable[[], int], ...]:
        """What the desk's worker does for them."""
        return (self.orders.work, self.outbox.work)

    @property
    def prunes(self) -> tuple[Callable[[], None], ...]:
        """What it does once an hour."""
        return (self.orders.prune,)


def open_orders(
    config: DeskConfig,
    shop: ShopConfig,
    *,
    cases: Cases,
    database: Database,
    keyring: Keyring,
    letters: Letters,
    sender: Sender,
    mailer: Mailer,
    clock: Clock,
    entropy: Entropy,
    wake: Callable[[], None],
) -> OpenOrders:
    """Everything that a desk with a shop has besides."""
    orders = Orders(
        shop=shop,
        payments=BankTransfer(shop),
        cases=cases,
        database=database,
        keyring=keyring,
        clock=clock,
        entropy=entropy,
        zone=config.zone,
        wake=wake,
    )
    pile = orders.mails(letters, sender, config.url)
    outbox = Outbox(pile, mailer=mailer, sender=sender.address, clock=clock)
    room = Shop(
        orders=orders, sources=Sources(keyring.ticket), key=keyring.form_key, clock=clock, zone=config.zone
    )
    return OpenOrders(orders, outbox, room)
