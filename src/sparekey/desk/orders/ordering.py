"""Who orders what, as an order keeps it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from sparekey.core.errors import InputError
from sparekey.core.order import State
from sparekey.core.values import SERIAL_LIMIT, label, mail_address

LINE_LIMIT = 60
"""Characters of one line of an address."""


class Wrong(Enum):
    """Why an order is not taken as it is; the value is the field that is to be looked at."""

    NAME = "name"
    STREET = "street"
    CITY = "city"
    COUNTRY = "country"
    ADDRESS = "address"
    SERIAL = "serial"
    FILE = "file"
    TOO_MANY = "too-many"


@dataclass(frozen=True)
class Customer:
    """Where a device goes back to, and where mail goes. `city`: with its postal code."""

    name: str = field(repr=False)
    street: str = field(repr=False)
    city: str = field(repr=False)
    country: str
    address: str = field(repr=False)
    locale: str = "en"


@dataclass(frozen=True)
class Dossier:
    """All that an order knows, as it is stored: sealed. `case`: that of the device's request, or empty."""

    state: State
    customer: Customer
    case: str = ""


@dataclass(frozen=True)
class Kept:
    """An order as the store has it. `version`: rises with every change. `changed`: Unix seconds."""

    number: str
    version: int
    changed: int
    dossier: Dossier

    @property
    def state(self) -> State:
        """The state of its machine."""
        return self.dossier.state


@dataclass(frozen=True)
class Past:
    """One line of an order's history. `what`: a slug. `by`: a staff id, or empty. `role`: as whom. `detail`: a slug, a
    number, or empty.
    """

    at: int
    what: str
    by: str = ""
    role: str = ""
    detail: str = ""


@dataclass(frozen=True)
class Line:
    """An order in a list."""

    number: str
    serial: str
    status: str
    case: str
    placed: int
    changed: int


@dataclass(frozen=True)
class Payment:
    """Money that a person has to look at. `number`: the order that it may be for, or empty. `outcome`: why, a slug."""

    mark: bytes
    at: int
    day: str
    amount: int
    currency: str
    number: str
    outcome: str
    told: str = field(default="", repr=False)


def checked(customer: Customer, serial: str, countries: tuple[str, ...]) -> tuple[Customer, str] | Wrong:
    """Both as they are kept, or the first thing that does not fit."""
    for wrong, text in (
        (Wrong.NAME, customer.name),
        (Wrong.STREET, customer.street),
        (Wrong.CITY, customer.city),
    ):
        if not 0 < len(text) <= LINE_LIMIT or not text.isprintable():
            return wrong
    if customer.country not in countries:
        return Wrong.COUNTRY
    try:
        address = mail_address(customer.address)
    except InputError:
        return Wrong.ADDRESS
    try:
        serial = label("serial", " ".join(serial.split()), SERIAL_LIMIT)
    except InputError:
        return Wrong.SERIAL
    made = Customer(customer.name, customer.street, customer.city, customer.country, address, customer.locale)
    return made, serial
