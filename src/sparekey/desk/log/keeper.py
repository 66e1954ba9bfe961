"""A thread beside the log: it shows every new checkpoint to the witnesses and remembers it on this node's disk."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from sparekey.core.errors import SparekeyError

if TYPE_CHECKING:
    from sparekey.desk.log.ledger import Ledger
    from sparekey.desk.log.verify import Memory
    from sparekey.desk.log.witnesses import Witnesses

_LOG = logging.getLogger("sparekey.desk")


class Keeper:
    """Looks at the log every few seconds until it is stopped."""

    EVERY = 2.0
    """Seconds between looks."""
    ASK_AGAIN = 15
    """Looks after which a witness that did not answer is asked again, where the log did not grow meanwhile."""

    def __init__(self, ledger: Ledger, witnesses: Witnesses, memory: Memory) -> None:
        self._ledger = ledger
        self._witnesses = witnesses
        self._memory = memory
        self._remembered = b""
        self._looks = 0
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="log-keeper", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self, seconds: float) -> None:
        """End, and remember the newest checkpoint; a witness that is slow is left behind after `seconds`."""
        self._stopping.set()
        self._thread.join(seconds)
        self._guarded()

    def look(self) -> None:
        """Look once. Raises UnavailableError."""
        note = self._ledger.head().note
        grown = note != self._remembered
        if grown:
            self._memory.write(note)
            self._remembered = note
        if (grown or self._looks % self.ASK_AGAIN == 0) and not self._stopping.is_set():
            self._witnesses.gather()
        self._looks += 1

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._guarded()
            self._stopping.wait(self.EVERY)

    def _guarded(self) -> None:
        try:
            self.look()
        except SparekeyError as error:
            _LOG.error("the log's keeper stopped for a moment", extra={"why": error.slug})
        except Exception as error:  # noqa: BLE001 - the keeper outlives its bugs
            _LOG.error("the log's keeper stopped for a moment", extra={"why": type(error).__name__})
