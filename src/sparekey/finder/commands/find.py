"""`sparekey find`: every camera and recorder on the network, whatever its brand."""

from __future__ import annotations

import asyncio
import shutil
import sys
from typing import TYPE_CHECKING

import click

from sparekey.finder import reach, rows
from sparekey.finder.command import run
from sparekey.finder.roster import Roster
from sparekey.finder.words import spoken
from sparekey.host.clock import SystemClock
from sparekey.host.entropy import SystemEntropy
from sparekey.lan.discovery.search import Search, Tally
from sparekey.lan.interfaces import Interface, interfaces

if TYPE_CHECKING:
    from collections.abc import Sequence

NOTHING = 1
"""Exit code when nobody answered."""
_PLAIN_WIDTH = 160
"""Columns of the table when it does not go to a terminal."""
_AGAIN = "\x1b[H\x1b[2J"


@click.command(
    "sparekey find", epilog="Only questions are sent. Exit codes: 0 found, 1 nobody answered, 4 no network."
)
@click.option("--json", "as_json", is_flag=True, help="print JSON instead of a table")
@click.option("--csv", "as_csv", is_flag=True, help="print CSV instead of a table")
@click.option("--watch", is_flag=True, help="search again and again, until Ctrl-C")
@click.option(
    "--add", "added", multiple=True, metavar="ADDRESS|CIDR", help="ask on another network too, slowly"
)
@click.option("--interface", "names", multiple=True, metavar="NAME", help="search here only")
def command(as_json: bool, as_csv: bool, watch: bool, added: tuple[str, ...], names: tuple[str, ...]) -> int:
    """List every camera and recorder on the network, whatever its brand."""
    if as_json and as_csv:
        raise click.UsageError("choose one of --json and --csv")
    others, chosen = reach.addresses(added), _chosen(names)
    clock, entropy, roster = SystemClock(), SystemEntropy(), Roster()
    with asyncio.Runner() as runner:  # one for all rounds: Ctrl-C never meets a loop that is half made
        while True:
            begun = clock.monotonic()
            tally = runner.run(_search(roster, chosen, others, entropy, begun))
            roster.forget(clock.monotonic())
            _show(roster, as_json=as_json, as_csv=as_csv, again=watch)
            _remark(tally, roster)
            if not watch:
                return 0 if roster.devices else NOTHING


def main(arguments: list[str]) -> int:
    """Run it. Raises SparekeyError for what the caller prints."""
    return run(command, arguments)


async def _search(
    roster: Roster, chosen: Sequence[Interface], others: Sequence[str], entropy: SystemEntropy, now: float
) -> Tally:
    search = Search(entropy, lambda found: roster.add(found, now))
    _, tally = await asyncio.gather(
        reach.call(search.found, others, entropy), search.run(chosen, others=others)
    )
    return tally


def _chosen(names: tuple[str, ...]) -> tuple[Interface, ...]:
    there = interfaces(loopback=bool(names))
    unknown = set(names) - {interface.name for interface in there}
    if unknown:
        known = ", ".join(interface.name for interface in there)
        raise click.UsageError(f"there is no interface {min(unknown)}; choose one of: {known}")
    return tuple(interface for interface in there if not names or interface.name in names)


def _show(roster: Roster, *, as_json: bool, as_csv: bool, again: bool) -> None:
    devices = [listed.found for listed in roster.devices]
    if as_json or as_csv:
        click.echo(rows.as_json(devices) if as_json else rows.as_csv(devices), nl=False)
        return
    words, terminal = spoken(), sys.stdout.isatty()
    width = shutil.get_terminal_size().columns if terminal else _PLAIN_WIDTH
    table = rows.as_table(devices, words, width) if devices else ""
    click.echo((_AGAIN if again and terminal else "") + table, nl=False)


def _remark(tally: Tally, roster: Roster) -> None:
    """On standard error, so that what is piped stays clean."""
    words = spoken()
    devices = [listed.found for listed in roster.devices]
    click.echo(rows.summary(devices, words), err=True)
    if not devices:
        click.echo(
            words.text(
                "Are you on the cameras' network? Try a cable to their switch, or --add with their network."
            ),
            err=True,
        )
    if tally.dropped or roster.full:
        click.echo(
            words.text("Somebody floods this network with answers; the list may lack devices."), err=True
        )
