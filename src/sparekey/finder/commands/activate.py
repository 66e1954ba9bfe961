"""`sparekey activate`: the first password of new devices, one or many."""

from __future__ import annotations

from pathlib import Path

import click

from sparekey.core.values import mail_address
from sparekey.finder import asking
from sparekey.finder.activating import Activating
from sparekey.finder.batch import on_each
from sparekey.finder.command import run
from sparekey.finder.kit import opened, options
from sparekey.finder.renewing import renewing
from sparekey.lan.link.owner import Login

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("sparekey activate", epilog="Over the network this works for 30 minutes after power-on.")
@click.argument("devices", nargs=-1, required=True, metavar="DEVICE...")
@click.option("--address", help="the e-mail address for lost passwords")
@click.option(
    "--label",
    metavar="USER",
    help="the user on the label, where the maker has one; its password is asked for",
)
@click.option("--label-password-file", type=_FILE, help="the password on the label")
@click.option("--new-password-file", type=_FILE, help="the new password; else it is asked for")
@click.option("--generate", is_flag=True, help="make a password for each device, and --save them")
@click.option("--save", type=_FILE, help="where made passwords go: .csv or .kdbx")
@click.option("--vault-password-file", type=_FILE, help="opens the .kdbx; else it is asked for")
@options
def command(
    devices: tuple[str, ...],
    address: str | None,
    label: str | None,
    label_password_file: Path | None,
    new_password_file: Path | None,
    generate: bool,
    save: Path | None,
    vault_password_file: Path | None,
    journal: Path | None,
    trusts: bool,
) -> int:
    """Set the first password of DEVICE..., which nobody has set up yet."""
    reserved = mail_address(address) if address else ""
    kit = opened(journal, trusts=trusts)
    with kit.journal:
        factory = None
        if label is not None:
            factory = Login(label, asking.current(label_password_file, kit.words, label))
        new = renewing(
            kit, file=new_password_file, generate=generate, save=save, vault_password=vault_password_file
        )
        activating = Activating(new, reserved, factory)
        done = kit.words.text("set up. The user name is %(account)s.")
        code = on_each(kit, devices, activating.one, lambda told: done % {"account": told.account})
        saved = new.finish()
        if saved:
            kit.say(
                kit.words.text("Saved in %(file)s: %(count)s passwords.") % {"file": save, "count": saved}
            )
    return code


def main(arguments: list[str]) -> int:
    """Run it. Raises SparekeyError for what the caller prints."""
    return run(command, arguments)
