"""The attacker against the device's machine: events alone, no pages, so that millions of them fit into a minute.

Each episode is one device of one profile, prepared by its owner. Strangers play the screen, web, calls and other
systems' logins as the events that those doors make of them: proofs, requests, cancels, sign-ins of a viewer, power
cuts, hours that go by, clocks that jump. At the end the owner comes, and has to get in without losing anything.
"""

from __future__ import annotations

import random
from typing import TypeVar

from attack.referee import PromiseBrokenError, Referee
from sparekey.core import crypto
from sparekey.core.codes import Code, code_from_bits, saved_from_bits
from sparekey.core.device import MustSet, State, events
from sparekey.core.errors import Refusal
from sparekey.core.keys import dated_key
from sparekey.core.messages.key_file import KeyFile
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
from sparekey.core.record import Ask, Questions, Record, Situation
from sparekey.core.values import Face, Identity, MethodName, Moment, Role
from sparekey.profiles import profile
from sparekey.testing.clock import FixedClock
from sparekey.testing.desk import MemoryDesk
from sparekey.testing.device import CHEAP
from sparekey.testing.entropy import FixedEntropy

T = TypeVar("T")

OWNER = crypto.sha256(b"the owner")
CLAIMS = [crypto.sha256(f"stranger {number}".encode()) for number in range(4)]
ANSWERS = ("first answer", "second answer", "third answer")
SAVED = saved_from_bits(7)
WRONG_SAVED = saved_from_bits(8)
SECONDS = (0, 0, 0, 1, 29, 30, 60, 300, 900, 3600, 3601, 86_400)
TYPED = (MethodName.MAIL_CODE, MethodName.SECURITY_CODE, MethodName.RESPONSE_KEY, MethodName.QUESTIONS)


def hashed(text: str) -> crypto.PasswordHash:
    """A password as the device keeps it."""
    return crypto.hash_password(text, bytes(16), CHEAP)


OLD, NEW, VIEWERS, STRANGERS = (hashed(text) for text in ("old", "new", "viewer", "stranger"))


class Machine:
    """One device and everybody around it. `at_screen`: whether the stranger stands in front of it too."""

    def __init__(self, name: str, dice: random.Random, *, at_screen: bool) -> None:
        self.dice, self.at_screen = dice, at_screen
        self.policy, self.model = profile(name), Model("X")
        self.elapsed, self.uptime, self.wall, self.drawn = 0, 0, 1_790_000_000, 0
        self.boot_key, self.trusted = bytes(32), True
        self.referee = Referee(lambda: self.elapsed)
        self.offered = [*self.policy.methods, *(name for name in TYPED if name in self.policy.methods)]
        self.state: State = MustSet(Record())
        self.desk = MemoryDesk(clock=FixedClock(), entropy=FixedEntropy())
        self.busy = dice.choice([0.1, 0.5, 0.9])  # how much of the time goes into proofs
        self.patient = dice.choice([0.02, 0.2])  # how often time passes at all
        self._prepare()

    @property
    def record(self) -> Record:
        """What the device remembers."""
        return self.state.record

    def situation(self) -> Situation:
        """What the world is like now."""
        return Situation(
            moment=Moment(self.uptime, self.wall if self.trusted else None, self.boot_key, self.wall),
            policy=self.policy,
            identity=Identity("PX-3216-0001", "PX-3216", "1.0.0"),
            device_key=bytes(range(32)),
            trust=self.desk.trust,
            model=self.model,
            cost=CHEAP,
        )

    def tell(self, event: object) -> Refusal | None:
        """One event, under the referee's eyes."""
        stepped = self.referee.step(self.state, event, self.situation())
        self.state = stepped.state
        return stepped.refusal

    def play(self, steps: int) -> int:
        """An episode. Returns the steps that were made."""
        begun = self.drawn
        with self.referee.watching():
            while self.drawn - begun < steps:
                self.drawn += 1
                if self.dice.random() < 0.0005:
                    self.owner_signs_in()
                with self.referee.strangers(at_screen=self.at_screen):
                    self.stranger()
            self.owner_recovers()
        return self.drawn - begun

    def stranger(self) -> None:
        """One thing that somebody does who may do nothing."""
        drawn = self.dice.random()
        if drawn < self.patient:
            self._wait()
        elif drawn < self.patient + self.busy * (1 - self.patient):
            self._prove()
        else:
            self._one_of(
                self._open, self._open, self._cancel, self._boot, self._viewer, self._steal, self._choose
            )()

    # What strangers do

    def _face(self) -> Face:
        return self.dice.choice(list(Face)) if self.at_screen else Face.NETWORK

    def _way(self) -> MethodName:
        """Mostly one that this device offers."""
        return self._one_of(*self.offered) if self.dice.random() < 0.95 else self._one_of(*MethodName)

    def _wait(self) -> None:
        """Any time, or to the second as long as a pause lasts."""
        pauses = [kept.waits(self.uptime) for kept in self.record.budgets]
        seconds = self._one_of(*pauses, *SECONDS)
        self.elapsed += seconds
        self.uptime += seconds
        self.wall = max(0, self.wall + self._one_of(seconds, 0, -86_400, 86_400))
        self.tell(events.Ticked())

    def _boot(self) -> None:
        self.uptime, self.trusted = 0, self.dice.random() < 0.5
        self.boot_key = crypto.sha256(self.boot_key)
        self.tell(events.Booted())

    def _open(self) -> None:
        self._open_for(self._way(), self._face(), self._one_of(*CLAIMS))

    def _open_for(self, method: MethodName, face: Face, claim: bytes) -> None:
        ask = self._ask(method, face, claim)
        if ask is not None:
            self.tell(events.RecoveryOpened(ask))

    def _prove(self) -> None:
        """A guess, by itself, by the request of somebody else, or without being counted first."""
        method, face, claim = self._way(), self._face(), self._one_of(*CLAIMS)
        asked = METHODS[method].asks
        asks = [kept for kept in self.record.requests if kept.method is asked]
        if asked and not asks and self.dice.random() < 0.7:
            self._open_for(asked, face, claim)
            asks = [kept for kept in self.record.requests if kept.method is asked]
        ask = self._one_of(*asks) if asks else None
        number = ask.number if ask else ""
        if ask is not None and self.dice.random() < 0.8:
            face, claim = ask.face if self.at_screen else face, ask.claim
        for _ in range(self._one_of(1, 1, 6)):
            if self.dice.random() < 0.95:
                self.tell(events.TryCounted(method, number, claim, face))
            self.tell(events.ProofShown(method, number, claim, face, self._guess(method)))

    def _guess(self, method: MethodName) -> object:
        if method is MethodName.QUESTIONS:
            return questions.Answers(STRANGERS)
        if method is MethodName.KEY_FILE:
            return KeyFile("PX-3216-0001", self.record.generation, bytes(31) + b"\x01", bytes(16))
        if method is MethodName.RECOVERY_SHEET:
            return WRONG_SAVED
        return code_from_bits(self.dice.getrandbits(20) | 1 << 34)

    def _cancel(self) -> None:
        if self.record.requests:
            number = self._one_of(*self.record.requests).number
            self.tell(events.RequestCancelled(number, self._one_of(*CLAIMS), self._face()))

    def _viewer(self) -> None:
        """Somebody who may look signs in again and again: it is not the account under recovery."""
        self.tell(events.SignedIn("viewer", self.record.generation, self._face()))

    def _steal(self) -> None:
        """A session that the owner left open: it does not know the password of this generation."""
        face, before = self._face(), self.record.generation - 1
        self.tell(
            self._one_of(
                events.PasswordChanged("admin", before, face, STRANGERS),
                events.AddressChanged("admin", before, face, "stranger@example.com"),
                events.AccountSet("admin", before, face, "stranger", Role.ADMIN, STRANGERS),
                events.AccountRemoved("admin", before, face, "viewer"),
                events.Activated("admin", STRANGERS, None, face),
            )
        )

    def _choose(self) -> None:
        claim, face = self._one_of(*CLAIMS, OWNER), Face.NETWORK
        self.tell(
            self._one_of(events.PasswordChosen(claim, face, STRANGERS), events.DefaultChosen(claim, face))
        )

    # What the owner does

    def _prepare(self) -> None:
        self.tell(events.Activated("admin", OLD, "owner@example.com", Face.SCREEN))
        generation, face, now = self.record.generation, Face.SCREEN, self.situation()
        for event in (
            events.AccountSet("admin", generation, face, "viewer", Role.VIEWER, VIEWERS),
            events.QuestionsSet(
                "admin", generation, face, Questions(("a?", "b?", "c?"), self._answers()), 30
            ),
            events.KeyFileMade("admin", generation, face, key_file.keep(self._key_file(), self.record, now)),
            events.SheetMade("admin", generation, face, recovery_sheet.keep(SAVED, self.record, now)),
            events.SavedProved("admin", face, self._key_file()),
            events.SavedProved("admin", face, SAVED),
        ):
            self.tell(event)

    def owner_signs_in(self) -> None:
        """The owner knows the password still, or again."""
        if self.tell(events.SignedIn("admin", self.record.generation, Face.SCREEN)) is not None:
            raise PromiseBrokenError("the owner's own password does not work")

    def owner_recovers(self) -> None:
        """The owner lost it, and goes to the screen: nothing that keeps the recordings may be closed to them.

        Nobody but the network was there: at once, by whatever the profile offers. A stranger stood at the screen
        too: by what has 64 bits or more, after a pause of an hour at most.
        """
        offered = [name for name in self._owners() if name in self.policy.methods]
        if not self.at_screen:
            for _ in range(3):  # a place for requests is the screen's own
                method = self._one_of(*offered)
                self._recover(method)
        for method in (MethodName.KEY_FILE, MethodName.RECOVERY_SHEET):
            if method in offered and self.at_screen:
                self.elapsed += 3600
                self.uptime += 3600
                self._recover(method)
                break

    def _owners(self) -> list[MethodName]:
        prepared = [MethodName.QUESTIONS, MethodName.KEY_FILE, MethodName.RECOVERY_SHEET]
        return [*prepared, MethodName.MAIL_CODE, MethodName.SECURITY_CODE]

    def _recover(self, method: MethodName) -> None:
        """The right proof at the screen, and a new password; then everything is prepared once more."""
        self.drawn += 1
        ask = self._ask(method, Face.SCREEN, OWNER) if METHODS[method].asks else None
        if ask is not None:
            self._no_no(self.tell(events.RecoveryOpened(ask)), method)
        number = ask.number if ask else ""
        self._no_no(self.tell(events.TryCounted(method, number, OWNER, Face.SCREEN)), method)
        proof = self._proof(method, ask)
        self._no_no(self.tell(events.ProofShown(method, number, OWNER, Face.SCREEN, proof)), method)
        self._no_no(self.tell(events.PasswordChosen(OWNER, Face.SCREEN, NEW)), method)
        self.tell(events.AddressChanged("admin", self.record.generation, Face.SCREEN, "owner@example.com"))
        self._prepare()

    def _no_no(self, refusal: Refusal | None, method: MethodName) -> None:
        if refusal is not None:
            raise PromiseBrokenError(f"the owner does not get in by {method.value}: {refusal.value}")

    def _proof(self, method: MethodName, ask: Ask | None) -> object:
        if method is MethodName.QUESTIONS:
            return questions.Answers(self._answers())
        if method is MethodName.KEY_FILE:
            return self._key_file()
        if method is MethodName.RECOVERY_SHEET:
            return SAVED
        assert ask is not None
        if method is MethodName.MAIL_CODE:
            return self._code(ask.number)
        assert ask.frozen is not None
        key = dated_key(bytes(range(32)))
        return security_code.code_of_day(key, security_code.spoken(ask, self.situation()), ask.frozen.day)

    # What both need

    def _ask(self, method: MethodName, face: Face, claim: bytes) -> Ask | None:
        record, now, number = self.record, self.situation(), f"{self.drawn % 10**8:08d}"
        if method is MethodName.MAIL_CODE and record.reserved:
            ask, _ = mail_code.challenge(
                record,
                now,
                face=face,
                claim=claim,
                number=number,
                code=self._code(number),
                tls=bytes(32),
                locale="en",
            )
            return ask
        if method is MethodName.SECURITY_CODE:
            return security_code.challenge(record, now, face=face, claim=claim, number=number)
        if method in (MethodName.RESPONSE_FILE, MethodName.TECHNICIAN):
            ask, _ = support.challenge(
                record,
                now,
                method=method,
                face=face,
                claim=claim,
                number=number,
                salt=bytes(16),
                tls=bytes(32),
            )
            return ask
        return None

    def _code(self, number: str) -> Code:
        """Never one that a stranger guesses: those have the highest bit set."""
        return code_from_bits(int(number))

    def _key_file(self) -> KeyFile:
        return KeyFile("PX-3216-0001", self.record.generation, bytes(32), bytes(16))

    def _answers(self) -> crypto.PasswordHash:
        return questions.hash_answers(ANSWERS, bytes(16), CHEAP)

    def _one_of(self, *things: T) -> T:
        return self.dice.choice(things)
