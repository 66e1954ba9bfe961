"""The code that opens an order for its customer. It is not stored: it is made again from the desk's own key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core.codes import Code, code_from_entropy
from sparekey.core.crypto import derive, equal, mac

if TYPE_CHECKING:
    from collections.abc import Sequence


class OrderCodes:
    """Makes the codes. `keys`: the desk's ticket keys, the newest first: codes of the older ones still hold."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._keys = [derive(key, "order code") for key in keys]

    def code(self, number: str) -> Code:
        """The code of one order."""
        return _code(self._keys[0], number)

    def is_right(self, typed: Code, number: str) -> bool:
        """Whether it is the code, in constant time."""
        held = [equal(typed.text.encode(), _code(key, number).text.encode()) for key in self._keys]
        return any(held)


def _code(key: bytes, number: str) -> Code:
    return code_from_entropy(mac(key, number.encode())[:5])
