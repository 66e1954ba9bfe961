"""Users on the wire, tt:User, and the faults that changing them may end in."""

from __future__ import annotations

from sparekey.lan.onvif.device import Level, User, UserRefusal
from sparekey.lan.onvif.names import DEVICE
from sparekey.lan.onvif.soap import INVALID_ARGS, INVALID_ARGUMENT, Fault, tag, text_of
from sparekey.lan.xml import Element

ANONYMOUS = Fault(
    "Sender", ("OperationProhibited", "AnonymousNotAllowed"), "User level anonymous is not allowed."
)

_MISSING = Fault("Sender", ("InvalidArgVal", "UsernameMissing"), "Username not recognized.")
_LONG = Fault("Sender", ("OperationProhibited", "PasswordTooLong"), "The password is too long")

CREATE_FAULTS = {
    UserRefusal.CLASH: Fault("Sender", ("OperationProhibited", "UsernameClash"), "Username already exists."),
    UserRefusal.NAME_TOO_LONG: Fault(
        "Sender", ("OperationProhibited", "UsernameTooLong"), "The username is too long"
    ),
    UserRefusal.NAME_TOO_SHORT: Fault(
        "Sender", ("OperationProhibited", "UsernameTooShort"), "The username is too short"
    ),
    UserRefusal.PASSWORD_TOO_LONG: _LONG,
    UserRefusal.PASSWORD_TOO_WEAK: Fault("Sender", ("OperationProhibited", "Password"), "Too weak password."),
    UserRefusal.TOO_MANY: Fault(
        "Receiver", ("Action", "TooManyUsers"), "Maximum number of supported users exceeded."
    ),
}
"""CreateUsers, as the Core Specification lists them."""
SET_FAULTS = {
    UserRefusal.UNKNOWN: _MISSING,
    UserRefusal.LAST_ADMINISTRATOR: Fault(
        "Sender", ("InvalidArgVal", "FixedUser"), "Password or User level may not be changed."
    ),
    UserRefusal.PASSWORD_TOO_LONG: _LONG,
    UserRefusal.PASSWORD_TOO_WEAK: Fault(
        "Sender", ("OperationProhibited", "PasswordTooWeak"), "Too weak password."
    ),
}
"""SetUser."""
DELETE_FAULTS = {
    UserRefusal.UNKNOWN: _MISSING,
    UserRefusal.LAST_ADMINISTRATOR: Fault(
        "Sender", ("InvalidArgVal", "FixedUser"), "Username may not be deleted"
    ),
}
"""DeleteUsers."""


def write_user(user: User) -> str:
    """tds:User with what is known of it, in the schema's order."""
    password = "" if user.password is None else tag("tt:Password", user.password)
    return f"<tds:User>{tag('tt:Username', user.name)}{password}{tag('tt:UserLevel', user.level.value)}</tds:User>"


def read_users(request: Element) -> tuple[User, ...] | Fault:
    """Every tds:User of a request, or why they cannot be taken: none, no name, no level, or a level that nobody here
    can have.
    """
    users = []
    for element in request.all("User", DEVICE):
        name, level = text_of(element, "Username"), text_of(element, "UserLevel")
        if name is None or level is None:
            return INVALID_ARGS
        if level == "Anonymous":
            return ANONYMOUS
        if level not in {each.value for each in Level}:
            return INVALID_ARGUMENT
        users.append(User(name, Level(level), text_of(element, "Password")))
    return tuple(users) or INVALID_ARGS
