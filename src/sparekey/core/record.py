"""What a device remembers: the part that all states of the machine in `device` carry, and all that rules may ask."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum

from sparekey.core.budget import Budget
from sparekey.core.crypto import Argon2Cost, PasswordHash, equal, sha256
from sparekey.core.enrolled import Confirming, Enrolment
from sparekey.core.messages.addresses import fitting
from sparekey.core.messages.trust import Trust
from sparekey.core.model import Model
from sparekey.core.policy import Factor, Policy
from sparekey.core.values import Face, Identity, MethodName, Moment, Role

BOOT_AGE = 15 * 60
"""Seconds that each boot adds to the age, since up to five minutes and a reboot go uncounted."""
REQUEST_AGE_LIMIT = 14 * 24 * 3600
"""Seconds of age after which any request is dead."""
REQUEST_BOOTS_LIMIT = 50
"""Boots after which any request is dead."""
ADDRESS_COOLING = 7 * 24 * 3600
"""Seconds of age for which the previous reserved address still hears of everything."""
REVEAL_HOLDS = 30 * 60
"""Seconds of age for which what a wrong password revealed belongs to one browser; then another may have it."""


@dataclass(frozen=True)
class Age:
    """Powered-on time in seconds, kept without a clock. `base`: the age at this boot. `saved`: last written down."""

    base: int = 0
    saved: int = 0
    boots: int = 0

    def at(self, moment: Moment) -> int:
        """The age now."""
        return self.base + moment.uptime

    def booted(self) -> Age:
        """After a boot."""
        older = self.saved + BOOT_AGE
        return Age(older, older, self.boots + 1)

    def ticked(self, moment: Moment) -> Age:
        """Written down again."""
        return replace(self, saved=self.at(moment))


@dataclass(frozen=True)
class Account:
    """A person's way in. A suspended account cannot sign in until the admin has looked at it. `password` is None
    when an account store of the maker keeps it.
    """

    name: str
    password: PasswordHash | None
    role: Role = Role.VIEWER
    suspended: bool = False


@dataclass(frozen=True)
class Reserved:
    """The reserved address. `confirmed`: a code sent there came back."""

    address: str
    confirmed: bool = False


@dataclass(frozen=True)
class Former:
    """An address that was reserved before. It goes on hearing until the age `cools`, in seconds."""

    address: str
    cools: int


@dataclass(frozen=True)
class Questions:
    """Security questions as they are shown, and one hash over all answers."""

    texts: tuple[str, ...]
    answers: PasswordHash


@dataclass(frozen=True)
class Saved:
    """A key file or a recovery sheet that the owner keeps. `proved`: it was handed in again once. `made` is the age in
    seconds, `made_wall` Unix seconds or None.
    """

    verifier: bytes
    made: int
    made_wall: int | None
    proved: bool = False


@dataclass(frozen=True)
class Factors:
    """What the owner prepared. All of it dies with the generation."""

    questions: Questions | None = None
    key_file: Saved | None = None
    sheet: Saved | None = None


@dataclass(frozen=True)
class Frozen:
    """What a security code is bound to, as it was when the request number was made. `started`: the clock in Unix
    seconds at boot, `day`: whole days of the clock since 1970; both as the device shows them, right or wrong.
    """

    started: int
    day: int


@dataclass(frozen=True)
class Ask:
    """One open recovery request, as its opener left it.

    `claim`: SHA-256 of the opener's pickup code. `verifier`: what a mailed code is compared with. `salt`: from which,
    with the device key, the secrets of a support request are made again; neither they nor a code are stored.
    `bound`: `Record.binding` when it was made. `sealed`: the request as it travels. `memory_only`: the verifier's
    key dies with the boot. Ages and `valid` are in seconds; `opened_wall` is Unix seconds or None without a trusted
    clock. `revealed`: a wrong password at the login opened it.
    """

    number: str
    method: MethodName
    face: Face
    account: str
    claim: bytes
    valid: int
    opened_age: int
    opened_boot: int
    opened_wall: int | None
    sealed: bytes = b""
    verifier: bytes = b""
    salt: bytes = b""
    memory_only: bool = False
    frozen: Frozen | None = None
    bound: bytes = b""
    revealed: bool = False

    def expired(self, age: Age, moment: Moment) -> bool:
        """Dead by age, by boots, or by a trusted clock: whichever comes first."""
        lived = age.at(moment) - self.opened_age
        timed = moment.wall is not None and self.opened_wall is not None
        passed = (moment.wall or 0) - (self.opened_wall or 0) if timed else 0
        return (
            lived >= min(self.valid, REQUEST_AGE_LIMIT)
            or passed >= self.valid
            or age.boots - self.opened_boot >= REQUEST_BOOTS_LIMIT
            or (self.memory_only and age.boots != self.opened_boot)
        )

    def remaining(self, age: Age, moment: Moment) -> int:
        """Seconds of switched-on time that it may still live."""
        return max(0, min(self.valid, REQUEST_AGE_LIMIT) - (age.at(moment) - self.opened_age))


@dataclass(frozen=True)
class Charge:
    """An entry that was counted and not yet judged. It dies with the boot."""

    method: MethodName
    face: Face
    claim: bytes


class Action(Enum):
    """What a proof allows. All end in the same reset."""

    NEW_PASSWORD = "new-password"
    NEW_PASSWORD_OR_DEFAULT = "new-password-or-default"
    ERASE = "erase-and-default"


@dataclass(frozen=True)
class Lasting:
    """What no reset and no erase forgets. `tree_origin`, `tree_size`, `tree_root`: the last checkpoint of the log
    that was accepted; a trust file that names another log starts anew.
    `signed`: the latest signed time ever seen, Unix seconds. `epoch`: the owner epoch that the device is in: every
    erase begins the next one, and the desk may tell a higher one.
    """

    tree_origin: str = ""
    tree_size: int = 0
    tree_root: bytes = b""
    signed: int = 0
    epoch: int = 1

    def trusts(self, clock: int) -> bool:
        """Whether a clock, in Unix seconds, is not behind what was already signed: else it was set back."""
        return clock >= self.signed


@dataclass(frozen=True)
class Right:
    """What a right proof gave to whoever showed it, until an age in seconds. It dies with the boot.

    `number`: of the request it came from, or empty; `request`: that request's hash, as the log has it. `lasting`: what
    is remembered for ever once the right is used, and not before: until then the same request may be answered once
    more. `cameras`: whether a recorder's cameras may get new passwords too.
    """

    method: MethodName
    action: Action
    account: str
    number: str
    face: Face
    claim: bytes
    until: int
    lasting: Lasting
    request: bytes = b""
    cameras: bool = False


@dataclass(frozen=True)
class Recovery:
    """The last completed recovery, shown at every login for seven days of age. `request`: hash of the request, or
    empty.
    """

    method: MethodName
    request: bytes
    age: int
    wall: int | None


@dataclass(frozen=True)
class Record:
    """What the device remembers in every state. `generation` rises at every recovery and ends whatever hangs on it."""

    age: Age = field(default_factory=Age)
    generation: int = 1
    accounts: tuple[Account, ...] = ()
    reserved: Reserved | None = None
    former: Former | None = None
    factors: Factors = field(default_factory=Factors)
    requests: tuple[Ask, ...] = ()
    charges: tuple[Charge, ...] = ()
    rights: tuple[Right, ...] = ()
    budgets: tuple[Budget, ...] = ()
    recovered: Recovery | None = None
    lasting: Lasting = field(default_factory=Lasting)
    enrolment: Enrolment | None = None
    confirming: Confirming | None = None

    def account(self, name: str) -> Account | None:
        """The account of this name."""
        return next((account for account in self.accounts if account.name == name), None)

    @property
    def admin(self) -> Account | None:
        """The account that recovery is for: the first administrator."""
        return next((account for account in self.accounts if account.role is Role.ADMIN), None)

    def request(self, number: str) -> Ask | None:
        """The open request of this number, dead or not."""
        return next((ask for ask in self.requests if ask.number == number), None)

    def claimed(self, method: MethodName, claim: bytes) -> Ask | None:
        """The request of a method that belongs to this pickup code's hash."""
        return next((ask for ask in self.requests if ask.method is method and equal(ask.claim, claim)), None)

    def right(self, face: Face, claim: bytes, moment: Moment) -> Right | None:
        """The unexpired right of this claim holder; the screen holds every right that was earned there."""
        age = self.age.at(moment)
        for right in self.rights:
            holder = equal(right.claim, claim) or face is Face.SCREEN is right.face
            if holder and age < right.until:
                return right
        return None

    def listening(self, age: int) -> tuple[str, ...]:
        """The addresses that a code or a notice goes to at this age, the reserved one first."""
        now = (self.reserved.address,) if self.reserved else ()
        former = self.former
        cooling = former is not None and age < former.cools and former.address not in now
        return (*now, former.address) if former is not None and cooling else now

    def binding(self, age: int) -> bytes:
        """What a request is made for: this generation, and the addresses that hear at this age."""
        return sha256("\n".join((str(self.generation), *self.listening(age))).encode())

    @property
    def ticket(self) -> bytes | None:
        """What shows the desk that this device enrolled there, or None."""
        return (self.enrolment.ticket or None) if self.enrolment else None

    def saying(self, age: int) -> bytes:
        """What an enrolment would say now: who is told, and whether the reserved address is confirmed."""
        confirmed = self.reserved is not None and self.reserved.confirmed
        said = (str(confirmed), *fitting(self.listening(age)))
        return sha256("\n".join(said).encode())

    def prepared(self, factor: Factor) -> bool:
        """Whether the owner did this. A key file or sheet counts once it was proved."""
        if factor is Factor.ADDRESS:
            return self.reserved is not None
        if factor is Factor.QUESTIONS:
            return self.factors.questions is not None
        saved = self.factors.key_file if factor is Factor.KEY_FILE else self.factors.sheet
        return saved is not None and saved.proved

    def alive(self, moment: Moment) -> Record:
        """Without the requests that are dead by now."""
        return replace(
            self, requests=tuple(ask for ask in self.requests if not ask.expired(self.age, moment))
        )


@dataclass(frozen=True)
class Situation:
    """What a rule may ask besides the state: the moment, the profile, who the device is and whom it trusts.

    `device_key`: 32 bytes from a file of their own, never in the database. `mac`: the network address of a camera that
    is not behind a recorder, else empty. `external`: whether an account store of the maker keeps the passwords.
    `presence_at`: the uptime in seconds at which somebody last touched the device: 0 for power-on, later for its
    button. `cost`: of the hash over a saved code.
    """

    moment: Moment
    policy: Policy
    identity: Identity
    device_key: bytes
    trust: Trust
    model: Model = field(default_factory=lambda: Model(""))
    mac: str = ""
    external: bool = False
    presence_at: int = 0
    cost: Argon2Cost = field(default_factory=Argon2Cost)

    def present(self, seconds: int) -> bool:
        """Whether somebody touched the device within so many seconds."""
        return self.moment.uptime - self.presence_at <= seconds

    def __repr__(self) -> str:
        return f"Situation({self.moment!r}, {self.policy.name!r}, {self.identity.serial!r})"
