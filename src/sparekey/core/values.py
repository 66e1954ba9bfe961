"""Small values that everything else is made of: names, addresses, secrets, the moment of an event."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from sparekey.core.errors import InputError

SERIAL_LIMIT = 48
"""Characters of a serial number (spec/requests.md section 3)."""
MODEL_LIMIT = 24
"""Characters of a model or firmware name (spec/requests.md section 3)."""
ADDRESS_LIMIT = 64
"""Bytes of a reserved e-mail address: what fits into a QR code (spec/requests.md section 4)."""
ACCOUNT_LIMIT = 32
"""Characters of an account name."""

_NAME = re.compile(r"[A-Za-z0-9 ._/-]+")
_ACCOUNT = re.compile(r"[A-Za-z0-9._-]+")
_LOCAL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+")
_DOMAIN = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9]")


class Face(Enum):
    """From which side somebody speaks to the device. The two have separate budgets and delays."""

    SCREEN = "screen"
    NETWORK = "network"


class MethodName(Enum):
    """The recovery methods by their stable names, in order of least loss."""

    QUESTIONS = "questions"
    KEY_FILE = "key-file"
    RECOVERY_SHEET = "recovery-sheet"
    MAIL_CODE = "mail-code"
    SECURITY_CODE = "security-code"
    RESPONSE_FILE = "response-file"
    RESPONSE_KEY = "response-key"
    RESET_BUTTON = "reset-button"
    TECHNICIAN = "technician"


class Role(Enum):
    """What an account may do."""

    ADMIN = "admin"
    OPERATOR = "operator"
    VIEWER = "viewer"


@dataclass(frozen=True)
class Identity:
    """What a device calls itself: printed on the label, shown on the screen, in the clear part of a request."""

    serial: str
    model: str
    firmware: str

    def __post_init__(self) -> None:
        label("serial", self.serial, SERIAL_LIMIT)
        label("model", self.model, MODEL_LIMIT)
        label("firmware", self.firmware, MODEL_LIMIT)


@dataclass(frozen=True)
class Moment:
    """When an event happens, as the host sees it. The core has no clock of its own.

    `uptime`: whole seconds since boot, monotonic. `wall`: Unix seconds, or None when the clock cannot be trusted
    (never set by its owner or by NTP, or behind a signed time already seen). `boot_key`: 32 bytes that live in
    memory only and are new at every boot. `clock`: what the device's clock shows in Unix seconds, trusted or not.
    """

    uptime: int
    wall: int | None
    boot_key: bytes
    clock: int = 0

    def __repr__(self) -> str:
        return f"Moment(uptime={self.uptime}, wall={self.wall})"


@dataclass(frozen=True)
class Secret:
    """Text that must never show: `repr`, logs and tracebacks see only that there is one."""

    text: str

    def __repr__(self) -> str:
        return "Secret(...)"


def label(what: str, text: str, limit: int) -> str:
    """Check a serial, model or firmware name: 1 to `limit` of `[A-Za-z0-9 ._/-]`. Raises InputError."""
    if not 0 < len(text) <= limit or not _NAME.fullmatch(text):
        raise InputError(f"bad-{what}", f"a {what} has 1 to {limit} letters, digits, spaces or . _ / -")
    return text


def account_name(text: str) -> str:
    """Check an account name: 1 to 32 of `[A-Za-z0-9._-]`. Raises InputError."""
    if not 0 < len(text) <= ACCOUNT_LIMIT or not _ACCOUNT.fullmatch(text):
        raise InputError("bad-account", f"a user name has 1 to {ACCOUNT_LIMIT} letters, digits or . _ -")
    return text


def mail_address(text: str) -> str:
    """Check an e-mail address and return it trimmed, its domain in lower case.

    At most 64 bytes, a dot-atom local part and a dotted domain (RFC 5321 section 4.1.2 without quoting, comments
    and address literals). Raises InputError.
    """
    trimmed = text.strip()
    local, at, domain = trimmed.rpartition("@")
    good = (
        bool(at)
        and len(trimmed) <= ADDRESS_LIMIT
        and _LOCAL.fullmatch(local) is not None
        and not local.startswith(".")
        and not local.endswith(".")
        and ".." not in local
        and _DOMAIN.fullmatch(domain) is not None
    )
    if not good:
        raise InputError(
            "bad-address",
            f"an e-mail address looks like name@example.com, {ADDRESS_LIMIT} characters at most",
        )
    return f"{local}@{domain.lower()}"


def mask(address: str) -> str:
    """An address that its owner knows again and a stranger cannot use: `jane@example.com` -> `j***@ex***.com`."""
    local, _, domain = address.rpartition("@")
    host, _, top = domain.rpartition(".")
    return f"{local[:1]}***@{host[:2]}***.{top}"
