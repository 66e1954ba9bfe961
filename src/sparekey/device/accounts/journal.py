"""Reserved, applied, read back, consumed: how a change gets into an outer store (spec/accounts.md section 5).

The journal is the machine's own state: while it is `Applying`, the change is reserved. This carries its
orders out, tells it what reading them back showed, and knows what the person who asked may be told.
"""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Any, Protocol

from sparekey.core.device import Applying, State, events
from sparekey.core.errors import Refusal, UnavailableError

if TYPE_CHECKING:
    from sparekey.core.effects import RevokeAccount, SetPassword
    from sparekey.core.table import Step
    from sparekey.device.accounts.port import AccountStore

_log = logging.getLogger(__name__)


class Machine(Protocol):
    """The driver of a device, which holds it still while an order is carried out."""

    @property
    def state(self) -> State:
        """As stored."""

    def tell(self, event: object) -> Step[Any]:
        """Put an event to it."""


class Journal:
    """Stands between one machine and one store. Safe to call from several threads."""

    def __init__(self, accounts: AccountStore) -> None:
        self._accounts = accounts
        self._seen = threading.local()

    def change(self, machine: Machine, event: object) -> Refusal | None:
        """Put an event to the machine, and say what came of it: the machine's own refusal, STORE_REFUSED when the
        store did not take the change and nothing changed, STORE_WAITS when it did not answer yet, or None.
        """
        self._seen.refusal = None
        refusal = machine.tell(event).refusal
        outcome: Refusal | None = self._seen.refusal
        return refusal or outcome

    def carry_out(self, order: SetPassword | RevokeAccount, machine: Machine) -> None:
        """Carry out an order that the machine still stands by, and tell it the result; any other is dropped.

        A store that does not answer while a change is reserved is no error: the machine orders again at the
        next tick and the next boot.
        """
        state = machine.state
        if not isinstance(state, Applying) or state.order != order:
            return
        try:
            taken = self._accounts.carry_out(order)
        except UnavailableError as error:
            _log.warning("account-store-waits", extra={"slug": error.slug})
            self._seen.refusal = Refusal.STORE_WAITS
            return
        self._seen.refusal = None if taken else Refusal.STORE_REFUSED
        machine.tell(events.PasswordApplied(taken))
