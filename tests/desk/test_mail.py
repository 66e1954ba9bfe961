"""What a mail says and how it is built."""

from __future__ import annotations

import re
from datetime import timedelta, timezone
from pathlib import Path

import pytest

from sparekey.core.mailing import message_id
from tests.desk.room import CODE, JANE, Mail, Room


@pytest.fixture(params=["en", "cs", "de"])
def locale(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=[True, False], ids=["ticketed", "ticketless"])
def mail(request: pytest.FixtureRequest, room: Room, locale: str) -> Mail:
    (made,) = room.send(room.request(locale=locale, ticketed=request.param))
    return made


def test_the_headers_say_who_when_and_that_a_program_wrote_it(room: Room) -> None:
    request = room.request()
    (mail,) = room.send(request)
    message = mail.message
    assert message["From"] == "Example support desk <desk@example.com>"
    assert message["To"] == JANE == mail.recipient
    assert mail.sender == "desk@example.com"
    assert message["Date"] == "Mon, 21 Sep 2026 14:13:20 +0000"
    assert message["Message-ID"] == message_id(request.hash, JANE, 0, "example.com")
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["MIME-Version"] == "1.0"
    assert message["Subject"] == "Your code for the recorder"
    assert message["Content-Language"] == "en"
    assert CODE.text[:4] not in message["Subject"]


def test_it_is_text_and_html_side_by_side_and_the_text_comes_first(mail: Mail) -> None:
    assert mail.message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.message.iter_parts()] == ["text/plain", "text/html"]


def test_the_code_stands_alone_on_its_line_in_the_text(mail: Mail) -> None:
    lines = mail.part("plain").splitlines()
    place = [line.strip() for line in lines].index(CODE.shown)
    assert lines[place - 1].strip() == lines[place + 1].strip() == ""


def test_the_code_stands_alone_in_the_html(mail: Mail) -> None:
    assert re.search(rf"<p [^>]*>{CODE.shown}</p>", mail.part("html"))


def test_the_text_fits_a_terminal(mail: Mail) -> None:
    assert max(len(line) for line in mail.part("plain").splitlines()) <= 72
    assert max(len(line) for line in mail.data.splitlines()) <= 998
    assert "\n\n\n\n" not in mail.part("plain")


@pytest.mark.meets("asvs-14.2.3")
def test_there_is_nothing_to_click_and_nothing_to_fetch(mail: Mail) -> None:
    for part in ("plain", "html"):
        assert not re.search(
            r"https?:|www\.|href|src=|url\(|@import|<img|<script|<form", mail.part(part), re.IGNORECASE
        )


def test_an_unknown_language_is_english(room: Room) -> None:
    (mail,) = room.send(room.request(locale="de"))
    assert mail.message["Content-Language"] == "en"
    assert "nobody gets in without this code" in " ".join(mail.part("plain").split())


@pytest.mark.meets("asvs-16.2.2")
def test_the_time_is_told_with_date_and_distance_from_utc(tmp_path: Path) -> None:
    room = Room(tmp_path, zone=timezone(timedelta(hours=2)))
    (mail,) = room.send(room.request(valid=12 * 86400))
    assert "until 16:13 on 3 October (UTC+02:00)" in " ".join(mail.part("plain").split())
    room.close()


@pytest.mark.parametrize(
    ("minutes", "told"),
    [(0, "14:13 on 22 September (UTC)"), (-150, "11:43 on 22 September (UTC-02:30)")],
)
def test_zones_on_both_sides_of_utc(tmp_path: Path, minutes: int, told: str) -> None:
    room = Room(tmp_path, zone=timezone(timedelta(minutes=minutes)))
    (mail,) = room.send(room.request())
    assert told in mail.part("html")
    room.close()


def test_the_same_mail_is_the_same_bytes(room: Room, tmp_path: Path) -> None:
    request = room.request()
    (mail,) = room.send(request)
    (tmp_path / "twin").mkdir()
    twin = Room(tmp_path / "twin")
    (same,) = twin.send(request)
    assert same.data == mail.data
    twin.close()


def test_each_address_and_each_round_has_a_message_id_of_its_own(room: Room) -> None:
    request = room.request(JANE, "kate@example.org")
    mails = room.send(request)
    room.clock.forward(60)
    mails += room.send(request)
    assert len({mail.message["Message-ID"] for mail in mails}) == 4


@pytest.mark.meets("asvs-1.3.11")
def test_every_line_ends_as_mail_wants_it(mail: Mail) -> None:
    assert b"\r\n" in mail.data
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", mail.data)
