"""What a device remembers: the part that all states of the machine in `device` carry, and all that rules may ask."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from sparekey.core.budget import Budget
from sparekey.core.crypto import PasswordHash, equal
from sparekey.core.policy import Policy
from sparekey.core.values import Face, Identity, MethodName, Moment

BOOT_AGE = 15 * 60
"""Seconds that each boot adds to the age, since up to five minutes and a reboot go uncounted."""
REQUEST_AGE_LIMIT = 14 * 24 * 3600
"""Seconds of age after which any request is dead."""
REQUEST_BOOTS_LIMIT = 50
"""Boots after which any request is dead."""
ADDRESS_COOLING = 7 * 24 * 3600
"""Seconds of age for which the previous reserved address still hears of everything."""


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
    """A person's way in. A suspended account cannot sign in until the admin has looked at it."""

    name: str
    password: PasswordHash
    admin: bool = False
    suspended: bool = False


@dataclass(frozen=True)
class Reserved:
    """The reserved address. `previous` goes on hearing until age `cools`."""

    address: str
    previous: str | None = None
    cools: int = 0

    def listening(self, age: int) -> tuple[str, ...]:
        """The addresses a code goes to now, the reserved one first."""
        if self.previous not in (None, self.address) and age < self.cools:
            return (self.address, self.previous)
        return (self.address,)


@dataclass(frozen=True)
class Ask:
    """One open recovery request, as its opener left it.

    `claim`: SHA-256 of the opener's pickup code. `verifier`: what a proof is compared with; the code itself is nowhere.
    `sealed`: the request as it travels. `memory_only`: the verifier's key dies with the boot. Ages and `valid` are in
    seconds; `opened_wall` is Unix seconds or None without a trusted clock.
    """

    number: str
    method: MethodName
    face: Face
    account: str
    claim: bytes
    sealed: bytes
    verifier: bytes
    valid: int
    memory_only: bool
    opened_age: int
    opened_boot: int
    opened_wall: int | None

    def expired(self, age: Age, moment: Moment) -> bool:
        """Dead by age, by boots, or by a trusted clock: whichever comes first."""
        lived = age.at(moment) - self.opened_age
        passed = (moment.wall or 0) - (self.opened_wall or 0) if moment.wall and self.opened_wall else 0
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
class Offered:
    """A request that waits for its proof. `counted`: entries that were counted and not yet judged."""

    ask: Ask
    counted: int = 0


@dataclass(frozen=True)
class Proved:
    """A request whose proof was right: its claim holder may set the password until this age."""

    ask: Ask
    until: int
    counted: int = 0


@dataclass(frozen=True)
class Recovery:
    """The last completed recovery, shown at every login for seven days of age."""

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
    requests: tuple[Offered | Proved, ...] = ()
    budgets: tuple[Budget, ...] = ()
    recovered: Recovery | None = None

    def account(self, name: str) -> Account | None:
        """The account of this name."""
        return next((account for account in self.accounts if account.name == name), None)

    @property
    def admin(self) -> Account | None:
        """The account that recovery is for: the first administrator."""
        return next((account for account in self.accounts if account.admin), None)

    def request(self, number: str) -> Offered | Proved | None:
        """The open request of this number, dead or not."""
        return next((request for request in self.requests if request.ask.number == number), None)

    def claimed(self, method: MethodName, claim: bytes) -> Offered | Proved | None:
        """The request of a method that belongs to this pickup code's hash."""
        return next(
            (kept for kept in self.requests if kept.ask.method is method and equal(kept.ask.claim, claim)), None
        )

    def alive(self, moment: Moment) -> Record:
        """Without the requests that are dead by now."""
        return replace(
            self, requests=tuple(kept for kept in self.requests if not kept.ask.expired(self.age, moment))
        )

    def with_request(self, request: Offered | Proved) -> Record:
        """With this request in place of its former self."""
        return replace(
            self, requests=tuple(request if kept.ask.number == request.ask.number else kept for kept in self.requests)
        )


@dataclass(frozen=True)
class Situation:
    """What a rule may ask besides the state: the moment, the profile, who the device is.

    `device_key`: 32 bytes from a file of their own, never in the database.
    """

    moment: Moment
    policy: Policy
    identity: Identity
    device_key: bytes

    def __repr__(self) -> str:
        return f"Situation({self.moment!r}, {self.policy.name!r}, {self.identity.serial!r})"
