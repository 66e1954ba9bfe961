"""Devices as rows: of a table for people, of JSON and of CSV for programs."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sparekey.lan.discovery.found import Found
    from sparekey.language.catalogue import Translator

KEYS = (
    "state", "brand", "model", "name", "serial", "mac", "address", "firmware", "started", "protocols",
    "addresses", "links", "ways", "ident",
)  # fmt: skip
"""The keys of JSON, and the columns of CSV, in this order. New ones come to the end."""
_STATES = {True: "set", False: "new", None: "unknown"}
_GAP = "  "


def address_of(found: Found) -> str:
    """The address by which it is reached: the one that answered, which works also where the device told a wrong one."""
    return found.sender


def fact(found: Found) -> dict[str, str | list[str]]:
    """What a program reads. Lists stay lists; nothing is translated."""
    ways = [] if found.ways is None else sorted(way.value for way in found.ways)
    return {
        "state": _STATES[found.activated],
        "brand": found.brand,
        "model": found.model,
        "name": found.name,
        "serial": found.serial,
        "mac": found.mac,
        "address": address_of(found),
        "firmware": found.firmware,
        "started": found.started,
        "protocols": [protocol.value for protocol in found.protocols],
        "addresses": list(found.addresses),
        "links": list(found.links),
        "ways": ways,
        "ident": found.ident,
    }


def as_json(devices: Iterable[Found]) -> str:
    """One array of objects."""
    return json.dumps([fact(found) for found in devices], ensure_ascii=False, indent=2) + "\n"


def as_csv(devices: Iterable[Found]) -> str:
    """A header and one line each (RFC 4180); lists are joined by spaces.

    What a stranger told could be run as a formula by a spreadsheet, so such a text gets an apostrophe in front.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(KEYS)
    for found in devices:
        told = fact(found)
        writer.writerow(
            [
                _harmless(value if isinstance(value, str) else " ".join(value))
                for value in (told[key] for key in KEYS)
            ]
        )
    return out.getvalue()


def titles(words: Translator) -> tuple[str, ...]:
    """The heads of the table's columns."""
    return (
        words.text("State"),
        words.text("Brand"),
        words.text("Model"),
        words.text("Address"),
        words.text("Name"),
        words.text("Serial number"),
        words.text("MAC"),
    )


def cells(found: Found, words: Translator) -> tuple[str, ...]:
    """One line of the table."""
    states = {
        True: words.text("in use"),
        False: words.text("not set up"),
        None: words.text("not told"),
    }
    return (
        states[found.activated],
        found.brand,
        found.model,
        address_of(found),
        found.name,
        found.serial,
        found.mac,
    )


def as_table(devices: Iterable[Found], words: Translator, width: int) -> str:
    """Lines of at most `width` columns; what is too long ends in a dot-dot-dot. Later columns give way first."""
    lines = [titles(words), *(cells(found, words) for found in devices)]
    widths = [max(columns(line[at]) for line in lines) for at in range(len(lines[0]))]
    while sum(widths) + len(_GAP) * (len(widths) - 1) > width and len(widths) > 2:
        over = sum(widths) + len(_GAP) * (len(widths) - 1) - width
        widest = max(range(len(widths)), key=lambda at: (widths[at], at))
        if widths[widest] > 12:
            widths[widest] = max(12, widths[widest] - over)
        else:
            widths.pop()
    return "".join(
        _GAP.join(_cut(text, room) for text, room in zip(line, widths, strict=False)).rstrip() + "\n"
        for line in lines
    )


def columns(text: str) -> int:
    """How wide a terminal shows it (Unicode Standard Annex 11)."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text
    )


def _cut(text: str, room: int) -> str:
    if columns(text) <= room:
        return text + " " * (room - columns(text))
    kept = text
    while columns(kept) > room - 1:
        kept = kept[:-1]
    return kept + "…" + " " * (room - 1 - columns(kept))


def _harmless(text: str) -> str:
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t") else text


def summary(devices: Sequence[Found], words: Translator) -> str:
    """How many, in words."""
    return words.plural("%(n)s device found", "%(n)s devices found", len(devices))
