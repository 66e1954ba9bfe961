"""`sparekey mailbox`: reserve the e-mail address for lost passwords, on one device of ours or many."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sparekey.core.values import mail_address
from sparekey.finder import asking
from sparekey.finder.batch import on_each
from sparekey.finder.command import run
from sparekey.finder.kit import opened, options
from sparekey.lan.link.frame import Nothing, Refused
from sparekey.lan.link.owner import Check, Login, SetAddress

if TYPE_CHECKING:
    from sparekey.finder.trusting import Known
    from sparekey.lan.link.owner import Known as Told

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command(
    "sparekey mailbox", epilog="Without --yes nothing is changed: the login is tried and the plan is shown."
)
@click.argument("devices", nargs=-1, required=True, metavar="DEVICE...")
@click.option("--address", help="the address; without it none is reserved any more")
@click.option("--none", "remove", is_flag=True, help="take the address away")
@click.option("--user", default="admin", show_default=True, help="who signs in")
@click.option("--password-file", type=_FILE, help="the password of all of them; else it is asked for")
@click.option("--yes", is_flag=True, help="do it")
@options
def command(
    devices: tuple[str, ...],
    address: str | None,
    remove: bool,
    user: str,
    password_file: Path | None,
    yes: bool,
    journal: Path | None,
    trusts: bool,
) -> int:
    """Reserve an e-mail address on DEVICE... for lost passwords."""
    if remove == (address is not None):
        raise click.UsageError("choose one of --address and --none")
    reserved = mail_address(address) if address else ""
    kit = opened(journal, trusts=trusts)
    with kit.journal:
        login = Login(user, asking.current(password_file, kit.words, user))

        async def change(known: Known) -> Nothing | Told | Refused:
            return await known.send(SetAddress(login, reserved) if yes else Check(login))

        changed = kit.words.text("changed. The old address is told, and hears for seven more days.")
        would = kit.words.text("would change; nothing was changed. Do it with --yes.")
        return on_each(kit, devices, change, lambda _: changed if yes else would)


def main(arguments: list[str]) -> int:
    """Run it. Raises SparekeyError for what the caller prints."""
    return run(command, arguments)
