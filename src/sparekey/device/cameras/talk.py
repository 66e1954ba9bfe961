"""What a recorder says to a camera, whatever language the camera speaks: one question, one answer, one try."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Protocol, TypeVar

from sparekey.core.errors import InputError, SparekeyError, UnavailableError
from sparekey.lan.http import Limits

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from sparekey.lan.http_digest import Credential

T = TypeVar("T")

LIMITS = Limits(connect=3.0, silence=8.0, total=12.0, body=256 * 1024)
"""Of one call to a camera. A camera that never answers costs this long, once."""


class Heard(Enum):
    """What came of it; the value is the stable slug."""

    RIGHT = "right"
    """It was done; of a login: the password is right."""
    WRONG = "wrong"
    """User name or password is not right."""
    LOCKED = "locked"
    """The camera takes no password now: too many wrong ones."""
    SILENT = "silent"
    """No answer."""
    GARBLED = "garbled"
    """An answer that cannot be read."""
    OTHER_KEY = "other-key"
    """Another TLS key answers than the one that is remembered."""
    IN_THE_OPEN = "in-the-open"
    """Nothing was sent: the password would have shown to others in the network."""
    FACTORY = "factory"
    """The camera asks nobody for a password."""
    REFUSED = "refused"
    """The camera does not do that, or not with this password."""


@dataclass(frozen=True)
class Look:
    """A camera, asked without a password. `factory`: whether nobody set one on it."""

    heard: Heard
    factory: bool = False


class Talk(Protocol):
    """One camera. A password is tried once in each call, and never sent where others could read it."""

    def look(self) -> Look:
        """Is it there, and did anybody set a password? Sends no secret."""

    def sign_in(self, by: Credential) -> Heard:
        """Is this a right password of an administrator?"""

    def set_password(self, by: Credential, user: str, password: str) -> Heard:
        """Give a user of the camera a new password."""

    def add_user(self, by: Credential, user: str, password: str) -> Heard:
        """A further administrator."""

    def activate(self, user: str, password: str) -> Heard:
        """The first password of a camera at factory state."""


def wait_for(asked: Coroutine[object, object, T]) -> T:
    """Run a call to its end in this thread."""
    return asyncio.run(asked)


def heard_of(error: SparekeyError) -> Heard:
    """What an error of the network means."""
    if error.slug == "tls-key":
        return Heard.OTHER_KEY
    if error.slug == "needs-consent":
        return Heard.IN_THE_OPEN
    if isinstance(error, UnavailableError):
        return Heard.SILENT
    if isinstance(error, InputError):
        return Heard.GARBLED
    raise error
