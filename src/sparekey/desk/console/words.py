"""What the console says about cases, by slug: names, and the sentences to say to a caller."""

from __future__ import annotations

from sparekey.core.case import Missing
from sparekey.core.evidence import EvidenceKind, Remedy
from sparekey.desk.cases.opening import Trouble
from sparekey.desk.cases.view import Signal
from sparekey.language.catalogue import N_

STATUS = {
    "opened": N_("open"),
    "proposed": N_("proposed"),
    "held": N_("on hold"),
    "issued": N_("issued"),
    "closed": N_("closed"),
}
WAITS = {
    "evidence": N_("evidence"),
    "agent": N_("an agent"),
    "approval": N_("an approval"),
    "hold": N_("the end of the hold"),
    "call": N_("our call"),
    "owner": N_("the owner"),
    "": N_("nothing"),
}
REMEDIES = {
    Remedy.SECURITY_CODE: N_("Security code"),
    Remedy.RESPONSE_KEY: N_("Response key"),
    Remedy.RESPONSE_FILE: N_("Response file"),
    Remedy.ERASE_FILE: N_("Technician's erase"),
}
GIVE = {
    Remedy.SECURITY_CODE: N_("Codes of some dates, read out or sent. Recordings and settings stay."),
    Remedy.RESPONSE_KEY: N_("A key of eight characters, read out or sent. Recordings and settings stay."),
    Remedy.RESPONSE_FILE: N_("A signed file for this one device. Recordings and settings stay."),
    Remedy.ERASE_FILE: N_("A signed file that erases the device on the bench. ALL RECORDINGS ARE LOST."),
}
ASKED = {
    Remedy.SECURITY_CODE: N_("a security code"),
    Remedy.RESPONSE_KEY: N_("a response key or file"),
    Remedy.ERASE_FILE: N_("the technician's erase"),
}
"""What somebody asked for, by the first remedy that fits."""
EVIDENCE = {
    EvidenceKind.MAILBOX_CODE: N_("Code to the confirmed mailbox"),
    EvidenceKind.REQUEST_FILE: N_("Request exported from the device"),
    EvidenceKind.PAIRED_PHONE: N_("Paired phone"),
    EvidenceKind.INVOICE: N_("Invoice with the serial number"),
    EvidenceKind.INSTALLER: N_("Account of the installer"),
    EvidenceKind.LABEL_PHOTO: N_("Photo of the label"),
}
SAY = {
    EvidenceKind.MAILBOX_CODE: N_(
        "Please look into the mailbox of the device and read me the eight characters of the code that we sent there."
    ),
    EvidenceKind.REQUEST_FILE: N_(
        "Please choose “Ask support” at the recorder, save the request to a USB stick, and send us that file."
    ),
    EvidenceKind.PAIRED_PHONE: N_(
        "Please open “My devices” on the phone that you paired with the device, and press “It is mine” at this case."
    ),
    EvidenceKind.INVOICE: N_("Please send us the invoice on which the serial number of the device stands."),
    EvidenceKind.INSTALLER: N_("Please ask the company that installed the device to confirm it to us."),
    EvidenceKind.LABEL_PHOTO: N_(
        "Please send us a photo of the label. It shows us which device it is, and nothing about whose it is."
    ),
}
"""What an agent says to get a piece of evidence."""
ENTERED = (EvidenceKind.INVOICE, EvidenceKind.INSTALLER, EvidenceKind.LABEL_PHOTO)
"""What an agent may enter by hand, after looking at it."""
MISSING = {
    Missing.NOT_GIVEN_HERE: N_("This desk does not give it."),
    Missing.STOLEN: N_("The owner reported the device stolen."),
    Missing.NOT_ENROLLED: N_("The device never enrolled here, so there is no key to make it from."),
    Missing.NOT_CONFIRMED: N_("Nobody confirmed the mailbox of this device."),
    Missing.EVIDENCE: N_("The evidence is not enough yet."),
}
SIGNALS = {
    Signal.NOT_ENROLLED: N_("This device is not known here."),
    Signal.NOT_CONFIRMED: N_(
        "Nobody confirmed the address of this device: two people and three days are needed."
    ),
    Signal.CONFLICT: N_("Somebody else enrolled the same serial number. Two people have to settle that."),
    Signal.STOLEN: N_("Reported stolen by its owner. Give nothing."),
    Signal.NO_TICKET: N_("The request has no ticket: it may not come from the device that enrolled."),
    Signal.SAME_REQUEST: N_("The same request is in another case too."),
    Signal.MANY_CASES: N_("Many cases about this device within a month."),
    Signal.OTHER_ADDRESS: N_("The answer would go to an address that the device does not know."),
    Signal.OWNER_CANCELLED: N_("The owner cancelled an earlier case of this device."),
}
OPENING = {
    Trouble.DAMAGED: N_("It cannot be read: a part is missing or wrong. Ask for it once more."),
    Trouble.OVERSIZE: N_("It is larger than any request."),
    Trouble.NO_REQUEST: N_("It is a file of another kind, not a request."),
    Trouble.OTHER_DESK: N_("It is for another support desk. Only that desk can open it."),
    Trouble.UNKNOWN_KEY: N_(
        "It was sealed to a key that this desk no longer has. The device needs a new trust file."
    ),
    Trouble.NOT_GENUINE: N_(
        "It was changed or damaged on the way. Ask for it once more, from the device itself."
    ),
    Trouble.EXPIRED: N_("Its time is over. Ask the caller to open a new request at the device."),
    Trouble.MAIL_CODE: N_("It asks for a code by mail. The caller opens its link and sends the code there."),
    Trouble.SERIAL: N_(
        "The serial number has letters that no device has. Have it read out again, letter by letter."
    ),
    Trouble.STARTED: N_(
        "The start time is not complete. It looks like 2026-09-21 13:05:20; have it read out again."
    ),
    Trouble.NUMBER: N_("The request number has eight characters. Have it read out again, letter by letter."),
    Trouble.MAC: N_("The MAC address has twelve characters, 0 to 9 and A to F. Have it read out again."),
    Trouble.READ_OUT: N_(
        "Not all numbers of a security code stand in it once. Ask for all of them, or type them at the left."
    ),
    Trouble.TOO_MANY: N_("Too much at once. Wait a little, then go on."),
}
PHOTO = {
    "photo-size": N_("The photo is too large. Make it again with fewer pixels."),
    "photo-busy": N_("Many photos are being looked at just now. Send this one again in a minute."),
    "photo": N_("This is no photo that can be opened. JPEG, PNG and WebP can."),
    "photo-square": N_(
        "No square can be read on the photo. Ask kindly for another one: closer, straight, without glare, held still."
    ),
    "photo-many": N_("There are several squares on the photo. Ask for one at a time."),
}
HISTORY = {
    "opened": N_("opened"),
    "evidence": N_("evidence entered"),
    "proposed": N_("proposed"),
    "approved": N_("approved"),
    "withdrawn": N_("proposal taken back"),
    "refused": N_("refused"),
    "finished": N_("closed"),
    "cancelled": N_("cancelled by the owner"),
    "note": N_("note written"),
    "bounced": N_("a mail could not be delivered"),
    "paper": N_("paper handed in"),
    "hold-over": N_("the hold ended"),
    "standing": N_("what the registry says has changed; approvals before that count no more"),
}
