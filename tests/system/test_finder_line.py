"""`sparekey finder` in a real terminal, as over a slow line: what it sends, and that it lets the terminal go."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

PATIENCE = 60
SIZE = (24, 80)
FIRST_PAINT = 16 * 1024
"""Bytes until the table stands, twice the cells of the screen and their colours: three seconds at 56 kbit/s."""
ONE_KEY = 16 * 1024
"""Bytes after one key that opens another screen."""


class Terminal:
    """The other end of a terminal of 80x24."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", *SIZE, 0, 0))
        self._end = ours
        self.process = subprocess.Popen(
            command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment, start_new_session=True
        )
        os.close(theirs)

    def hears(self, silence: float) -> bytes:
        """What comes, until nothing came for so many seconds."""
        heard = b""
        while select.select([self._end], [], [], silence)[0]:
            try:
                part = os.read(self._end, 65536)
            except OSError:
                break
            if not part:
                break
            heard += part
        return heard

    def type(self, keys: bytes) -> None:
        os.write(self._end, keys)

    def close(self) -> None:
        os.close(self._end)


@contextmanager
def finder(folder: Path) -> Iterator[Terminal]:
    command = [
        "unshare",
        "-rn",
        sys.executable,
        "-m",
        "sparekey",
        "finder",
        "--journal",
        str(folder / "journal"),
    ]
    environment = os.environ | {"TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "COLORTERM": ""}
    environment.pop("PYTEST_CURRENT_TEST", None)
    terminal = Terminal(command, environment)
    try:
        yield terminal
    finally:
        if terminal.process.poll() is None:
            terminal.process.kill()
        terminal.process.wait(PATIENCE)
        terminal.close()


def can() -> bool:
    try:
        return not subprocess.run(["unshare", "-rn", "true"], check=False, timeout=PATIENCE).returncode
    except OSError:
        return False


@pytest.mark.skipif(not can(), reason="this machine lets nobody make a network namespace")
def test_a_slow_line_carries_it(tmp_path: Path) -> None:
    with finder(tmp_path) as terminal:
        painted = terminal.hears(8.0)
        assert b"Filter" in painted, painted[-400:]
        assert len(painted) < FIRST_PAINT
        assert terminal.hears(3.0) == b"", "something moves by itself"
        terminal.type(b"i")
        assert b"support" in (opened := terminal.hears(3.0))
        assert len(opened) < ONE_KEY
        assert terminal.hears(3.0) == b"", "the cursor blinks"
        terminal.type(b"\x1b")
        terminal.hears(3.0)
        terminal.type(b"q")
        left = terminal.hears(3.0)
        assert terminal.process.wait(PATIENCE) == 0
        assert re.search(rb"\x1b\[\?1049l", left), "the terminal is not given back"
