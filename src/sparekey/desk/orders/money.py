"""Money as whole numbers of the minor unit: what a file or a setting writes, and what people read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sparekey.core.errors import InputError

if TYPE_CHECKING:
    from sparekey.language.catalogue import Translator

CURRENCIES = ("CZK", "EUR")
"""Both have a hundred minor units."""
PRICE_LIMIT = 10**9
"""Minor units, at most: ten characters with the point."""

_AMOUNT = re.compile(r"([0-9]{1,13})(?:\.([0-9]{1,5}))?")


def read_amount(text: str) -> int:
    """`1990.00` in minor units. Raises InputError (`amount`) for what is none, and for anything finer."""
    matched = _AMOUNT.fullmatch(text)
    fraction = (matched[2] or "").rstrip("0") if matched else ""
    if not matched or len(fraction) > 2:
        raise InputError("amount", "an amount of money looks like 1990.00")
    return int(matched[1]) * 100 + int(fraction.ljust(2, "0"))


def plain(amount: int) -> str:
    """As programs write it: `1990.00`."""
    return f"{amount // 100}.{amount % 100:02d}"


def shown(amount: int, currency: str, words: Translator) -> str:
    """As this reader writes it: `CZK 1,990` or `1 990 Kč`."""
    whole, cents = divmod(amount, 100)
    if words.code == "cs":
        unit = {"CZK": "Kč", "EUR": "€"}.get(currency, currency)
        return f"{whole:,}".replace(",", "\u00a0") + (f",{cents:02d}" if cents else "") + f"\u00a0{unit}"
    return f"{currency}\u00a0{whole:,}" + (f".{cents:02d}" if cents else "")
