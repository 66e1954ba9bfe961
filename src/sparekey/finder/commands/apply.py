"""`sparekey apply`: hand in what support gave, or what the owner kept, and set the new passwords."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sparekey.core.messages.armour import BATCH_ARMOUR_LIMIT
from sparekey.core.values import MethodName
from sparekey.finder import asking
from sparekey.finder.answers import OVER, Matched, read_answers
from sparekey.finder.command import run
from sparekey.finder.handing import BACK, Handing
from sparekey.finder.kit import Kit, opened, options
from sparekey.finder.many import End, Result, each, exit_code
from sparekey.finder.noes import no
from sparekey.finder.place import read_place
from sparekey.finder.places import bounded_file
from sparekey.finder.renewing import renewing
from sparekey.lan.link.frame import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sparekey.lan.link.recovery import Recovered

_TYPED = {
    "key": MethodName.RESPONSE_KEY,
    "code": MethodName.SECURITY_CODE,
    "mail": MethodName.MAIL_CODE,
    "sheet": MethodName.RECOVERY_SHEET,
}


@click.command(
    "sparekey apply",
    epilog="A file for many devices: each is done by itself; run it again for those that failed.",
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@click.option("--device", help="the device that a code, a sheet or a key file is for")
@click.option(
    "--type",
    "typed",
    type=click.Choice(sorted(_TYPED)),
    help="type a code instead of handing in a file; it is asked for",
)
@click.option("--cameras-too", is_flag=True, help="a recorder's cameras get new passwords along with it")
@click.option(
    "--new-password-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="the new password; else it is asked for",
)
@click.option("--generate", is_flag=True, help="make a password for each device, and --save them")
@click.option(
    "--save", type=click.Path(dir_okay=False, path_type=Path), help="where made passwords go: .csv or .kdbx"
)
@click.option(
    "--vault-password-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="opens the .kdbx; else it is asked for",
)
@options
def command(
    file: Path | None,
    device: str | None,
    typed: str | None,
    cameras_too: bool,
    new_password_file: Path | None,
    generate: bool,
    save: Path | None,
    vault_password_file: Path | None,
    journal: Path | None,
    trusts: bool,
) -> int:
    """Hand in FILE (from support, or a key file), or a typed code, and set the new password."""
    if (file is None) == (typed is None):
        raise click.UsageError("give a file, or --type for a code")
    if typed and not device:
        raise click.UsageError("--type needs --device")
    kit = opened(journal, trusts=trusts)
    with kit.journal:
        if file is None:
            method = _TYPED[str(typed)]
            code = asking.code(kit.words, kit.words.text("Code"))
            jobs, data = [], b""
        else:
            method, code, data = MethodName.KEY_FILE, "", bounded_file(file, BATCH_ARMOUR_LIMIT)
            answers = read_answers(data, kit.journal.begun(), kit.clock.wall())
            jobs = list(answers.matched)
            for told in answers.rest(kit.words):
                kit.say(told)
            if answers.key_file is None and not jobs:
                return 1
            if answers.key_file is not None and not device:
                raise click.UsageError("a key file needs --device: the file does not say where the device is")
            data = answers.key_file.encoded if answers.key_file else b""
        new = renewing(
            kit, file=new_password_file, generate=generate, save=save, vault_password=vault_password_file
        )
        work = Handing(kit, new, cameras_too, lambda told: click.echo(f"  {told}"))
        if jobs:
            results = asyncio.run(_all(kit, work, jobs))
            ended = exit_code(results)
        else:
            single = asyncio.run(_one(kit, work, str(device), method, code, data))
            ended = exit_code([single])
        saved = new.finish()
        if saved:
            kit.say(
                kit.words.text("Saved in %(file)s: %(count)s passwords.") % {"file": save, "count": saved}
            )
    return ended


def main(arguments: list[str]) -> int:
    """Run it. Raises SparekeyError for what the caller prints."""
    return run(command, arguments)


async def _all(kit: Kit, work: Handing, jobs: Sequence[Matched]) -> Sequence[Result[Matched, Recovered]]:
    async def one(job: Matched) -> tuple[End, Recovered | None, str]:
        if job.expired:
            return End.REFUSED, None, kit.words.text(OVER)
        known = await kit.know(read_place(job.begun.place))
        if isinstance(known, Refused):
            return End.REFUSED, None, no(known, kit.words)
        return await work.do(known, MethodName.RESPONSE_FILE, file=job.file)

    return await each(
        jobs,
        one,
        tell=lambda result, left: _tell(kit, result.thing.begun.place, result.end, result.why, left),
    )


async def _one(
    kit: Kit, work: Handing, device: str, method: MethodName, code: str, data: bytes
) -> Result[str, Recovered]:
    async def one(place: str) -> tuple[End, Recovered | None, str]:
        known = await kit.know(read_place(place))
        if isinstance(known, Refused):
            return End.REFUSED, None, no(known, kit.words)
        return await work.do(known, method, typed=code, file=data)

    (result,) = await each(
        [device], one, tell=lambda result, left: _tell(kit, result.thing, result.end, result.why, left)
    )
    return result


def _tell(kit: Kit, place: str, end: End, why: str, left: int) -> None:
    click.echo(f"{place}: {kit.words.text(BACK) if end is End.DONE else why}")
    if left:
        kit.say(kit.words.plural("%(n)s device to go", "%(n)s devices to go", left))
