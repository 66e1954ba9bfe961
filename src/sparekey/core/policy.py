"""What a profile decides: every number and switch that is not a law (spec/profiles.md). Values only; files are read
by the host."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from sparekey.core.errors import InputError

MAIL_CODE_LIMIT = 14 * 24 * 3600
"""Seconds: no profile may let a request live longer."""
PASSWORD_FLOOR = 8
"""Characters: no profile may take a shorter password."""
PASSWORD_CEILING = 256
"""Characters: no profile may take a longer one, since hashing it must stay cheap."""


@dataclass(frozen=True)
class PasswordRules:
    """Lengths in characters. No composition rules (NIST SP 800-63B-4 section 3.1.1.2)."""

    least: int = 15
    most: int = 64

    def __post_init__(self) -> None:
        if not PASSWORD_FLOOR <= self.least <= self.most <= PASSWORD_CEILING:
            raise InputError(
                "bad-policy",
                f"password lengths lie between {PASSWORD_FLOOR} and {PASSWORD_CEILING}, the least not above the most",
            )


@dataclass(frozen=True)
class FactoryLogin:
    """A default login that a compatibility profile shows on its label. It opens the activation page and nothing else."""

    account: str
    password: str


@dataclass(frozen=True)
class MailCode:
    """How the mailed code works. `valid`: seconds of the device's age. `reboot_voids`: its secret lives in memory only.
    `legal_notice`: a disclaimer must be agreed to before the QR code shows."""

    valid: int = 24 * 3600
    reboot_voids: bool = False
    legal_notice: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.valid <= MAIL_CODE_LIMIT:
            raise InputError("bad-policy", f"a mailed code is valid for 1 to {MAIL_CODE_LIMIT} seconds")


@dataclass(frozen=True)
class Words:
    """What this maker's pages call things, as source texts of the catalogue."""

    forgot: str = "Forgot the password?"
    mail_code: str = "Code by e-mail"
    code_field: str = "Code from the e-mail"


class AddressRule(Enum):
    """Whether activation ends without a reserved e-mail address."""

    REQUIRED = "required"
    OFFERED = "offered"


@dataclass(frozen=True)
class Policy:
    """One profile. `vendor_words` may not stand in a password."""

    name: str
    title: str
    vendor_words: tuple[str, ...] = ()
    password: PasswordRules = field(default_factory=PasswordRules)
    factory_login: FactoryLogin | None = None
    address: AddressRule = AddressRule.OFFERED
    mail_code: MailCode = field(default_factory=MailCode)
    words: Words = field(default_factory=Words)


class PasswordFault(Enum):
    """Why a new password is not taken; the value is the stable slug."""

    TOO_SHORT = "password-too-short"
    TOO_LONG = "password-too-long"
    TOO_PLAIN = "password-too-plain"
    TOO_COMMON = "password-too-common"
    NAMES_THE_DEVICE = "password-names-the-device"


def password_fault(
    password: str, rules: PasswordRules, about: tuple[str, ...], common: frozenset[str]
) -> PasswordFault | None:
    """The first thing wrong with a new password, or None.

    `about`: words that say what it protects (account, serial, model, maker). `common`: passwords that everybody tries,
    in lower case. Source: NIST SP 800-63B-4 section 3.1.1.2.
    """
    if len(password) < rules.least:
        return PasswordFault.TOO_SHORT
    if len(password) > rules.most:
        return PasswordFault.TOO_LONG
    low = password.casefold()
    bare = len(low.rstrip("0123456789!."))
    if any(low[:length] in common for length in range(bare, len(low) + 1)):
        return PasswordFault.TOO_COMMON
    if len(set(low)) < 5 or _runs(low):
        return PasswordFault.TOO_PLAIN
    if any(len(word) >= 4 and word.casefold() in low for word in about):
        return PasswordFault.NAMES_THE_DEVICE
    return None


def _runs(low: str) -> bool:
    """Whether the whole password is one run such as `abcdefgh` or `98765432`."""
    steps = {ord(after) - ord(before) for before, after in zip(low, low[1:], strict=False)}
    return len(steps) == 1 and steps <= {-1, 0, 1}
