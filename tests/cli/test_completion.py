"""Pressing Tab: bash runs our lines, and asks the real program."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sparekey.commands import COMMANDS

PATIENCE = 60
TAB = """
{script}
COMP_WORDS=({words}); COMP_CWORD={at}
_sparekey_completion sparekey
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


def environment(folder: Path) -> dict[str, str]:
    """`sparekey` is what runs here, wherever the shell looks for it."""
    program = folder / "sparekey"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m sparekey "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    return os.environ | {"PATH": f"{folder}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8"}


def lines_for(shell: str, folder: Path) -> str:
    command = [sys.executable, "-m", "sparekey", "completion", shell]
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, timeout=PATIENCE, env=environment(folder)
    )
    return done.stdout


def tab(folder: Path, *words: str) -> list[str]:
    """What bash offers after the last word."""
    typed = " ".join(f"'{word}'" for word in words)
    script = TAB.format(script=lines_for("bash", folder), words=typed, at=len(words) - 1)
    done = subprocess.run(
        ["bash", "-c", script],
        capture_output=True, text=True, check=True, timeout=PATIENCE, env=environment(folder),
    )  # fmt: skip
    return done.stdout.split()


def test_bash_completes_commands_options_and_values(tmp_path: Path) -> None:
    assert tab(tmp_path, "sparekey", "f") == [name for name in COMMANDS if name.startswith("f")]
    assert {"--json", "--csv", "--watch"} <= set(tab(tmp_path, "sparekey", "find", "--"))
    assert tab(tmp_path, "sparekey", "apply", "--type", "") == ["code", "key", "mail", "sheet"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_gets_lines_that_ask_the_program(shell: str, tmp_path: Path) -> None:
    said = lines_for(shell, tmp_path)
    assert f"_SPAREKEY_COMPLETE={shell}_complete" in said
