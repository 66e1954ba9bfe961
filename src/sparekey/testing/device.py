"""A device in memory: the real machine on the real driver, with a store that survives and a power switch that does not
ask."""

from __future__ import annotations

from sparekey.core import crypto
from sparekey.core.codes import Code, code_from_entropy, number_from_entropy
from sparekey.core.device import (
    METHODS,
    Activated,
    Booted,
    Guarded,
    MustSet,
    PasswordChosen,
    ProofShown,
    RecoveryOpened,
    SignedIn,
    State,
    TryCounted,
    step,
)
from sparekey.core.effects import Effect, EndSessions, WriteAudit
from sparekey.core.errors import Refusal
from sparekey.core.messages.link import link
from sparekey.core.messages.request import Request, read_request
from sparekey.core.messages.trust import Trust
from sparekey.core.methods import mail_code
from sparekey.core.policy import Policy
from sparekey.core.record import Record, Situation
from sparekey.core.values import Face, Identity, MethodName, Moment
from sparekey.host.driver import Driver
from sparekey.testing.clock import FixedClock
from sparekey.testing.entropy import FixedEntropy
from sparekey.testing.power import CuttableStore, PowerSwitch
from sparekey.testing.store import MemoryStore

CHEAP = crypto.Argon2Cost(memory=8, passes=1)
"""A password hash that costs nothing: only tests use it."""


class MemoryDevice:
    """One recorder. What a person does at it are its methods; `Refusal` says no, None says done."""

    def __init__(
        self, *, policy: Policy, trust: Trust, clock: FixedClock, entropy: FixedEntropy, switch: PowerSwitch
    ) -> None:
        self.identity = Identity("PX-3216-0001", "PX-3216", "1.0.0")
        self.policy = policy
        self.trust = trust
        self.store = MemoryStore()
        self.audit: dict[int, WriteAudit] = {}
        self.sessions: list[int] = []
        self.clock_trusted = True
        self._clock = clock
        self._entropy = entropy
        self._switch = switch
        self._device_key = entropy.bytes(32)
        self._driver: Driver[State] = self._powered()

    def power_on(self) -> None:
        """Boot: finish what was stored, then count the boot, before anybody can speak to the device."""
        self._driver = self._powered()
        self._driver.resume()
        self._driver.tell(Booted())

    @property
    def record(self) -> Record:
        """What the device remembers."""
        return self._driver.state.record

    def works(self, password: str) -> bool:
        """Whether the admin's login takes this password."""
        state = self._driver.state
        admin = state.record.admin
        return isinstance(state, Guarded) and admin is not None and crypto.password_matches(password, admin.password)

    def activate(self, password: str, address: str | None, face: Face = Face.NETWORK) -> Refusal | None:
        """Set the first password."""
        return self._driver.tell(Activated("admin", self._hash(password), address, face)).refusal

    def sign_in(self, password: str, face: Face = Face.NETWORK) -> Refusal | None:
        """Log in as admin; the session lasts for this generation."""
        if not self.works(password):
            return Refusal.NOT_AUTHORISED
        generation = self.record.generation
        refusal = self._driver.tell(SignedIn("admin", generation, face)).refusal
        if refusal is None:
            self.sessions.append(generation)
        return refusal

    def open_mail_code(self, claim: bytes, face: Face = Face.NETWORK, locale: str = "en") -> Request | Refusal:
        """Forgot Password -> e-mail: the request behind the QR code. The same claim gets the same request again."""
        kept = self.record.claimed(MethodName.MAIL_CODE, claim)
        if kept is not None and not kept.ask.expired(self.record.age, self._situation().moment):
            return read_request(kept.ask.sealed)
        if METHODS[MethodName.MAIL_CODE].closed(self.record, self._situation()):
            return Refusal.NOT_SET_UP
        ask, request = mail_code.challenge(
            self.record,
            self._situation(),
            self.trust,
            face=face,
            claim=claim,
            number=number_from_entropy(self._entropy.bytes(5)),
            code=code_from_entropy(self._entropy.bytes(5)),
            tls=bytes(32),
            locale=locale,
        )
        return self._driver.tell(RecoveryOpened(ask)).refusal or request

    def type_code(self, request: Request, claim: bytes, code: Code, face: Face = Face.NETWORK) -> Refusal | None:
        """Enter the code: first the try is counted and stored, then the code is looked at."""
        number = request.header.number
        refusal = self._driver.tell(TryCounted(number, claim, face)).refusal
        return refusal or self._driver.tell(ProofShown(number, claim, face, code)).refusal

    def choose_password(
        self, request: Request, claim: bytes, password: str, face: Face = Face.NETWORK
    ) -> Refusal | None:
        """Set the new password."""
        return self._driver.tell(PasswordChosen(request.header.number, claim, face, self._hash(password))).refusal

    def tell(self, event: object) -> Refusal | None:
        """Any other event."""
        return self._driver.tell(event).refusal

    def qr_text(self, request: Request) -> str:
        """What the QR code on the screen says."""
        return link(self.trust.prefix, request)

    def _powered(self) -> Driver[State]:
        self._booted_at = self._clock.monotonic()
        self._boot_key = self._entropy.bytes(32)
        return Driver(
            store=CuttableStore(self.store, self._switch),
            states=State,
            effects=Effect,
            first=MustSet(Record()),
            step=step,
            situation=self._situation,
            perform=self._perform,
        )

    def _situation(self) -> Situation:
        uptime = int(self._clock.monotonic() - self._booted_at)
        wall = self._clock.wall() if self.clock_trusted else None
        return Situation(Moment(uptime, wall, self._boot_key), self.policy, self.identity, self._device_key)

    def _perform(self, order: int, effect: Effect) -> None:
        self._switch.instant("before " + type(effect).__name__)
        if isinstance(effect, EndSessions):
            self.sessions = [generation for generation in self.sessions if generation >= effect.generation]
        else:
            self.audit[order] = effect
        self._switch.instant("after " + type(effect).__name__)

    def _hash(self, password: str) -> crypto.PasswordHash:
        return crypto.hash_password(password, self._entropy.bytes(16), CHEAP)
