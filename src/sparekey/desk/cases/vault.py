"""What is known about people is sealed to the desk's own support key before it is stored, and marked by the desk.

A copied database tells which serials asked for help, and not who asked, where they are reached, or what they sent.
Who can write the database but has no key cannot make a case, an approval or an upload.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core import crypto
from sparekey.core.errors import UnavailableError, UntrustedError
from sparekey.core.messages.header import KEY_ID_LENGTH, Purpose

if TYPE_CHECKING:
    from sparekey.desk.keyring import Keyring

_CONTEXT = b"sparekey desk case\x00"
_MAC = 32


class Vault:
    """Seals and opens. A newer key seals, the older ones still open."""

    def __init__(self, keyring: Keyring) -> None:
        self._keys = keyring.opening[Purpose.SUPPORT]
        tickets = (keyring.ticket, *keyring.old_tickets)
        self._markings = [crypto.derive(ticket, "case row") for ticket in tickets]

    def seal(self, number: str, data: bytes) -> bytes:
        """Seal for one case: moved to another one it does not open."""
        name, private = next(iter(self._keys.items()))
        sealed = name + crypto.seal(crypto.sealing_public(private), _bound(number), data)
        return crypto.mac(self._markings[0], _bound(number) + sealed) + sealed

    def open(self, number: str, stored: bytes) -> bytes:
        """Open what `seal` made. Raises UnavailableError (`case-key`) when the key is gone or the row was changed."""
        mark, sealed = stored[:_MAC], stored[_MAC:]
        private = self._keys.get(sealed[:KEY_ID_LENGTH])
        try:
            rights = [crypto.mac(marking, _bound(number) + sealed) for marking in self._markings]
            held = [crypto.equal(mark, right) for right in rights]
            if private is None or not any(held):
                raise UntrustedError("case-row")
            return crypto.unseal(private, _bound(number), sealed[KEY_ID_LENGTH:])
        except UntrustedError:
            raise UnavailableError(
                "case-key",
                f"case {number} does not open: put the older support key back into the keys folder",
            ) from None


def _bound(number: str) -> bytes:
    return _CONTEXT + number.encode() + b"\x00"
