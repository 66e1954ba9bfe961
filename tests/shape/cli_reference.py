"""Writes docs/ref/cli.md from what `sparekey --help` says: `python -m tests.shape.cli_reference`."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

from tests.shape.tree import ROOT

REFERENCE = ROOT / "docs" / "ref" / "cli.md"
INTRODUCTION = """# Command line

Every command and what it says about itself. A test holds this page to the programs;
`.venv/bin/python -m tests.shape.cli_reference` writes it again.
"""

SUBCOMMANDS = re.compile(r"\{([a-z][a-z-]*(?:,[a-z][a-z-]*)*)\}\s+\.\.\.")
LISTED = re.compile(r"^commands:\n((?:  .*\n?|\n)+)", re.MULTILINE | re.IGNORECASE)


ASKED = """
import contextlib, io, json, sys
from sparekey.__main__ import main

for line in sys.stdin:
    shown = io.StringIO()
    try:
        with contextlib.redirect_stdout(shown):
            code = main([*json.loads(line), "--help"])
    except SystemExit as ended:
        code = ended.code
    print(json.dumps([shown.getvalue(), code or 0]), flush=True)
"""
"""Says every help text in one process: to start one for each would take most of a minute."""


class Program:
    """`sparekey`, in English, 80 columns wide, without colour. Use it as a context."""

    def __init__(self) -> None:
        english = {"LC_ALL": "C.UTF-8", "LANGUAGE": "en", "COLUMNS": "80", "NO_COLOR": "1"}
        self._process = subprocess.Popen(
            [sys.executable, "-c", ASKED],
            cwd=ROOT,
            env=os.environ | english,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Program:
        return self

    def __exit__(self, *_: object) -> None:
        said = self._process.communicate(timeout=60)[1]
        if said:
            raise RuntimeError(f"a help text came with words on standard error:\n{said}")

    def help(self, command: tuple[str, ...]) -> str:
        """What the command prints for `--help`."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(command) + "\n")
        self._process.stdin.flush()
        shown, code = json.loads(self._process.stdout.readline())
        if code:
            raise RuntimeError(f"sparekey {' '.join(command)} --help failed")
        return str(shown).rstrip() + "\n"


def subcommands(shown: str) -> list[str]:
    """The commands that a help text names, in braces as argparse does or in a list under "Commands:"."""
    if braces := SUBCOMMANDS.search(shown):
        return braces.group(1).split(",")
    if listed := LISTED.search(shown):
        return re.findall(r"^ {2,4}([a-z][a-z-]*)\b", listed.group(1), re.MULTILINE)
    return []


def helps() -> dict[str, str]:
    """Each command line and its help text, the shortest first."""
    with Program() as program:
        return _below(program, ())


def _below(program: Program, command: tuple[str, ...]) -> dict[str, str]:
    shown = program.help(command)
    found = {" ".join(("sparekey", *command)): shown}
    for name in subcommands(shown):
        found |= _below(program, (*command, name))
    return found


def page() -> str:
    """The whole reference page."""
    parts = [f"\n## {line}\n\n```text\n$ {line} --help\n{shown}```\n" for line, shown in helps().items()]
    return INTRODUCTION + "".join(parts)


if __name__ == "__main__":
    REFERENCE.parent.mkdir(parents=True, exist_ok=True)
    REFERENCE.write_text(page(), encoding="utf-8")
