"""What a locked-out person does: open a request, hand in a proof, choose the new password."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sparekey.core.budget import find, stopped, tries_left
from sparekey.core.codes import code_from_entropy, number_from_entropy, read_code
from sparekey.core.crypto import derive, equal
from sparekey.core.device.events import (
    DefaultChosen,
    PasswordChosen,
    ProofShown,
    RecoveryOpened,
    RequestCancelled,
    TryCounted,
)
from sparekey.core.device.recovery import only_at_login
from sparekey.core.errors import InputError, Refusal, UntrustedError
from sparekey.core.messages.header import Purpose
from sparekey.core.messages.request import Request, read_request
from sparekey.core.methods import METHODS, mail_code, security_code, support
from sparekey.core.methods.key_file import Standing, standing
from sparekey.core.methods.questions import Answers
from sparekey.core.policy import Afterwards
from sparekey.core.record import REVEAL_HOLDS
from sparekey.core.values import Face, MethodName

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sparekey.core.codes import Code, SavedCode
    from sparekey.core.messages.key_file import KeyFile
    from sparekey.core.messages.response import Response
    from sparekey.core.methods.method import Closed
    from sparekey.core.record import Ask, Right
    from sparekey.device.agent import Agent

_SALT = 16
_PURPOSES = {
    MethodName.MAIL_CODE: Purpose.MAIL,
    MethodName.RESPONSE_FILE: Purpose.SUPPORT,
    MethodName.RESPONSE_KEY: Purpose.SUPPORT,
    MethodName.TECHNICIAN: Purpose.SUPPORT,
}
"""To which key of the desk a method seals."""


@dataclass(frozen=True)
class Tries:
    """What is left of a method's budget on one face. `left`: entries before the next pause, 0 when it is over.
    `pause`: seconds until the next entry is taken.
    """

    left: int
    pause: int


class Recovering:
    """The calls of the locked-out. A refusal is returned; None or a value means done and stored.

    `claim` is always the hash of the opener's pickup code.
    """

    def __init__(self, agent: Agent) -> None:
        self._agent = agent

    # What is open to whom

    def greyed(self, method: MethodName, face: Face) -> Closed | None:
        """Why a method cannot be used here and now, or None."""
        return METHODS[method].greyed(self._agent.record, self._agent.now(), face)

    def reaches_desk(self, method: MethodName) -> bool:
        """Whether the trust file names a key of the desk that a request of this method can be sealed to."""
        if method not in _PURPOSES:
            return True
        try:
            self._agent.trust.sealing_key(_PURPOSES[method])
        except UntrustedError:
            return False
        return True

    def tries(self, method: MethodName, face: Face) -> Tries:
        """How often something may still be handed in."""
        budgets = self._agent.record.budgets
        budget = find(budgets, method, face, METHODS[method].strong)
        waits = 0 if stopped(budgets, budget) else budget.waits(self._agent.now().moment.uptime)
        return Tries(tries_left(budgets, budget), waits)

    def new_claim(self) -> str:
        """A pickup code for a browser that begins a recovery."""
        return self._agent.entropy.bytes(16).hex()

    def screen_claim(self) -> str:
        """The pickup code of the recorder's own screen: the same after a restart, known to nobody outside."""
        return derive(self._agent.keys.device_key, "screen claim").hex()

    def request_of(self, claim: bytes | None, method: MethodName = MethodName.MAIL_CODE) -> Ask | None:
        """The open request of this claim, unless its time is over."""
        kept = self._agent.record.claimed(method, claim) if claim else None
        return None if kept is None or self._is_over(kept) else kept

    def closable(self, claim: bytes | None, face: Face, *, signed_in: bool) -> tuple[Ask, ...]:
        """The open requests that this visitor may close: their own; at the screen and signed in, all."""
        everything = signed_in or face is Face.SCREEN
        kept = self._agent.record.requests
        own = (ask for ask in kept if everything or (claim and equal(ask.claim, claim)))
        return tuple(ask for ask in own if not self._is_over(ask))

    def right(self, claim: bytes | None, face: Face) -> Right | None:
        """What this visitor's proof allows, while its time lasts."""
        return self._agent.record.right(face, claim, self._agent.now().moment) if claim else None

    def lapsed(self, claim: bytes | None) -> Right | None:
        """What this claim holder's proof allowed until its time was over."""
        mine = (right for right in self._agent.record.rights if claim and equal(right.claim, claim))
        age = self._agent.age()
        return next((right for right in mine if age >= right.until), None)

    # Requests

    def open_mail_code(self, claim: bytes, *, face: Face, locale: str) -> Request | Refusal:
        """The request behind the square. The same claim gets the same request again."""

        def challenge() -> tuple[Ask, Request]:
            return mail_code.challenge(
                self._agent.record,
                self._agent.now(),
                face=face,
                claim=claim,
                number=self._number(),
                code=code_from_entropy(self._agent.entropy.bytes(5)),
                tls=self._agent.keys.tls_hash,
                locale=locale,
            )

        return self._open(MethodName.MAIL_CODE, claim, face, challenge)

    def open_support(
        self, claim: bytes, *, face: Face, method: MethodName = MethodName.RESPONSE_FILE
    ) -> Request | Refusal:
        """The request that support answers with a file, or the technician's. The same claim gets the same again."""

        def challenge() -> tuple[Ask, Request]:
            return support.challenge(
                self._agent.record,
                self._agent.now(),
                method=method,
                face=face,
                claim=claim,
                number=self._number(),
                salt=self._agent.entropy.bytes(_SALT),
                tls=self._agent.keys.tls_hash,
            )

        return self._open(method, claim, face, challenge)

    def open_security_code(self, claim: bytes, *, face: Face, revealed: bool = False) -> Ask | Refusal:
        """What is read out to support. The same claim gets the same request again.

        `revealed`: a password was wrong at the login, and the profile shows it then.
        """
        method = MethodName.SECURITY_CODE
        kept = self.request_of(claim, method)
        if kept is not None:
            return kept
        if not self._agent.is_set_up or self.greyed(method, face):
            return Refusal.NOT_SET_UP
        ask = security_code.challenge(
            self._agent.record,
            self._agent.now(),
            face=face,
            claim=claim,
            number=self._number(),
            revealed=revealed,
        )
        refusal = self._agent.tell(RecoveryOpened(ask))
        if refusal is not None:
            return refusal
        return self.request_of(claim, method) or ask

    def opens_at_login(self, face: Face) -> bool:
        """Whether a wrong password at this face's login shows what is read out, and nothing else does."""
        return only_at_login(MethodName.SECURITY_CODE, face, self._agent.now())

    def reveal_waits(self) -> int:
        """Seconds until what a wrong password shows may be shown to another browser."""
        age = self._agent.age()
        shown = (kept.opened_age for kept in self._agent.record.requests if kept.revealed)
        return max((REVEAL_HOLDS - (age - opened) for opened in shown), default=0)

    def cancel(self, number: str, claim: bytes, *, face: Face, signed_in: bool = False) -> Refusal | None:
        """Close a request. `signed_in`: an administrator's session asks."""
        return self._agent.tell(RequestCancelled(number, claim, face, signed_in))

    # Proofs: the try is counted and stored first, and only then is the proof looked at

    def type_code(self, number: str, claim: bytes, code: Code, *, face: Face) -> Refusal | None:
        """Enter the mailed code."""
        return self.type_code_of(MethodName.MAIL_CODE, number, claim, code, face=face)

    def type_code_of(
        self, method: MethodName, number: str, claim: bytes, code: Code, *, face: Face
    ) -> Refusal | None:
        """Enter the code of a method: mailed, from support for today, or the key for a request."""
        return self._prove(method, claim, face, lambda: code, number)

    def code_as_password(self, claim: bytes | None, user: str, typed: str, *, face: Face) -> Right | None:
        """What was typed as a password, and is none: is it the code of a request that this visitor has open?"""
        try:
            code = read_code(typed)
        except InputError:
            return None
        for method in (MethodName.SECURITY_CODE, MethodName.MAIL_CODE):
            kept = self.request_of(claim, method)
            if claim is None or kept is None or kept.account != user:
                continue
            if self.type_code_of(method, kept.number, claim, code, face=face) is None:
                return self.right(claim, face)
        return None

    def is_temporary(self, claim: bytes | None, user: str, password: str, *, face: Face) -> bool:
        """Whether this is the password that a security code has just given this visitor, to set a new one."""
        right, temporary = self.right(claim, face), self._agent.config.policy.security_code.temporary
        if right is None or right.method is not MethodName.SECURITY_CODE or temporary is None:
            return False
        return equal(f"{user}\n{password}".encode(), f"{right.account}\n{temporary}".encode())

    def answer(self, claim: bytes, answers: Sequence[str], *, face: Face) -> Refusal | None:
        """Answer the security questions."""

        def hashed() -> Answers | None:
            asked = self._agent.record.factors.questions
            if asked is None:
                return None
            return Answers(self._agent.passwords.hash_answers(answers, asked.answers))

        return self._prove(MethodName.QUESTIONS, claim, face, hashed)

    def is_foreign(self, file: KeyFile) -> bool:
        """Whether a key file says itself that it is another device's. It costs no try."""
        return standing(file, self._agent.record, self._agent.now()) is Standing.OTHER_DEVICE

    def hand_in(self, claim: bytes, file: KeyFile, *, face: Face) -> Refusal | None:
        """Hand in a key file."""
        return self._prove(MethodName.KEY_FILE, claim, face, lambda: file)

    def type_saved(self, claim: bytes, code: SavedCode, *, face: Face) -> Refusal | None:
        """Type the code of a recovery sheet."""
        return self._prove(MethodName.RECOVERY_SHEET, claim, face, lambda: code)

    def take_answer(
        self,
        number: str,
        claim: bytes,
        file: Response,
        *,
        face: Face,
        method: MethodName = MethodName.RESPONSE_FILE,
    ) -> Refusal | None:
        """Hand in the file that support sent back, or the technician's."""
        return self._prove(method, claim, face, lambda: file, number)

    def choose_password(self, claim: bytes, password: str, *, face: Face) -> Refusal | None:
        """Set the new password, whose faults `Agent.password_fault` has looked for."""
        refusal = self._agent.tell(PasswordChosen(claim, face, self._agent.passwords.hash(password)))
        if refusal is None and self._agent.afterwards is Afterwards.REBOOTS:
            self._agent.reboot.order()
        return refusal

    def choose_default(self, claim: bytes, *, face: Face) -> Refusal | None:
        """Factory settings, or the technician's erase, after what is lost was shown and confirmed."""
        return self._agent.tell(DefaultChosen(claim, face))

    def _open(
        self, method: MethodName, claim: bytes, face: Face, challenge: Callable[[], tuple[Ask, Request]]
    ) -> Request | Refusal:
        kept = self.request_of(claim, method)
        if kept is not None:
            return read_request(kept.sealed)
        if not self._agent.is_set_up or self.greyed(method, face) or not self.reaches_desk(method):
            return Refusal.NOT_SET_UP
        ask, request = challenge()
        refusal = self._agent.tell(RecoveryOpened(ask))
        if refusal is not None:
            return refusal
        held = self.request_of(claim, method)  # not always this one: a browser may have asked twice at once
        return read_request(held.sealed) if held else request

    def _prove(
        self, method: MethodName, claim: bytes, face: Face, proof: Callable[[], object], number: str = ""
    ) -> Refusal | None:
        refusal = self._agent.tell(TryCounted(method, number, claim, face))
        return refusal or self._agent.tell(ProofShown(method, number, claim, face, proof()))

    def _is_over(self, ask: Ask) -> bool:
        return ask.expired(self._agent.record.age, self._agent.now().moment)

    def _number(self) -> str:
        return number_from_entropy(self._agent.entropy.bytes(5))
