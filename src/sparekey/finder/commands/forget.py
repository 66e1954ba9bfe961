"""`sparekey forget`: meet a device anew, when its key changed for a reason that you know."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from sparekey.finder.command import run
from sparekey.finder.kit import opened, options
from sparekey.finder.place import read_place, written

if TYPE_CHECKING:
    from pathlib import Path


@click.command(
    "sparekey forget", epilog="An erase, or another device at the same address, brings another key."
)
@click.argument("devices", nargs=-1, required=True, metavar="DEVICE...")
@options
def command(devices: tuple[str, ...], journal: Path | None, trusts: bool) -> int:
    """Forget whose key DEVICE... had, so that the next contact is a first one."""
    del trusts  # nobody is called
    places = [written(read_place(text)) for text in devices]
    kit = opened(journal)
    with kit.journal:
        for place in places:
            known = kit.journal.forget(place)
            told = (
                kit.words.text("%(place)s is forgotten.")
                if known
                else kit.words.text("%(place)s was not known.")
            )
            click.echo(told % {"place": place})
    return 0


def main(arguments: list[str]) -> int:
    """Run it. Raises SparekeyError for what the caller prints."""
    return run(command, arguments)
