"""The page of the recordings: what is there, also after a recovery, and nothing for strangers."""

from __future__ import annotations

import pytest

from sparekey.core.device import Erasing, events
from sparekey.core.values import Face
from sparekey.device.recordings.port import Media
from sparekey.host.snapshot import freeze
from tests.device.recorder import NEW, Recorder, choose

CONTENT = b"\x89PNG of the front door"


@pytest.fixture
def shown(recorder: Recorder) -> str:
    segment = recorder.agent.recordings.write("Garage", 1_790_000_000, 60, Media.PNG, CONTENT)
    return f"/recordings/{segment.name}"


def test_whoever_is_signed_in_sees_and_plays_them(recorder: Recorder, shown: str) -> None:
    browser = recorder.signed_in()
    page = browser.get("/recordings")
    assert "1 recording is here" in page.words
    assert "Garage" in page.words
    assert shown in page.links
    answer = browser.get(shown)
    assert (answer.status, answer.header("content-type")) == (200, "image/png")
    assert answer.body == CONTENT


def test_nobody_else_does(recorder: Recorder, shown: str) -> None:
    stranger = recorder.browser()
    for path in ("/recordings", shown):
        assert stranger.get(path).path == "/login"


def test_one_that_is_gone_is_told(recorder: Recorder, shown: str) -> None:
    browser = recorder.signed_in()
    recorder.agent.recordings.erase()
    assert browser.get(shown).status == 404
    assert browser.get("/recordings/device.key").status == 404
    assert "Nothing is recorded yet" in browser.get("/recordings").words


def test_a_recovery_keeps_them(recorder: Recorder, shown: str) -> None:
    choose(recorder.choosing())
    assert recorder.signed_in(NEW).get(shown).body == CONTENT


@pytest.mark.parametrize("recordings", [False, True])
def test_P06_an_erase_takes_them_only_when_it_says_so(
    recorder: Recorder, shown: str, recordings: bool
) -> None:
    """The intent is what a technician's right leaves behind; the boot carries it out."""
    key = (recorder.folder / "recordings.key").read_bytes()
    driver = recorder.agent._driver
    with driver._store.transaction() as transaction:
        transaction.save(freeze(Erasing(recorder.agent.record, recordings, Face.SCREEN)), [])
    recorder.reboot()
    assert not recorder.agent.is_erasing
    assert not recorder.agent.is_set_up
    left = [path for path in recorder.folder.rglob("*") if path.is_file() and key in path.read_bytes()]
    assert bool(left) is not recordings
    assert bool(recorder.agent.recordings.segments()) is not recordings
    assert recorder.agent.tell(events.Booted()) is None
