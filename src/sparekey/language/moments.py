"""Points in time and durations, as people say them.

All times are Unix seconds; `offset` is the zone's distance from UTC in seconds, east positive. Nothing here
reads a clock: the caller says what "now" is.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sparekey.language.catalogue import N_

if TYPE_CHECKING:
    from sparekey.language.catalogue import Translator

_MINUTE, _HOUR, _DAY = 60, 3600, 86400

_MONTHS = (
    N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June"),
    N_("July"), N_("August"), N_("September"), N_("October"), N_("November"), N_("December"),
)  # fmt: skip


def moment(at: int, now: int, offset: int, words: Translator) -> str:
    """A point in time near `now`: "14:30", "14:30 tomorrow", "14:30 yesterday", else with the date.

    "valid until " or "saved at " goes well in front of it.
    """
    there, here = _local(at, offset), _local(now, offset)
    clock = f"{there.hour}:{there.minute:02d}"
    days = there.date().toordinal() - here.date().toordinal()
    _ = words.text
    if days == 0:
        return clock
    if days == 1:
        return _("%(time)s tomorrow") % {"time": clock}
    if days == -1:
        return _("%(time)s yesterday") % {"time": clock}
    return _("%(time)s on %(date)s") % {"time": clock, "date": date(at, now, offset, words)}


def date(at: int, now: int, offset: int, words: Translator) -> str:
    """A day: "3 May", with the year when it is not the year of `now`: "3 May 2025"."""
    there, here = _local(at, offset), _local(now, offset)
    _ = words.text
    parts = {"day": there.day, "month": _(_MONTHS[there.month - 1]), "year": there.year}
    return (_("%(day)s %(month)s") if there.year == here.year else _("%(day)s %(month)s %(year)s")) % parts


def duration(seconds: int, words: Translator) -> str:
    """A length of time in its one fitting unit, rounded up: "45 seconds", "2 min", "24 hours", "7 days".

    Up to 48 hours are told in hours, because "24 hours" says more than "1 day". Zero and less is "0 seconds".
    """
    seconds = max(seconds, 0)
    if seconds == 0 or (seconds < 2 * _MINUTE and seconds != _MINUTE):
        return words.plural("%(n)s second", "%(n)s seconds", seconds)
    if seconds <= 59 * _MINUTE:
        return words.plural("%(n)s min", "%(n)s min", _up(seconds, _MINUTE))
    if seconds <= 48 * _HOUR:
        return words.plural("%(n)s hour", "%(n)s hours", _up(seconds, _HOUR))
    return words.plural("%(n)s day", "%(n)s days", _up(seconds, _DAY))


def about_working_days(days: int, words: Translator) -> str:
    """A promise in whole working days: "about 3 working days"."""
    return words.plural("about %(n)s working day", "about %(n)s working days", days)


def _local(at: int, offset: int) -> datetime:
    return datetime.fromtimestamp(at, UTC) + timedelta(seconds=offset)


def _up(seconds: int, unit: int) -> int:
    return -(-seconds // unit)
