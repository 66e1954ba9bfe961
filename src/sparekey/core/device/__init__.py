"""The machine of the thing being recovered: its states, its events and the literal table between them."""

from __future__ import annotations

from typing import Any

from sparekey.core import table
from sparekey.core.device import events, life, owner, recovery, registering
from sparekey.core.device.states import Applying, Erasing, Guarded, MustSet, State
from sparekey.core.record import Situation
from sparekey.core.table import Step

TABLE: table.Table = {
    (MustSet, events.Booted): life.booted_unset,
    (MustSet, events.Ticked): life.ticked_unset,
    (MustSet, events.Activated): life.activated,
    (MustSet, events.ButtonHeld): life.button_held_unset,
    (Guarded, events.Booted): life.booted,
    (Guarded, events.Ticked): life.ticked,
    (Guarded, events.Activated): life.activated_twice,
    (Guarded, events.SignedIn): life.signed_in,
    (Guarded, events.Noted): life.noted,
    (Guarded, events.ButtonHeld): life.button_held,
    (Guarded, events.RecoveryOpened): recovery.recovery_opened,
    (Guarded, events.TryCounted): recovery.try_counted,
    (Guarded, events.ProofShown): recovery.proof_shown,
    (Guarded, events.PasswordChosen): recovery.password_chosen,
    (Guarded, events.DefaultChosen): recovery.default_chosen,
    (Guarded, events.RequestCancelled): recovery.request_cancelled,
    (Guarded, events.PasswordChanged): owner.password_changed,
    (Guarded, events.AddressChanged): owner.address_changed,
    (Guarded, events.ConfirmationOpened): registering.confirmation_opened,
    (Guarded, events.AddressConfirmed): registering.address_confirmed,
    (Guarded, events.EnrolmentSealed): registering.enrolment_sealed,
    (Guarded, events.EnrolmentAnswered): registering.enrolment_answered,
    (Guarded, events.QuestionsSet): owner.questions_set,
    (Guarded, events.KeyFileMade): owner.key_file_made,
    (Guarded, events.SheetMade): owner.sheet_made,
    (Guarded, events.SavedProved): owner.saved_proved,
    (Guarded, events.AccountSet): owner.account_set,
    (Guarded, events.AccountRemoved): owner.account_removed,
    (Guarded, events.ResetChosen): owner.reset_chosen,
    (Applying, events.Booted): life.booted_applying,
    (Applying, events.Ticked): life.ticked_applying,
    (Applying, events.SignedIn): life.signed_in_applying,
    (Applying, events.ButtonHeld): life.button_held_applying,
    (Applying, events.PasswordApplied): life.password_applied,
    (Erasing, events.Booted): life.booted_erasing,
    (Erasing, events.Ticked): life.ticked_erasing,
    (Erasing, events.Wiped): life.wiped,
}
"""The diagram."""

__all__ = ["TABLE", "Applying", "Erasing", "Guarded", "MustSet", "State", "events", "step"]


def step(state: Any, event: object, now: Situation) -> Step[Any]:
    """Apply an event to the device."""
    return table.step(TABLE, state, event, now)
