"""`sparekey send`: hand requests over to their desk."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sparekey.core.errors import InputError
from sparekey.core.messages.armour import BATCH_ARMOUR_LIMIT, FileKind, wrap
from sparekey.core.messages.batch import make_batch
from sparekey.core.messages.header import Kind
from sparekey.core.values import mail_address
from sparekey.finder import desk_words
from sparekey.finder.command import run
from sparekey.finder.desk import Desk, read_requests
from sparekey.finder.kit import opened
from sparekey.finder.places import bounded_file, private_file
from sparekey.language.catalogue import N_

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sparekey.core.messages.request import Request
    from sparekey.finder.kit import Kit

_LETTERS = {Kind.ENROL: N_("registration"), Kind.NOTICE: N_("notice"), Kind.MAIL: N_("code to be mailed")}
"""What a device has for the desk itself and not for a person there."""
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
@click.option("--answers", type=_FILE, help="where the answers to a device's letters go: .sparekey-response")
@click.option("--journal", type=_FILE, help="the file that remembers")
def command(
    file: Path, url: str, ca_file: Path | None, address: str, answers: Path | None, journal: Path | None
) -> int:
    """Send the requests in FILE to support, and get a case number for each. A device's letters (registrations, notices,
    codes to be mailed) are handed over too; take the file of answers back to it.
    """
    told = mail_address(address) if address else ""
    back = answers or Path(f"{file.stem}-answers{FileKind.ANSWERS.extension}")
    if back.suffix != FileKind.ANSWERS.extension:
        raise InputError("file-name", f"{back.name}: name a file that ends in {FileKind.ANSWERS.extension}")
    requests, broken = read_requests(bounded_file(file, BATCH_ARMOUR_LIMIT))
    kit = opened(journal)
    with kit.journal:
        if broken:
            kit.say(
                kit.words.text("Requests in this file that cannot be read: %(count)s") % {"count": broken}
            )
        desk = Desk(kit.journal, kit.clock, kit.entropy, ca_file)
        letters = [one for one in requests if one.header.kind in _LETTERS]
        good = _carry(kit, desk, letters, url, back) if letters else 0
        asked = [one for one in requests if one.header.kind not in _LETTERS]
        sent = desk.send(asked, url=url, locale=kit.words.code, address=told)
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
    return 0 if taken + good == len(requests) and not broken else 1


def _carry(kit: Kit, desk: Desk, letters: Sequence[Request], url: str, back: Path) -> int:
    """Hand a device's letters over and save the answers. Returns how many were taken."""
    answers = desk.carry(letters, url=url)
    for letter, answer in zip(letters, answers, strict=True):
        identity = letter.header.identity
        what = kit.words.text(_LETTERS[letter.header.kind])
        told = desk_words.letter(answer.verdict, kit.words)
        click.echo(f"{identity.model} {identity.serial}, {what}: {told}")
    text = wrap(FileKind.ANSWERS, make_batch([answer.encoded for answer in answers]), {})
    private_file(back, text.encode())
    kit.say(
        kit.words.text("Hand %(file)s in at the device that saved the letters, on its page Registration.")
        % {"file": back}
    )
    return sum(answer.verdict in desk_words.GOOD for answer in answers)


def main(arguments: list[str]) -> int:
    """Run it. Raises SparekeyError for what the caller prints."""
    return run(command, arguments)
