"""Pay by bank transfer: squares for the bank's app, and the statement that the bank gives out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.desk.orders import squares
from sparekey.desk.orders.camt import read_statement

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sparekey.core.order import Deal
    from sparekey.desk.orders.ports import Credit, Square
    from sparekey.desk.orders.shop import ShopConfig


class BankTransfer:
    """The built-in way to pay. See `ports.Payments`."""

    def __init__(self, shop: ShopConfig) -> None:
        self._shop = shop

    def squares(self, deal: Deal) -> Sequence[Square]:
        """The codes of an order."""
        return squares.squares(self._shop, deal)

    def credits(self, statement: bytes) -> Sequence[Credit]:
        """What came in."""
        return read_statement(statement, self._shop.account)
