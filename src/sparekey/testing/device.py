"""A device in memory: the real machine on the real driver, with a store that survives and a power switch that does not
ask.
"""

from __future__ import annotations

from collections.abc import Sequence

from sparekey.core import crypto
from sparekey.core.codes import Code, SavedCode, code_from_entropy, number_from_entropy, saved_from_entropy
from sparekey.core.device import Guarded, MustSet, State, events, step
from sparekey.core.device.recovery import only_at_login
from sparekey.core.effects import Effect, EndSessions, Erase, Notify, RevokeAccount, SetPassword, WriteAudit
from sparekey.core.errors import Refusal, UnavailableError
from sparekey.core.messages.key_file import KeyFile
from sparekey.core.messages.link import link
from sparekey.core.messages.request import Request, read_request
from sparekey.core.messages.trust import Trust
from sparekey.core.methods import (
    METHODS,
    key_file,
    mail_code,
    questions,
    recovery_sheet,
    security_code,
    support,
)
from sparekey.core.model import Model
from sparekey.core.policy import Policy
from sparekey.core.record import Ask, Questions, Record, Situation
from sparekey.core.values import Face, Identity, MethodName, Moment
from sparekey.host.driver import Driver
from sparekey.testing.clock import FixedClock
from sparekey.testing.entropy import FixedEntropy
from sparekey.testing.power import CuttableStore, PowerSwitch
from sparekey.testing.store import MemoryStore

CHEAP = crypto.Argon2Cost(memory=8, passes=1)
"""A password hash that costs nothing: only tests use it."""


class MemoryDevice:
    """One recorder or camera. What a person does at it are its methods; `Refusal` says no, None says done.

    `makers_store`: with a dict, the passwords live in an account store of the maker, outside the record;
    `store_answers` False makes it fail.
    """

    def __init__(
        self,
        *,
        policy: Policy,
        trust: Trust,
        clock: FixedClock,
        entropy: FixedEntropy,
        switch: PowerSwitch,
        model: Model | None = None,
        makers_store: dict[str, crypto.PasswordHash] | None = None,
    ) -> None:
        self.identity = Identity("PX-3216-0001", "PX-3216", "1.0.0")
        self.policy = policy
        self.trust = trust
        self.model = model or Model("PX-3216")
        self.mac = ""
        self.store = MemoryStore()
        self.makers_store = makers_store
        self.store_answers = True
        self.audit: dict[int, WriteAudit] = {}
        self.notices: dict[int, Notify] = {}
        self.sessions: list[int] = []
        self.recordings = True
        self.clock_trusted = True
        self.pressed_at: float | None = None
        self._clock = clock
        self._entropy = entropy
        self._switch = switch
        self.device_key = entropy.bytes(32)
        self._driver: Driver[State] = self._powered()

    def power_on(self) -> None:
        """Boot: finish what was stored, then count the boot, before anybody can speak to the device."""
        self._driver = self._powered()
        self._driver.resume()
        self._driver.tell(events.Booted())

    @property
    def state(self) -> State:
        """The state as stored."""
        return self._driver.state

    @property
    def record(self) -> Record:
        """What the device remembers."""
        return self._driver.state.record

    @property
    def situation(self) -> Situation:
        """What the world is like now."""
        uptime = int(self._clock.monotonic() - self._booted_at)
        pressed = int(self.pressed_at - self._booted_at) if self.pressed_at else 0
        return Situation(
            moment=Moment(
                uptime,
                self._clock.wall() if self._clock_holds() else None,
                self._boot_key,
                self._clock.wall(),
            ),
            policy=self.policy,
            identity=self.identity,
            device_key=self.device_key,
            trust=self.trust,
            model=self.model,
            mac=self.mac,
            external=self.makers_store is not None,
            presence_at=max(0, pressed),
            cost=CHEAP,
        )

    def works(self, password: str) -> bool:
        """Whether the admin's login takes this password."""
        admin = self.record.admin
        if admin is None or isinstance(self.state, MustSet):
            return False
        kept = admin.password if self.makers_store is None else self.makers_store.get(admin.name)
        return kept is not None and crypto.password_matches(password, kept)

    def activate(self, password: str, address: str | None, face: Face = Face.NETWORK) -> Refusal | None:
        """Set the first password."""
        return self.tell(events.Activated("admin", self.hash(password), address, face))

    def sign_in(self, password: str, face: Face = Face.NETWORK) -> Refusal | None:
        """Log in as admin; the session lasts for this generation."""
        if not self.works(password):
            return Refusal.NOT_AUTHORISED
        generation = self.record.generation
        refusal = self.tell(events.SignedIn("admin", generation, face))
        if refusal is None:
            self.sessions.append(generation)
        return refusal

    def set_questions(self, asked: Sequence[str], answers: Sequence[str]) -> Refusal | None:
        """The signed-in admin prepares security questions."""
        hashed = questions.hash_answers(answers, self._entropy.bytes(16), CHEAP)
        kept = Questions(tuple(asked), hashed)
        told = events.QuestionsSet(
            "admin", self.record.generation, Face.NETWORK, kept, questions.substance(answers)
        )
        return self.tell(told)

    def make_key_file(self) -> KeyFile:
        """The signed-in admin exports a key file and hands it in again."""
        generation = self.record.generation
        file = KeyFile(self.identity.serial, generation, self._entropy.bytes(32), self._entropy.bytes(16))
        saved = key_file.keep(file, self.record, self.situation)
        self.tell(events.KeyFileMade("admin", generation, Face.NETWORK, saved))
        self.tell(events.SavedProved("admin", Face.NETWORK, file))
        return file

    def make_sheet(self) -> SavedCode:
        """The signed-in admin prints a recovery sheet and types its code again."""
        code = saved_from_entropy(self._entropy.bytes(9))
        saved = recovery_sheet.keep(code, self.record, self.situation)
        self.tell(events.SheetMade("admin", self.record.generation, Face.NETWORK, saved))
        self.tell(events.SavedProved("admin", Face.NETWORK, code))
        return code

    def open_mail_code(
        self, claim: bytes, face: Face = Face.NETWORK, locale: str = "en"
    ) -> Request | Refusal:
        """Forgot Password -> e-mail: the request behind the QR code. The same claim gets the same request again."""

        def challenge() -> Ask:
            code = code_from_entropy(self._entropy.bytes(5))
            ask, _ = mail_code.challenge(
                self.record,
                self.situation,
                face=face,
                claim=claim,
                number=self._number(),
                code=code,
                tls=bytes(32),
                locale=locale,
            )
            return ask

        ask = self._open(MethodName.MAIL_CODE, claim, face, challenge)
        return ask if isinstance(ask, Refusal) else read_request(ask.sealed)

    def open_support(
        self, claim: bytes, face: Face = Face.NETWORK, method: MethodName = MethodName.RESPONSE_FILE
    ) -> Request | Refusal:
        """Export a request for support, or for the technician."""

        def challenge() -> Ask:
            ask, _ = support.challenge(
                self.record,
                self.situation,
                method=method,
                face=face,
                claim=claim,
                number=self._number(),
                salt=self._entropy.bytes(16),
                tls=bytes(32),
            )
            return ask

        ask = self._open(method, claim, face, challenge)
        return ask if isinstance(ask, Refusal) else read_request(ask.sealed)

    def open_security_code(
        self, claim: bytes, face: Face = Face.NETWORK, *, revealed: bool | None = None
    ) -> security_code.Spoken | Refusal:
        """What to read out to support. `revealed`: by a wrong password; None for what the profile wants."""
        method = MethodName.SECURITY_CODE
        wanted = only_at_login(method, face, self.situation) if revealed is None else revealed

        def challenge() -> Ask:
            return security_code.challenge(
                self.record, self.situation, face=face, claim=claim, number=self._number(), revealed=wanted
            )

        ask = self._open(method, claim, face, challenge)
        return ask if isinstance(ask, Refusal) else security_code.spoken(ask, self.situation)

    def answers(self, given: Sequence[str]) -> questions.Answers:
        """Typed answers as a proof."""
        kept = self.record.factors.questions
        salt, cost = (kept.answers.salt, kept.answers.cost) if kept else (bytes(16), CHEAP)
        return questions.Answers(questions.hash_answers(given, salt, cost))

    def prove(
        self, method: MethodName, claim: bytes, proof: object, number: str = "", face: Face = Face.NETWORK
    ) -> Refusal | None:
        """Hand in a proof: first the try is counted and stored, then the proof is looked at."""
        refusal = self.tell(events.TryCounted(method, number, claim, face))
        return refusal or self.tell(events.ProofShown(method, number, claim, face, proof))

    def type_code(
        self, request: Request, claim: bytes, code: Code, face: Face = Face.NETWORK
    ) -> Refusal | None:
        """Enter the mailed code."""
        return self.prove(MethodName.MAIL_CODE, claim, code, request.header.number, face)

    def choose_password(self, claim: bytes, password: str, face: Face = Face.NETWORK) -> Refusal | None:
        """Set the new password."""
        return self.tell(events.PasswordChosen(claim, face, self.hash(password)))

    def tell(self, event: object) -> Refusal | None:
        """Any event."""
        return self._driver.tell(event).refusal

    def hash(self, password: str) -> crypto.PasswordHash:
        """A password as the device keeps it."""
        return crypto.hash_password(password, self._entropy.bytes(16), CHEAP)

    def qr_text(self, request: Request) -> str:
        """What the QR code on the screen says."""
        return link(self.trust.prefix, request)

    def _open(self, method: MethodName, claim: bytes, face: Face, challenge: object) -> Ask | Refusal:
        kept = self.record.claimed(method, claim)
        if kept is not None and not kept.expired(self.record.age, self.situation.moment):
            return kept
        if not isinstance(self.state, Guarded) or METHODS[method].greyed(self.record, self.situation, face):
            return Refusal.NOT_SET_UP
        assert callable(challenge)
        ask = challenge()
        assert isinstance(ask, Ask)
        return self.tell(events.RecoveryOpened(ask)) or ask

    def _clock_holds(self) -> bool:
        return self.clock_trusted and self.record.lasting.trusts(self._clock.wall())

    def _number(self) -> str:
        return number_from_entropy(self._entropy.bytes(5))

    def _powered(self) -> Driver[State]:
        self._booted_at = self._clock.monotonic()
        self._boot_key = self._entropy.bytes(32)
        return Driver(
            store=CuttableStore(self.store, self._switch),
            states=State,
            effects=Effect,
            first=MustSet(Record()),
            step=step,
            situation=lambda: self.situation,
            perform=self._perform,
        )

    def _perform(self, order: int, effect: Effect) -> None:
        self._switch.instant("before " + type(effect).__name__)
        if isinstance(effect, EndSessions):
            self.sessions = [generation for generation in self.sessions if generation >= effect.generation]
        elif isinstance(effect, WriteAudit):
            self.audit[order] = effect
        elif isinstance(effect, Notify):
            self.notices[order] = effect
        elif isinstance(effect, Erase):
            self._erase(effect)
        else:
            self._tell_makers_store(effect)
        self._switch.instant("after " + type(effect).__name__)

    def _erase(self, effect: Erase) -> None:
        self.device_key = self._entropy.bytes(32)
        self._switch.instant("key destroyed")
        self.audit.clear()
        self.recordings = self.recordings and not effect.recordings
        self.makers_store = {} if self.makers_store is not None else None
        self.tell(events.Wiped(verified=True))

    def _tell_makers_store(self, effect: SetPassword | RevokeAccount) -> None:
        assert self.makers_store is not None
        if not self.store_answers:
            raise UnavailableError("account-store", "the account store does not answer")
        ordered = effect.password if isinstance(effect, SetPassword) else None
        if ordered is None:
            self.makers_store.pop(effect.account, None)
        else:
            self.makers_store[effect.account] = ordered
        self._switch.instant("maker's store changed")
        self.tell(events.PasswordApplied(self.makers_store.get(effect.account) == ordered))
