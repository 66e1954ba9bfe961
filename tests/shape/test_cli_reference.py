"""docs/ref/cli.md and the programs say the same."""

from __future__ import annotations

import re

from tests.shape.cli_reference import REFERENCE, helps, subcommands

BLOCK = re.compile(r"^```text\n\$ (.+?) --help\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def spoken(text: str) -> list[str]:
    """The words alone: each Python lays help out its own way; 3.13 names the value of an option only once."""
    once = re.sub(r"(-\w) ([A-Z][\w-]*), (--[\w-]+) \2", r"\1, \3 \2", text)
    return once.split()


def test_the_reference_is_what_the_programs_say() -> None:
    documented = {
        command: spoken(text) for command, text in BLOCK.findall(REFERENCE.read_text(encoding="utf-8"))
    }
    actual = {command: spoken(text) for command, text in helps().items()}
    assert len(actual) > 1, "sparekey --help names its commands"
    assert documented == actual, "python -m tests.shape.cli_reference writes the page again"


def test_commands_are_found_in_both_styles_of_help() -> None:
    assert subcommands("usage: x [-h] [--profile {a,b}] {device,desk} ...\n") == ["device", "desk"]
    assert subcommands("Usage: x\n\nCommands:\n  find       Look.\n  roll-over  Turn.\n") == [
        "find",
        "roll-over",
    ]
    assert subcommands("usage: x run [--profile {a,b}]\n") == []
