"""Speaks to the desk by itself where there is a network: enrolments, notices, codes that confirm an address.

In a thread of its own, so that no page ever waits for it. What cannot be sent stays where it is and is tried again.
"""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from sparekey.core.errors import SparekeyError
from sparekey.core.messages.enrol_reply import read_reply
from sparekey.core.messages.link_answer import LinkVerdict
from sparekey.device.registration import Registered

if TYPE_CHECKING:
    from collections.abc import Callable

    from sparekey.desklink.client import DeskLink
    from sparekey.device.agent import Agent

FIRST_WAIT = 15.0
"""Seconds after the start."""
SHORTEST, LONGEST = 60.0, 6 * 3600.0
"""Seconds between two tries that came to nothing; doubled each time."""
BREATH = 5.0
"""Seconds between two tries, at least, however much happens."""
ANEW = 3
"""Enrolments that are sealed anew within one try, at most."""

_GONE = frozenset(LinkVerdict) - {LinkVerdict.LATER, LinkVerdict.WAITS}
"""After these the desk wants to hear of a notice no more."""
_LOG = logging.getLogger("sparekey.device")


class DeskLine:
    """`connect`: makes the client for the trust file of the moment; tests give their own."""

    def __init__(self, agent: Agent, connect: Callable[[Agent], DeskLink] | None = None) -> None:
        self._agent = agent
        self._connect = connect or _connect
        self._called = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="desk", daemon=True)
        self._mailed: bytes | None = None
        self._tried: object = None
        self._wait = SHORTEST
        self._due = 0.0
        self.reached: bool | None = None

    def start(self) -> None:
        """Begin, where the settings allow it."""
        if self._agent.config.settings.desk_online:
            self._agent.when_told(self._look)
            self._thread.start()

    def stop(self) -> None:
        """End; a call that is on its way is left behind."""
        self._stopping.set()
        self._called.set()

    def send_again(self) -> None:
        """Somebody wants the code that confirms the address once more."""
        self._mailed = None
        self._called.set()

    def work(self) -> bool:
        """One try. Returns whether nothing is left to do. Raises nothing of the world's."""
        try:
            link = self._connect(self._agent)
            done = [self._enrol(link), self._notify(link), self._confirm(link), self._relay(link)]
        except SparekeyError as error:
            self.reached = False
            _LOG.info("the desk was not reached", extra={"why": error.slug})
            return False
        self.reached = True
        return all(done)

    def _enrol(self, link: DeskLink) -> bool:
        registration = self._agent.registration
        if registration.standing in (Registered.DONE, Registered.NOT_YET, Registered.IMPOSSIBLE):
            return True
        for _ in range(ANEW):
            request = registration.request()
            if request is None:
                return True
            (answer,) = link.enrol([request.encoded])
            registration.verdict = answer.verdict
            if answer.verdict is LinkVerdict.TAKEN:
                return registration.take(read_reply(answer.data)) is None
            if answer.verdict is LinkVerdict.UNKNOWN_KEY:
                self._agent.offer_trust(link.trust())
            elif answer.verdict is not LinkVerdict.OLD:
                return False
            registration.seal_anew()
        return False

    def _notify(self, link: DeskLink) -> bool:
        waiting = self._agent.notices.waiting()
        answers = link.notify([sealed for _, sealed in waiting])
        gone = [
            number for (number, _), answer in zip(waiting, answers, strict=True) if answer.verdict in _GONE
        ]
        self._agent.notices.forget(gone)
        return len(gone) == len(waiting)

    def _confirm(self, link: DeskLink) -> bool:
        held = self._agent.registration.confirming
        if held is None or held.sealed == self._mailed:
            return True
        link.mail([held.sealed])
        self._mailed = held.sealed
        return True

    def _relay(self, link: DeskLink) -> bool:
        waiting = self._agent.relay.waiting()
        answers = link.enrol([one.sealed for one in waiting])
        left = 0
        for one, answer in zip(waiting, answers, strict=True):
            if answer.verdict is LinkVerdict.TAKEN:
                self._agent.relay.keep_reply(one, answer.data)
            elif answer.verdict in _GONE:
                self._agent.relay.forget(one.serial)
            else:
                left += 1
        return not left

    def _work_there_is(self) -> object:
        """What there is to do, as something that can be compared."""
        agent = self._agent
        registration = agent.registration
        record = agent.record
        enrolment = registration.standing, record.saying(agent.age()), record.enrolment
        held = registration.confirming
        relayed = tuple(one.sealed for one in agent.relay.waiting())
        notices = tuple(number for number, _ in agent.notices.waiting())
        return enrolment, notices, held and held.sealed, relayed

    def _look(self) -> None:
        """Something happened on the device: perhaps there is something new to send."""
        self._called.set()

    def _run(self) -> None:
        self._called.wait(FIRST_WAIT)
        while not self._stopping.is_set():
            self._called.clear()
            self._turn()
            if not self._stopping.wait(BREATH):
                self._called.wait(self._wait)

    def _turn(self) -> None:
        """Look what there is, and try when it is new or the wait is over."""
        try:
            there_is = self._work_there_is()
            now = self._agent.clock.monotonic()
            fresh = there_is != self._tried
            if not fresh and now < self._due:
                return
            done = self.work()
            self._tried = self._work_there_is()
            self._wait = LONGEST if done else SHORTEST if fresh else min(2 * self._wait, LONGEST)
            self._due = now + self._wait
        except Exception as error:  # noqa: BLE001 - the line outlives its bugs
            _LOG.error("the line to the desk stopped for a moment", extra={"why": type(error).__name__})


def _connect(agent: Agent) -> DeskLink:
    from sparekey.desklink.client import DeskLink

    return DeskLink.at(agent.trust.prefix, agent.clock, agent.config.settings.desk_ca)
