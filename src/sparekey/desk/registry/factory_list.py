"""The maker's list of serials and token hashes: a file of a million lines, read as a stream, from where it broke off
(spec/enrolment.md section 11).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from sparekey.core import crypto
from sparekey.core.errors import InputError, UnavailableError
from sparekey.core.values import SERIAL_LIMIT, label
from sparekey.desk.registry.tables import factory, factory_files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import BinaryIO

    from sqlalchemy import Connection

    from sparekey.desk.store.database import Database

AT_ONCE = 2000
"""Lines of one transaction."""
LINE_LIMIT = 256
"""Bytes of a line, at most."""
HEAD = b"serial,sha256"

_HASH = re.compile(r"[0-9a-fA-F]{64}")


@dataclass(frozen=True)
class BadLine:
    """A line that was passed over. `why`: a slug."""

    number: int
    why: str


@dataclass(frozen=True)
class _Line:
    """One that fits."""

    number: int
    serial: str
    digest: bytes


@dataclass(frozen=True)
class Imported:
    """`lines`: of the whole file so far. `added`: this time."""

    lines: int
    added: int
    bad: int


def import_list(database: Database, path: Path, bad: Callable[[BadLine], None]) -> Imported:
    """Read the file from where an earlier reading ended. `bad` hears of each line that does not fit.

    Raises UnavailableError when file or store fail; what was read by then stays.
    """
    try:
        with path.open("rb") as file:
            return _import(database, file, bad)
    except OSError as error:
        raise UnavailableError("no-file", f"cannot read {path}: {error.strerror}") from None


def _import(database: Database, file: BinaryIO, bad: Callable[[BadLine], None]) -> Imported:
    mark = _mark(file)
    with database.reading() as connection:
        known = connection.execute(select(factory_files).where(factory_files.c.mark == mark)).first()
    offset, number = (known.offset, known.lines) if known else (0, 0)
    file.seek(offset)
    fresh, added, wrong = known is None, 0, 0
    while part := list(islice(_lines(file), AT_ONCE)):
        read = [_read(line, place) for place, (_, line) in enumerate(part, number + 1)]
        offset += sum(size for size, _ in part)
        with database.writing() as connection:
            good = [line for line in read if isinstance(line, _Line)]
            more, clashes = _store(connection, good)
            _progress(connection, mark, offset, number + len(part), fresh=fresh)
        number, added, fresh = number + len(part), added + more, False
        faults = [line for line in read if isinstance(line, BadLine)]
        for fault in sorted((*faults, *clashes), key=lambda fault: fault.number):
            wrong += 1
            bad(fault)
    return Imported(number, added, wrong)


def _lines(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """How many bytes each line has, and as much of it as is worth reading."""
    while line := file.readline(LINE_LIMIT + 2):
        size, end = len(line), line
        while not end.endswith(b"\n") and (end := file.readline(1 << 16)):
            size += len(end)
        yield size, line


def _read(line: bytes, number: int) -> _Line | BadLine | None:
    """Serial and hash; None for a line that says nothing."""
    if len(line) > LINE_LIMIT:
        return BadLine(number, "too-long")
    try:
        text = line.decode("utf-8-sig" if number == 1 else "utf-8").strip("\r\n")
    except UnicodeDecodeError:
        return BadLine(number, "not-utf-8")
    if not text or (number == 1 and text.encode() == HEAD):
        return None
    serial, comma, digest = text.partition(",")
    if not comma or not _HASH.fullmatch(digest):
        return BadLine(number, "no-hash")
    try:
        return _Line(number, label("serial", serial, SERIAL_LIMIT), bytes.fromhex(digest))
    except InputError:
        return BadLine(number, "bad-serial")


def _store(connection: Connection, part: list[_Line]) -> tuple[int, list[BadLine]]:
    query = select(factory.c.serial, factory.c.token_hash).where(
        factory.c.serial.in_([line.serial for line in part])
    )
    known = {row.serial: bytes(row.token_hash) for row in connection.execute(query)}
    fresh, clashes = [], []
    for line in part:
        held = known.setdefault(line.serial, b"")
        if not held:
            known[line.serial] = line.digest
            fresh.append({"serial": line.serial, "token_hash": line.digest})
        elif held != line.digest:
            clashes.append(BadLine(line.number, "other-hash"))
    if fresh:
        connection.execute(insert(factory), fresh)
    return len(fresh), clashes


def _progress(connection: Connection, mark: bytes, offset: int, lines: int, *, fresh: bool) -> None:
    values = {"offset": offset, "lines": lines}
    if fresh:
        connection.execute(insert(factory_files).values(mark=mark, **values))
    else:
        connection.execute(update(factory_files).where(factory_files.c.mark == mark).values(values))


def _mark(file: BinaryIO) -> bytes:
    """By what a file is known again: how it begins, and how long it is."""
    start = file.read(1 << 16)
    size = file.seek(0, 2)
    return crypto.sha256(size.to_bytes(8, "big") + start)
