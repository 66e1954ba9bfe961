"""Why support says no: slugs, and the sentences that the owner reads."""

from __future__ import annotations

from sparekey.language.catalogue import N_

REASONS = {
    "not-proved": N_("We could not see that the device is yours."),
    "not-ours": N_("The device belongs to another support desk."),
    "reported-stolen": N_("The device was reported stolen."),
    "other-way": N_(
        "There is a shorter way for this device. It shows on the page “Which way is open to me?”."
    ),
    "no-answer": N_("We asked for something and heard nothing for a long time."),
    "mistake": N_("The case was opened by mistake, or twice."),
}
"""In the order in which an agent sees them."""
