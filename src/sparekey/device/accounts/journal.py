"""Reserved, applied, read back, consumed: how a change gets into an outer store (spec/accounts.md section 5).

The journal is the machine's own state: while it is `Applying`, the change is reserved. This carries its
orders out, tells it what reading them back showed, and knows what the person who asked may be told.
"""

from __future__ import annotations

import logging
import threading
from enum import Enum
from typing import TYPE_CHECKING, Any, Protocol

from sparekey.core.device import Applying, State, events
from sparekey.core.errors import Refusal, UnavailableError

if TYPE_CHECKING:
    from sparekey.core.effects import RevokeAccount, SetPassword
    from sparekey.core.table import Step
    from sparekey.device.accounts.port import AccountStore

_log = logging.getLogger(__name__)


def _(text: str) -> str:
    """Mark a text for translation where it stands; it is translated where it is shown."""
    return text


class Machine(Protocol):
    """The driver of a device, which holds it still while an order is carried out."""

    @property
    def state(self) -> State:
        """As stored."""

    def tell(self, event: object) -> Step[Any]:
        """Put an event to it."""


class Outcome(Enum):
    """What came of a change that was not refused: what happened, what to do; texts to translate."""

    DONE = (_("It is done."), "")
    UNCHANGED = (
        _("The device could not store the change. Nothing changed: what worked before still works."),
        _("Try again. If it happens again, tell the maker's support that the account store refuses changes."),
    )
    WAITING = (
        _("The device is still busy with the change: the part that keeps its passwords does not answer."),
        _(
            "Leave it switched on: it tries again every five minutes. "
            "Until then try the new password first, then the old one."
        ),
    )

    @property
    def told(self) -> str:
        """What happened."""
        return self.value[0]

    @property
    def mend(self) -> str:
        """What to do; empty when there is nothing."""
        return self.value[1]


class Journal:
    """Stands between one machine and one store. Safe to call from several threads."""

    def __init__(self, accounts: AccountStore) -> None:
        self._accounts = accounts
        self._seen = threading.local()

    def change(self, machine: Machine, event: object) -> Refusal | Outcome:
        """Put an event to the machine that changes a password or an account, and say what came of it."""
        self._seen.outcome = Outcome.DONE
        refusal = machine.tell(event).refusal
        outcome: Outcome = self._seen.outcome
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
            self._seen.outcome = Outcome.WAITING
            return
        self._seen.outcome = Outcome.DONE if taken else Outcome.UNCHANGED
        machine.tell(events.PasswordApplied(taken))
