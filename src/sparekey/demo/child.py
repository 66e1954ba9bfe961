"""One process of the site: started, waited for, listened to, ended. Only by its own number, never by name."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections import deque
from typing import TYPE_CHECKING

from sparekey.core.errors import UnavailableError

if TYPE_CHECKING:
    from pathlib import Path

    from sparekey.host.clock import Clock

START_LIMIT = 20.0
"""Seconds in which a process must say that it is ready."""
END_LIMIT = 5.0
"""Seconds that a process gets to end by itself."""
LAST_LINES = 6
"""Lines of its output that are shown when it ends unexpectedly."""

_READY = ": ready at "
_STEP = 0.02
_KEPT = 60


class Child:
    """A running process of ours."""

    def __init__(self, name: str, arguments: list[str], log: Path) -> None:
        """Starts `python -m` with `arguments`; what it says goes to `log`. `name`: what people call it."""
        self.name = name
        self._ready = threading.Event()
        self._last: deque[str] = deque(maxlen=_KEPT)
        self._log = log
        log.parent.mkdir(parents=True, exist_ok=True)
        self._process = subprocess.Popen(
            [sys.executable, "-m", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
            start_new_session=True,  # Ctrl-C reaches us alone; we end the children in order
        )
        self._reader = threading.Thread(target=self._listen, daemon=True, name=f"log of {name}")
        self._reader.start()

    @property
    def running(self) -> bool:
        """Whether it still lives."""
        return self._process.poll() is None

    def wait_until_ready(self, clock: Clock) -> None:
        """Returns when it answers. Raises UnavailableError (`child`) when it ended or takes too long."""
        limit = clock.monotonic() + START_LIMIT
        while not self._ready.is_set():
            if not self.running:
                raise self.ended_by_itself()
            if clock.monotonic() > limit:
                raise UnavailableError("child", f"the {self.name} does not get ready. {self._said()}")
            clock.sleep(_STEP)

    def ended_by_itself(self) -> UnavailableError:
        """What to say when it is gone."""
        self._reader.join(END_LIMIT)
        return UnavailableError("child", f"the {self.name} ended by itself. {self._said()}")

    def end(self) -> None:
        """Ask it to end, and end it for good when it does not. Safe to call twice."""
        if self.running:
            self._process.terminate()
        try:
            self._process.wait(END_LIMIT)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._reap()

    def cut_power(self) -> None:
        """End it between two instructions, as a pulled plug does."""
        self._process.kill()
        self._reap()

    def _reap(self) -> None:
        self._process.wait()
        self._reader.join(END_LIMIT)
        if self._process.stdout is not None:
            self._process.stdout.close()

    def _listen(self) -> None:
        if self._process.stdout is None:
            return
        with self._log.open("ab") as log:
            for raw in self._process.stdout:
                log.write(raw)
                log.flush()
                line = raw.decode(errors="replace").rstrip()
                self._last.append(line)
                if line.startswith("sparekey ") and _READY in line:
                    self._ready.set()

    def _said(self) -> str:
        lines = plain(list(self._last))[-LAST_LINES:]
        said = "".join(f"\n    {line}" for line in lines)
        return f"The last it said:{said}" if lines else "It said nothing."


def plain(lines: list[str]) -> list[str]:
    """Log lines without the inner workings of Python: of a stack listing only its last line stays."""
    kept: list[str] = []
    inside = False
    for line in lines:
        if line.startswith("Traceback "):
            inside = True
        elif inside and not line.startswith((" ", "\t")):
            inside = False
        if not inside and not line.startswith((" ", "\t")):
            kept.append(line)
    return kept
