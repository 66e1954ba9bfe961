"""What a hurried or hostile person hands in where support's answers are expected; and a disk that is full."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from sparekey.core.budget import find
from sparekey.core.messages.armour import FileKind, unwrap, wrap
from sparekey.core.messages.batch import make_batch
from sparekey.core.messages.response import read_response
from sparekey.core.values import Face, MethodName
from sparekey.device.pages.proof import ANSWER_LIMIT
from tests.device.called import CODE_PATH, PATH, dictated, reading, sign_in, type_code
from tests.device.prepared import AT_SCREEN
from tests.device.recorder import NEW, OLD, Recorder
from tests.device.test_support_pages import answered, asking, exported, hand_in
from tests.device.test_technician_pages import BASE, asked, file_for
from tests.device.test_technician_pages import hand_in as hand_in_at_bench

BROKEN = {
    "nothing": b"",
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(100),
    "broken XML": b"<sparekey><request>",
    "entities": b'<!DOCTYPE a [<!ENTITY b "bbbbbbbb">]><a>&b;&b;</a>',
    "deep XML": b"<a>" * 5000,
    "no end": b"-----BEGIN SPAREKEY RESPONSE-----\n\nAAAA",
    "two blocks": (wrap(FileKind.RESPONSE, b"x", {}) * 2).encode(),
    "other letters": "žluťoučký kůň".encode("utf-16"),
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN.keys())
def test_T14_what_is_no_answer_is_told_and_costs_nothing(recorder: Recorder, data: bytes) -> None:
    browser = asking(recorder)
    page = hand_in(browser, data)
    assert page.status == 422
    assert "This cost no try." in page.words
    assert "5 tries left" in page.words
    assert recorder.agent.record.budgets == ()


@pytest.mark.meets("asvs-5.2.1")
def test_T14_a_file_without_end_is_not_read(recorder: Recorder) -> None:
    browser = asking(recorder)
    for size, status, told in (
        (ANSWER_LIMIT + 1, 400, "This file is too big."),
        (ANSWER_LIMIT + 4096, 413, "This is too big"),
    ):
        page = hand_in(browser, b"x" * size)
        assert page.status == status
        assert told in page.words
    assert hand_in(browser, answered(recorder, exported(browser))).path == "/forgot/password"


def test_B06_T26_one_file_for_many_devices_opens_this_one(recorder: Recorder) -> None:
    other, browser = asking(recorder, client="192.0.2.78"), asking(recorder)
    first = read_response(unwrap(FileKind.RESPONSE, answered(recorder, exported(other))))
    ours = read_response(unwrap(FileKind.RESPONSE, answered(recorder, exported(browser))))
    many = make_batch([*[first.encoded] * 99, ours.encoded])
    assert hand_in(browser, wrap(FileKind.RESPONSES, many, {})).path == "/forgot/password"


@contextmanager
def full_disk(recorder: Recorder) -> Iterator[None]:
    """SQLite may not take one page more."""
    connection: sqlite3.Connection = recorder.agent._file._connection
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count={pages}")
    connection.execute(
        "CREATE TEMP TRIGGER full BEFORE UPDATE ON machine BEGIN SELECT RAISE(ABORT, 'full'); END"
    )
    connection.execute(
        "CREATE TEMP TRIGGER fuller BEFORE INSERT ON machine BEGIN SELECT RAISE(ABORT, 'full'); END"
    )
    try:
        yield
    finally:
        connection.execute("DROP TRIGGER full")
        connection.execute("DROP TRIGGER fuller")
        connection.execute("PRAGMA max_page_count=1073741823")


def test_a_full_disk_is_told_and_nothing_is_lost(hikvision: Recorder) -> None:
    browser = reading(hikvision)
    code = dictated(hikvision, browser)
    with full_disk(hikvision):
        page = type_code(browser, code)
        assert page.status == 503
        assert "Something that is needed does not answer." in page.words
    assert find(hikvision.agent.record.budgets, MethodName.SECURITY_CODE, Face.NETWORK).counted == 0
    assert type_code(browser, code).path == "/forgot/temporary"
    browser.get("/forgot/password")
    typed = {"user": "admin", "password": NEW, "again": NEW}
    with full_disk(hikvision):
        assert browser.press("/forgot/password", typed).status == 503
    hikvision.signed_in(OLD, client="192.0.2.90")
    browser.get("/forgot/password")
    assert browser.press("/forgot/password", typed).path == "/forgot/done"
    hikvision.signed_in(NEW, client="192.0.2.91")


def test_a_full_disk_stops_an_erase_before_it_begins(patronum: Recorder) -> None:
    screen = patronum.browser(**AT_SCREEN)
    asked(patronum, screen)
    assert hand_in_at_bench(screen, file_for(patronum, screen)).path == f"{BASE}/erase"
    with full_disk(patronum):
        assert screen.press(f"{BASE}/erase", {"understood": "yes"}).status == 503
    assert patronum.agent.is_set_up
    assert not patronum.agent.is_erasing
    patronum.signed_in(OLD)


def test_T12_a_clock_that_jumps_moves_no_code(hikvision: Recorder) -> None:
    browser = reading(hikvision)
    code = dictated(hikvision, browser)
    (kept,) = hikvision.agent.record.requests
    for jump in (0, 4_102_444_800, 1, 1_800_000_000):
        hikvision.clock.now = jump
        browser.get(PATH)
    hikvision.clock.now = (kept.opened_wall or 0) + 60
    assert type_code(browser, code).path == "/forgot/temporary"


@pytest.mark.meets("asvs-15.3.5")
def test_T14_values_of_another_kind_are_refused(hikvision: Recorder) -> None:
    browser = reading(hikvision)
    form = browser.get(CODE_PATH).form(CODE_PATH).values
    assert browser.post(CODE_PATH, {**form, "code": "\x00"}).status == 400
    for typed in ("é" * 8, "1" * 8000, "' OR 1=1 --", "<script>"):
        assert browser.post(CODE_PATH, {**form, "code": typed}).status == 422
    assert browser.post(CODE_PATH, {**form, "code": "1" * 9000}).status == 400
    assert browser.post(CODE_PATH, {key: value for key, value in form.items() if key != "code"}).status == 422
    assert hikvision.agent.record.budgets == ()
    assert sign_in(browser, "x" * 8000).status == 403
