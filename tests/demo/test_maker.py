"""The maker's program of the checks is the one of the guide; the one before it fails as it is told."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from importlib.resources import files
from pathlib import Path

import pytest

from sparekey.demo.maker.unsteady import STOPPED
from tests.ports.accounts_bench import guides_program

MAKER = files("sparekey.demo.maker")
LIST = '{"version": 1, "operation": "list"}\n'
SET = '{"version": 1, "operation": "set", "name": "admin", "hash": "kept"}\n'


def test_the_program_is_the_one_that_the_guide_shows() -> None:
    assert MAKER.joinpath("accounts").read_text(encoding="utf-8") == guides_program()


@pytest.fixture
def command(tmp_path: Path) -> list[str]:
    for name in ("accounts", "unsteady.py"):
        (tmp_path / name).write_bytes(MAKER.joinpath(name).read_bytes())
    python = [sys.executable, "-I"]
    unsteady = [*python, str(tmp_path / "unsteady.py"), str(tmp_path / "order")]
    return [*unsteady, *python, str(tmp_path / "accounts"), str(tmp_path / "accounts.json")]


def ask(command: list[str], question: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, input=question, capture_output=True, text=True, check=False, timeout=30)


def test_on_a_good_day_it_answers_as_the_program_does(command: list[str]) -> None:
    assert json.loads(ask(command, SET).stdout) == {"version": 1}
    assert json.loads(ask(command, LIST).stdout) == {"version": 1, "names": ["admin"]}
    assert ask(command, "garbage\n").returncode != 0


def test_it_fails_when_told_to(command: list[str], tmp_path: Path) -> None:
    (tmp_path / "order").write_text("fail")
    failed = ask(command, LIST)
    assert (failed.returncode, failed.stdout) == (1, "")


@pytest.mark.parametrize(("order", "kept"), [("before", False), ("after", True)])
def test_it_stops_at_a_change_until_whoever_asked_is_gone(
    order: str, kept: bool, command: list[str], tmp_path: Path
) -> None:
    (tmp_path / "order").write_text(order)
    assert json.loads(ask(command, LIST).stdout) == {"version": 1, "names": []}
    # The one who asks is a process of its own, which ends once the program has stopped.
    asking = (
        "import pathlib, subprocess, sys, time\n"
        "order, *command = sys.argv[1:]\n"
        "program = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)\n"
        f"program.stdin.write({SET.encode()!r})\n"
        "program.stdin.flush()\n"
        f"while pathlib.Path(order).read_text() != {STOPPED!r}: time.sleep(0.01)\n"
        "print(program.pid)\n"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", asking, str(tmp_path / "order"), *command],
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )
    accounts = tmp_path / "accounts.json"
    assert accounts.exists() is kept
    number = int(done.stdout)
    for _ in range(600):
        if not Path(f"/proc/{number}").exists() or _is_dead(number):
            break
        time.sleep(0.05)
    else:
        pytest.fail("it goes on although nobody is there")
    assert accounts.exists() is kept


def _is_dead(number: int) -> bool:
    """Ended, and only not yet waited for by whoever inherited it."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True
