"""What is read out for a security code, as text: written one way, found again in any mail."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sparekey.core.errors import InputError
from sparekey.core.methods.security_code import Spoken
from sparekey.core.methods.spoken import (
    NUMBER,
    TEXT_LIMIT,
    TITLE,
    is_spoken,
    read_day,
    read_mac,
    read_spoken,
    read_start,
    shown_day,
    shown_start,
    spoken_text,
)

SPOKEN = Spoken("PX-3216-0001", 1_699_990_000, "7KM2Q4XZ", "02-00-5e-00-53-01")
DAY = 19_675


def test_it_reads_back_with_and_without_a_mac() -> None:
    assert read_spoken(spoken_text(SPOKEN, DAY)) == (SPOKEN, DAY)
    behind = Spoken(SPOKEN.serial, 0, SPOKEN.number)
    assert "MAC" not in spoken_text(behind, 0)
    assert read_spoken(spoken_text(behind, 0)) == (behind, 0)


def test_it_is_known_among_other_texts() -> None:
    text = spoken_text(SPOKEN, DAY)
    assert is_spoken(text)
    assert is_spoken(f"Hello\n> {NUMBER}: 7KM2Q4XZ")
    assert is_spoken(f"{TITLE}\n")
    assert not is_spoken("my request number: 7KM2Q4XZ")
    assert not is_spoken("HTTPS://DESK.EXAMPLE.COM/R/0000")


def test_a_mail_around_it_and_what_typing_does_to_it_are_forgiven() -> None:
    lines = spoken_text(SPOKEN, DAY).replace("7KM2Q4XZ", "7km2-q4xz").replace("02-00-5e", "02:00:5E")
    mail = (
        "Hello,\nmy camera: see below\n"
        + "".join(f"> {line}\r\n" for line in lines.splitlines())
        + "Thanks!\n"
    )
    assert read_spoken(mail) == (SPOKEN, DAY)


@pytest.mark.parametrize("name", ["Serial number", "Start time", "Request number", "Date"])
def test_a_missing_line_and_one_that_stands_twice_are_told(name: str) -> None:
    lines = spoken_text(SPOKEN, DAY).splitlines()
    (line,) = [line for line in lines if line.startswith(name)]
    for text in ("\n".join(kept for kept in lines if kept != line), "\n".join([*lines, line])):
        with pytest.raises(InputError, match=name):
            read_spoken(text)


@pytest.mark.parametrize(
    ("line", "other"),
    [
        ("Start time: 2023-11-14 19:26:40", "Start time: yesterday"),
        ("Start time: 2023-11-14 19:26:40", "Start time: 2023-02-30 19:26:40"),
        ("Date: 2023-11-14", "Date: 14.11.2023"),
        ("Date: 2023-11-14", "Date: 2023-13-01"),
        ("Request number: 7KM2Q4XZ", "Request number: 7KM2Q4X"),
        ("Serial number: PX-3216-0001", "Serial number: <script>"),
        ("MAC: 02-00-5e-00-53-01", "MAC: none"),
    ],
)
def test_T14_another_form_is_refused(line: str, other: str) -> None:
    text = spoken_text(SPOKEN, DAY)
    assert line in text
    with pytest.raises(InputError):
        read_spoken(text.replace(line, other))


def test_T14_a_text_without_end_is_not_read() -> None:
    with pytest.raises(InputError):
        read_spoken(spoken_text(SPOKEN, DAY) + "x" * TEXT_LIMIT)


def test_each_value_reads_as_it_is_shown() -> None:
    for started in (0, 1, SPOKEN.started, 4_102_444_799):
        assert read_start(shown_start(started)) == started
        assert read_day(shown_day(started // 86400)) == started // 86400
    assert read_start("2023-11-14T19:26:40") == SPOKEN.started
    assert read_mac("02:00:5E:00:53:01") == SPOKEN.mac


def test_whole_days_come_from_a_date_and_only_known_lines_with_a_colon_count() -> None:
    assert isinstance(read_day("2023-11-14"), int)
    text = spoken_text(SPOKEN, DAY)
    assert read_spoken(f"{text}Serial number\nBest regards: Olga\nX: 1\n") == (SPOKEN, DAY)
    assert read_spoken(text.ljust(TEXT_LIMIT)) == (SPOKEN, DAY)
    with pytest.raises(InputError, match="oversize"):
        read_spoken(text.ljust(TEXT_LIMIT + 1))
    last = replace(SPOKEN, serial="PX-3216-X")
    assert read_spoken(spoken_text(last, DAY)) == (last, DAY)
    with pytest.raises(InputError, match=r"\bserial\b"):
        read_spoken(text.replace(SPOKEN.serial, "x" * 65))
