"""Sentences of the public pages, by the slugs of what happened."""

from __future__ import annotations

from sparekey.core.evidence import EvidenceKind
from sparekey.desk.cases.opening import Trouble
from sparekey.language.catalogue import N_

TROUBLES = {
    Trouble.DAMAGED: N_(
        "This cannot be read: a part is missing, or it is something else. Save the request at the device again and"
        " send the whole file."
    ),
    Trouble.OVERSIZE: N_("This is longer than any request. Choose the file that the device saved."),
    Trouble.NO_REQUEST: N_(
        "This is no request to support. At the device choose “Ask support” and save that file."
    ),
    Trouble.OTHER_DESK: N_(
        "This device belongs to another support desk. Only that one can open its request."
    ),
    Trouble.UNKNOWN_KEY: N_(
        "This device knows only an old key of this desk. Call us and say that it needs a new trust file."
    ),
    Trouble.NOT_GENUINE: N_("It was changed or damaged on the way. Save it at the device again."),
    Trouble.EXPIRED: N_("The time for this request is over. Make a new one at the device."),
    Trouble.MAIL_CODE: N_(
        "This square sends a code by e-mail, and no person is needed: point your phone's camera at it and open the"
        " page that it offers."
    ),
    Trouble.SERIAL: N_("A serial number has letters, digits, spaces and . _ / - and 48 characters at most."),
    Trouble.STARTED: N_("A start time looks like 2026-09-21 13:05:20, a date like 2026-09-21."),
    Trouble.NUMBER: N_("A request number has eight letters and digits, such as 7KM2-Q4XZ."),
    Trouble.MAC: N_("A MAC address looks like 02-00-5e-00-53-01. Leave it empty when the device shows none."),
    Trouble.READ_OUT: N_(
        "A number is missing here, or stands there twice. Copy all of them from the device once more, or type them at"
        " “I only see numbers”."
    ),
    Trouble.TOO_MANY: N_("Many cases were opened from here in a short time. Wait an hour, or call us."),
}
FIELDS = {
    Trouble.SERIAL: "serial",
    Trouble.STARTED: "started",
    Trouble.NUMBER: "number",
    Trouble.MAC: "mac",
}
"""Which field of a typed request it is about."""
STATES = {
    "opened": N_("Support looks at it. Nothing was decided yet."),
    "proposed": N_("Somebody at support wants to help and waits for a second look."),
    "held": N_("It is decided. Before anything leaves, the owner has time to cancel."),
    "issued": N_("The answer is ready."),
    "closed": N_("This case is closed."),
}
PAST = {
    "opened": N_("The case was opened"),
    "evidence": N_("Proof was checked: %(detail)s"),
    "paper": N_("You sent: %(detail)s"),
    "proposed": N_("An answer was proposed: %(detail)s"),
    "approved": N_("The answer was approved"),
    "withdrawn": N_("The proposal was taken back"),
    "refused": N_("Support said no: %(detail)s"),
    "cancelled": N_("The case was cancelled"),
    "hold-over": N_("The waiting time ended"),
    "finished": N_("The case was finished"),
    "bounced": N_("A mail to you did not arrive"),
}
"""What the owner reads of the history. Anything else in it is the desk's own."""
ROLES = {
    "agent": N_("support"),
    "approver": N_("an approver"),
    "asker": N_("who asked"),
    "owner": N_("the owner"),
    "desk": N_("by itself"),
}
EVIDENCE = {
    EvidenceKind.MAILBOX_CODE: N_("code sent to the mailbox that is registered on the device"),
    EvidenceKind.REQUEST_FILE: N_("request saved at the device itself"),
    EvidenceKind.PAIRED_PHONE: N_("phone that is paired with the device"),
    EvidenceKind.INVOICE: N_("invoice with the serial number"),
    EvidenceKind.INSTALLER: N_("account of the installer who set it up"),
    EvidenceKind.LABEL_PHOTO: N_("photo of the label"),
}
REMEDIES = {
    "security-code": N_("code of the day"),
    "response-key": N_("key of eight letters and digits"),
    "response-file": N_("file for the device"),
    "erase-file": N_("file that erases the device"),
}
PAPERS = (EvidenceKind.INVOICE, EvidenceKind.LABEL_PHOTO, EvidenceKind.INSTALLER)
"""What can be handed in as a photo or PDF."""
