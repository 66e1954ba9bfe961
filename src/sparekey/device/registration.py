"""What the device tells its desk about itself, what came back, and the code that confirms its address
(spec/enrolment.md sections 8 and 9).
"""

from __future__ import annotations

import threading
from enum import Enum
from typing import TYPE_CHECKING

from sparekey.core import enrolling
from sparekey.core.codes import code_from_entropy, number_from_entropy
from sparekey.core.device.events import (
    AddressConfirmed,
    ConfirmationOpened,
    EnrolmentAnswered,
    EnrolmentSealed,
)
from sparekey.core.errors import InputError, Refusal, UntrustedError
from sparekey.core.messages.enrol import TOKEN_LENGTH
from sparekey.core.messages.enrol_reply import read_reply
from sparekey.core.messages.header import Purpose
from sparekey.core.messages.link_answer import LinkVerdict
from sparekey.core.messages.request import read_request

if TYPE_CHECKING:
    from pathlib import Path

    from sparekey.core.codes import Code
    from sparekey.core.enrolled import Confirming
    from sparekey.core.messages.enrol_reply import ReplyFile
    from sparekey.core.messages.link_answer import LinkAnswer
    from sparekey.core.messages.request import Request
    from sparekey.core.record import Record
    from sparekey.core.values import Face
    from sparekey.device.agent import Agent

_TOKEN_FILE_LIMIT = 256


class Registered(Enum):
    """How the device stands with its desk."""

    DONE = "done"
    OUTSTANDING = "outstanding"
    WAITS = "waits"
    """The desk's people look at it first."""
    IMPOSSIBLE = "impossible"
    """The trust file names no key to seal to."""
    NOT_YET = "not-yet"
    """There is no password yet."""


class Registration:
    """Safe to call from several threads. `verdict`: the desk's last word on what is outstanding, in memory only."""

    def __init__(self, agent: Agent) -> None:
        self._agent = agent
        self._sealing = threading.Lock()
        self.verdict: LinkVerdict | None = None

    @property
    def standing(self) -> Registered:
        """Now."""
        if not self._agent.is_set_up:
            return Registered.NOT_YET
        if not self._reaches():
            return Registered.IMPOSSIBLE
        record = self._agent.record
        if record.enrolment is not None and record.enrolment.answered and not self._is_stale(record):
            return Registered.DONE
        return Registered.WAITS if self.verdict is LinkVerdict.WAITS else Registered.OUTSTANDING

    def request(self) -> Request | None:
        """What the desk is to know now: the same bytes until something changes. None where it cannot be sealed."""
        with self._sealing:
            if not self._agent.is_set_up or not self._reaches():
                return None
            record = self._agent.record
            if record.enrolment is None or self._is_stale(record):
                self._seal(record)
            held = self._agent.record.enrolment
            return None if held is None else read_request(held.sealed)

    def seal_anew(self) -> None:
        """The desk cannot use the last one: a higher count, and the key that the trust file names now."""
        with self._sealing:
            if self._reaches():
                self._seal(self._agent.record)

    def take(self, file: ReplyFile) -> Refusal | None:
        """The desk's reply, however it came; its trust file is held from now on if the rules allow it."""
        refusal = self._agent.tell(EnrolmentAnswered(file))
        if refusal is None:
            self.verdict = None
            self._agent.offer_trust(file.reply.trust)
        return refusal

    def hear(self, answer: LinkAnswer) -> bool:
        """The desk's answer to what was sealed last (spec/enrolment.md section 13). Whether it holds."""
        if answer.verdict is LinkVerdict.TAKEN:
            try:
                return self.take(read_reply(answer.data)) is None
            except InputError:
                return False
        self.verdict = answer.verdict
        held = self._agent.trust
        if answer.verdict is LinkVerdict.UNKNOWN_KEY:
            self._agent.offer_trust(answer.data)
        if answer.verdict is LinkVerdict.OLD or self._agent.trust != held:
            self.seal_anew()
        return True

    # The address

    @property
    def confirming(self) -> Confirming | None:
        """The code that is on its way, unless its time is over."""
        held = self._agent.record.confirming
        over = held is not None and self._agent.age() - held.opened_age >= held.valid
        return None if over else held

    def ask_confirming(self, account: str, locale: str) -> Refusal | None:
        """Have a code mailed to the reserved address."""
        agent = self._agent
        if agent.record.reserved is None:
            return Refusal.NOT_NOW
        code, number = code_from_entropy(agent.entropy.bytes(5)), number_from_entropy(agent.entropy.bytes(5))
        try:
            made = enrolling.confirming(
                agent.record, agent.now(), number=number, code=code, tls=agent.keys.tls_hash, locale=locale
            )
        except UntrustedError:
            return Refusal.NOT_OFFERED
        return agent.tell(ConfirmationOpened(account, made))

    def confirm(self, account: str, code: Code, face: Face) -> Refusal | None:
        """The typed code."""
        return self._agent.tell(AddressConfirmed(account, code, face))

    # Inside

    def _reaches(self) -> bool:
        try:
            self._agent.trust.sealing_key(Purpose.ENROL)
        except UntrustedError:
            return False
        return True

    def _is_stale(self, record: Record) -> bool:
        return record.enrolment is None or record.enrolment.bound != record.saying(self._agent.age())

    def _seal(self, record: Record) -> None:
        agent = self._agent
        number = number_from_entropy(agent.entropy.bytes(5))
        made = enrolling.enrolment(
            record,
            agent.now(),
            number=number,
            tls=agent.keys.tls_hash,
            locale=agent.config.settings.language,
            token=read_token(agent.config.settings.factory_token),
        )
        if agent.tell(EnrolmentSealed(made)) is None:
            self.verdict = None


def read_token(path: Path | None) -> bytes | None:
    """The factory's token: 64 hexadecimal digits in a file; None without one, or where it cannot be read."""
    if path is None:
        return None
    try:
        with path.open("rb") as file:
            token = bytes.fromhex(file.read(_TOKEN_FILE_LIMIT).decode("ascii").strip())
    except (OSError, ValueError):
        return None
    return token if len(token) == TOKEN_LENGTH else None
