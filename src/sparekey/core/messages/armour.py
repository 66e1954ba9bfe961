"""Files that people save, mail and open by mistake: text with a head they can read (spec/files.md)."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from enum import Enum

from sparekey.core.errors import InputError, MisuseError

ARMOUR_LIMIT = 256 * 1024
"""Characters of a file for one device, at most."""
BATCH_LIMIT = 32 * 1024 * 1024
"""Bytes in a file for many devices, at most."""
BATCH_ARMOUR_LIMIT = 48 * 1024 * 1024
"""Characters of a file for many devices, at most."""

_WIDTH = 64
_LINE_END = re.compile(r"\r\n|\r|\n")
_AROUND = " \t\ufeff"
"""What may stand around a line: spaces, tabs, and the mark that some editors put before the first one."""
_BEGIN = re.compile(r"-----BEGIN ([A-Z ]{1,40})-----")


class FileKind(Enum):
    """What a file says it is; the value stands between the dashes. `extension`: of its name. `limit`:
    characters.
    """

    extension: str
    limit: int

    def __new__(cls, name: str, extension: str, limit: int = ARMOUR_LIMIT) -> FileKind:
        """A row of the table below."""
        kind = object.__new__(cls)
        kind._value_ = name
        kind.extension = extension
        kind.limit = limit
        return kind

    REQUEST = ("SPAREKEY REQUEST", ".sparekey-request")
    REQUESTS = ("SPAREKEY REQUESTS", ".sparekey-request", BATCH_ARMOUR_LIMIT)
    RESPONSE = ("SPAREKEY RESPONSE", ".sparekey-response")
    RESPONSES = ("SPAREKEY RESPONSES", ".sparekey-response", BATCH_ARMOUR_LIMIT)
    REPLY = ("SPAREKEY ENROLMENT REPLY", ".sparekey-response")
    ANSWERS = ("SPAREKEY ANSWERS", ".sparekey-response", BATCH_ARMOUR_LIMIT)
    KEY = ("SPAREKEY KEY FILE", ".sparekey-key")
    TRUST = ("SPAREKEY TRUST FILE", ".sparekey-trust")


def wrap(kind: FileKind, data: bytes, told: Mapping[str, str]) -> str:
    """The file's text. `told` is for the reader's eye only and is not read back. Raises MisuseError when it
    would not stay on its lines.
    """
    if any(not (name + value).isprintable() or not name for name, value in told.items()):
        raise MisuseError("armour-head", "what a file tells its reader stands on one line each")
    lines = [f"-----BEGIN {kind.value}-----"]
    lines += [f"{name}: {value}" for name, value in told.items()]
    lines.append("")
    lines += to_lines(data)
    lines.append(f"-----END {kind.value}-----")
    return "\n".join(lines) + "\n"


def kind_of(text: str) -> FileKind:
    """What the first block of an armoured text says it is. Raises InputError (`armour`)."""
    found = _BEGIN.search(text)
    for kind in FileKind:
        if found is not None and found[1] == kind.value:
            return kind
    raise InputError("armour", "this is no file of sparekey, or only a part of one")


def unwrap(kind: FileKind, text: str) -> bytes:
    """The bytes inside. Line ends may be CRLF and lines may carry spaces at their ends, as mail programs
    leave them.

    Exactly one block of the wanted kind; text before and after it is passed over. Raises InputError.
    """
    if len(text) > kind.limit:
        raise InputError("oversize", "this file is too large")
    lines = [line.strip(_AROUND) for line in _LINE_END.split(text)]
    begin, end = f"-----BEGIN {kind.value}-----", f"-----END {kind.value}-----"
    if lines.count(begin) != 1 or lines.count(end) != 1 or lines.index(begin) > lines.index(end):
        raise InputError("armour", f"this file does not hold one {kind.value.lower()}")
    block = lines[lines.index(begin) + 1 : lines.index(end)]
    if "" not in block:
        raise InputError(
            "armour", "the file is damaged: the line between its head and its content is missing"
        )
    return from_base64("".join(block[block.index("") + 1 :]))


def to_lines(data: bytes) -> list[str]:
    """Base 64 (RFC 4648 section 4) in lines of 64 characters."""
    text = base64.b64encode(data).decode()
    return [text[start : start + _WIDTH] for start in range(0, len(text), _WIDTH)]


def from_base64(body: str) -> bytes:
    """The bytes of base 64 in its one normal form: padded, unused bits zero. Raises InputError (`armour`)."""
    try:
        data = base64.b64decode(body, validate=True)
    except ValueError:
        raise InputError("armour", "the file is damaged or not complete") from None
    if base64.b64encode(data).decode() != body:
        raise InputError("armour", "the file is damaged: it is not written in its one normal form")
    return data
