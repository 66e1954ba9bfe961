"""What a profile decides: every number and switch that is not a law (spec/profiles.md). Values only; files are read
by the host.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from itertools import pairwise

from sparekey.core.errors import InputError
from sparekey.core.guessable import Common, is_common
from sparekey.core.values import MethodName

DAY = 24 * 3600
VALID_LIMIT = 14 * DAY
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
    """A default login that a compatibility profile shows on its label. It opens the activation page and nothing
    else.
    """

    account: str
    password: str


class Factor(Enum):
    """What an owner can prepare before the password is ever lost."""

    ADDRESS = "address"
    QUESTIONS = "questions"
    KEY_FILE = "key-file"
    SHEET = "sheet"


@dataclass(frozen=True)
class Setup:
    """What the first login asks for. `required`: it does not end before all of these are done. `wanted`: how many ways
    back in the owner is reminded to have.
    """

    required: tuple[Factor, ...] = ()
    wanted: int = 2

    def __post_init__(self) -> None:
        _check_range("ways back in that are wanted", self.wanted, 0, len(Factor))


@dataclass(frozen=True)
class QuestionRules:
    """`count`: how many questions are asked. `least`: letters and digits that all answers together must have."""

    count: int = 3
    least: int = 12

    def __post_init__(self) -> None:
        _check_range("security questions", self.count, 2, 10)
        _check_range("letters and digits in all answers", self.least, 8, 200)


@dataclass(frozen=True)
class MailCode:
    """How the mailed code works. `valid`: seconds of the device's age. `reboot_voids`: its secret lives in memory only.
    `legal_notice`: a disclaimer must be agreed to before the QR code shows.
    """

    valid: int = DAY
    reboot_voids: bool = False
    legal_notice: bool = False

    def __post_init__(self) -> None:
        _check_valid("a mailed code", self.valid)


@dataclass(frozen=True)
class SecurityCode:
    """How the dictated code works. `valid`: seconds of age that its request number lives. `temporary`: the password
    that the page says it resets to; it works for the claiming session only, to set a new one. `may_default`: its
    login may also choose factory settings. `at_login`: over the network a wrong password at the login, and nothing
    else, shows what to read out.
    """

    valid: int = 14 * DAY
    temporary: str | None = None
    may_default: bool = False
    at_login: bool = False

    def __post_init__(self) -> None:
        _check_valid("a security code", self.valid)


@dataclass(frozen=True)
class ResponseRules:
    """How files and keys from support work. `file_valid`: seconds from its issue by a trusted clock. `file_age`:
    seconds of the device's age since the request, when there is no such clock. `valid`: seconds of age that a
    request lives.
    """

    file_valid: int = DAY
    file_age: int = 7 * DAY
    valid: int = 14 * DAY
    cameras_too: bool = False

    def __post_init__(self) -> None:
        _check_valid("a request to support", self.valid)
        _check_valid("a file from support", self.file_valid)
        _check_valid("a file from support without a clock", self.file_age)


@dataclass(frozen=True)
class ResetButton:
    """`hold`: seconds. `recorders`: whether a recorder may have one."""

    hold: int = 5
    recorders: bool = False

    def __post_init__(self) -> None:
        _check_range("seconds to hold the button", self.hold, 3, 60)


class Opening(Enum):
    """How the way to recovery opens from the login on the screen."""

    LINK = "link"
    CORNER = "corner"
    MENU = "menu"


class Afterwards(Enum):
    """What the device does after a recovery."""

    NOTHING = "nothing"
    REBOOTS = "reboots"
    UNPLUG = "unplug"


@dataclass(frozen=True)
class Words:
    """What this maker's pages call things, as source texts of the catalogue."""

    forgot: str = "Forgot the password?"
    mail_code: str = "Code by e-mail"
    code_field: str = "Code from the e-mail"
    security_code: str = "Code of the day from support"
    security_field: str = "Code from support"


class AddressRule(Enum):
    """Whether activation ends without a reserved e-mail address."""

    REQUIRED = "required"
    OFFERED = "offered"


@dataclass(frozen=True)
class Policy:
    """One profile. `vendor_words` may not stand in a password. `methods`: the ways in that it offers at all. `hold`:
    hours that the desk waits before it releases what support issues, at least.
    """

    name: str
    title: str
    methods: tuple[MethodName, ...]
    vendor_words: tuple[str, ...] = ()
    password: PasswordRules = field(default_factory=PasswordRules)
    factory_login: FactoryLogin | None = None
    address: AddressRule = AddressRule.OFFERED
    setup: Setup = field(default_factory=Setup)
    questions: QuestionRules = field(default_factory=QuestionRules)
    mail_code: MailCode = field(default_factory=MailCode)
    security_code: SecurityCode = field(default_factory=SecurityCode)
    response: ResponseRules = field(default_factory=ResponseRules)
    reset_button: ResetButton = field(default_factory=ResetButton)
    opening: Opening = Opening.LINK
    afterwards: Afterwards = Afterwards.NOTHING
    hold: int = 0
    words: Words = field(default_factory=Words)

    def __post_init__(self) -> None:
        _check_range("hours that support's answers are held", self.hold, 0, 14 * 24)


class PasswordFault(Enum):
    """Why a new password is not taken; the value is the stable slug."""

    TOO_SHORT = "password-too-short"
    TOO_LONG = "password-too-long"
    TOO_PLAIN = "password-too-plain"
    TOO_COMMON = "password-too-common"
    NAMES_THE_DEVICE = "password-names-the-device"


def password_fault(
    password: str, rules: PasswordRules, about: tuple[str, ...], common: Common
) -> PasswordFault | None:
    """The first thing wrong with a new password, or None.

    `about`: words that say what it protects (account, serial, model, maker). `common`: passwords of many
    people. Source: NIST SP 800-63B-4 section 3.1.1.2.
    """
    if len(password) < rules.least:
        return PasswordFault.TOO_SHORT
    if len(password) > rules.most:
        return PasswordFault.TOO_LONG
    low = password.casefold()
    if is_common(low, common):
        return PasswordFault.TOO_COMMON
    if len(set(low)) < 5 or _runs(low) or _repeats(low, rules.least):
        return PasswordFault.TOO_PLAIN
    if any(len(word) >= 4 and word.casefold() in low for word in about):
        return PasswordFault.NAMES_THE_DEVICE
    return None


def _check_range(what: str, number: int, least: int, most: int) -> None:
    if not least <= number <= most:
        raise InputError("bad-policy", f"{what}: {number} does not lie between {least} and {most}")


def _check_valid(what: str, seconds: int) -> None:
    if not 1 <= seconds <= VALID_LIMIT:
        raise InputError("bad-policy", f"{what} is valid for 1 to {VALID_LIMIT} seconds")


def _runs(low: str) -> bool:
    """Whether the whole password is one run such as `abcdefgh` or `98765432`."""
    steps = {ord(after) - ord(before) for before, after in pairwise(low)}
    return len(steps) == 1 and steps <= {-1, 0, 1}


def _repeats(low: str, least: int) -> bool:
    """Whether it is a part that is too short for a password, again and again: `summer-summer-summer-`."""
    part = (low + low).find(low, 1)
    return part < min(least, len(low))
