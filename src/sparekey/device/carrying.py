"""What this device has for its desk, its own and its cameras', and what comes back: one place for the line to the
desk, for files and for whoever carries by calls (spec/enrolment.md sections 12 and 13).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core.crypto import sha256
from sparekey.core.messages.link_answer import LinkVerdict
from sparekey.device.registration import Registered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sparekey.core.messages.link_answer import LinkAnswer
    from sparekey.device.agent import Agent

_GONE = frozenset(LinkVerdict) - {LinkVerdict.LATER, LinkVerdict.WAITS}
"""After these the desk wants to hear of a notice or a code no more."""


class Carrying:
    """Safe to call from several threads."""

    def __init__(self, agent: Agent) -> None:
        self._agent = agent
        self._mailed = b""

    def letters(self) -> list[bytes]:
        """What the desk has not answered, sealed: the same bytes until something changes."""
        confirming = self._confirming()
        return [
            *self._enrolment(),
            *([confirming] if confirming and sha256(confirming) != self._mailed else []),
            *(notice for _, notice in self._agent.notices.waiting()),
            *(one.sealed for one in self._agent.relay.waiting()),
        ]

    def mail_again(self) -> None:
        """Somebody wants the code that confirms the address once more."""
        self._mailed = b""

    def hear(self, answers: Sequence[LinkAnswer]) -> tuple[bytes, ...]:
        """Take each answer on its own. The hashes of those that were not taken."""
        return tuple(answer.request for answer in answers if not self._hear(answer))

    def _hear(self, answer: LinkAnswer) -> bool:
        agent = self._agent
        held = agent.record.enrolment
        if held is not None and sha256(held.sealed) == answer.request:
            return agent.registration.hear(answer)
        confirming = self._confirming()
        if confirming and sha256(confirming) == answer.request:
            if answer.verdict in _GONE:
                self._mailed = answer.request
            return True
        for number, notice in agent.notices.waiting():
            if sha256(notice) == answer.request:
                if answer.verdict in _GONE:
                    agent.notices.forget([number])
                return True
        return agent.relay.hear(answer)

    def _enrolment(self) -> list[bytes]:
        registration = self._agent.registration
        if registration.standing not in (Registered.OUTSTANDING, Registered.WAITS):
            return []
        request = registration.request()
        return [] if request is None else [request.encoded]

    def _confirming(self) -> bytes:
        held = self._agent.registration.confirming
        return b"" if held is None else held.sealed
