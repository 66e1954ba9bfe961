"""The codes that open a case for the people it is about. None is stored: each is made again from the desk's own key.

`status`: for who asked. `owner`: for the sealed addresses; it cancels. `mailbox`: comes back as evidence.
"""

from __future__ import annotations

from enum import Enum

from sparekey.core.codes import Code, code_from_entropy
from sparekey.core.crypto import derive, equal, mac


class Door(Enum):
    """What a code opens."""

    STATUS = "status"
    OWNER = "owner"
    MAILBOX = "mailbox"


class CaseCodes:
    """Makes the codes. `key`: the desk's ticket key."""

    def __init__(self, key: bytes) -> None:
        self._keys = {door: derive(key, f"case {door.value}") for door in Door}

    def code(self, door: Door, number: str, address: str = "") -> Code:
        """The code of one case. `address`: to whom it goes, so that a code of the mailbox proves this one."""
        return code_from_entropy(mac(self._keys[door], f"{number} {address}".encode())[:5])

    def is_right(self, door: Door, typed: Code, number: str, address: str = "") -> bool:
        """Whether it is the code, in constant time."""
        return equal(typed.text.encode(), self.code(door, number, address).text.encode())
