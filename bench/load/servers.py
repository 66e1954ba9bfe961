"""Servers as processes: started, asked for the processor time that they and their children used, and ended."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PATIENCE = 3600
"""Looks, twenty a second, for a server that starts on a busy machine."""
TICKS = os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    """A port that nobody has now."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        return int(door.getsockname()[1])


@contextmanager
def serving(command: Sequence[str], port: int, environment: Mapping[str, str]) -> Iterator[int]:
    """A server, once its port answers. Its process number."""
    with subprocess.Popen(command, env={**os.environ, **environment}, stderr=subprocess.DEVNULL) as process:
        try:
            for _ in range(PATIENCE):
                try:
                    socket.create_connection(("127.0.0.1", port)).close()
                except OSError:
                    time.sleep(0.05)
                else:
                    break
                if process.poll() is not None:
                    break
            else:
                raise RuntimeError(f"{command[0]} does not answer")
            if process.poll() is not None:
                raise RuntimeError(f"{command[0]} ended")
            yield process.pid
        finally:
            process.terminate()
            process.wait(30)


@dataclass(frozen=True)
class Sink:
    """The mail server: where mail goes, and where it is asked for."""

    mail: int
    ask: int


@contextmanager
def sink() -> Iterator[Sink]:
    """The mail server of `sink.py`."""
    command = [sys.executable, "-m", "bench.load.sink"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        if process.stdout is None or process.stdin is None:
            raise RuntimeError("no pipes")
        mail, ask = map(int, process.stdout.readline().split())
        yield Sink(mail, ask)
        process.stdin.close()
        process.wait(10)


def worked(*roots: int) -> float:
    """Seconds on a processor of these processes, of all their children, and of those that ended before
    (proc(5), stat, fields 14 to 17).
    """
    found: dict[int, tuple[int, float]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except (FileNotFoundError, ProcessLookupError):
                continue
            found[int(entry.name)] = int(fields[1]), sum(map(int, fields[11:15])) / TICKS
    total, waiting = 0.0, list(roots)
    while waiting:
        number = waiting.pop()
        total += found[number][1] if number in found else 0.0
        waiting += [child for child, (parent, _) in found.items() if parent == number]
    return total
