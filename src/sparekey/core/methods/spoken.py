"""What is read out for a security code, as text: shown, copied, saved, drawn as a square, and read back by the desk
(spec/requests.md section 10).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from sparekey.core.codes import read_number
from sparekey.core.codes.folding import fold
from sparekey.core.errors import InputError
from sparekey.core.methods.security_code import Spoken
from sparekey.core.policy import DAY
from sparekey.core.values import SERIAL_LIMIT, label

TEXT_LIMIT = 4096
"""Characters of a text in which this is looked for: a whole mail, perhaps."""
TITLE = "SPAREKEY SECURITY CODE"
SERIAL, STARTED, NUMBER, DATE, MAC = "Serial number", "Start time", "Request number", "Date", "MAC"
"""What stands in front of each value, in English whatever the reader speaks."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MAC = re.compile(r"[0-9a-f]{2}(?:-[0-9a-f]{2}){5}", re.ASCII)


def shown_start(started: int) -> str:
    """A start time as the device shows it, UTC of its own clock: `2023-11-14 19:26:40`."""
    return f"{_EPOCH + timedelta(seconds=started):%Y-%m-%d %H:%M:%S}"


def shown_day(day: int) -> str:
    """A date as the device shows it: `2023-11-14`."""
    return f"{_EPOCH + timedelta(days=day):%Y-%m-%d}"


def read_start(typed: str) -> int:
    """Unix seconds of a start time as it is shown. Raises InputError (`spoken`)."""
    text = " ".join(typed.replace("T", " ").split())
    if not _MOMENT.fullmatch(text):
        raise InputError("spoken", "a start time looks like 2023-11-14 19:26:40")
    return _seconds(text)


def read_day(typed: str) -> int:
    """Days since 1970 of a date as it is shown. Raises InputError (`spoken`)."""
    text = typed.strip()
    if not _DAY.fullmatch(text):
        raise InputError("spoken", "a date looks like 2023-11-14")
    return _seconds(f"{text} 00:00:00") // DAY


def read_mac(typed: str) -> str:
    """A network address as it is shown: small letters, dashes. Raises InputError (`spoken`)."""
    text = typed.strip().lower().replace(":", "-")
    if not _MAC.fullmatch(text):
        raise InputError("spoken", "a MAC looks like 02-00-5e-00-53-01")
    return text


def spoken_text(spoken: Spoken, day: int) -> str:
    """All of it, one value a line."""
    lines = [
        TITLE,
        f"{SERIAL}: {spoken.serial}",
        f"{STARTED}: {shown_start(spoken.started)}",
        f"{NUMBER}: {spoken.number}",
        f"{DATE}: {shown_day(day)}",
    ]
    if spoken.mac:
        lines.append(f"{MAC}: {spoken.mac}")
    return "\n".join(lines) + "\n"


def is_spoken(text: str) -> bool:
    """Whether a text is meant as one of these: its title stands there, or a line with a request number."""
    return TITLE in text or re.search(rf"^[ \t>]*{NUMBER}:", text, re.MULTILINE) is not None


def read_spoken(text: str) -> tuple[Spoken, int]:
    """What a text of that form says: what is read out, and the date. Lines that are something else, a greeting and a
    signature, are passed over. Raises InputError (`spoken`, `oversize`) when a value is missing, told twice, or
    has another form.
    """
    if len(text) > TEXT_LIMIT:
        raise InputError("oversize", "this text is too long")
    found: dict[str, str] = {}
    for line in text.splitlines():
        name, colon, value = line.strip(" \t>").partition(":")
        if not colon or name not in (SERIAL, STARTED, NUMBER, DATE, MAC):
            continue
        if name in found:
            raise InputError("spoken", f"there is more than one line “{name}”")
        found[name] = value.strip()
    missing = [name for name in (SERIAL, STARTED, NUMBER, DATE) if name not in found]
    if missing:
        raise InputError("spoken", f"the line “{missing[0]}” is missing")
    spoken = Spoken(
        serial=label("serial", found[SERIAL], SERIAL_LIMIT),
        started=read_start(found[STARTED]),
        number=read_number(fold(found[NUMBER])),
        mac=read_mac(found[MAC]) if MAC in found else "",
    )
    return spoken, read_day(found[DATE])


def _seconds(text: str) -> int:
    try:
        moment = datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        raise InputError("spoken", "there is no such date or time") from None
    return int((moment - _EPOCH).total_seconds())
