"""Files that people save, mail and open by mistake: armoured text with a header they can read (spec/files.md)."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from enum import Enum

from sparekey.core.errors import InputError

ARMOUR_LIMIT = 256 * 1024
"""Characters of a whole file, at most."""

_WIDTH = 64
_LINE_END = re.compile(r"\r\n|\r|\n")
_AROUND = " \t\ufeff"
"""What may stand around a line: spaces, tabs, and the mark that some editors put before the first one."""


class FileKind(Enum):
    """What the file says it is; the value stands between the dashes."""

    REQUEST = "SPAREKEY REQUEST"
    TRUST = "SPAREKEY TRUST FILE"


def wrap(kind: FileKind, data: bytes, told: Mapping[str, str]) -> str:
    """The file's text. `told` is for the reader's eye only and is not read back."""
    text = base64.b64encode(data).decode()
    lines = [f"-----BEGIN {kind.value}-----"]
    lines += [f"{name}: {value}" for name, value in told.items()]
    lines.append("")
    lines += [text[start : start + _WIDTH] for start in range(0, len(text), _WIDTH)]
    lines.append(f"-----END {kind.value}-----")
    return "\n".join(lines) + "\n"


def unwrap(kind: FileKind, text: str) -> bytes:
    """The bytes inside. Line ends may be CRLF and lines may carry spaces at their ends, as mail programs leave them.

    Exactly one block of the wanted kind; text before and after it is passed over. Raises InputError.
    """
    if len(text) > ARMOUR_LIMIT:
        raise InputError("oversize", "this file is too large")
    lines = [line.strip(_AROUND) for line in _LINE_END.split(text)]
    begin, end = f"-----BEGIN {kind.value}-----", f"-----END {kind.value}-----"
    if lines.count(begin) != 1 or lines.count(end) != 1 or lines.index(begin) > lines.index(end):
        raise InputError("armour", f"this file does not hold one {kind.value.lower()}")
    block = lines[lines.index(begin) + 1 : lines.index(end)]
    if "" not in block:
        raise InputError("armour", "the file is damaged: the line between its head and its content is missing")
    body = "".join(block[block.index("") + 1 :])
    try:
        data = base64.b64decode(body, validate=True)
    except ValueError:
        raise InputError("armour", "the file is damaged or not complete") from None
    if base64.b64encode(data).decode() != body:
        raise InputError("armour", "the file is damaged: it is not written in its one normal form")
    return data
