"""Speaks to the desk by itself where there is a network: its own letters and its cameras'.

In a thread of its own, so that no page ever waits for it. What cannot be sent stays where it is and is tried again.
"""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from sparekey.core.errors import SparekeyError

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
"""How often what is sealed anew goes out within one try, at most."""

_LOG = logging.getLogger("sparekey.device")


class DeskLine:
    """`connect`: makes the client for the trust file of the moment; tests give their own."""

    def __init__(self, agent: Agent, connect: Callable[[Agent], DeskLink] | None = None) -> None:
        self._agent = agent
        self._connect = connect or _connect
        self._called = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="desk", daemon=True)
        self._tried: list[bytes] | None = None
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
        self._agent.carrying.mail_again()
        self._called.set()

    def work(self) -> bool:
        """One try. Returns whether nothing is left to do. Raises nothing of the world's."""
        carrying, tried = self._agent.carrying, set[bytes]()
        try:
            link = self._connect(self._agent)
            for _ in range(ANEW):
                fresh = [letter for letter in carrying.letters() if letter not in tried]
                if not fresh:
                    break
                carrying.hear(link.letters(fresh))
                self._agent.stir()  # a camera behind us may wait for this
                tried.update(fresh)
        except SparekeyError as error:
            self.reached = False
            _LOG.info("the desk was not reached", extra={"why": error.slug})
            return False
        self.reached = True
        return not carrying.letters()

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
            there_is = self._agent.carrying.letters()
            now = self._agent.clock.monotonic()
            fresh = there_is != self._tried
            if not fresh and now < self._due:
                return
            done = self.work()
            self._tried = self._agent.carrying.letters()
            self._wait = LONGEST if done else SHORTEST if fresh else min(2 * self._wait, LONGEST)
            self._due = now + self._wait
        except Exception as error:  # noqa: BLE001 - the line outlives its bugs
            _LOG.error("the line to the desk stopped for a moment", extra={"why": type(error).__name__})


def _connect(agent: Agent) -> DeskLink:
    from sparekey.desklink.client import DeskLink

    return DeskLink.at(agent.trust.prefix, agent.clock, agent.config.settings.desk_ca)
