"""Locked out, and the owner prepared for it: questions, key file, recovery sheet; no support is needed."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path

import pytest

from sparekey.core.budget import FAILURES_LIMIT, TRIES
from sparekey.core.codes import saved_from_bits
from sparekey.core.values import Face, MethodName
from tests.device.browser import Browser, Page
from tests.device.prepared import (
    ANSWERS,
    AT_SCREEN,
    TEXTS,
    answers,
    hand_in,
    make_key_file,
    make_sheet,
    set_questions,
    type_saved,
)
from tests.device.recorder import NEW, OLD, Recorder, choose

Way = tuple[Recorder, str, MethodName, Callable[[Browser], Page], Callable[[Browser], Page]]


@pytest.fixture(params=["questions", "key-file", "sheet"])
def way(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Way]:
    """A prepared recorder, the path of its way in, the method, a right proof, a wrong proof."""
    recorder = Recorder(tmp_path, "patronum" if request.param == "questions" else "sparekey")
    recorder.set_up()
    path = f"/forgot/{request.param}"
    if request.param == "questions":
        set_questions(recorder)
        wrong = (ANSWERS[0], ANSWERS[1], "under the mill")
        yield recorder, path, MethodName.QUESTIONS, answers, lambda browser: answers(browser, wrong)
    elif request.param == "key-file":
        old, file = make_key_file(recorder), make_key_file(recorder)
        right, bad = (lambda browser, data=data: hand_in(browser, data) for data in (file, old))
        yield recorder, path, MethodName.KEY_FILE, right, bad
    else:
        code = make_sheet(recorder)
        other = saved_from_bits(code.bits ^ 1).shown
        yield (
            recorder,
            path,
            MethodName.RECOVERY_SHEET,
            lambda browser: type_saved(browser, code.shown),
            lambda browser: type_saved(browser, other),
        )


def test_P03_recover_by_security_questions(patronum: Recorder) -> None:
    set_questions(patronum)
    browser = patronum.browser()
    ways = browser.get("/forgot")
    assert "/forgot/questions" in ways.links
    assert "Security questions about 2 min" in ways.words
    page = browser.get("/forgot/questions")
    assert all(text in page.words for text in TEXTS)
    assert "5 tries left" in page.words
    page = answers(browser, (" lime  tree LANE", "baron zizala", "Behind The Mill"))
    assert page.path == "/forgot/password"
    assert "Step 2 of 2" in page.words
    page = choose(browser)
    assert page.path == "/forgot/done"
    patronum.signed_in(NEW)
    assert patronum.browser().get("/forgot/questions").status == 409, "they ended with the recovery"


def test_P03_all_wrong_answers_are_told_the_same(patronum: Recorder) -> None:
    set_questions(patronum)
    said = set()
    for place, _ in enumerate(ANSWERS):
        given = tuple("something else" if place in (here, 2) else text for here, text in enumerate(ANSWERS))
        browser = patronum.browser(client=f"192.0.2.{place}")
        page = answers(browser, given)
        assert page.status == 403
        said.add(page.words.replace(f"{TRIES - 1 - place} tries left", "tries"))
        assert not any(text in unescape(page.html) for text in given), "no answer stays in the page"
    assert len(said) == 1
    assert "which one is wrong is not told" in said.pop()


def test_P03_an_empty_answer_costs_no_try_and_loses_nothing(patronum: Recorder) -> None:
    set_questions(patronum)
    browser = patronum.browser()
    page = answers(browser, (ANSWERS[0], " ", ANSWERS[2]))
    assert page.status == 422
    assert "Answer every question. This cost no try." in page.words
    assert page.form("/forgot/questions").values["answer3"] == ANSWERS[2]
    assert patronum.agent.record.budgets == ()


@pytest.mark.meets("etsi-5.9-2")
def test_P04_device_recover_by_uploading_the_key_file(recorder: Recorder) -> None:
    file = make_key_file(recorder)
    browser = recorder.browser()
    assert "/forgot/key-file" in browser.get("/forgot").links
    assert "Made: " in browser.page.words
    assert hand_in(browser, file.replace("\n", "\r\n")).path == "/forgot/password"
    assert choose(browser).path == "/forgot/done"
    recorder.signed_in(NEW)
    assert recorder.browser().get("/forgot/key-file").status == 409


def test_P04_device_a_replaced_file_says_so(recorder: Recorder) -> None:
    old = make_key_file(recorder)
    make_key_file(recorder)
    page = hand_in(recorder.browser(), old)
    assert page.status == 403
    assert "This key file was replaced" in page.words
    assert "4 tries left" in page.words


def test_P04_device_what_is_no_key_file_of_ours_costs_no_try(recorder: Recorder) -> None:
    make_key_file(recorder)
    browser, _ = recorder.scanning()
    request = browser.get("/forgot/request").body
    for data, told in (
        (make_key_file(recorder, "OTHER-1"), "is for another device, serial number OTHER-1."),
        (request, "This is not a key file."),
        (b"\xff\x00", "This is not a key file."),
        (None, "Choose the key file first."),
    ):
        page = hand_in(browser, data)
        assert page.status == 422
        assert told in page.words
        assert "5 tries left" in page.words
    assert recorder.agent.record.budgets == ()


def test_B08_recover_by_the_recovery_sheet(recorder: Recorder) -> None:
    code = make_sheet(recorder)
    browser = recorder.browser()
    assert "/forgot/sheet" in browser.get("/forgot").links
    assert type_saved(browser, f" {code.text.lower()} ").path == "/forgot/password"
    assert choose(browser).path == "/forgot/done"
    recorder.signed_in(NEW)


def test_B08_a_slip_is_told_at_once_and_stays_to_be_put_right(recorder: Recorder) -> None:
    code = make_sheet(recorder)
    browser = recorder.browser()
    slipped = ("1" if code.shown[0] == "0" else "0") + code.shown[1:]
    for typed, told in (
        (slipped, "One character is not right"),
        (code.shown[:-1], "fourteen characters"),
        ("U" * 14, "only digits and letters"),
    ):
        page = type_saved(browser, typed)
        assert page.status == 422
        assert told in page.words
        assert page.form("/forgot/sheet").values["code"] == typed
        assert "5 tries left" in page.words
    assert recorder.agent.record.budgets == ()


def test_T03_wrong_proofs_are_counted_and_pause_only_their_own_face(way: Way) -> None:
    recorder, path, method, right, wrong = way
    browser = recorder.browser()
    for left in range(TRIES - 1, 0, -1):
        page = wrong(browser)
        assert page.status == 403
        assert (f"{left} tries left" if left > 1 else "1 try left") in page.words
    page = wrong(browser)
    assert "There is a pause now." in page.words
    assert "Time to wait: 30 seconds." in page.words
    assert [form.action for form in page.forms] == ["/language"]
    assert recorder.recovering.tries(method, Face.SCREEN).left == TRIES
    assert right(recorder.browser(**AT_SCREEN)).path == "/forgot/password"
    recorder.clock.forward(30)
    assert right(browser).path == "/forgot/password"
    assert path in recorder.browser(client="192.0.2.9").get("/forgot").links


def test_T03_a_right_proof_posted_during_the_pause_is_not_looked_at(
    way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder, path, _, right, wrong = way
    browser = recorder.browser()
    kept = browser.get(path)
    for _ in range(TRIES):
        wrong(browser)
    before = recorder.agent.record

    def opened(_path: str) -> Page:
        browser.page = kept  # the page was open in another tab all the time
        return kept

    monkeypatch.setattr(browser, "get", opened)
    page = right(browser)
    assert page.status == 429
    assert "There is a pause now." in page.words
    assert recorder.agent.record == before
    assert path in recorder.browser().get("/forgot").links, "a pause does not grey a way"


def test_T03_after_a_hundred_questions_stop_on_the_network_and_the_sheet_never_does(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path, "patronum")
    recorder.set_up()
    set_questions(recorder)
    browser = recorder.browser()
    for _ in range(FAILURES_LIMIT):
        recorder.clock.forward(recorder.recovering.tries(MethodName.QUESTIONS, Face.NETWORK).pause)
        answers(browser, ("a", "b", "c"))
    assert browser.page.status == 429
    assert (
        "Too many wrong tries were made here. Use the recorder's own screen." in browser.get("/forgot").words
    )
    assert "/forgot/questions" not in browser.page.links
    assert answers(recorder.browser(**AT_SCREEN)).path == "/forgot/password"


def test_T03_a_strong_proof_is_slowed_and_never_stopped(recorder: Recorder) -> None:
    code = make_sheet(recorder)
    browser, other = recorder.browser(), saved_from_bits(code.bits ^ 1).shown
    for _ in range(FAILURES_LIMIT + 5):
        recorder.clock.forward(recorder.recovering.tries(MethodName.RECOVERY_SHEET, Face.NETWORK).pause)
        assert type_saved(browser, other).status == 403
    recorder.clock.forward(3600)
    assert type_saved(browser, code.shown).path == "/forgot/password"


def test_T04_the_right_belongs_to_the_browser_that_showed_the_proof(way: Way) -> None:
    recorder, _, _, right, _ = way
    browser, stranger = recorder.browser(), recorder.browser(client="192.0.2.78")
    assert right(browser).path == "/forgot/password"
    assert stranger.get("/forgot/password").status == 403
    assert recorder.browser(**AT_SCREEN).get("/forgot/password").path == "/forgot"
    form = browser.page.form("/forgot/password")
    stranger.cookies["__Host-Http-browser"] = browser.cookies["__Host-Http-browser"]
    assert stranger.post("/forgot/password", {**form.values, "password": NEW, "again": NEW}).status == 403
    recorder.signed_in(OLD)
    assert choose(browser).path == "/forgot/done"


def test_T04_the_right_ends_after_ten_minutes_and_the_same_proof_opens_it_again(way: Way) -> None:
    recorder, path, _, right, _ = way
    browser = recorder.browser()
    right(browser)
    recorder.clock.forward(601)
    page = choose(browser)
    assert page.path == path
    assert "The ten minutes for choosing a password are over." in page.words
    assert right(browser).path == "/forgot/password"
    assert choose(browser).path == "/forgot/done"


def test_T04_a_reboot_ends_the_right(way: Way) -> None:
    recorder, _, _, right, _ = way
    browser = recorder.browser()
    right(browser)
    recorder.reboot()
    browser.app = recorder.app
    assert choose(browser).status == 410
    recorder.signed_in(OLD)


def test_one_claim_in_a_browser_for_all_methods(recorder: Recorder) -> None:
    code = make_sheet(recorder)
    browser, _ = recorder.scanning()
    claim = browser.cookies["__Host-Http-claim"]
    assert type_saved(browser, code.shown).path == "/forgot/password"
    assert browser.cookies["__Host-Http-claim"].split(".")[0] == claim.split(".")[0]
    assert browser.get("/forgot/mail").status == 200, "the request by e-mail is open still"
    assert browser.get("/forgot/code").path == "/forgot/password", (
        "who has shown one proof is asked for no other"
    )
    assert choose(browser).path == "/forgot/done"
    assert "__Host-Http-claim" not in browser.cookies


@pytest.mark.meets("etsi-5.11-3")
def test_the_last_page_tells_what_stays_and_what_is_lost(way: Way) -> None:
    recorder, _, _, right, _ = way
    browser = recorder.browser()
    right(browser)
    page = choose(browser)
    assert "Recordings and settings are as they were." in page.words
    assert "Other users" not in page.words
    assert "Phones must be added again, once you have signed in." in page.words
    assert "The old security questions, key file and recovery sheet no longer work." in page.words
    assert "public list" not in page.words, "the desk had no part in it"
    for other, start in ((recorder.browser(), "/login"), (recorder.browser(**AT_SCREEN), "/live")):
        assert other.get("/forgot/done").path == start


def test_who_has_not_prepared_a_way_is_told_so(recorder: Recorder) -> None:
    browser = recorder.browser()
    for path in ("/forgot/questions", "/forgot/key-file", "/forgot/sheet"):
        page = browser.get(path)
        assert page.status == 409
        assert "This way back in was not set up." in page.words


@pytest.mark.meets("nist-look-up-stored", "nist-recovery-saved-stored", "asvs-6.5.2")
def test_T02_no_proof_is_in_any_file_or_log(way: Way, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    recorder, path, _, right, _ = way
    secrets = [OLD.encode(), NEW.encode(), *(answer.encode() for answer in ANSWERS)]
    if path == "/forgot/sheet":
        code = make_sheet(recorder)
        secrets += [code.text.encode(), code.shown.encode()]
        browser = recorder.browser()
        type_saved(browser, code.shown)
    else:
        browser = recorder.browser()
        right(browser)
    assert choose(browser).path == "/forgot/done"
    stored = b"".join(file.read_bytes() for file in recorder.folder.glob("device.sqlite*"))
    for secret in secrets:
        assert secret not in stored + caplog.text.encode()


@pytest.mark.parametrize(
    "typed", ["", "\u202e" * 14, "0" * 8000, "ABCDE-FGHJK-MNPQ", "ÀÉÎÕÜ ñ8", "<b>ABCDE</b>"]
)
def test_T14_strange_codes_are_told_and_never_break_the_page(recorder: Recorder, typed: str) -> None:
    make_sheet(recorder)
    page = type_saved(recorder.browser(), typed)
    assert page.status == 422
    assert "<b>" not in page.html
    assert recorder.agent.record.budgets == ()


@pytest.mark.parametrize(
    "data", [b"", b"\x00" * 60000, b"-----BEGIN SPAREKEY KEY FILE-----", b"<x/>", b"A" * 500]
)
def test_T14_strange_files_are_told_and_never_break_the_page(recorder: Recorder, data: bytes) -> None:
    make_key_file(recorder)
    page = hand_in(recorder.browser(), data)
    assert page.status == 422
    assert recorder.agent.record.budgets == ()
