"""A device and a client that others wrote, each in a network namespace of its own, on one cable.

`python -m tests.system.onvif_site walk|watch CONFIG COMMAND...`; started by test_onvif_clients.py. `walk`: the
command runs beside the ready device. `watch`: it says "listening" first, then what it found, and the device leaves.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.system.lan_site import HERE, PATIENCE, cable

BESIDE = "192.0.2.5/24"


@contextmanager
def neighbour() -> Iterator[tuple[str, ...]]:
    """Another machine on our cable; how commands run there."""
    other = subprocess.Popen(("unshare", "-n", "sleep", "1000"))
    try:
        time.sleep(0.3)
        cable(other.pid, BESIDE)
        there = ("nsenter", "-t", str(other.pid), "-n")
        subprocess.run((*there, "ip", "link", "set", "lo", "up"), check=True, timeout=PATIENCE)
        yield there
    finally:
        other.kill()
        other.wait()


@contextmanager
def device(config: str) -> Iterator[None]:
    """The agent, from the last of its three doors until it has left."""
    command = (sys.executable, "-m", "sparekey", "device", "run", "--config", config)
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            for _ in range(3):
                assert b"ready at" in process.stdout.readline()
            yield
        finally:
            process.terminate()
            process.wait(PATIENCE)


@contextmanager
def listening(*command: str) -> Iterator[subprocess.Popen[bytes]]:
    """A program that says "listening" when it is ready."""
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == b"listening\n"
            yield process
        finally:
            process.terminate()


def walk(config: str, command: list[str]) -> None:
    with neighbour() as there, device(config):
        subprocess.run((*there, *command), check=True)


def watch(config: str, command: list[str]) -> None:
    with neighbour() as there, listening(*there, *command) as watcher:
        assert watcher.stdout is not None
        with device(config):
            watcher.stdout.readline()
        print(watcher.stdout.readline().decode(), end="", flush=True)


if __name__ == "__main__":
    os.environ["PYTHONPATH"] = f"{HERE / 'src'}:{HERE}"
    {"walk": walk, "watch": watch}[sys.argv[1]](sys.argv[2], sys.argv[3:])
