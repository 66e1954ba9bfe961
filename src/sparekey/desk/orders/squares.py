"""The texts inside QR payments: the Czech Short Payment Descriptor 1.0, and the SEPA credit transfer (EPC069-12)."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from sparekey.desk.orders.money import plain
from sparekey.desk.orders.ports import Square
from sparekey.language.catalogue import N_

if TYPE_CHECKING:
    from sparekey.core.order import Deal
    from sparekey.desk.orders.shop import ShopConfig

NAME_LIMIT, MESSAGE_LIMIT = 35, 60
"""Characters of RN and MSG."""


def squares(shop: ShopConfig, deal: Deal) -> tuple[Square, ...]:
    """Those that fit the account and the currency, the one for most payers first."""
    made = []
    if deal.currency == "EUR":
        made.append(Square(N_("SEPA QR payment"), epc(shop, deal)))
    if shop.account.startswith("CZ"):
        made.insert(0 if deal.currency == "CZK" else 1, Square(N_("Czech QR payment"), spayd(shop, deal)))
    return tuple(made)


def spayd(shop: ShopConfig, deal: Deal) -> str:
    """`SPD*1.0*…`. The order's number is the variable symbol, and stands in the message for banks that know none."""
    fields = {
        "ACC": shop.account + (f"+{shop.bic}" if shop.bic else ""),
        "AM": plain(deal.price),
        "CC": deal.currency,
        "RN": _ascii(shop.holder)[:NAME_LIMIT],
        "X-VS": deal.number,
        "MSG": f"ORDER {deal.number}"[:MESSAGE_LIMIT],
    }
    return "*".join(["SPD", "1.0", *(f"{key}:{_escaped(value)}" for key, value in fields.items())])


def epc(shop: ShopConfig, deal: Deal) -> str:
    """Twelve lines; version 002, in which the BIC may be left out."""
    return "\n".join(
        [
            "BCD",
            "002",
            "1",
            "SCT",
            shop.bic,
            _ascii(shop.holder),
            shop.account,
            f"EUR{plain(deal.price)}",
            "",
            "",
            f"ORDER {deal.number}",
        ]
    )


def _ascii(text: str) -> str:
    """Without accents, in capitals: what every bank's reader takes."""
    kept = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return " ".join(kept.upper().split())


def _escaped(value: str) -> str:
    return value.replace("%", "%25").replace("*", "%2A")
