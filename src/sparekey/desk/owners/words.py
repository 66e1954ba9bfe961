"""What the owners' pages say."""

from __future__ import annotations

from dataclasses import dataclass

from sparekey.core.errors import Refusal
from sparekey.desk.owners.devices import Ended
from sparekey.language.catalogue import N_

NO_ADDRESS = N_("This does not look like an e-mail address. Look at it again, for example: name@example.com.")
SLIP = N_("A code has eight characters, and one of these is not right. Compare it with the mail.")
NO_PASSKEY = N_("This passkey does not belong to an account here. Have a code sent to your mailbox instead.")
NOT_ADDED = N_("The passkey was not added. Try once more, with one that is not in the list yet.")


@dataclass(frozen=True)
class Act:
    """What the page of a decision over a device says: what it means, the line to tick, the button."""

    title: str
    lines: tuple[str, ...]
    tick: str
    button: str


ACTS = {
    "stolen": Act(
        N_("It was stolen"),
        (
            N_("From now on support gives nothing out for this device, whoever asks."),
            N_("Nothing on the device changes. When it is back, say so here."),
        ),
        N_("It was stolen"),
        N_("Report it stolen"),
    ),
    "found": Act(
        N_("It is back"),
        (
            N_(
                "From now on support may give something out for this device again, to who proves that it is theirs."
            ),
        ),
        N_("I have it in my hands again"),
        N_("It is back"),
    ),
    "transfer": Act(
        N_("I give it to somebody else"),
        (
            N_("Erase it first: else its settings and passwords go with it."),
            N_("All phones lose it, and you are not told about it any more. This cannot be undone here."),
        ),
        N_("It belongs to somebody else from now on"),
        N_("Give it away"),
    ),
    "remove": Act(
        N_("Remove it from my list"),
        (N_("This account sees and stops nothing any more for it. Other phones keep it."),),
        N_("I do not need it in my list"),
        N_("Remove it"),
    ),
}
"""By the last part of the page's address."""
TICK = N_("Nothing was changed. Tick the line above the button first.")
TOO_LATE = N_("This can no longer be stopped: it was decided a moment ago. Look at the list again.")
CODES = {
    Refusal.WRONG_CODE: N_(
        "That is not the code for this browser. Type the one from the newest mail, where you asked for it."
    ),
    Refusal.EXPIRED: N_("The time or the tries for this code are over. Have a new one sent."),
    Refusal.TOO_MANY_TRIES: N_("Many codes were typed from here. Wait an hour, then try again."),
}
ENDED = {
    Ended.RECOVERY: N_("Ended: the password was recovered or the device erased. Add it again."),
    Ended.SERIES: N_("Ended: pairings of before ended at the device. Add it again."),
    Ended.OWNER: N_("Ended: the device was registered anew or has a new owner."),
}
WELL = N_("All quiet.")
STOLEN = N_("Reported stolen: support gives nothing out for it.")
ASKED = N_("Somebody asks support for a way in. Look at it now.")
DAMAGED = (
    N_("A part of this square is missing"),
    N_(
        "Nothing was added. Go back to the device and scan its square again, with the whole square in the picture."
    ),
)
NOT_PAIRED = (
    N_("This square adds nothing"),
    N_(
        "It was used before, is out of date, or the device is not registered here yet. At the device, look under"
        " Registration first, then have it show a new square under Phones."
    ),
)
FULL = (
    N_("Your list is full"),
    N_("Remove devices that you do not have any more, then scan the square again."),
)
