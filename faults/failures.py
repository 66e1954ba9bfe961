"""Lets every kind of failure happen at every call that writes, and looks at what is left.

`play` runs in a process that has the shim loaded; `run` starts one.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from faults import disk, shim
from faults.device import Device
from faults.resets import Reset
from sparekey.core.errors import UnavailableError

TORN = 3
"""Different leftovers of unsynced writes at each point."""
KEYS = ("device.key", "recordings.key")

ERRORS = {"disk full": errno.ENOSPC, "read-only": errno.EROFS, "disk broken": errno.EIO}
"""What a disk says that takes nothing more."""

Found = dict[str, Counter[str]]
"""By kind of failure: what was true afterwards, how often."""


class LeftBrokenError(AssertionError):
    """After the failure not exactly one of old, new and must-set was true, or a destroyed key was still there."""


def run(name: str, work: Path, library: Path, step: int = 1) -> tuple[int, Found]:
    """One reset in a process of its own. How many calls it makes that write, and what failures at each `step`-th of
    them left. Raises LeftBrokenError.
    """
    environment = {**os.environ, shim.VARIABLE: str(library)}
    command = [sys.executable, "-m", "faults.play", name, str(work), str(step)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
    if done.returncode:
        raise LeftBrokenError(done.stderr[-2000:])
    calls, found = json.loads(done.stdout)
    return calls, {failure: Counter(after) for failure, after in found.items()}


def play(reset: Reset, work: Path, step: int) -> tuple[int, Found]:
    """As `run`, in this process, which has the shim."""
    base, recorded, begun, log = (work / name for name in ("base", "recorded", "begun", "log"))
    proof = reset.prepare(base)
    shutil.copytree(base, recorded)
    _in_child(lambda: _record(reset, recorded, proof, begun, log))
    calls = shim.read_log(log)
    secrets = [(base / name).read_bytes() for name in KEYS[: 1 + reset.recordings]]
    found: Found = {}

    def seen(failure: str, folder: Path, *, told: bool = False) -> None:
        found.setdefault(failure, Counter())[look(reset, folder, secrets, told=told)] += 1

    for number in range(1, len(calls) + 1, step):
        folder = work / "killed"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(base, folder)
        _in_child(_dying(reset, folder, proof, number), signal.SIGKILL)
        seen("killed", folder)
        for failure, error in ERRORS.items():
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(base, folder)
            _in_child(_failing(reset, folder, proof, number, error))
            seen(failure, folder)
    for failure, told, image in _images(begun, calls, step):
        folder = work / "image"
        shutil.rmtree(folder, ignore_errors=True)
        disk.write(image, folder)
        seen(failure, folder, told=told)
    return len(calls), found


def look(reset: Reset, folder: Path, secrets: list[bytes], *, told: bool) -> str:
    """Switch the device on again. `told`: it had said "done" before. Raises LeftBrokenError."""
    device = Device(folder)
    standing, kept = device.standing(), not device.agent.recordings.is_empty()
    device.agent.close()
    if standing not in ({reset.after} if told else {reset.before, reset.after}):
        raise LeftBrokenError(f"{reset.name}: {standing}{' after it had said done' if told else ''}")
    gone = reset.before == "must-set" or (reset.recordings and standing == reset.after)
    if kept is gone:
        raise LeftBrokenError(f"{reset.name}: recordings are {'left' if kept else 'lost'}, {standing}")
    if reset.erases and standing == reset.after:
        for path in folder.rglob("*"):
            if path.is_file() and any(secret in path.read_bytes() for secret in secrets):
                raise LeftBrokenError(f"{reset.name}: a key that was destroyed is in {path.name}")
    return standing


def _images(begun: Path, calls: list[shim.Call], step: int) -> Iterator[tuple[str, bool, dict[str, bytes]]]:
    left, dice = disk.Disk(begun), random.Random(len(calls))
    for number, call in enumerate(calls):
        if number % step == 0:
            yield "lost", False, left.lost()
            yield from (("torn", False, left.torn(dice)) for _ in range(TORN))
        left.apply(call)
    yield "lost, after done", True, left.lost()
    yield "torn, after done", True, left.torn(dice)


def _record(reset: Reset, folder: Path, proof: bytes, begun: Path, log: Path) -> None:
    device = Device(folder)
    shutil.copytree(folder, begun)
    shim.begin(folder, log=log)
    reset.act(device, proof)
    shim.end()


def _dying(reset: Reset, folder: Path, proof: bytes, at: int) -> Callable[[], None]:
    def act() -> None:
        device = Device(folder)
        shim.begin(folder, at=at)
        reset.act(device, proof)

    return act


def _failing(reset: Reset, folder: Path, proof: bytes, at: int, error: int) -> Callable[[], None]:
    """Whoever asked hears an error of ours or nothing; then there is room again, and the device goes on."""

    def act() -> None:
        device = Device(folder)
        shim.begin(folder, at=at, error=error)
        with contextlib.suppress(UnavailableError):
            reset.act(device, proof)
        shim.end()
        device.agent.tick()
        if device.standing() not in (reset.before, reset.after):
            raise LeftBrokenError(f"{reset.name}: {device.standing()} with a disk that works again")

    return act


def _in_child(act: Callable[[], None], ends: int = 0) -> None:
    """A process that ends by this signal, or well."""
    child = os.fork()
    if not child:
        code = 1
        try:
            act()
            code = 0
        finally:
            if code:
                traceback.print_exc()
            os._exit(code)
    _, status = os.waitpid(child, 0)
    if status != ends:
        raise LeftBrokenError(f"a run ended with {status} instead of {ends}")
