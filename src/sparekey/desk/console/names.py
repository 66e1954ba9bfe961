"""How the console calls what has a slug."""

from __future__ import annotations

from sparekey.core.admission import Role
from sparekey.core.errors import Refusal
from sparekey.language.catalogue import N_

ROLES = {
    Role.AGENT: N_("Agent"),
    Role.APPROVER: N_("Approver"),
    Role.TECHNICIAN: N_("Technician"),
    Role.ADMIN: N_("Admin"),
    Role.AUDITOR: N_("Auditor"),
}
ROLE_TASKS = {
    Role.AGENT: N_("opens cases, checks evidence, proposes and refuses"),
    Role.APPROVER: N_("approves what was proposed"),
    Role.TECHNICIAN: N_("handles devices that are sent in"),
    Role.ADMIN: N_("lets people in and takes rights away, two together"),
    Role.AUDITOR: N_("reads everything, changes nothing"),
}
TROUBLES = {
    "stale-challenge": N_(
        "The page was open for too long. Press the button again: it has a fresh question now."
    ),
    "passkey": N_(
        "The desk does not know this passkey, or its answer does not hold. Try again with another one."
    ),
    "no-role": N_(
        "This passkey may do nothing here: two admins have to agree to it first, and then it waits. Or a right was"
        " taken away. An admin can see which."
    ),
    "replayed": N_(
        "This was signed before, and a touch serves once. Nothing was changed by the second time."
    ),
    "invitation": N_("This code was used already, or its day is over. Ask your admin for a new one."),
}
"""What went wrong with a touch, by the slug of the error."""
REFUSALS = {
    Refusal.ALREADY_DONE: N_("You agreed or approved already, or somebody was faster."),
    Refusal.NOT_AUTHORISED: N_(
        "This decision is not yours: it is about your own device, or your role has ended."
    ),
    Refusal.NOT_GENUINE: N_("It was changed since you looked. Look again, then decide."),
    Refusal.EXPIRED: N_("Its time is over."),
    Refusal.LAST_ADMIN: N_("Two admins have to stay, or nobody could be let in any more."),
    Refusal.NO_SUCH_REQUEST: N_("It is not there any more."),
    Refusal.NOT_NOW: N_("It is not possible any more: something else was decided meanwhile."),
    Refusal.NOT_ENOUGH: N_("The evidence is not enough for this, or its time is over."),
    Refusal.NOT_OFFERED: N_("This is not given for what was asked."),
}
"""Why a decision did not happen, as the staff reads it."""
OTHERWISE = N_("It did not happen, and nothing was changed.")
DEEDS = {
    "invited": N_("invited somebody"),
    "joined": N_("joined"),
    "passkey-made": N_("made another passkey"),
    "role-asked": N_("asked for a role"),
    "agreed": N_("agreed to a right"),
    "right-ended": N_("took a right away"),
    "company-connected": N_("connected the company's sign-in"),
    "company-disconnected": N_("took the company's sign-in away"),
    "signed-in-passkey": N_("signed in by passkey"),
    "signed-in-company": N_("signed in by the company"),
    "signed-out": N_("signed out"),
    "sessions-ended": N_("signed somebody out elsewhere"),
    "case-opened": N_("opened a case"),
    "case-evidence": N_("entered evidence"),
    "case-proposed": N_("proposed"),
    "case-approved": N_("approved"),
    "case-withdrawn": N_("took a proposal back"),
    "case-refused": N_("refused a case"),
    "case-finished": N_("closed a case"),
    "case-answer": N_("read or fetched an answer"),
    "device-stolen": N_("marked a device as stolen"),
    "device-found": N_("said that a device is back"),
    "device-own": N_("said whose own device it is"),
    "device-not-own": N_("said whose own device it is no more"),
    "dispute-agreed": N_("agreed to an enrolment"),
    "dispute-dismissed": N_("dismissed an enrolment"),
    "approval-refused": N_("was refused an approval"),
    "case-note": N_("wrote a note"),
    "case-paper": N_("handed in a paper"),
    "case-mailbox": N_("had a code mailed to the confirmed address"),
    "token-made": N_("let a program in"),
    "token-agreed": N_("agreed to a program"),
    "token-ended": N_("took a program’s token away"),
    "order-statement": N_("took in a bank statement"),
    "order-money": N_("decided about a payment"),
    "order-request": N_("handed in a device’s request"),
    "order-file": N_("asked for the file that erases"),
    "order-sent": N_("marked a device as sent"),
    "order-received": N_("marked a device as received"),
    "order-unlocked": N_("marked a device as unlocked"),
    "order-returned": N_("marked a device as sent back"),
    "order-cancel": N_("cancelled an order"),
    "order-refund": N_("sent money back"),
}
"""What the audit page says, by the slug of the deed."""
