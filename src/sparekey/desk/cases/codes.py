"""The codes that open a case for the people it is about. None is stored: each is made again from the desk's own key.

`status`: for who asked. `owner`: for the sealed addresses; it cancels. `mailbox`: comes back as evidence.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from sparekey.core.codes import Code, code_from_entropy
from sparekey.core.crypto import derive, equal, mac
from sparekey.desk.cases.bounces import Marks

if TYPE_CHECKING:
    from collections.abc import Sequence


class Door(Enum):
    """What a code opens."""

    STATUS = "status"
    OWNER = "owner"
    MAILBOX = "mailbox"


class CaseCodes:
    """Makes the codes. `keys`: the desk's ticket keys, the newest first: codes of the older ones still hold. `marks`:
    by which its mails are known again when they come back.
    """

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._keys = {door: [derive(key, f"case {door.value}") for key in keys] for door in Door}
        self.marks = Marks(keys)

    def code(self, door: Door, number: str, address: str = "") -> Code:
        """The code of one case. `address`: to whom it goes, so that a code of the mailbox proves this one."""
        return _code(self._keys[door][0], number, address)

    def is_right(self, door: Door, typed: Code, number: str, address: str = "") -> bool:
        """Whether it is the code, in constant time."""
        rights = [_code(key, number, address).text.encode() for key in self._keys[door]]
        held = [equal(typed.text.encode(), right) for right in rights]
        return any(held)


def _code(key: bytes, number: str, address: str) -> Code:
    return code_from_entropy(mac(key, f"{number} {address}".encode())[:5])
