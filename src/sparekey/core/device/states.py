"""The states of the thing being recovered. All of them remember the same record."""

from __future__ import annotations

from dataclasses import dataclass

from sparekey.core.crypto import PasswordHash
from sparekey.core.record import Record
from sparekey.core.values import Face


@dataclass(frozen=True)
class MustSet:
    """No password yet, or none any more: nothing works but setting one."""

    record: Record


@dataclass(frozen=True)
class Guarded:
    """There is a password."""

    record: Record


@dataclass(frozen=True)
class Applying:
    """A recovery is decided, and the maker's account store has yet to take the new password.

    `record` is what was; `after` what will be once the store shows the new password. Until then the old password is the
    one that works, and the proof is not consumed: should the store refuse, its holder can try again.
    """

    record: Record
    after: Record
    account: str
    password: PasswordHash
    face: Face


@dataclass(frozen=True)
class Erasing:
    """The device is being erased; the intent is durable and a boot goes on with it. `recordings`: whether they go
    too.
    """

    record: Record
    recordings: bool
    face: Face


State = MustSet | Guarded | Applying | Erasing
