"""Cameras' passwords at rest: each encrypted by itself under the device key, bound to its place (spec/state.md 5)."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from sparekey.core.crypto import NONCE_LENGTH, lock, unlock
from sparekey.core.errors import UntrustedError
from sparekey.core.keys import keeping_key
from sparekey.core.values import Secret

if TYPE_CHECKING:
    from sparekey.host.entropy import Entropy

_KIND = "camera password"


class Place(Enum):
    """Which password of a camera."""

    CREDENTIAL = "credential"
    """What the recorder signs in with."""
    STAGED = "staged"
    """A new one that is not verified yet."""


class Safe:
    """Locks and unlocks. Holds nothing but the key."""

    def __init__(self, device_key: bytes, entropy: Entropy) -> None:
        self._entropy = entropy
        self.rekey(device_key)

    def rekey(self, device_key: bytes) -> None:
        """From now on under another device key."""
        self._key = keeping_key(device_key, _KIND)

    def lock(self, camera: int, place: Place, password: Secret) -> bytes:
        """What is stored."""
        nonce = self._entropy.bytes(NONCE_LENGTH)
        return lock(self._key, nonce, _bound(camera, place), password.text.encode())

    def unlock(self, camera: int, place: Place, locked: bytes) -> Secret | None:
        """The password; None when it does not open: the device key was changed, or somebody wrote into the storage."""
        try:
            return Secret(unlock(self._key, _bound(camera, place), locked).decode())
        except UntrustedError:
            return None


def _bound(camera: int, place: Place) -> bytes:
    return f"{_KIND}\n{camera}\n{place.value}".encode()
