"""Serial number, start time, request number and MAC as a caller reads them out: look-alikes and separators forgiven,
once, here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from sparekey.core.codes import fold, read_number
from sparekey.core.errors import InputError
from sparekey.core.values import SERIAL_LIMIT, label
from sparekey.desk.cases.asking import Asked
from sparekey.desk.cases.opening import Handed, Trouble

DAY = 86400
TYPED_LIMIT = 100
"""Characters of one typed line that are looked at."""

_TIME = re.compile(
    r"(\d{4})\D{0,3}(\d{2})\D{0,3}(\d{2})\D{0,3}(\d{2})\D{0,3}(\d{2})\D{0,3}(\d{2})\D*", re.ASCII
)
_UNIX = re.compile(r"\d{1,10}", re.ASCII)
_MAC = re.compile(r"[0-9a-f]{12}")
_DATE = re.compile(r"(\d{4})\D{0,3}(\d{2})\D{0,3}(\d{2})\D*", re.ASCII)


@dataclass(frozen=True)
class Typed:
    """What somebody typed, as typed. `day`: the date that the device shows, or empty for today's."""

    serial: str
    started: str
    number: str
    mac: str = ""
    day: str = ""


def read_typed(typed: Typed, now: int) -> Handed | Trouble:
    """What was read out, in its one form. `now`: Unix seconds, for a date that was left out."""
    try:
        serial = label("serial", " ".join(typed.serial[:TYPED_LIMIT].split()), SERIAL_LIMIT)
    except InputError:
        return Trouble.SERIAL
    started = read_started(typed.started)
    day = read_day(typed.day) if typed.day.strip() else now // DAY
    if started is None or day is None:
        return Trouble.STARTED
    try:
        number = read_number(fold(typed.number))
    except InputError:
        return Trouble.NUMBER
    mac = read_mac(typed.mac)
    if mac is None:
        return Trouble.MAC
    asked = Asked(started=started, number=number, mac=mac, day=day)
    spoken = asked.spoken(serial)
    return Trouble.SERIAL if spoken is None else Handed(serial, spoken.hash, asked)


def read_started(text: str) -> int | None:
    """`2026-09-21 13:05:20` in Unix seconds, as a device shows its start time (UTC); also the bare seconds."""
    bare = _digits(text)
    if _UNIX.fullmatch(bare):
        return int(bare)
    return _moment(_TIME.fullmatch(bare))


def read_day(text: str) -> int | None:
    """`2026-09-21` in days since 1970."""
    found = _moment(_DATE.fullmatch(_digits(text)))
    return None if found is None else found // DAY


def read_case_number(text: str) -> str | None:
    """A case number as somebody typed it: any case, dashes, look-alikes; None when it is none."""
    try:
        return read_number(fold(text.strip().removeprefix("#")))
    except InputError:
        return None


def read_mac(text: str) -> str | None:
    """`02-00-5e-00-53-01` whatever stands between its digits, or empty for none; None when it is no MAC."""
    bare = text[:TYPED_LIMIT].strip().lower().replace("o", "0").replace("l", "1").replace("i", "1")
    digits = re.sub(r"[\s:.-]", "", bare)
    if not digits:
        return ""
    return "-".join(re.findall("..", digits)) if _MAC.fullmatch(digits) else None


def _digits(text: str) -> str:
    """Where only digits can stand, O is 0, I and L are 1."""
    return text[:TYPED_LIMIT].strip().upper().translate(str.maketrans("OIL", "011"))


def _moment(found: re.Match[str] | None) -> int | None:
    if found is None:
        return None
    year, month, day, *clock = (int(part) for part in found.groups())
    hour, minute, second = clock or (0, 0, 0)
    try:
        return int(datetime(year, month, day, hour, minute, second, tzinfo=UTC).timestamp())
    except ValueError:
        return None
