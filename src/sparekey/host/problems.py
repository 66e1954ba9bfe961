"""The one place where errors and refusals become exit codes, HTTP statuses and sentences for people.

Sentences are English source texts of the catalogue: what happened, then what to do.
"""

from __future__ import annotations

from dataclasses import dataclass

from sparekey.core.errors import (
    InputError,
    MisuseError,
    Refusal,
    SparekeyError,
    UnavailableError,
    UntrustedError,
)
from sparekey.core.policy import PasswordFault


@dataclass(frozen=True)
class Problem:
    """One problem for all outlets. `slug` is stable; `told` and `mend` are source texts to translate."""

    slug: str
    status: int
    exit: int
    told: str
    mend: str


def _(text: str) -> str:
    """Mark a text for translation where it stands; it is translated where it is shown."""
    return text


_REFUSALS = {
    Refusal.WRONG_CODE: (
        403,
        _("That is not the code."),
        _("Compare it with the mail, character by character."),
    ),
    Refusal.NOT_GENUINE: (
        403,
        _(
            "This file does not open this device: it belongs to another one, to another request, or was replaced."
        ),
        _("Look for the newest one, or start again."),
    ),
    Refusal.EXPIRED: (
        410,
        _("The time for this request is over."),
        _("Start again: a new code costs nothing."),
    ),
    Refusal.TOO_MANY_TRIES: (
        429,
        _("Too many wrong codes were typed here. Codes are switched off on this side."),
        _(
            "[Go to the screen that is connected to the recorder, or choose another way back in."
            "|Choose another way back in.]"
        ),
    ),
    Refusal.PAUSED: (
        429,
        _("Too many wrong codes in a row. There is a pause now."),
        _("Wait, then try again."),
    ),
    Refusal.NOT_AUTHORISED: (
        403,
        _("This request was opened somewhere else."),
        _("Go on where you opened it: in that browser[, or at the recorder's screen|]. Or start again here."),
    ),
    Refusal.NO_SUCH_REQUEST: (
        410,
        _("This request is not open any more. It was used, cancelled or replaced."),
        _("Start again: it takes two minutes."),
    ),
    Refusal.TOO_MANY_REQUESTS: (
        429,
        _("Other requests are already open on this device, and there is no room for one more."),
        _("Go on in the browser where you started[, or use the screen that is connected to the recorder|]."),
    ),
    Refusal.ALREADY_DONE: (
        409,
        _("Somebody was faster: this is already done."),
        _("Sign in, or start again."),
    ),
    Refusal.NOT_SET_UP: (409, _("This way back in was not set up."), _("Choose another one.")),
    Refusal.NOT_OFFERED: (403, _("This device does not offer that here."), _("Choose another way.")),
    Refusal.NOT_NOW: (409, _("This is not possible now."), _("Go back to the start page.")),
    Refusal.NEEDS_PRESENCE: (
        403,
        _("This device was switched on too long ago to be set up over the network."),
        _("Unplug it, wait 10 seconds, plug it in, and open this page again within 30 minutes."),
    ),
    Refusal.NOT_ENOUGH: (
        400,
        _("That is too little to protect anything."),
        _("Give longer answers, and a different question each time."),
    ),
    Refusal.STORE_REFUSED: (
        503,
        _("The device could not store the change. Nothing changed: what worked before still works."),
        _("Try again. If it happens again, tell the maker's support that the account store refuses changes."),
    ),
    Refusal.STORE_WAITS: (
        503,
        _("The device is still busy with the change: the part that keeps its passwords does not answer."),
        _(
            "Leave it switched on: it tries again every five minutes. "
            "Until then try the new password first, then the old one."
        ),
    ),
    Refusal.LAST_ADMIN: (
        409,
        _("This user is the administrator that recovery is for."),
        _("It can be neither removed nor made less."),
    ),
    Refusal.NOT_CHARGED: (409, _("The code was not looked at."), _("Type it again.")),
}
_FAMILIES: dict[type[SparekeyError], tuple[int, int, str, str]] = {
    InputError: (400, 2, _("This cannot be read."), _("Check it and try again.")),
    UntrustedError: (
        403,
        3,
        _("This is not genuine, or it was changed on the way."),
        _("Get it again from where it came."),
    ),
    UnavailableError: (503, 4, _("Something that is needed does not answer."), _("Try again in a minute.")),
    MisuseError: (
        500,
        70,
        _("Something went wrong on our side."),
        _("Try again; if it stays, tell support."),
    ),
}
_FAULTS = {
    PasswordFault.TOO_SHORT: _("The password is too short."),
    PasswordFault.TOO_LONG: _("The password is too long."),
    PasswordFault.TOO_PLAIN: _("The password is too plain: use more different characters."),
    PasswordFault.TOO_COMMON: _(
        "Many people use this password, so strangers try it first. Choose another one."
    ),
    PasswordFault.NAMES_THE_DEVICE: _(
        "The password holds the name of the device, its maker or its user. Choose another one."
    ),
}


def of_refusal(refusal: Refusal) -> Problem:
    """A machine's "no"."""
    status, told, mend = _REFUSALS[refusal]
    return Problem(refusal.value, status, 1, told, mend)


def of_error(error: SparekeyError) -> Problem:
    """An exception of ours. Its own hint, which is for terminals and logs, stays in the exception."""
    for family, (status, exit_code, told, mend) in _FAMILIES.items():
        if isinstance(error, family):
            return Problem(error.slug, status, exit_code, told, mend)
    return Problem(error.slug, 500, 70, *_FAMILIES[MisuseError][2:])


def of_fault(fault: PasswordFault) -> str:
    """What is wrong with a new password, as a source text."""
    return _FAULTS[fault]
