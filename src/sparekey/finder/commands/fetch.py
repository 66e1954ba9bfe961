"""`sparekey fetch`: how cases stand at their desk, and the answers of those that have one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sparekey.core.crypto import sha256
from sparekey.core.errors import InputError, SparekeyError
from sparekey.core.messages.armour import FileKind, wrap
from sparekey.core.messages.batch import make_batch
from sparekey.finder import desk_words
from sparekey.finder.command import run
from sparekey.finder.desk import Desk
from sparekey.finder.kit import opened
from sparekey.finder.places import private_file

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sparekey.finder.desk import Heard
    from sparekey.finder.kit import Kit

_FILE = click.Path(dir_okay=False, path_type=Path)
NOT_YET = 1
"""Exit code when some case has no answer."""


@click.command(
    "sparekey fetch",
    epilog="Exit codes: 0 every case has its answer, 1 some have none yet, 4 no desk answered.",
)
@click.argument("cases", nargs=-1, metavar="[CASE]...")
@click.option("--out", type=_FILE, help="the file for the answers: .sparekey-response")
@click.option("--ca-file", type=_FILE, help="the authority of the desk's certificate, beside the system's")
@click.option("--journal", type=_FILE, help="the file that remembers")
def command(cases: tuple[str, ...], out: Path | None, ca_file: Path | None, journal: Path | None) -> int:
    """Ask how CASE... stand, all of them without a number, and save the answers."""
    if out is not None and out.suffix != FileKind.RESPONSE.extension:
        raise InputError("file-name", f"{out.name}: name a file that ends in {FileKind.RESPONSE.extension}")
    kit = opened(journal)
    with kit.journal:
        desk = Desk(kit.journal, kit.clock, kit.entropy, ca_file)
        asked = desk.kept(cases)
        if not asked:
            kit.say(kit.words.text("No case was opened from here. Send a request first: sparekey send FILE"))
            return NOT_YET
        heard, silent = [], 0
        for one in asked:
            try:
                heard.append(desk.fetch(one))
            except SparekeyError as error:
                silent += 1
                click.echo(f"{one.number}: {error.hint or error.slug}")
        for answer in heard:
            _tell(kit, answer)
        files = [answer for answer in heard if answer.told and answer.told.response]
        if files:
            _save(kit, files, out)
        for answer in heard:
            if answer.is_over:
                kit.journal.heard(answer.asked)
    if silent:
        return 4
    return 0 if all(one.told and (one.told.response or one.told.key) for one in heard) else NOT_YET


def main(arguments: list[str]) -> int:
    """Run it. Raises SparekeyError for what the caller prints."""
    return run(command, arguments)


def _tell(kit: Kit, heard: Heard) -> None:
    words, told, number = kit.words, heard.told, heard.asked.number
    if told is not None and told.response:
        click.echo(f"{number}: {words.text('The answer is here.')}")
    if told is not None and told.key is not None:
        click.echo(f"{number}: {words.text('Key from support:')} {told.key.shown}")
        kit.say(
            words.text("Type it with: sparekey apply --type key --device %(place)s")
            % {"place": _place(kit, heard)}
        )
    if told is None or not (told.response or told.key):
        click.echo(f"{number}: {desk_words.standing(told, kit.clock.wall(), words)}")


def _place(kit: Kit, heard: Heard) -> str:
    there = (
        one.place for one in kit.journal.begun() if one.request and sha256(one.request) == heard.asked.request
    )
    return next(there, "DEVICE")


def _save(kit: Kit, files: Sequence[Heard], out: Path | None) -> None:
    """One file for all of them; where none is named, by the number of the case, in this folder."""
    responses = [heard.told.response for heard in files if heard.told]
    number = files[0].asked.number
    if len(responses) == 1:
        path = out or Path(f"{number}{FileKind.RESPONSE.extension}")
        text = wrap(FileKind.RESPONSE, responses[0], {"Case": number})
    else:
        path = out or Path(f"answers{FileKind.RESPONSES.extension}")
        text = wrap(FileKind.RESPONSES, make_batch(responses), {"Devices": str(len(responses))})
    private_file(path, text.encode())
    kit.say(kit.words.text("Saved: %(file)s. Hand it in with: sparekey apply %(file)s") % {"file": path})
