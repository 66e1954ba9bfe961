"""Writes docs/ref/cli.md from what `sparekey --help` says: `python -m tests.shape.cli_reference`."""

from __future__ import annotations

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


def help_of(command: tuple[str, ...]) -> str:
    """What the command prints for `--help`, in English, 80 columns wide, without colour."""
    english = {"LC_ALL": "C.UTF-8", "LANGUAGE": "en", "COLUMNS": "80", "NO_COLOR": "1"}
    called = [sys.executable, "-m", "sparekey", *command, "--help"]
    shown = subprocess.run(
        called, cwd=ROOT, env=os.environ | english, capture_output=True, text=True, check=False, timeout=60
    )
    if shown.returncode or shown.stderr:
        raise RuntimeError(f"sparekey {' '.join(command)} --help failed:\n{shown.stderr}")
    return shown.stdout.rstrip() + "\n"


def subcommands(shown: str) -> list[str]:
    """The commands that a help text names, in braces as argparse does or in a list under "Commands:"."""
    if braces := SUBCOMMANDS.search(shown):
        return braces.group(1).split(",")
    if listed := LISTED.search(shown):
        return re.findall(r"^ {2,4}([a-z][a-z-]*)\b", listed.group(1), re.MULTILINE)
    return []


def helps(command: tuple[str, ...] = ()) -> dict[str, str]:
    """Each command line below `command`, itself included, and its help text."""
    shown = help_of(command)
    found = {" ".join(("sparekey", *command)): shown}
    for name in subcommands(shown):
        found |= helps((*command, name))
    return found


def page() -> str:
    """The whole reference page."""
    parts = [f"\n## {line}\n\n```text\n$ {line} --help\n{shown}```\n" for line, shown in helps().items()]
    return INTRODUCTION + "".join(parts)


if __name__ == "__main__":
    REFERENCE.parent.mkdir(parents=True, exist_ok=True)
    REFERENCE.write_text(page(), encoding="utf-8")
