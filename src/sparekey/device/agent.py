"""The device itself, behind all its pages: one machine on one storage; what people do to it are its calls."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sparekey.core import policy as rules
from sparekey.core.budget import find
from sparekey.core.codes import Code, code_from_entropy, number_from_entropy
from sparekey.core.crypto import Argon2Cost, derive, equal
from sparekey.core.device import Guarded, MustSet, State, step
from sparekey.core.device.events import (
    Activated,
    Booted,
    PasswordChosen,
    ProofShown,
    RecoveryOpened,
    RequestCancelled,
    SignedIn,
    Ticked,
    TryCounted,
)
from sparekey.core.device.life import PRESENCE_LASTS
from sparekey.core.effects import Effect, EndSessions, WriteAudit
from sparekey.core.errors import MisuseError, Refusal
from sparekey.core.messages.request import Request, read_request
from sparekey.core.methods import METHODS, mail_code
from sparekey.core.record import Ask, Record, Situation
from sparekey.core.values import Face, MethodName, Moment
from sparekey.device import audit, sessions, trust
from sparekey.device.entrance import Entrance
from sparekey.device.passwords import Passwords
from sparekey.host.driver import Driver
from sparekey.host.sqlite_store import SqliteFile, SqliteStore
from sparekey.profiles import common_passwords

if TYPE_CHECKING:
    from sparekey.core.methods.method import Closed
    from sparekey.device.config import Config
    from sparekey.device.identity import Keys
    from sparekey.host.clock import Clock
    from sparekey.host.entropy import Entropy

SCHEMA = (sessions.SCHEMA, audit.SCHEMA, trust.SCHEMA)
"""The tables beside the machine's own. New ones go to the end: a file knows how many it has."""


@dataclass(frozen=True)
class Wait:
    """The login is not looked at now: too many wrong passwords came from there. `seconds`: until one is."""

    seconds: int


class Agent:
    """Owns the storage, the driver and what the moment is. Every call is safe from several threads.

    A refusal is returned; None or a value means done. `claim` is always the hash of the opener's pickup code.
    """

    def __init__(
        self, config: Config, keys: Keys, *, clock: Clock, entropy: Entropy, cost: Argon2Cost | None = None
    ) -> None:
        """Open the storage and read the trust file. Raises as `SqliteFile` and `trust.hold`."""
        self.config = config
        self.keys = keys
        self._clock = clock
        self._entropy = entropy
        self._booted_at = clock.monotonic()
        self._boot_key = entropy.bytes(32)
        self._file = SqliteFile(config.settings.storage, SCHEMA)
        self.trust = trust.hold(self._file, config.settings.trust, trust.read_root(config.settings.root))
        self.audit = audit.Audit(self._file)
        self._sessions = sessions.Sessions(self._file, entropy)
        self._passwords = Passwords(entropy, cost or Argon2Cost())
        self._entrance = Entrance(entropy)
        self._driver: Driver[State] = Driver(
            store=SqliteStore(self._file),
            states=State,
            effects=Effect,
            first=MustSet(Record()),
            step=step,
            situation=self.now,
            perform=self._perform,
        )

    def boot(self) -> None:
        """Finish what an earlier run stored, then count the boot. Call before any door opens."""
        self._driver.resume()
        self._driver.tell(Booted())

    def tick(self) -> None:
        """Five minutes went by."""
        self._driver.tell(Ticked())

    def tell(self, event: object) -> Refusal | None:
        """Put any event to the machine. Safe from several threads; durable when it returns."""
        return self._driver.tell(event).refusal

    def close(self) -> None:
        """Write down the age and close the storage."""
        self.tick()
        self._file.close()

    def now(self) -> Situation:
        """The moment, the profile, the device."""
        uptime = int(self._clock.monotonic() - self._booted_at)
        clock = self._clock.wall()
        moment = Moment(uptime, clock if self.config.settings.clock_trusted else None, self._boot_key, clock)
        return Situation(moment, self.config.policy, self.config.identity, self.keys.device_key, self.trust)

    @property
    def record(self) -> Record:
        """What the device remembers."""
        return self._driver.state.record

    @property
    def is_set_up(self) -> bool:
        """Whether there is a password."""
        return isinstance(self._driver.state, Guarded)

    @property
    def account(self) -> str:
        """The user name of the one account that a device begins with."""
        factory = self.config.policy.factory_login
        return factory.account if factory else "admin"

    def age(self) -> int:
        """Seconds that the device was switched on in its life."""
        return self.record.age.at(self.now().moment)

    # Set up

    def may_set_up(self, face: Face) -> Refusal | None:
        """Whether the first password would be taken now."""
        if self.is_set_up:
            return Refusal.ALREADY_DONE
        late = face is Face.NETWORK and self.now().moment.uptime > PRESENCE_LASTS
        return Refusal.NEEDS_PRESENCE if late else None

    def password_fault(self, password: str) -> rules.PasswordFault | None:
        """What is wrong with a new password."""
        identity, policy = self.config.identity, self.config.policy
        named = (self.account, identity.serial, identity.model, self.config.settings.name)
        return rules.password_fault(
            password, policy.password, (*named, *policy.vendor_words), common_passwords()
        )

    def activate(self, password: str, address: str | None, face: Face) -> Refusal | None:
        """Set the first password, and the reserved address if `values.mail_address` has read one."""
        refusal = self.may_set_up(face)
        if refusal is not None:
            return refusal
        kept = self._passwords.hash(password)
        return self.tell(Activated(self.account, kept, address, face))

    # Sign in

    def sign_in(self, user: str, password: str, *, source: str, face: Face) -> str | Wait | None:
        """The session's cookie value; None when user name or password are not right, whichever it was.

        `source`: who asks, for the delay alone. Unknown and suspended users cost the same and get the same.
        """
        waits = self._entrance.knock(source, self.now().moment.uptime)
        if waits:
            return Wait(waits)
        record = self.record
        account = record.account(user)
        right = self._passwords.matches(password, account.password if account else None)
        if not right or self.tell(SignedIn(user, record.generation, face)) is not None:
            return None
        self._entrance.welcome(source)
        return self._sessions.open(user, record.generation, self._instant())

    def factory_sign_in(self, user: str, password: str, *, source: str) -> str | Wait | None:
        """While there is no password: a pass that opens the set-up page alone; None when it is not right."""
        factory = self.config.policy.factory_login
        if factory is None or self.is_set_up:
            return None
        waits = self._entrance.knock(source, self.now().moment.uptime)
        if waits:
            return Wait(waits)
        if not equal(f"{user}\n{password}".encode(), f"{factory.account}\n{factory.password}".encode()):
            return None
        self._entrance.welcome(source)
        return self._entrance.new_pass()

    def has_pass(self, token: str | None) -> bool:
        """Whether this is the pass of a factory login, or none is asked for."""
        if self.config.policy.factory_login is None:
            return True
        return token is not None and self._entrance.has_pass(token)

    def signed_in(self, token: str | None) -> str | None:
        """The account that a session's cookie stands for."""
        return self._sessions.account(token, self.record, self._instant())

    def sign_out(self, token: str) -> None:
        """End a session."""
        self._sessions.close(token)

    # Recover

    def greyed(self, method: MethodName, face: Face) -> Closed | None:
        """Why a method cannot be used here and now, or None."""
        return METHODS[method].greyed(self.record, self.now(), face)

    def new_claim(self) -> str:
        """A pickup code for a browser that opens a request."""
        return self._entropy.bytes(16).hex()

    def screen_claim(self) -> str:
        """The pickup code of the recorder's own screen: the same after a restart, known to nobody outside."""
        return derive(self.keys.device_key, "screen claim").hex()

    def open_mail_code(self, claim: bytes, *, face: Face, locale: str) -> Request | Refusal:
        """The request behind the QR code. The same claim gets the same request again."""
        kept = self.request_of(claim)
        if kept is not None:
            return read_request(kept.sealed)
        if not self.is_set_up or self.greyed(MethodName.MAIL_CODE, face):
            return Refusal.NOT_SET_UP
        ask, request = mail_code.challenge(
            self.record,
            self.now(),
            face=face,
            claim=claim,
            number=number_from_entropy(self._entropy.bytes(5)),
            code=code_from_entropy(self._entropy.bytes(5)),
            tls=self.keys.tls_hash,
            locale=locale,
        )
        refusal = self.tell(RecoveryOpened(ask))
        if refusal is not None:
            return refusal
        held = self.request_of(claim)  # not always this one: the same browser may have asked twice at once
        return read_request(held.sealed) if held else request

    def request_of(self, claim: bytes | None) -> Ask | None:
        """The open request of this claim, unless its time is over."""
        record = self.record
        kept = record.claimed(MethodName.MAIL_CODE, claim) if claim else None
        return None if kept is None or kept.expired(record.age, self.now().moment) else kept

    def may_choose(self, claim: bytes | None, face: Face) -> bool:
        """Whether this claim holder's proof was right, and not too long ago."""
        return claim is not None and self.record.right(face, claim, self.now().moment) is not None

    def lapsed(self, claim: bytes | None) -> bool:
        """Whether this claim holder's proof was right, and too long ago."""
        return any(equal(right.claim, claim or b"") for right in self.record.rights)

    def tries(self, face: Face) -> tuple[int, int]:
        """Codes that may be typed before the next pause, 0 when over; and seconds left of a pause."""
        budget = find(self.record.budgets, MethodName.MAIL_CODE, face)
        return budget.tries_left, 0 if budget.stopped else budget.waits(self.now().moment.uptime)

    def type_code(self, number: str, claim: bytes, code: Code, *, face: Face) -> Refusal | None:
        """Enter a code: the try is counted and stored first, and only then is the code looked at."""
        refusal = self.tell(TryCounted(MethodName.MAIL_CODE, number, claim, face))
        return refusal or self.tell(ProofShown(MethodName.MAIL_CODE, number, claim, face, code))

    def choose_password(self, claim: bytes, password: str, *, face: Face) -> Refusal | None:
        """Set the new password, whose faults `password_fault` has looked for."""
        kept = self._passwords.hash(password)
        return self.tell(PasswordChosen(claim, face, kept))

    def cancel(self, number: str, claim: bytes, *, face: Face) -> Refusal | None:
        """Close a request."""
        return self.tell(RequestCancelled(number, claim, face))

    def _instant(self) -> sessions.Instant:
        moment = self.now().moment
        return sessions.Instant(self.record.age.boots, moment.uptime, moment.wall)

    def _perform(self, order: int, effect: Effect) -> None:
        if isinstance(effect, EndSessions):
            self._sessions.end_before(effect.generation)
        elif isinstance(effect, WriteAudit):
            self.audit.write(order, effect)
        else:
            raise MisuseError("effect", f"no part of this device carries out {type(effect).__name__}")
