"""Opens the recovery log at the desk's start: nothing is issued before it is known to be whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sparekey.core.crypto import signing_public
from sparekey.core.errors import InputError
from sparekey.desk.log.keeper import Keeper
from sparekey.desk.log.ledger import Ledger
from sparekey.desk.log.sequencer import Sequencer
from sparekey.desk.log.verify import Memory, verify
from sparekey.desk.log.witness_http import post
from sparekey.desk.log.witnesses import Witnesses

if TYPE_CHECKING:
    from sparekey.core.messages.trust import Trust
    from sparekey.desk.config import DeskConfig
    from sparekey.desk.keyring import Keyring
    from sparekey.desk.store.database import Database


@dataclass(frozen=True)
class OpenLog:
    """A log that was verified. `sequencer` is what the rooms of the desk enter their leaves by."""

    ledger: Ledger
    sequencer: Sequencer
    keeper: Keeper


def open_log(config: DeskConfig, keyring: Keyring, trust: Trust, database: Database) -> OpenLog:
    """Verify it, and sign with the keys that the trust file names. Raises InputError, UntrustedError,
    UnavailableError.
    """
    ledger = ledger_of(keyring, trust, database)
    memory = Memory(config.log_memory)
    ledger.begin()
    verify(ledger, memory)
    ledger.sign_again()
    doors = {witness.name: witness.url for witness in config.witnesses}
    witnesses = Witnesses(ledger, trust.witnesses, doors, post)
    return OpenLog(ledger, Sequencer(ledger, database, witnesses), Keeper(ledger, witnesses, memory))


def ledger_of(keyring: Keyring, trust: Trust, database: Database) -> Ledger:
    """The log that devices expect. Raises InputError (`trust`) where there is no key for it."""
    origin = trust.logs[0].name if trust.logs else ""
    known = trust.log_keys(origin)
    keys = [key for key in keyring.log if signing_public(key) in known]
    if not keys:
        raise InputError("trust", "devices do not know the key in log.key; put back the one that they know")
    return Ledger(database, origin, keys)
