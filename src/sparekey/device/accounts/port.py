"""What the device asks of whatever keeps the passwords of its people (spec/accounts.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from sparekey.core.crypto import PasswordHash
    from sparekey.core.effects import RevokeAccount, SetPassword
    from sparekey.core.record import Record


class AccountStore(Protocol):
    """Keeps passwords. Who may do what stays in the machine's record, wherever the passwords live.

    Safe to call from several threads. Every call may raise UnavailableError (`account-store-...`): then what
    came of it is not known.
    """

    @property
    def external(self) -> bool:
        """Whether passwords live outside the record, so that the machine gives orders to change them."""

    def verify(self, record: Record, name: str, password: str) -> bool:
        """Whether this is the password of this account of the record. Unknown names cost the same work."""

    def carry_out(self, order: SetPassword | RevokeAccount) -> bool:
        """Do it, as often as asked, and read it back: whether the store now shows what was ordered.

        False is certain: the store shows what it showed before. What is in between raises UnavailableError.
        """

    def names(self, record: Record) -> tuple[str, ...]:
        """The accounts that the store keeps a password for, sorted."""

    def erase(self) -> bool:
        """Forget every account, as often as asked, and read it back: whether none is left."""


class Matcher(Protocol):
    """Compares passwords, one at a time."""

    def matches(self, password: str, kept: PasswordHash | None) -> bool:
        """Whether this is the password. Without a kept hash the same work is done, and the answer is no."""
