"""What can go wrong, in four families, and the refusals that are not errors at all.

A refusal is a value: the machine understood the event and says no. An exception means that something broke:
input that does not parse, a proof that does not hold, a world that does not answer, or our own bug.
"""

from __future__ import annotations

from enum import Enum
from typing import ClassVar


class SparekeyError(Exception):
    """Anything that sparekey raises on purpose.

    `slug` is stable and may be shown, logged and compared; `hint` says what the person can do next.
    Neither ever holds a secret.
    """

    family: ClassVar[str] = "error"

    def __init__(self, slug: str, hint: str = "") -> None:
        super().__init__(slug if not hint else f"{slug}: {hint}")
        self.slug = slug
        self.hint = hint


class InputError(SparekeyError):
    """Something from outside does not parse. The only family that reading outside bytes may raise."""

    family = "input"


class UntrustedError(SparekeyError):
    """It parsed, but a signature, a MAC or a sealed part does not hold."""

    family = "untrusted"


class UnavailableError(SparekeyError):
    """The world failed: disk, network, mail server. Trying again later may help."""

    family = "unavailable"


class MisuseError(SparekeyError):
    """Our own code called something in a way that it must not. A bug, never the person's fault."""

    family = "misuse"


class Refusal(Enum):
    """A machine's "no". The value is the stable slug that problems, pages and tests use."""

    WRONG_CODE = "wrong-code"
    """The typed proof is not the one that belongs to the request."""
    NOT_GENUINE = "not-genuine"
    """The file does not belong to this device, this request or this generation, or its signatures do not hold."""
    EXPIRED = "expired"
    """The request or the right to set a password ran out."""
    TOO_MANY_TRIES = "too-many-tries"
    """Typed codes stopped on this face, until one of the three lowering events."""
    PAUSED = "paused"
    """Typed codes wait; how long is in the budget."""
    NOT_AUTHORISED = "not-authorised"
    """The one who asks is not the one who opened it."""
    NO_SUCH_REQUEST = "no-such-request"
    """There is no open request of this number; it may have been used, cancelled or replaced."""
    TOO_MANY_REQUESTS = "too-many-requests"
    """Every place for open requests is taken."""
    ALREADY_DONE = "already-done"
    """Somebody else was first."""
    NOT_SET_UP = "not-set-up"
    """The method needs something that the owner did not prepare."""
    NOT_OFFERED = "not-offered"
    """The profile does not offer this here."""
    NOT_NOW = "not-now"
    """The state of the device does not allow this event."""
    NEEDS_PRESENCE = "needs-presence"
    """Allowed only for somebody who stands beside the device: at the screen, or shortly after power-on or a button
    press."""
    NOT_CHARGED = "not-charged"
    """A verdict was asked for without a try that was counted first."""
    NOT_ENOUGH = "not-enough"
    """What was given is too little to guard anything."""
    STORE_REFUSED = "store-refused"
    """The maker's account store did not take a change; nothing changed."""
    STORE_WAITS = "store-waits"
    """The maker's account store did not answer yet; the change is tried again."""
    LAST_ADMIN = "last-admin"
    """The last administrator can be neither removed nor made less."""
