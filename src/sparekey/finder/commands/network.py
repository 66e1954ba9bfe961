"""`sparekey network`: give a device of ours another network address."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sparekey.finder import asking
from sparekey.finder.batch import on_each
from sparekey.finder.command import run
from sparekey.finder.kit import opened, options
from sparekey.lan.link.frame import Nothing, Refused
from sparekey.lan.link.network import Network
from sparekey.lan.link.owner import Check, Login, SetNetwork

if TYPE_CHECKING:
    from sparekey.finder.trusting import Known
    from sparekey.lan.link.owner import Known as Told

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command(
    "sparekey network", epilog="Without --yes nothing is changed: the login is tried and the plan is shown."
)
@click.argument("device", metavar="DEVICE")
@click.option("--dhcp", is_flag=True, help="let the network give the address")
@click.option("--address", metavar="ADDRESS/PREFIX", help="a fixed address, such as 192.0.2.20/24")
@click.option("--gateway", default="", help="the router")
@click.option("--dns", "servers", multiple=True, help="a server of names; twice for two")
@click.option("--interface", default="", help="which one, where the device has several")
@click.option("--user", default="admin", show_default=True, help="who signs in")
@click.option("--password-file", type=_FILE, help="the password; else it is asked for")
@click.option("--yes", is_flag=True, help="do it")
@options
def command(
    device: str,
    dhcp: bool,
    address: str | None,
    gateway: str,
    servers: tuple[str, ...],
    interface: str,
    user: str,
    password_file: Path | None,
    yes: bool,
    journal: Path | None,
    trusts: bool,
) -> int:
    """Set the network address of DEVICE."""
    if dhcp == (address is not None):
        raise click.UsageError("choose one of --dhcp and --address")
    bare, _, prefix = (address or "").partition("/")
    if address and not prefix.isdecimal():
        raise click.UsageError("an address comes with its prefix: 192.0.2.20/24")
    plan = Network(interface, bare, int(prefix or 0), gateway, servers)
    kit = opened(journal, trusts=trusts)
    with kit.journal:
        login = Login(user, asking.current(password_file, kit.words, f"{user} @ {device}"))

        async def change(known: Known) -> Nothing | Told | Refused:
            return await known.send(SetNetwork(login, plan) if yes else Check(login))

        changes = kit.words.text("takes the new address now. Find it there with: sparekey find")
        would = kit.words.text("would change; nothing was changed. Do it with --yes.")
        return on_each(kit, [device], change, lambda _: changes if yes else would)


def main(arguments: list[str]) -> int:
    """Run it. Raises SparekeyError for what the caller prints."""
    return run(command, arguments)
