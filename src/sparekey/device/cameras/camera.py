"""One camera of a recorder, as the recorder knows it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

CAMERAS_LIMIT = 64
"""Cameras of one recorder."""
NAME_LIMIT = 64
"""Characters of a camera's name."""
TRIES_LIMIT = 3
"""Wrong passwords that a camera is given in a row: many lock themselves after five."""
TRIES_REST = 30 * 60
"""Seconds of the recorder's age after which it may be tried again."""


class Control(Enum):
    """How the recorder speaks with a camera."""

    LINK = "link"
    """Our own calls."""
    ONVIF = "onvif"
    NONE = "none"
    """Only its page is known."""


class State(Enum):
    """How a camera was when it was last asked."""

    NEW = "new"
    """Nobody gave its password yet."""
    OK = "ok"
    WRONG_PASSWORD = "wrong-password"
    OFFLINE = "offline"
    FACTORY = "factory"
    """Nobody set a password on it."""
    OTHER_KEY = "other-key"
    """Somebody else answers at its address, or its TLS key was changed."""


class Stage(Enum):
    """How far a change of a camera's password is. It is stored before each step."""

    STAGED = "staged"
    """The new password lies encrypted, and nothing was sent."""
    SENT = "sent"
    """It may have been sent: which password works is found out by asking."""


class Result(Enum):
    """What became of a camera's password; the value is stored."""

    SHARED = "shared"
    """It is the recorder's."""
    OWN = "own"
    """It is one that the recorder made."""
    WAITING = "waiting"
    """It is tried again by itself."""
    UNKNOWN = "unknown"
    """The recorder has no password that works on it."""
    REFUSED = "refused"
    """The camera does not take a new one."""
    IN_THE_OPEN = "in-the-open"
    """It would travel unencrypted, and nobody agreed to that."""
    BOTH = "both"
    """The new one works, and the old one still does."""


@dataclass(frozen=True)
class Change:
    """A change that is not complete. `user`: whose password it is on the camera. `generation`: the recorder's, in which
    it is meant. `tries`: how often it was tried. `due`: the recorder's age, in seconds, from which it is tried again.
    `why`: slug of what stopped it last.
    """

    stage: Stage
    user: str
    generation: int
    tries: int
    due: int
    why: str = ""


@dataclass(frozen=True)
class Camera:
    """What is stored of it, without any password.

    `page`: web address of its own page. `service`: web address of its control, empty with `Control.NONE`. `pin`: hash
    of the TLS key that answers there; the first one seen. `user`: whom the recorder signs in as; `kept`: whether it
    has a password for that; `owner`: the user whom people sign in as. `in_the_open`: the owner agreed that a new
    password travels to it unencrypted. `wrong`: wrong passwords in a row, the last at the age `wrong_age`. `door`:
    which of the recorder's doors leads to its page. `result`: slug of what became of the last change, in the
    recorder's generation `result_generation`.
    """

    id: int
    name: str
    page: str
    service: str = ""
    control: Control = Control.NONE
    brand: str = ""
    model: str = ""
    mac: str = ""
    user: str = "admin"
    kept: bool = False
    pin: bytes | None = field(default=None, repr=False)
    in_the_open: bool = False
    state: State = State.NEW
    seen_age: int | None = None
    seen_wall: int | None = None
    wrong: int = 0
    wrong_age: int = 0
    door: int = 0
    change: Change | None = None
    owner: str = ""
    result: str = ""
    result_generation: int = 0

    def tries_left(self, age: int) -> int:
        """Passwords that may still be tried on it at this age of the recorder, so that it does not lock itself."""
        rested = age - self.wrong_age >= TRIES_REST
        return TRIES_LIMIT if rested else max(0, TRIES_LIMIT - self.wrong)
