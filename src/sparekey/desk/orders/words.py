"""What people read about orders, by slug."""

from __future__ import annotations

from sparekey.desk.cases.opening import Trouble
from sparekey.desk.orders.ordering import Wrong
from sparekey.language.catalogue import N_

COUNTRIES = {"CZ": N_("Czechia"), "SK": N_("Slovakia")}
STATUS = {
    "ordered": N_("waits for the money"),
    "paid": N_("paid, waits for the device"),
    "sent": N_("device is on its way"),
    "received": N_("device is here"),
    "unlocked": N_("unlocked, goes back"),
    "returned": N_("sent back"),
    "cancelled": N_("cancelled"),
    "refunded": N_("money sent back"),
}
STEPS = (
    ("ordered", N_("Ordered")),
    ("paid", N_("Paid")),
    ("sent", N_("Sent to us")),
    ("received", N_("Here")),
    ("unlocked", N_("Unlocked")),
    ("returned", N_("Sent back to you")),
)
"""The way that was ordered, in its order."""
PAST = {
    "ordered": N_("ordered"),
    "paid": N_("paid"),
    "accepted": N_("the payment was accepted"),
    "request": N_("the device’s request is here"),
    "sent": N_("the device was sent to us"),
    "received": N_("the device arrived"),
    "file": N_("the file that erases was given to the technician"),
    "unlocked": N_("the device was unlocked"),
    "returned": N_("the device was sent back"),
    "cancelled": N_("cancelled"),
    "lapsed": N_("nobody paid in time"),
    "refunded": N_("the money was sent back"),
    "bounced": N_("a mail could not be delivered"),
}
WRONG = {
    Wrong.NAME: N_("A name has 1 to 60 characters."),
    Wrong.STREET: N_("Street and number, 1 to 60 characters."),
    Wrong.CITY: N_("Postal code and town, 1 to 60 characters."),
    Wrong.COUNTRY: N_("We send devices back to these countries only."),
    Wrong.ADDRESS: N_("An e-mail address looks like name@example.com."),
    Wrong.SERIAL: N_("It stands on the label: letters, digits, spaces or . _ / -"),
    Wrong.FILE: N_("This is not the request of a technician. Leave it out: the technician makes it."),
    Wrong.TOO_MANY: N_("Many orders came from here in a short time. Wait an hour, or call us."),
}
"""What a customer reads at the field that does not fit."""
OTHER_DEVICE = N_("This request is of another device than the order.")
DAMAGED = N_("It cannot be read: a part is missing or wrong. Leave it out: the technician makes it.")
TROUBLES = {
    Trouble.DAMAGED: N_("It cannot be read: a part is missing or wrong. Make it at the device once more."),
    Trouble.OTHER_DESK: N_("It is for another support desk. Only that desk can open it."),
    Trouble.UNKNOWN_KEY: N_(
        "It was sealed to a key that this desk no longer has. The device needs a new trust file."
    ),
    Trouble.EXPIRED: N_("Its time is over. Open a new request at the device."),
}
"""What a technician reads about a request that opens no case."""
OTHERWISE = N_("It opens no case here. Make it at the device once more.")
OUTCOMES = {
    "too-little": N_("too little"),
    "too-much": N_("too much"),
    "currency": N_("another currency"),
    "several": N_("names several orders"),
    "again": N_("the order is paid already"),
    "over": N_("the order is over"),
    "no-number": N_("the price, without a number"),
}
"""Why money waits for a person."""
STATEMENTS = {
    "statement": N_("This is no bank statement in the form CAMT.053 (XML)."),
    "statement-account": N_("This statement is of another account than the shop’s."),
    "oversize": N_("This statement is larger than 8 MB. Export fewer days at once."),
    "amount": N_("An amount in this statement cannot be read. Export it once more."),
    "xml": N_("This is not well-formed XML, or only a part of it. Export it once more."),
}
REFUSED = N_("It did not happen: somebody else was faster, or the order does not allow it now. Look again.")
