"""A maker's program that keeps accounts, started for every question (spec/accounts.md section 2)."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from sparekey.core.errors import MisuseError, UnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sparekey.host.clock import Clock

ANSWER_LIMIT = 64 * 1024
"""Bytes of an answer, at most."""
ANSWER_SECONDS = 10
"""Within which the program must have answered and ended."""
ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"}
"""All that the program sees of an environment."""

MISSING = "account-store-missing"
"""The program cannot be started."""
SLOW = "account-store-slow"
"""It did not answer and end in time, or an earlier call of it still runs."""
FAILED = "account-store-failed"
"""It ended with another exit code than 0."""
GARBLED = "account-store-garbled"
"""Its answer is too long, or not the one that the specification asks for."""

_PIECE = 4096
"""Bytes read or written at once: a pipe that is ready takes as many without blocking (POSIX, PIPE_BUF)."""
_END_SECONDS = 1


class Program(Protocol):
    """Takes a question, gives an answer."""

    def ask(self, question: bytes) -> bytes:
        """One call. Raises UnavailableError with one of the slugs above; what it did is then not known."""


class MakersProgram:
    """A program on this machine, started anew for every question. One call at a time; the others queue.

    `command`: its whole path and its arguments. `seconds`: within which it must have answered and ended. The
    question goes to its standard input alone, so that no list of processes shows a password. It inherits no
    environment, no file and no terminal, and its standard error is dropped.
    """

    def __init__(self, command: Sequence[str], clock: Clock, seconds: float = ANSWER_SECONDS) -> None:
        self._command = tuple(command)
        self._clock = clock
        self._seconds = seconds
        self._lock = threading.Lock()
        self._last: subprocess.Popen[bytes] | None = None

    def ask(self, question: bytes) -> bytes:
        """One call. The program and all that it started in its session have ended when this returns."""
        with self._lock:
            if self._last is not None and self._last.poll() is None:
                raise UnavailableError(SLOW, "an earlier call of the account program still runs")
            process = self._last = self._start()
            deadline = self._clock.monotonic() + self._seconds
            code: int | None = None
            answer: bytes | None = None
            try:
                answer = _talk(process, question, lambda: deadline - self._clock.monotonic())
                if answer is not None and len(answer) <= ANSWER_LIMIT:
                    code = process.wait(max(0.0, deadline - self._clock.monotonic()))
            except (subprocess.TimeoutExpired, OSError):
                answer = None
            finally:
                _end(process)
        if answer is None:
            raise UnavailableError(SLOW, f"the account program did not end within {self._seconds:g} seconds")
        if len(answer) > ANSWER_LIMIT:
            raise UnavailableError(GARBLED, f"the account program answered more than {ANSWER_LIMIT} bytes")
        if code != 0:
            raise UnavailableError(FAILED, f"the account program ended with exit code {code}")
        return answer

    def _start(self) -> subprocess.Popen[bytes]:
        reason = ""
        try:
            return subprocess.Popen(
                self._command,
                bufsize=0,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=Path("/"),
                env=ENVIRONMENT,
                umask=0o077,
                start_new_session=True,
            )
        except OSError as error:
            reason = error.strerror or type(error).__name__
        raise UnavailableError(MISSING, f"the account program in device.toml cannot be started: {reason}")


def _talk(process: subprocess.Popen[bytes], question: bytes, left: Callable[[], float]) -> bytes | None:
    """What it said until it closed its output, or a little more than is allowed; None when the time is over.

    Reads while it writes: a program that answers before it has read everything must not stop both.
    """
    answer = b""
    if process.stdin is None or process.stdout is None:
        raise MisuseError("account-store", "the program was started without its pipes")
    with selectors.DefaultSelector() as pipes:
        pipes.register(process.stdout, selectors.EVENT_READ)
        pipes.register(process.stdin, selectors.EVENT_WRITE)
        while True:
            ready = pipes.select(max(0.0, left()))
            if not ready or left() <= 0:
                return None
            for pipe, _ in ready:
                if pipe.fileobj is process.stdout:
                    piece = os.read(pipe.fd, _PIECE)
                    answer += piece
                    if not piece or len(answer) > ANSWER_LIMIT:
                        return answer
                    continue
                question = _write(pipe.fd, question)
                if not question:
                    pipes.unregister(process.stdin)
                    process.stdin.close()


def _write(pipe: int, question: bytes) -> bytes:
    """Write what the pipe takes; returns the rest. Who does not read it all may still answer."""
    try:
        return question[os.write(pipe, question[:_PIECE]) :]
    except BrokenPipeError:
        return b""


def _end(process: subprocess.Popen[bytes]) -> None:
    """End it with all of its session. What runs as another user may not let itself end: `ask` remembers."""
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
    if process.returncode is None:  # not waited for yet, so that its number still means this process
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        with suppress(subprocess.TimeoutExpired):
            process.wait(_END_SECONDS)
