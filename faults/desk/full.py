"""A desk on SQLite whose disk is full, read-only or broken for a while, again and again, while people ask."""

from __future__ import annotations

import errno
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path

from faults import shim
from faults.desk.killing import Asked, look
from faults.desk.post import Post
from faults.desk.site import Site, expect

PEOPLE = 3
SIZE = 48
"""Megabytes of the disk that becomes full."""
ERRORS = {"read-only": errno.EROFS, "disk broken": errno.EIO}
FULL = "disk full"
TELLS_NOTHING = (b"sqlite", b"OperationalError", b"Traceback", b"Errno")


def play(folder: Path, failure: str, *, rounds: int, seed: int = 1) -> dict[str, int] | None:
    """Counts of what was done and found; None where this machine cannot do it. Raises LeftBrokenError."""
    if failure == FULL:
        return _apart(rounds, seed)
    library = shim.compiled(folder)
    return None if library is None else _spoil(folder, failure, library, rounds, seed)


def _apart(rounds: int, seed: int) -> dict[str, int] | None:
    """With a small disk of its own, which only a process in a name space of its own may have."""
    apart = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--map-root-user", "--mount"]
    if shutil.which("unshare") is None or subprocess.run([*apart, "true"], check=False).returncode:
        return None
    command = [*apart, sys.executable, "-m", "faults.desk.full", str(rounds), str(seed)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    expect(done.returncode == 0, done.stderr[-2000:])
    found: dict[str, int] = json.loads(done.stdout.splitlines()[-1])
    return found


def _spoil(folder: Path, failure: str, library: Path, rounds: int, seed: int) -> dict[str, int]:
    post = Post()
    with post.running():
        site = Site(folder, post, logs=folder)
        node = site.nodes[0]
        node.environment = {shim.VARIABLE: str(library)}
        spoiled = ["-m", "faults.desk.spoiled", str(node.file.parent), str(ERRORS[failure])]
        node.program = (sys.executable, *spoiled)

        def fails() -> None:
            os.kill(node.process, signal.SIGUSR1)

        def works() -> None:
            os.kill(node.process, signal.SIGUSR2)

        with site.running():
            return _ask(site, post, fails, works, rounds, seed)


def _fill(rounds: int, seed: int) -> dict[str, int]:
    post = Post()
    with tempfile.TemporaryDirectory() as disk, tempfile.TemporaryDirectory() as logs, post.running():
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}m", "tmpfs", disk], check=True)
        site = Site(Path(disk), post, logs=Path(logs))
        ballast = Path(disk) / "ballast"

        def fails() -> None:
            with ballast.open("wb", buffering=0) as file:
                for size in (1 << 20, 1 << 12):
                    while True:
                        try:
                            file.write(bytes(size))
                        except OSError:
                            break

        def works() -> None:
            ballast.unlink()

        with site.running():
            found = _ask(site, post, fails, works, rounds, seed)
            fails()
            site.nodes[0].end(signal.SIGKILL)
            _starts(site)
            works()
            site.nodes[0].end(signal.SIGKILL)
            site.nodes[0].start()
            site.verify()
        subprocess.run(["umount", "--lazy", disk], check=True)
    return found


def _starts(site: Site) -> None:
    """On a full disk it starts, or says in two lines why not."""
    command = [*site.nodes[0].program, "desk", "run", "--config", str(site.nodes[0].file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        if process.stdout is None or process.stderr is None:
            return
        if "ready" not in process.stdout.readline():
            said = process.stderr.read().splitlines()
            expect(
                len(said) == 2 and "Traceback" not in "".join(said),
                f"a start on a full disk says {said[-5:]}",
            )
        process.kill()


def _ask(
    site: Site, post: Post, fails: Callable[[], None], works: Callable[[], None], rounds: int, seed: int
) -> dict[str, int]:
    """Let it fail in the middle, and work again."""
    asked, dice = Asked(site, random.Random(seed)), random.Random(seed)
    numbers = count()
    people = [asked.again(asked.press, numbers) for _ in range(PEOPLE)]
    people += [asked.again(asked.call, count(10**4))]
    process = site.nodes[0].process
    for _ in range(rounds):
        time.sleep(dice.uniform(0.5, 2))
        fails()
        time.sleep(dice.uniform(1, 4))
        works()
    asked.over.set()
    for each in people:
        each.join()
    expect(not asked.broken, f"{asked.broken[:1]!r}")
    expect(site.nodes[0].process == process, "it had to be started again")
    found = look(site, post, asked, {})
    wishes = [wish for _, wish in asked.squares] + [wish for wish, _ in asked.calls]
    told = {name for wish in wishes for name in wish.told}
    expect(told <= {"503"}, f"people are told {told}")
    pages = {page for wish in wishes for page in wish.sentences}
    expect(
        not [page for page in pages for word in TELLS_NOTHING if word in page],
        "a page tells about the inside",
    )
    slowest = max(wish.slowest for wish in wishes)
    return (
        {"rounds": rounds, "told 503": sum(wish.told.total() for wish in wishes)}
        | found
        | {"slowest answer, seconds": round(slowest)}
    )


if __name__ == "__main__":
    print(json.dumps(_fill(int(sys.argv[1]), int(sys.argv[2]))))
