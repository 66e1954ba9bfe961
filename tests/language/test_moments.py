from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparekey.language.catalogue import translator
from sparekey.language.moments import about_working_days, date, duration, moment

NOW = 1_779_366_600  # 21 May 2026, 12:30 UTC
HOUR, DAY = 3600, 86400
EN, CS = translator("en"), translator("cs")


@pytest.mark.parametrize(
    ("at", "offset", "english", "czech"),
    [
        (NOW, 0, "12:30", "12:30"),
        (NOW, 2 * HOUR, "14:30", "14:30"),
        (NOW + DAY, 2 * HOUR, "14:30 tomorrow", "zítra 14:30"),
        (NOW - DAY, 2 * HOUR, "14:30 yesterday", "včera 14:30"),
        (NOW + 11 * HOUR, 2 * HOUR, "1:30 tomorrow", "zítra 1:30"),
        (NOW + 11 * HOUR, -5 * HOUR, "18:30", "18:30"),
        (NOW + 2 * DAY, 0, "12:30 on 23 May", "23. května 12:30"),
        (NOW + 300 * DAY, 0, "12:30 on 17 March 2027", "17. března 2027 12:30"),
        (NOW - 2 * DAY - 30 * 60, 0, "12:00 on 19 May", "19. května 12:00"),
        (NOW - 5 * HOUR - 25 * 60, 0, "7:05", "7:05"),
    ],
)
def test_a_time_is_said_as_seen_from_now(at: int, offset: int, english: str, czech: str) -> None:
    assert moment(at, NOW, offset, EN) == english
    assert moment(at, NOW, offset, CS) == czech


def test_a_date_names_the_year_only_when_it_is_another_one() -> None:
    assert date(NOW, NOW, 0, EN) == "21 May"
    assert date(NOW, NOW + 365 * DAY, 0, EN) == "21 May 2026"
    assert date(NOW, NOW + 365 * DAY, 0, CS) == "21. května 2026"


@pytest.mark.parametrize(
    ("seconds", "english", "czech"),
    [
        (-5, "0 seconds", "0 sekund"),
        (0, "0 seconds", "0 sekund"),
        (1, "1 second", "1 sekunda"),
        (3, "3 seconds", "3 sekundy"),
        (45, "45 seconds", "45 sekund"),
        (60, "1 min", "1 min"),
        (90, "90 seconds", "90 sekund"),
        (120, "2 min", "2 min"),
        (121, "3 min", "3 min"),
        (59 * 60, "59 min", "59 min"),
        (59 * 60 + 1, "1 hour", "1 hodina"),
        (HOUR, "1 hour", "1 hodina"),
        (HOUR + 1, "2 hours", "2 hodiny"),
        (5 * HOUR, "5 hours", "5 hodin"),
        (DAY, "24 hours", "24 hodin"),
        (2 * DAY, "48 hours", "48 hodin"),
        (2 * DAY + 1, "3 days", "3 dny"),
        (14 * DAY, "14 days", "14 dní"),
    ],
)
def test_a_duration_is_said_in_one_unit(seconds: int, english: str, czech: str) -> None:
    assert duration(seconds, EN) == english
    assert duration(seconds, CS) == czech


@pytest.mark.parametrize(
    ("days", "english", "czech"),
    [
        (1, "about 1 working day", "asi 1 pracovní den"),
        (3, "about 3 working days", "asi 3 pracovní dny"),
        (5, "about 5 working days", "asi 5 pracovních dnů"),
    ],
)
def test_a_promise_is_in_working_days(days: int, english: str, czech: str) -> None:
    assert about_working_days(days, EN) == english
    assert about_working_days(days, CS) == czech


@given(st.integers(0, 400 * DAY))
def test_a_duration_never_promises_too_little(seconds: int) -> None:
    number, unit = duration(seconds, EN).split()
    lengths = {"second": 1, "min": 60, "hour": HOUR, "day": DAY}
    assert int(number) * lengths[unit.removesuffix("s")] >= seconds
