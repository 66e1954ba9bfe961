"""Which store keeps the accounts: the `[accounts]` table of `device.toml`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from sparekey.core.errors import InputError
from sparekey.device.accounts.command import CommandAccounts
from sparekey.device.accounts.embedded import EmbeddedAccounts
from sparekey.device.accounts.program import MakersProgram

if TYPE_CHECKING:
    from sparekey.device.accounts.port import AccountStore, Matcher
    from sparekey.host.clock import Clock

ARGUMENTS_LIMIT = 32
"""Parts of a command."""


class Kind(Enum):
    """The stores there are."""

    EMBEDDED = "embedded"
    COMMAND = "command"


@dataclass(frozen=True)
class AccountSettings:
    """`store`: where passwords live. `command`: the maker's program by its whole path, and its arguments.

    No argument may be a secret: a list of processes shows them.
    """

    store: Kind = Kind.EMBEDDED
    command: tuple[str, ...] = ()


def check(settings: AccountSettings, source: str) -> None:
    """What types cannot say. `source`: the file, for the message. Raises InputError (`config`)."""
    if settings.store is Kind.EMBEDDED:
        if settings.command:
            raise InputError("config", f'{source}: accounts.command needs accounts.store = "command"')
        return
    parts = settings.command
    if not 0 < len(parts) <= ARGUMENTS_LIMIT or any("\0" in part for part in parts):
        raise InputError("config", f"{source}: accounts.command must list a program and its arguments")
    if not Path(parts[0]).is_absolute():
        raise InputError("config", f"{source}: accounts.command must begin with a program's whole path")


def open_store(settings: AccountSettings, matcher: Matcher, clock: Clock) -> AccountStore:
    """The store of checked settings."""
    if settings.store is Kind.COMMAND:
        return CommandAccounts(MakersProgram(settings.command, clock))
    return EmbeddedAccounts(matcher)
