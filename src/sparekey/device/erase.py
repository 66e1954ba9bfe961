"""Erase (spec/requests.md section 16): the keys first, then what every room keeps, then a look at what is left."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sparekey.core.errors import UnavailableError
from sparekey.device import secret_file

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sparekey.device.accounts.port import AccountStore

_LOG = logging.getLogger("sparekey.device")


def _nothing(_generation: int) -> None:
    return None


@dataclass(frozen=True)
class Room:
    """A part of the device that keeps something of its owner, and how that ends. Each call may come twice.

    `end_before`: end whatever was opened before this generation. `erase`: forget everything. `is_empty`: look
    whether anything is left. `recordings`: goes only when the recordings go too. All three may raise UnavailableError
    or OSError; then the device tries again later.
    """

    name: str
    erase: Callable[[], None]
    is_empty: Callable[[], bool]
    end_before: Callable[[int], None] = _nothing
    recordings: bool = False


class Eraser:
    """Carries the order out as often as it comes."""

    def __init__(self, key: Path, accounts: AccountStore, rooms: Sequence[Room]) -> None:
        """`key`: the file of the device key. `rooms`: a list that may still grow."""
        self._key = key
        self._accounts = accounts
        self._rooms = rooms

    def erase(self, *, recordings: bool) -> bool:
        """Whether everything is gone: seen, not believed. What cannot be erased now is left for the next time."""
        rooms = [room for room in self._rooms if recordings or not room.recordings]
        done = [self._tried("device key", self._destroy_key)]
        # The recordings' key is a key: it goes before what only takes room.
        rooms.sort(key=lambda room: not room.recordings)
        done += [self._tried(room.name, room.erase) for room in rooms]
        done.append(self._tried("accounts", self._erase_accounts))
        return all(done) and self._tried("look", lambda: self._look(rooms))

    def _destroy_key(self) -> None:
        secret_file.destroy(self._key)

    def _erase_accounts(self) -> None:
        if not self._accounts.erase():
            raise UnavailableError("account-store", "the account store still shows accounts")

    def _look(self, rooms: Sequence[Room]) -> None:
        left = [room.name for room in rooms if not room.is_empty()]
        if left or not secret_file.is_gone(self._key):
            raise UnavailableError("erase", f"not empty yet: {', '.join(left) or 'device key'}")

    def _tried(self, name: str, step: Callable[[], None]) -> bool:
        try:
            step()
        except (UnavailableError, OSError) as error:
            _LOG.warning("erasing waits at %s: %s", name, type(error).__name__)
            return False
        return True
