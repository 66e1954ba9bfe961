"""The states of the thing being recovered. All of them remember the same record."""

from __future__ import annotations

from dataclasses import dataclass

from sparekey.core.crypto import PasswordHash
from sparekey.core.effects import Happened, RevokeAccount, SetPassword
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
    """A change is decided, and the maker's account store has yet to take it.

    `record` is what was; `after` what will be once the store shows the change. Until then the old password is
    the one that works, and no proof is consumed: should the store refuse, its holder can try again. Without a
    password the account goes. `what` and `number` are for the audit page, once it is done.
    """

    record: Record
    after: Record
    account: str
    password: PasswordHash | None
    face: Face
    what: Happened
    number: str = ""

    @property
    def order(self) -> SetPassword | RevokeAccount:
        """What the store has to do."""
        if self.password is None:
            return RevokeAccount(self.account)
        return SetPassword(self.account, self.password)


@dataclass(frozen=True)
class Erasing:
    """The device is being erased; the intent is durable and a boot goes on with it. `recordings`: whether they go
    too.
    """

    record: Record
    recordings: bool
    face: Face


State = MustSet | Guarded | Applying | Erasing
