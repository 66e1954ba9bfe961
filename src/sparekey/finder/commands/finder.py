"""`sparekey finder`: the tool as screens, for the terminal and over SSH."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from sparekey.core.errors import UnavailableError
from sparekey.finder import reach
from sparekey.finder.command import run
from sparekey.finder.kit import opened, options
from sparekey.lan.interfaces import interfaces

if TYPE_CHECKING:
    from pathlib import Path

OUR_BUG = 70
"""Exit code after a mistake of ours."""


@click.command("sparekey finder", epilog="Mouse and keyboard; every screen says its keys in its last line.")
@click.option(
    "--add", "added", multiple=True, metavar="ADDRESS|CIDR", help="ask on another network too, slowly"
)
@options
def command(added: tuple[str, ...], journal: Path | None, trusts: bool) -> int:
    """Find every camera and recorder, and get back into yours: on one screen after the other."""
    others = reach.addresses(added)
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UnavailableError("no-terminal", "this needs a terminal; in scripts use: sparekey find --json")
    from sparekey.finder.tui.app import FinderApp

    kit = opened(journal, trusts=trusts)
    with kit.journal:
        app = FinderApp(kit, interfaces(), others)
        app.run()
        return OUR_BUG if app.return_code else 0


def main(arguments: list[str]) -> int:
    """Run it. Raises SparekeyError for what the caller prints."""
    return run(command, arguments)
