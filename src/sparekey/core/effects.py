"""Orders that a machine gives. Each is stored with the state before it is carried out, and safe to carry out twice.
None ever holds a password or a code."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from sparekey.core.values import Face


class Happened(Enum):
    """What the audit page can tell; the value is the stable slug."""

    ACTIVATED = "activated"
    SIGNED_IN = "signed-in"
    RECOVERY_OPENED = "recovery-opened"
    RECOVERY_CANCELLED = "recovery-cancelled"
    PROOF_WRONG = "proof-wrong"
    PROOF_RIGHT = "proof-right"
    TRIES_STOPPED = "tries-stopped"
    PASSWORD_RECOVERED = "password-recovered"
    ADDRESS_CHANGED = "address-changed"


@dataclass(frozen=True)
class WriteAudit:
    """Add a line to the audit page. `age`: seconds of the device's age. `wall`: Unix seconds or None."""

    what: Happened
    face: Face
    account: str
    number: str
    age: int
    wall: int | None


@dataclass(frozen=True)
class EndSessions:
    """End every session opened before this generation."""

    generation: int


Effect = WriteAudit | EndSessions
