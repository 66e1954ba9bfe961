"""What a desk says of its shop: `[shop]` in desk.toml."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sparekey.core.errors import InputError
from sparekey.desk.orders.money import CURRENCIES, PRICE_LIMIT, read_amount

_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
_BIC = re.compile(r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?")
COUNTRIES = ("CZ", "SK")
"""Whose holidays are known."""
LINES = 6


@dataclass(frozen=True)
class ShopConfig:
    """`price`: of one unlock with the way back, such as "1990.00". `holder`: whose account it is. `workshop`: the
    address that devices are sent to, line by line. `country`: where it is. `returns_to`: countries that devices go
    back to. `days`: working days on the bench. `pay_within`: days.
    """

    price: str
    iban: str
    holder: str
    workshop: tuple[str, ...]
    currency: str = "CZK"
    bic: str = ""
    country: str = "CZ"
    returns_to: tuple[str, ...] = COUNTRIES
    days: int = 3
    pay_within: int = 14

    @property
    def amount(self) -> int:
        """The price in minor units."""
        return read_amount(self.price)

    @property
    def account(self) -> str:
        """The IBAN as programs write it."""
        return "".join(self.iban.split()).upper()


def check_shop(shop: ShopConfig, source: str) -> None:
    """Raises InputError (`config`) that says what to change."""
    try:
        price = read_amount(shop.price)
    except InputError as error:
        raise InputError("config", f"{source}: shop.price: {error.hint}") from None
    if not 0 < price < PRICE_LIMIT:
        raise InputError("config", f"{source}: shop.price is more than 0, and less than ten million")
    if shop.currency not in CURRENCIES:
        raise InputError("config", f"{source}: shop.currency is one of {', '.join(CURRENCIES)}")
    if not is_iban(shop.account):
        raise InputError("config", f"{source}: shop.iban is no account number; one digit may be wrong")
    if shop.bic and not _BIC.fullmatch(shop.bic):
        raise InputError("config", f"{source}: shop.bic has 8 or 11 capital letters and digits")
    if not 0 < len(shop.holder) <= 35 or not shop.holder.isprintable():
        raise InputError("config", f"{source}: shop.holder has 1 to 35 characters")
    lines = shop.workshop
    if not 0 < len(lines) <= LINES or not all(0 < len(line) <= 60 and line.isprintable() for line in lines):
        raise InputError("config", f"{source}: shop.workshop is a list of 1 to {LINES} lines of an address")
    if shop.country not in COUNTRIES or not shop.returns_to or not set(shop.returns_to) <= set(COUNTRIES):
        raise InputError("config", f"{source}: shop.country and returns_to know {', '.join(COUNTRIES)}")
    if not 1 <= shop.days <= 60 or not 1 <= shop.pay_within <= 60:
        raise InputError("config", f"{source}: shop.days and shop.pay_within are 1 to 60")


def is_iban(text: str) -> bool:
    """Whether the check digits of an account number hold (ISO 13616, modulo 97)."""
    if not _IBAN.fullmatch(text):
        return False
    return int("".join(str(int(character, 36)) for character in text[4:] + text[:4])) % 97 == 1
