"""What leaves a device for support: facts to read out, and its sealed request as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core.errors import InputError
from sparekey.core.messages.armour import FileKind, wrap
from sparekey.core.messages.batch import make_batch
from sparekey.core.messages.request import read_request
from sparekey.core.messages.xml import write_xml
from sparekey.core.methods.spoken import shown_day, shown_start
from sparekey.finder.places import private_file

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sparekey.lan.link.recovery import Opened
    from sparekey.language.catalogue import Translator


def facts(opened: Opened, words: Translator) -> list[tuple[str, str]]:
    """Names and values, in the order in which support asks for them."""
    told = [(words.text("Request number"), opened.number)] if opened.number else []
    if opened.spoken is not None:
        spoken = opened.spoken
        told = [(words.text("Serial number"), spoken.serial), *told]
        told += [
            (words.text("Start time"), shown_start(spoken.started)),
            (words.text("Date"), shown_day(spoken.day)),
        ]
        told += [(words.text("MAC"), spoken.mac)] if spoken.mac else []
    if opened.address:
        told.append((words.text("The code goes to"), opened.address))
    if opened.desk:
        told.append((words.text("Support desk"), opened.desk))
    return told


def check_name(out: Path, count: int) -> None:
    """Whether so many requests can be saved there. Raises InputError (`file-name`)."""
    if out.suffix not in (".xml", FileKind.REQUEST.extension):
        raise InputError("file-name", f"{out.name}: name a file that ends in .sparekey-request or .xml")
    if out.suffix == ".xml" and count > 1:
        raise InputError("file-name", "an XML file holds one request; use .sparekey-request for many")


def save(out: Path, sealed: Sequence[bytes]) -> None:
    """One request as XML or armour, several as one file. Raises InputError (`file-name`), UnavailableError."""
    check_name(out, len(sealed))
    if out.suffix == ".xml":
        private_file(out, write_xml(read_request(sealed[0])).encode())
    elif len(sealed) == 1:
        header = read_request(sealed[0]).header
        told = {"Device": f"{header.identity.model} {header.identity.serial}", "Number": header.number}
        private_file(out, wrap(FileKind.REQUEST, sealed[0], told).encode())
    else:
        private_file(out, wrap(FileKind.REQUESTS, make_batch(sealed), {"Devices": str(len(sealed))}).encode())
