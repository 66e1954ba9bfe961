"""Which days nobody works: weekends and the holidays of the workshop's country."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from sparekey.core.order import working_day

if TYPE_CHECKING:
    from datetime import tzinfo

_EPOCH = date(1970, 1, 1)
_SATURDAY = 5


def day_of(at: int, zone: tzinfo) -> int:
    """The day of a second, in days since 1970, by the clock on the workshop's wall."""
    return (datetime.fromtimestamp(at, zone).date() - _EPOCH).days


def offset(at: int, zone: tzinfo) -> int:
    """Seconds by which that clock is before UTC at a second."""
    away = datetime.fromtimestamp(at, zone).utcoffset()
    return int(away.total_seconds()) if away else 0


def second_of(day: int) -> int:
    """Noon of a day, in Unix seconds: to be told as a date."""
    return int(datetime.combine(_date(day), datetime.min.time(), UTC).timestamp()) + 43200


def is_free(day: int, country: str) -> bool:
    """Whether nobody works on that day."""
    that = _date(day)
    return that.weekday() >= _SATURDAY or that in _holidays(country, that.year)


def due(at: int, count: int, country: str, zone: tzinfo) -> int:
    """The day that is so many working days after a second."""
    return working_day(day_of(at, zone), count, lambda day: is_free(day, country))


def _date(day: int) -> date:
    return _EPOCH + timedelta(days=day)


@lru_cache(maxsize=16)
def _holidays(country: str, year: int) -> frozenset[date]:
    from holidays import country_holidays  # a large library, for a shop alone

    return frozenset(country_holidays(country, years=year))
