"""What waits for the desk, as one file: out by a browser or a stick, the answers in, and why it does not work."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sparekey.core.messages.armour import FileKind, unwrap, wrap
from sparekey.core.messages.batch import make_batch, read_items
from sparekey.core.messages.link_answer import LinkAnswer, LinkVerdict
from sparekey.core.values import Face
from sparekey.device.registration import Registered
from tests.device.desk_end import DeskEnd
from tests.device.recorder import Recorder
from tests.device.test_registration import change_address, standing
from tests.device.test_relay import enrolment


@pytest.fixture
def recorder(tmp_path: Path) -> Recorder:
    made = Recorder(tmp_path)
    made.set_up()
    return made


@pytest.fixture
def desk(recorder: Recorder) -> DeskEnd:
    return DeskEnd(recorder)


def answers_file(answers: list[LinkAnswer], *more: bytes) -> bytes:
    return wrap(FileKind.ANSWERS, make_batch([*(one.encoded for one in answers), *more]), {}).encode()


def test_everything_goes_as_one_file_and_the_answers_come_back_as_one(
    recorder: Recorder, desk: DeskEnd
) -> None:
    change_address(recorder, "new@example.com")
    camera = enrolment(recorder, "C2K-0101")
    assert recorder.agent.relay.take("C2K-0101", [camera])
    browser = recorder.signed_in()
    page = browser.get("/registration")
    assert "1 letter of a camera waits" in page.words
    page = browser.get("/registration/carry")
    for told in ("registration, 1 notice to the owner", "C-220 C2K-0101 registration", "/letters"):
        assert told in page.words
    letters = read_items(unwrap(FileKind.REQUESTS, browser.get("/registration/file").html))
    assert len(letters) == 3
    answers = desk.letters(letters)
    browser.get("/registration/answer")
    page = browser.upload("/registration/answer", "a.sparekey-response", answers_file(answers, b"x"))
    assert "3 answers were taken." in page.words
    assert "Not for this device any more: 1" in page.words
    assert standing(recorder) is Registered.DONE
    assert recorder.agent.notices.waiting() == []
    assert [answer.request for _, answer in recorder.agent.relay.answered("C2K-0101")] == [camera.hash]
    assert "Nothing waits" in browser.get("/registration/carry").words
    assert browser.get("/registration/file").path == "/registration"
    browser.get("/registration/answer")
    page = browser.upload("/registration/answer", "a.sparekey-response", answers_file(answers[1:]))
    assert "Nothing in this file is for this device now" in page.words


def test_answers_that_all_count_lead_back_to_the_registration(recorder: Recorder, desk: DeskEnd) -> None:
    browser = recorder.signed_in()
    letters = read_items(unwrap(FileKind.REQUESTS, browser.get("/registration/file").html))
    browser.get("/registration/answer")
    page = browser.upload("/registration/answer", "a.sparekey-response", answers_file(desk.letters(letters)))
    assert "is registered" in page.words


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (LinkVerdict.LATER, "takes no more registrations right now"),
        (LinkVerdict.OTHER_DESK, "another support desk"),
        (LinkVerdict.UNKNOWN_KEY, "Ask support for a new trust file"),
        (LinkVerdict.NOT_GENUINE, "It stays here and is tried again"),
        (LinkVerdict.WAITS, "Two people at support"),
    ],
)
def test_why_a_registration_does_not_come_about_is_told(
    recorder: Recorder, desk: DeskEnd, said: LinkVerdict, told: str
) -> None:
    held = recorder.agent.registration.request()
    desk.says = [said]
    assert not desk.line.work()
    assert told in recorder.signed_in().get("/registration").words
    assert recorder.agent.registration.request() == held, "nothing is lost"
    assert desk.line.work()
    assert standing(recorder) is Registered.DONE


def test_at_the_screen_the_file_goes_onto_the_stick(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path)
    recorder.set_up()
    browser = recorder.signed_in(face=Face.SCREEN)
    assert "on a computer in your network" in browser.get("/registration/carry").words
    stick = tmp_path / "stick"
    recorder.settings = replace(recorder.settings, usb=stick)
    recorder.reboot()
    browser = recorder.signed_in(face=Face.SCREEN)
    browser.get("/registration/carry")
    assert "Plug a USB stick in" in browser.press("/registration/usb").words
    stick.mkdir()
    browser.get("/registration/carry")
    assert "stick" in browser.press("/registration/usb").words
    (saved,) = stick.iterdir()
    assert read_items(unwrap(FileKind.REQUESTS, saved.read_text())) == recorder.agent.carrying.letters()
    answers = DeskEnd(recorder).letters(recorder.agent.carrying.letters())
    (stick / "a.sparekey-response").write_bytes(answers_file(answers))
    browser.get("/registration/answer")
    browser.press("/registration/answer", {"usb": "a.sparekey-response"})
    assert standing(recorder) is Registered.DONE


def test_T14_an_answer_of_another_kind_or_size_is_told_and_changes_nothing(recorder: Recorder) -> None:
    browser = recorder.signed_in()
    held = recorder.agent.registration.request()
    for data in (
        b"",
        b"\xff\xfe\x00",
        b"<SparekeyRequest",
        b"-----BEGIN SPAREKEY ANSWERS-----",
        bytes(200_000),
    ):
        browser.get("/registration/answer")
        page = browser.upload("/registration/answer", "a.sparekey-response", data)
        assert page.status == 422
        assert "not the answer" in page.words
    browser.get("/registration/answer")
    assert browser.upload("/registration/answer", "a.sparekey-response", bytes(300_000)).status == 413
    assert recorder.agent.registration.request() == held
