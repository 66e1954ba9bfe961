"""What a phone carries for a device without Internet, page by page: also with no script at all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sparekey.core.messages.armour import FileKind, unwrap
from sparekey.core.messages.enrol_reply import ReplyFile, read_reply
from sparekey.core.messages.request import Kind
from sparekey.core.messages.text import read_any
from tests.desk.owning import EVA, SERIAL, Device, Owning


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Owning]:
    made = Owning(tmp_path)
    yield made
    made.close()


@pytest.mark.parametrize("kind", [Kind.SUPPORT, Kind.TECHNICIAN])
def test_P16_a_square_for_a_person_opens_a_case_with_one_button(desk: Owning, kind: Kind) -> None:
    device, browser = Device(desk), desk.browser()
    page = browser.get(device.asks(kind))
    assert page.status == 200
    assert "a person at support answers" in page.words
    assert SERIAL in page.words
    assert desk.cases.find(SERIAL) == [], "looking opens nothing"
    form = page.form("/help/request")
    opened = browser.post("/help/request", {**form.values, "route": "download", "address": EVA})
    (line,) = desk.cases.find(SERIAL)
    assert f"{line.number[:4]}-{line.number[4:]}" in opened.words
    browser.get(page.path)
    again = browser.page.form("/help/request")
    browser.post("/help/request", {**again.values, "route": "download", "address": EVA})
    assert len(desk.cases.find(SERIAL)) == 1, "the same square again is the same case"


def test_an_answer_as_a_square_leads_back_to_the_device(desk: Owning) -> None:
    """The newest trust file is in it (spec/enrolment.md section 3)."""
    browser, path = desk.browser(), Device(desk).enrols()
    browser.get(path)
    page = browser.press(path)
    assert "The recorder is registered" in page.words
    assert "<svg" in page.html, "short enough for a square"
    text = page.html.partition("<textarea")[2].partition(">")[2].partition("<")[0]
    reply = read_any(text)
    assert isinstance(reply, ReplyFile)
    assert reply.reply.trust == unwrap(FileKind.TRUST, desk.trust_text)
    (saved,) = [link for link in page.links if link.endswith("?as=file")]
    assert read_reply(unwrap(FileKind.REPLY, browser.get(saved).html)) == reply

    other = desk.browser()
    carried = other.get("/E/" + text.rpartition("/")[2].lower())
    assert "The answer for your device" in carried.words
    assert text in carried.html
    (saved,) = [link for link in carried.links if link.endswith("?as=file")]
    file = other.get(saved)
    assert file.header("content-disposition") == 'attachment; filename="answer.sparekey-response"'
    assert read_any(file.html.strip()) == reply
    broken = other.get("/E/" + text.rpartition("/")[2][:-9])
    assert broken.status == 400
    assert "A part of this square is missing" in broken.words
