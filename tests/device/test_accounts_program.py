"""The maker's program as a process: what it is given, what it may say, and that it ends."""

from __future__ import annotations

import json
import logging
import os
import select
import subprocess
import sys
from pathlib import Path

import pytest

from sparekey.core.errors import UnavailableError
from sparekey.device.accounts import program
from sparekey.device.accounts.program import ANSWER_LIMIT, MakersProgram
from sparekey.host.clock import SystemClock
from tests.ports.accounts_bench import PATIENCE


def running(script: str, *arguments: str, seconds: float = 60.0) -> MakersProgram:
    """A shell script as the program."""
    return MakersProgram(("/bin/sh", "-c", script, "program", *arguments), SystemClock(), seconds)


def refused(maker: MakersProgram, question: bytes = b"{}\n") -> UnavailableError:
    with pytest.raises(UnavailableError) as error:
        maker.ask(question)
    return error.value


def test_it_gets_the_question_and_says_the_answer() -> None:
    assert running("cat").ask(b'{"version": 1}\n') == b'{"version": 1}\n'
    large = b"x" * ANSWER_LIMIT
    assert running("cat").ask(large) == large, "longer than a pipe holds, in both directions at once"


def test_it_need_not_read_the_question() -> None:
    assert running("exec <&-; echo yes").ask(b"x" * 200_000) == b"yes\n"


@pytest.mark.meets("asvs-1.2.5", "asvs-15.2.5")
def test_it_is_given_nothing_but_the_question(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_OF_THE_AGENT", "x")
    open_in_agent = os.open(tmp_path, os.O_RDONLY)
    os.set_inheritable(open_in_agent, True)
    look = (
        "import json, os, sys; sys.stdin.read(); mask = os.umask(0);"
        "argv = open('/proc/self/cmdline').read(); environ = open('/proc/self/environ').read();"
        "opened = [n for n in os.listdir('/proc/self/fd') if os.path.exists(f'/proc/self/fd/{n}')];"
        "print(json.dumps([argv, environ, opened, os.getcwd(), mask, os.getsid(0) == os.getpid()]))"
    )
    try:
        maker = MakersProgram((sys.executable, "-I", "-S", "-c", look), SystemClock())
        argv, environ, opened, folder, mask, leads = json.loads(maker.ask(b'{"password": "my secret"}\n'))
    finally:
        os.close(open_in_agent)
    assert "my secret" not in argv
    assert sorted(filter(None, environ.split("\0"))) == [
        "LC_ALL=C.UTF-8",
        "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
    ]
    assert set(opened) <= {"0", "1", "2"}
    assert (folder, mask, leads) == ("/", 0o077, True)


@pytest.mark.parametrize(
    ("script", "slug"),
    [
        ("exit 1", program.FAILED),
        ("echo answer; exit 3", program.FAILED),
        ("echo answer; kill -9 $$", program.FAILED),
        ("head -c 65537 /dev/zero", program.GARBLED),
        ("cat /dev/zero", program.GARBLED),
    ],
)
def test_a_program_that_fails_has_not_answered(script: str, slug: str) -> None:
    assert refused(running(script)).slug == slug


def test_a_program_that_is_not_there(tmp_path: Path) -> None:
    for path in (tmp_path / "missing", tmp_path, Path("/etc/passwd")):
        error = refused(MakersProgram((str(path),), SystemClock()))
        assert error.slug == program.MISSING
        assert error.hint


@pytest.mark.parametrize(
    "script",
    [
        "sleep 600",
        "echo answer; sleep 600",
        "echo answer; exec >&-; sleep 600",
        "trap '' TERM HUP INT; while :; do sleep 600; done",
        "sleep 600 & exit 0",
    ],
)
def test_T21_a_program_that_hangs_is_ended_with_all_that_it_started(script: str, tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    alive = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    try:
        maker = running(f'exec 5>"$1"; {script}', str(fifo), seconds=PATIENCE / 2)
        assert refused(maker).slug == program.SLOW
        assert select.select([alive], [], [], 60)[0], "somebody still holds the other end"
        assert os.read(alive, 1) == b""
    finally:
        os.close(alive)


def test_no_second_call_while_one_cannot_be_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """As with a program that runs as another user: it may not be killed, and `wait` gives up."""

    def forbidden(_group: int, _signal: int) -> None:
        raise PermissionError

    with monkeypatch.context() as patched:
        patched.setattr(os, "killpg", forbidden)
        patched.setattr(program, "_END_SECONDS", 0)
        maker = running("sleep 600", seconds=0)
        assert refused(maker).slug == program.SLOW
    lingering = maker._last
    assert isinstance(lingering, subprocess.Popen)
    assert refused(maker).slug == program.SLOW
    assert maker._last is lingering
    lingering.kill()
    lingering.wait()
    assert refused(maker).slug == program.SLOW
    assert maker._last is not lingering, "a new one was started"


def test_what_it_says_stays_out_of_logs_and_errors(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for script in ("cat; cat >&2; exit 1", "cat; cat /dev/zero"):
        error = refused(running(script), b'{"password": "my secret"}\n')
        assert "my secret" not in f"{error!r} {error} {error.hint} {error.__context__!r} {error.__cause__!r}"
    assert "my secret" not in caplog.text
