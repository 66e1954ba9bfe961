"""A recovery that support had a part in: where its owner finds it in the public log."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sparekey.core.keys import dated_key
from sparekey.core.tlog.leaf import dated_request_hash
from tests.device.called import dictated, reading, type_code
from tests.device.recorder import NEW, Recorder, choose
from tests.device.test_support_pages import answered, asking, exported, hand_in

SECRET = "If the list does not have it, somebody gave the code out in secret: tell the maker."


def found(words: str, request: bytes) -> bool:
    """Whether a page says what to look for."""
    return request.hex().upper() in words.replace(" ", "")


def test_T15_B03_device_a_typed_code_is_named_and_its_absence_is_for_the_owner_to_see(
    hikvision: Recorder,
) -> None:
    browser = reading(hikvision)
    (kept,) = hikvision.agent.record.requests
    type_code(browser, dictated(hikvision, browser))
    browser.get("/forgot/password")
    page = browser.press("/forgot/password", {"password": NEW, "again": NEW})
    expected = dated_request_hash(dated_key(hikvision.keys.device_key), kept.number)
    for seen in (page, hikvision.signed_in(NEW).page):
        assert found(seen.words, expected)
        assert SECRET in seen.words
        assert hikvision.desk.trust.logs[0].name in seen.words


def test_T15_B03_device_a_file_was_seen_in_the_log_before_it_was_taken(recorder: Recorder) -> None:
    browser = asking(recorder)
    request = exported(browser)
    assert hand_in(browser, answered(recorder, request, logged=False)).status == 403
    assert hand_in(browser, answered(recorder, request)).path == "/forgot/password"
    page = choose(browser)
    assert found(page.words, request.hash)
    assert "The recorder has checked that it is there." in page.words
    assert SECRET not in page.words
    home = recorder.signed_in(NEW)
    assert found(home.page.words, request.hash)
    recorder.clock.forward(7 * 24 * 3600)
    assert not found(recorder.signed_in(NEW).page.words, request.hash)


@pytest.mark.parametrize("logs", [True, False], ids=["a log", "no log"])
def test_without_a_log_there_is_nothing_to_look_up(recorder: Recorder, logs: bool) -> None:
    browser = recorder.choosing()
    if not logs:
        recorder.agent.trust = replace(recorder.agent.trust, logs=())
    assert ("public list" in choose(browser).words) is logs
