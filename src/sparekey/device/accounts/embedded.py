"""The store of a device without another: passwords live in the record and change in its own transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core.errors import MisuseError

if TYPE_CHECKING:
    from sparekey.core.effects import RevokeAccount, SetPassword
    from sparekey.core.record import Record
    from sparekey.device.accounts.port import Matcher


class EmbeddedAccounts:
    """An `AccountStore` with nothing to carry out: the record is the store."""

    external = False

    def __init__(self, matcher: Matcher) -> None:
        self._matcher = matcher

    def verify(self, record: Record, name: str, password: str) -> bool:
        """Whether this is the password. An account without one in the record opens for nobody."""
        account = record.account(name)
        return self._matcher.matches(password, account.password if account else None)

    def carry_out(self, order: SetPassword | RevokeAccount) -> bool:
        """The machine never orders anything here. Raises MisuseError."""
        raise MisuseError("account-store", f"{type(order).__name__} was ordered of a store inside the record")

    def names(self, record: Record) -> tuple[str, ...]:
        """The accounts of the record that have a password."""
        return tuple(sorted(account.name for account in record.accounts if account.password is not None))

    def erase(self) -> bool:
        """The accounts go with the record."""
        return True
