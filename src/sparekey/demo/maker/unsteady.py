"""Stands before an account program and does to it what a bad day does: fails, or is cut off at a change.

`python unsteady.py ORDER PROGRAM...`: the file ORDER says `fail`, `before` or `after`, or is not there.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

STOPPED = "stopped"


def main(order: Path, program: list[str]) -> int:
    """Ask the program, unless told otherwise. Exit code: the program's, or 1."""
    question = sys.stdin.readline()
    told = order.read_text(encoding="utf-8") if order.exists() else ""
    if told == "fail":
        return 1
    changes = '"operation": "set"' in question or '"operation":"set"' in question
    if changes and told == "before":
        return _wait_for_the_end(order)
    done = subprocess.run(program, input=question, stdout=subprocess.PIPE, text=True, check=False)
    if changes and told == "after":
        return _wait_for_the_end(order)
    sys.stdout.write(done.stdout)
    return done.returncode


def _wait_for_the_end(order: Path) -> int:
    """Say that we are here, and do nothing more until whoever asked is gone."""
    asked = os.getppid()
    order.write_text(STOPPED, encoding="utf-8")
    while os.getppid() == asked:
        time.sleep(0.05)
    return 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
