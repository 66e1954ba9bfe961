"""How money comes in: what a shop asks of any way to pay."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sparekey.core.order import Deal


@dataclass(frozen=True)
class Square:
    """A code that a bank's app reads. `name`: what it is called, a message of the catalogue."""

    name: str
    text: str = field(repr=False)


@dataclass(frozen=True)
class Credit:
    """Money that came. `mark`: the same for the same money, however often it is told. `amount`: in minor units of
    `currency`. `numbers`: what may be orders' numbers, in whatever the payer wrote. `told`: who and what for, to be
    read by a person.
    """

    mark: bytes
    day: str
    amount: int
    currency: str
    numbers: tuple[str, ...] = ()
    told: str = field(default="", repr=False)


class Payments(Protocol):
    """A way to pay."""

    def squares(self, deal: Deal) -> Sequence[Square]:
        """The codes to pay an order with, the best first."""

    def credits(self, statement: bytes) -> Sequence[Credit]:
        """What came in, from what the bank gives out. Raises InputError for what is no statement of our account."""
