"""A desk with a shop in one process: orders on a real database, the cases beside them, and a customer's browser."""

from __future__ import annotations

from datetime import UTC

from starlette.types import ASGIApp

from sparekey.desk.mail.letters import Letters
from sparekey.desk.mail.outbox import Outbox
from sparekey.desk.mail.ports import Sender
from sparekey.desk.orders.bank import BankTransfer
from sparekey.desk.orders.ordering import Customer
from sparekey.desk.orders.pages import Shop
from sparekey.desk.orders.service import Orders
from sparekey.desk.orders.shop import ShopConfig
from sparekey.desk.source import Sources
from sparekey.desk.store.database import Database
from sparekey.testing.bank import Transfer, statement
from sparekey.web.face import face
from sparekey.web.form_token import Token
from sparekey.web.guard import Rules
from sparekey.web.page import Band, Pages
from sparekey.web.statics import Statics
from tests.desk.casework import SERIAL, URL, Casework
from tests.desk.room import Mail

SHOP = ShopConfig(
    price="1990.00",
    iban="CZ65 0800 0000 1920 0014 5399",
    bic="GIBACZPX",
    holder="Example Service",
    workshop=("Example Service", "Dlouhá 1", "110 00 Praha 1"),
)
JANE = Customer("Jane Doe", "Krátká 2", "602 00 Brno", "CZ", "jane@example.com")
HERE = b"a source"
PRICE = "1990.00"


def orders_of(work: Casework, shop: ShopConfig = SHOP) -> Orders:
    """The service, beside the cases of this desk."""
    return Orders(
        shop=shop,
        payments=BankTransfer(shop),
        cases=work.cases,
        database=work.database,
        keyring=work.keyring,
        clock=work.clock,
        entropy=work.entropy,
        zone=UTC,
    )


class Workshop(Casework):
    """The shop too. `orders`: the service."""

    def __init__(self, database: Database, shop: ShopConfig = SHOP) -> None:
        super().__init__(database)
        self.shop = shop
        self.orders = orders_of(self, shop)

    def place(self, serial: str = SERIAL, file: str = "", source: bytes = HERE) -> str:
        """Jane orders."""
        placed = self.orders.place(JANE, serial, file, source)
        assert isinstance(placed, str), placed
        return placed

    def status(self, number: str) -> str:
        """How it stands."""
        view = self.orders.show(number)
        assert view is not None
        return view.status

    def bank(self, *transfers: Transfer, name: str = "2026-226") -> bytes:
        """What the bank gives out."""
        return statement(self.shop.account, transfers, name=name)

    def paid(self, serial: str = SERIAL) -> str:
        """An order that is paid."""
        number = self.place(serial)
        taken = self.orders.statement(self.bank(Transfer(PRICE, symbol=number, reference=number)), "tom")
        assert taken.paid == (number,)
        return number

    def here(self, serial: str = SERIAL) -> str:
        """An order whose device is on the bench."""
        number = self.paid(serial)
        assert self.orders.received(number, "tom") is None
        return number

    def told(self) -> list[Mail]:
        """Let the worker send what is due about orders; the mails that this brought."""
        before = len(self.post.taken)
        sender = Sender("Example support desk", "desk@example.com")
        pile = self.orders.mails(Letters("Example support desk", UTC), sender, URL)
        outbox = Outbox(pile, mailer=self.post, sender=sender.address, clock=self.clock)
        while outbox.work():
            pass
        return self.post.taken[before:]


def shop_face(workshop: Workshop, host: str = "desk.example.com") -> ASGIApp:
    """The public pages behind their guard."""
    room = Shop(
        orders=workshop.orders, sources=Sources(bytes(32)), key=bytes(32), clock=workshop.clock, zone=UTC
    )
    pages = Pages(
        room.packages,
        statics=Statics(room.packages),
        token=Token(bytes(32), workshop.entropy),
        band=lambda: Band("Example support"),
        look="desk",
    )
    rules = Rules(own_names=lambda: {f"{host}:443", host}, larger=room.larger)
    return face(room.routes(pages), pages=pages, rules=rules, entropy=workshop.entropy)
