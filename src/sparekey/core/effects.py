"""Orders that a machine gives. Each is stored with the state before it is carried out, and safe to carry out twice.
None ever holds a password or a code; a password hash is what an account store keeps.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from sparekey.core.crypto import PasswordHash
from sparekey.core.messages.notice import Noticed
from sparekey.core.values import Face


class Happened(Enum):
    """What the audit page can tell; the value is the stable slug."""

    ACTIVATED = "activated"
    SIGNED_IN = "signed-in"
    RECOVERY_OPENED = "recovery-opened"
    NUMBERS_SHOWN = "numbers-shown"
    RECOVERY_CANCELLED = "recovery-cancelled"
    PROOF_WRONG = "proof-wrong"
    PROOF_RIGHT = "proof-right"
    TRIES_STOPPED = "tries-stopped"
    PASSWORD_RECOVERED = "password-recovered"
    PASSWORD_CHANGED = "password-changed"
    ADDRESS_CHANGED = "address-changed"
    ADDRESS_CONFIRMED = "address-confirmed"
    QUESTIONS_SET = "questions-set"
    KEY_FILE_MADE = "key-file-made"
    KEY_FILE_PROVED = "key-file-proved"
    SHEET_MADE = "sheet-made"
    SHEET_PROVED = "sheet-proved"
    ACCOUNT_ADDED = "account-added"
    ACCOUNT_CHANGED = "account-changed"
    ACCOUNT_REMOVED = "account-removed"
    ENROLLED = "enrolled"
    SYSTEM_ADDED = "system-added"
    SYSTEM_CHANGED = "system-changed"
    SYSTEM_REMOVED = "system-removed"
    SYSTEM_REFUSED = "system-refused"
    NETWORK_CHANGED = "network-changed"
    ERASE_BEGUN = "erase-begun"
    ERASED = "erased"


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
    """End every session opened before this generation: pages, tokens, phones, ONVIF credentials."""

    generation: int


@dataclass(frozen=True)
class SetPassword:
    """Put a password into the account store of the maker, then tell the machine what reading it back showed."""

    account: str
    password: PasswordHash


@dataclass(frozen=True)
class RevokeAccount:
    """Take an account out of the account store of the maker."""

    account: str


@dataclass(frozen=True)
class Erase:
    """Destroy the device key, then all settings and, when asked, the recordings' key; then tell the machine."""

    recordings: bool


@dataclass(frozen=True)
class Notify:
    """Have the desk tell these addresses what happened. `age`: seconds of the device's age. `wall`: Unix seconds or
    None. `request`: hash of the request that it is about, or empty. `ticket`: from the desk's reply, or empty.
    """

    what: Noticed
    account: str
    addresses: tuple[str, ...]
    age: int
    wall: int | None
    request: bytes = b""
    ticket: bytes = field(default=b"", repr=False)


Effect = WriteAudit | EndSessions | SetPassword | RevokeAccount | Erase | Notify
