"""`sparekey network`: give devices of ours other network addresses."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sparekey.core.errors import InputError
from sparekey.finder import asking
from sparekey.finder.batch import on_each
from sparekey.finder.command import run
from sparekey.finder.kit import opened, options
from sparekey.finder.place import read_place, written
from sparekey.lan.link.frame import Refused
from sparekey.lan.link.network import Network
from sparekey.lan.link.owner import Check, Login, SetNetwork

if TYPE_CHECKING:
    from sparekey.finder.trusting import Known

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command(
    "sparekey network", epilog="Without --yes nothing is changed: the login is tried and the plan is shown."
)
@click.argument("devices", nargs=-1, required=True, metavar="DEVICE...")
@click.option("--dhcp", is_flag=True, help="let the network give the address")
@click.option(
    "--address", metavar="ADDRESS/PREFIX", help="a fixed one, such as 192.0.2.20/24; of many, the first's"
)
@click.option("--gateway", default="", help="the router")
@click.option("--dns", "servers", multiple=True, help="a server of names; twice for two")
@click.option("--interface", default="", help="which one, where the device has several")
@click.option("--user", default="admin", show_default=True, help="who signs in")
@click.option("--password-file", type=_FILE, help="the password; else it is asked for")
@click.option("--yes", is_flag=True, help="do it")
@options
def command(
    devices: tuple[str, ...],
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
    """Set the network address of DEVICE...; with a fixed one, the second gets the next address, and so on."""
    if dhcp == (address is not None):
        raise click.UsageError("choose one of --dhcp and --address")
    bare, _, prefix = (address or "").partition("/")
    if address and not prefix.isdecimal():
        raise click.UsageError("an address comes with its prefix: 192.0.2.20/24")
    first = Network(interface, bare, int(prefix or 0), gateway, servers)
    plans = planned(devices, first)
    kit = opened(journal, trusts=trusts)
    with kit.journal:
        login = Login(user, asking.current(password_file, kit.words, user))
        takes = kit.words.text("takes %(address)s now. Find it there with: sparekey find")
        would = kit.words.text("would take %(address)s; nothing was changed. Do it with --yes.")

        async def change(known: Known) -> str | Refused:
            plan = plans[known.place]
            answer = await known.send(SetNetwork(login, plan) if yes else Check(login))
            if isinstance(answer, Refused):
                return answer
            told = f"{plan.address}/{plan.prefix}" if plan.address else kit.words.text("an address by DHCP")
            return (takes if yes else would) % {"address": told}

        return on_each(kit, devices, change, str)


def planned(devices: Sequence[str], first: Network) -> dict[str, Network]:
    """What each device takes, by its place: by DHCP all the same, else one address after the other.

    Raises InputError, also when the network has not so many.
    """
    places = dict.fromkeys(written(read_place(device)) for device in devices)
    if not first.address:
        return dict.fromkeys(places, first)
    start, plans = ipaddress.IPv4Address(first.address), {}
    inside = ipaddress.IPv4Network((int(start), first.prefix), strict=False)
    for count, place in enumerate(places):
        address = start + count
        if address not in inside:
            raise InputError("network", f"{inside} has no room for {len(places)} devices from {start} on")
        plans[place] = replace(first, address=str(address))
    return plans


def main(arguments: list[str]) -> int:
    """Run it. Raises SparekeyError for what the caller prints."""
    return run(command, arguments)
