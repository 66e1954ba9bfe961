"""What was handed in to a case, as an agent looks at it."""

from __future__ import annotations

import re

import pytest

from sparekey.core.admission import Role
from sparekey.core.evidence import EvidenceKind
from sparekey.desk.store.database import Database
from tests.desk.desk_console import Room

PHOTO, PAPER = b"\xff\xd8\xff" + b"<script>" * 9, b"%PDF-1.7 " + bytes(40)


@pytest.fixture
def room(database: Database) -> Room:
    return Room(database)


def test_a_paper_is_named_shown_or_saved_and_never_run(room: Room) -> None:
    number, other = room.work.opened(), room.work.opened(room.work.file())
    room.work.cases.hand_in(number, EvidenceKind.LABEL_PHOTO, PHOTO)
    room.work.cases.hand_in(number, EvidenceKind.INVOICE, PAPER)
    anna = room.browser(room.member("Anna", Role.AGENT)).open(f"/console/cases/{number}")
    assert "Photo of the label, image/jpeg" in anna.words
    assert "Invoice with the serial number, application/pdf" in anna.words
    paths = re.findall(rf'href="(/console/cases/{number}/uploads/\d+)"', anna.page.text)
    assert len(paths) == 2
    for path, data, media, way in (
        (paths[0], PHOTO, "image/jpeg", "inline"),
        (paths[1], PAPER, "application/pdf", "attachment"),
    ):
        got = anna.open(path).page
        assert (got.status, got.body) == (200, data)
        assert got.headers["content-type"] == media
        assert got.headers["content-disposition"] == way
        assert got.headers["content-security-policy"] == "sandbox"
        assert got.headers["x-content-type-options"] == "nosniff"
        assert got.headers["cache-control"] == "no-store"
        assert anna.open(path.replace(number, other)).page.status == 404
    assert room.browser(room.member("Tom", Role.TECHNICIAN)).open(paths[0]).page.status == 403
    assert room.browser().open(paths[0]).at == "/console/sign-in"
