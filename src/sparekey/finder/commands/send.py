"""`sparekey send`: hand requests over to their desk."""

from __future__ import annotations

from pathlib import Path

import click

from sparekey.core.messages.armour import BATCH_ARMOUR_LIMIT
from sparekey.core.values import mail_address
from sparekey.finder import desk_words
from sparekey.finder.command import run
from sparekey.finder.desk import Desk, read_requests
from sparekey.finder.kit import opened
from sparekey.finder.places import bounded_file

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command(
    "sparekey send",
    epilog="Sent again, a request is the same case. Exit codes: 0 all, 1 some said no, 4 no desk.",
)
@click.argument("file", type=_FILE, required=True)
@click.option(
    "--desk", "url", metavar="URL", default="", help="the desk, for a request that was made elsewhere"
)
@click.option("--ca-file", type=_FILE, help="the authority of the desk's certificate, beside the system's")
@click.option("--address", default="", help="who is told by e-mail how the case goes")
@click.option("--journal", type=_FILE, help="the file that remembers")
def command(file: Path, url: str, ca_file: Path | None, address: str, journal: Path | None) -> int:
    """Send the requests in FILE to support, and get a case number for each."""
    told = mail_address(address) if address else ""
    requests, broken = read_requests(bounded_file(file, BATCH_ARMOUR_LIMIT))
    kit = opened(journal)
    with kit.journal:
        if broken:
            kit.say(
                kit.words.text("Requests in this file that cannot be read: %(count)s") % {"count": broken}
            )
        desk = Desk(kit.journal, kit.clock, kit.entropy, ca_file)
        sent = desk.send(requests, url=url, locale=kit.words.code, address=told)
        taken = 0
        for one in sent:
            identity = one.request.header.identity
            name = f"{identity.model} {identity.serial}"
            if one.number:
                taken += 1
                case = kit.words.text("case %(number)s") % {"number": one.number}
                click.echo(f"{name}: {case}")
            else:
                click.echo(f"{name}: {desk_words.no(one.verdict, kit.words)}")
        if taken:
            number = next(one.number for one in sent if one.number)
            kit.say(
                kit.words.text("Fetch the answer later with: sparekey fetch %(number)s")
                % {"number": number if taken == 1 else ""}
            )
    return 0 if taken == len(sent) and not broken else 1


def main(arguments: list[str]) -> int:
    """Run it. Raises SparekeyError for what the caller prints."""
    return run(command, arguments)
