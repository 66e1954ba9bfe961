"""`sparekey ways`: which way is open to me?"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import click

from sparekey.core.errors import InputError, UnavailableError
from sparekey.finder.command import run
from sparekey.finder.kit import Kit, opened, options
from sparekey.finder.noes import no
from sparekey.finder.place import read_place, written
from sparekey.finder.roster import Roster
from sparekey.finder.waysback import WayBack, others, ours
from sparekey.lan.discovery.search import Search
from sparekey.lan.interfaces import interfaces
from sparekey.lan.link.client import meet
from sparekey.lan.link.frame import Refused
from sparekey.lan.link.ways import Setting

if TYPE_CHECKING:
    from pathlib import Path

    from sparekey.lan.discovery.found import Found


@click.command(
    "sparekey ways",
    epilog="For another maker's device this is their own published procedure; nothing is tried.",
)
@click.argument("device", metavar="DEVICE")
@options
def command(device: str, journal: Path | None, trusts: bool) -> int:
    """Tell which ways back into DEVICE are open, in order of least loss."""
    kit = opened(journal, trusts=trusts)
    with kit.journal:
        return asyncio.run(_tell(kit, device))


def main(arguments: list[str]) -> int:
    """Run it. Raises SparekeyError for what the caller prints."""
    return run(command, arguments)


async def _tell(kit: Kit, device: str) -> int:
    words, target = kit.words, read_place(device)
    try:
        met = await meet(target, kit.entropy)
    except (UnavailableError, InputError):
        found = await _found(kit, target.host)
        if found is None:
            raise
        click.echo(f"{found.brand} {found.model} {found.serial}".strip())
        for number, way in enumerate(others(found, words), 1):
            _show(kit, number, way)
        return 0
    if isinstance(met, Refused):
        kit.say(no(met, words))
        return 1
    if met.abilities.setting is not Setting.DONE:
        click.echo(
            words.text("Nobody set a password yet. Set the first one: sparekey activate %(place)s")
            % {"place": written(target)}
        )
        return 0
    for number, way in enumerate(ours(met.abilities, written(target), words), 1):
        _show(kit, number, way)
    return 0


def _show(kit: Kit, number: int, way: WayBack) -> None:
    takes = f" ({way.takes})" if way.takes else ""
    click.echo(f"{number}. {way.title}{takes}")
    for line in (way.closed, way.needs if not way.closed else "", way.loses if not way.closed else ""):
        if line:
            click.echo(f"   {line}")


async def _found(kit: Kit, host: str) -> Found | None:
    """What discovery knows of an address."""
    roster = Roster()
    await Search(kit.entropy, lambda found: roster.add(found, 0.0)).run(interfaces())
    here = (one.found for one in roster.devices if host in (one.found.sender, *one.found.addresses))
    return next(here, None)
