"""`sparekey request`: have devices seal what support needs, many in one file."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sparekey.core.messages.link import link
from sparekey.core.messages.request import read_request
from sparekey.core.values import MethodName
from sparekey.finder import agreement, qr
from sparekey.finder.command import run
from sparekey.finder.exporting import check_name, facts, save
from sparekey.finder.kit import Kit, opened, options
from sparekey.finder.many import End, Result, each, exit_code
from sparekey.finder.place import read_place, written
from sparekey.finder.requesting import Requesting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sparekey.lan.link.recovery import Opened
    from sparekey.lan.target import Target

_METHODS = {
    "file": MethodName.RESPONSE_FILE,
    "key": MethodName.RESPONSE_KEY,
    "code": MethodName.SECURITY_CODE,
    "mail": MethodName.MAIL_CODE,
}


@click.command(
    "sparekey request",
    epilog="Asked again, a device shows the same request. Exit codes: 0 all, 1 some said no, 4 none answered.",
)
@click.argument("devices", nargs=-1, required=True, metavar="DEVICE...")
@click.option(
    "--by",
    "way",
    type=click.Choice(sorted(_METHODS)),
    default="file",
    show_default=True,
    help="what support is to answer with",
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="the file to send: .sparekey-request or .xml",
)
@click.option("--qr", "square", is_flag=True, help="show the request as a square to photograph")
@click.option("--agree", is_flag=True, help="you read the maker's legal notice, and agree")
@options
def command(
    devices: tuple[str, ...],
    way: str,
    out: Path | None,
    square: bool,
    agree: bool,
    journal: Path | None,
    trusts: bool,
) -> int:
    """Ask DEVICE... for the request that support answers, or for what is read out to support."""
    targets = [read_place(text) for text in devices]
    if out is not None:
        check_name(out, len(targets))
    kit = opened(journal, trusts=trusts)
    with kit.journal:
        results = asyncio.run(ask(kit, targets, _METHODS[way], agreed=agree))
    for result in results:
        _tell(kit, result, square=square)
    sealed = [result.done.sealed for result in results if result.done and result.done.sealed]
    if out is not None and sealed:
        save(out, sealed)
        kit.say(
            kit.words.text("Saved: %(file)s. Send it to support, or use: sparekey send %(file)s")
            % {"file": out}
        )
    return exit_code(results)


def main(arguments: list[str]) -> int:
    """Run it. Raises SparekeyError for what the caller prints."""
    return run(command, arguments)


async def ask(
    kit: Kit, targets: Sequence[Target], method: MethodName, *, agreed: bool = False
) -> list[Result[Target, Opened]]:
    """Open a recovery on each device, or show the one that is open."""
    requesting = Requesting(kit, method, agreed)

    async def one(target: Target) -> tuple[End, Opened | None, str]:
        return await requesting.one(await kit.know(target))

    results = await each(targets, one)
    if requesting.unread:
        kit.say(f"{kit.words.text(agreement.TITLE)}:\n{agreement.notice(kit.words)}")
    return results


def _tell(kit: Kit, result: Result[Target, Opened], *, square: bool) -> None:
    place, words = written(result.thing), kit.words
    if result.done is None:
        click.echo(f"{place}: {result.why}")
        return
    opened_ = result.done
    click.echo(f"{place}: {words.plural('%(n)s try left', '%(n)s tries left', opened_.tries)}")
    for name, value in facts(opened_, words):
        click.echo(f"  {name + ':':<18}{value}")
    if square and opened_.sealed:
        click.echo(qr.drawn(link(opened_.prefix, read_request(opened_.sealed))))
