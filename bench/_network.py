"""Two machines on one cable, in network namespaces of their own; they are gone when the process that made them is.

Started as `unshare [-r] -n python -m bench.NAME`: here is who looks, beside it are the cameras.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE, THERE = "find0", "cams0"
ADDRESS = "198.18.0.1/15"
CAMERAS = "198.18.0.0/15"
PATIENCE = 60
FOLDER = Path(__file__).parents[1]


def in_a_namespace(module: str, *words: str) -> list[str]:
    """The command that runs a module in a network namespace of its own."""
    mapped = [] if os.geteuid() == 0 else ["-r"]
    return ["unshare", *mapped, "-n", sys.executable, "-m", module, *words]


def environment() -> dict[str, str]:
    """For processes that import what is measured here."""
    return {**os.environ, "PYTHONPATH": f"{FOLDER / 'src'}:{FOLDER}"}


def run(*command: str) -> None:
    """A program of the system that must not fail."""
    subprocess.run(command, check=True, timeout=PATIENCE)


class Cable:
    """`other`: a process in the namespace at its other end."""

    def __init__(self, other: int) -> None:
        self._there = ("nsenter", "-t", str(other), "-n")
        run("ip", "link", "set", "lo", "up")
        run("ip", "link", "add", HERE, "type", "veth", "peer", "name", THERE, "netns", str(other))
        run("ip", "address", "add", ADDRESS, "dev", HERE)
        run("ip", "link", "set", HERE, "up")
        run("ip", "route", "add", "224.0.0.0/4", "dev", HERE)
        run(*self._there, "ip", "link", "set", "lo", "up")
        run(*self._there, "ip", "link", "set", THERE, "up")
        run(*self._there, "ip", "address", "add", "198.19.255.254/15", "dev", THERE)
        # Every address of the network is a camera's, and is answered for.
        run(*self._there, "ip", "route", "add", "local", CAMERAS, "dev", "lo")
        run(*self._there, "ip", "route", "replace", ADDRESS.replace("/15", "/32"), "dev", THERE)

    @contextmanager
    def there(self, module: str, *words: str) -> Iterator[None]:
        """A module of this bench runs at the other end, once it said that it is ready."""
        command = [*self._there, sys.executable, "-m", module, *words]
        with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment()) as process:
            try:
                if process.stdout is None or b"ready" not in process.stdout.readline():
                    raise RuntimeError(f"{module} does not start")
                yield
            finally:
                process.terminate()
                process.wait(PATIENCE)


@contextmanager
def cable() -> Iterator[Cable]:
    """From this namespace to a new one."""
    with subprocess.Popen(("unshare", "-n", "sleep", "1000")) as other:
        try:
            while Path(f"/proc/{other.pid}/ns/net").readlink() == Path("/proc/self/ns/net").readlink():
                time.sleep(0.01)
            made = Cable(other.pid)
            try:
                yield made
            finally:
                run("ip", "link", "delete", HERE)
        finally:
            other.kill()


def can() -> bool:
    """Whether this machine lets us make namespaces and cables."""
    try:
        tried = subprocess.run(
            in_a_namespace("bench._network"),
            capture_output=True,
            timeout=PATIENCE,
            check=False,
            env=environment(),
        )
    except OSError:
        return False
    return tried.returncode == 0


if __name__ == "__main__":
    with cable():
        pass
