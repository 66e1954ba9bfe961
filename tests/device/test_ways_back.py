"""What the owner prepares before the password is lost, and the first login that does not end without it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sparekey.core.codes import read_saved
from sparekey.core.errors import Refusal
from sparekey.core.policy import Factor
from sparekey.core.throttle import FREE
from sparekey.core.values import Face
from sparekey.device.ownership import Confirmed, Ownership
from sparekey.device.pages.names import NAMES
from sparekey.language.catalogue import translator
from sparekey.profiles import profile
from tests.device.browser import Browser, Page
from tests.device.recorder import NEW, OLD, OWNER, Recorder, choose

ASKED = ("What did I call my first bicycle?", "Which toy did I never get?", "My own question?")
ANSWERS = ("Modrý blesk", "a fire engine", "nobody knows it")
PAGES = ("/home", "/configuration", "/users", "/users/add", "/users/admin", "/users/admin/delete", "/audit")
CODE = re.compile(r"[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]{4}")


@pytest.fixture
def patronum(tmp_path: Path) -> Recorder:
    made = Recorder(tmp_path, "patronum")
    made.set_up()
    return made


def enter(recorder: Recorder, password: str = OLD) -> Browser:
    browser = recorder.browser()
    browser.get("/login")
    browser.press("/login", {"user": "admin", "password": password})
    return browser


def filled(
    answers: tuple[str, ...] = ANSWERS, asked: tuple[str, ...] = ASKED, current: str = OLD
) -> dict[str, str]:
    return {
        **{f"question{number}": text for number, text in enumerate(asked, 1)},
        **{f"answer{number}": text for number, text in enumerate(answers, 1)},
        "current": current,
    }


def set_questions(
    browser: Browser, answers: tuple[str, ...] = ANSWERS, asked: tuple[str, ...] = ASKED
) -> Page:
    browser.get("/ways/questions")
    return browser.press("/ways/questions", filled(answers, asked))


def save_key_file(browser: Browser, current: str = OLD) -> bytes:
    browser.get("/ways/key-file")
    page = browser.press("/ways/key-file", {"current": current})
    assert page.status == 200
    assert page.header("content-disposition").endswith('.sparekey-key"')
    return page.body


def hand_in(browser: Browser, data: bytes) -> Page:
    browser.get("/ways/key-file/prove")
    return browser.upload("/ways/key-file/prove", "mine.sparekey-key", data)


def print_sheet(browser: Browser) -> str:
    browser.get("/ways/sheet")
    page = browser.press("/ways/sheet", {"current": OLD})
    (code,) = set(CODE.findall(page.words))
    return str(code)


def test_P02_the_first_login_ends_when_questions_key_file_and_address_are_done(patronum: Recorder) -> None:
    browser = enter(patronum)
    assert browser.page.path == "/ways"
    assert "2 steps are left" in browser.page.words
    for path in PAGES:
        assert browser.get(path).path == "/ways"
    assert set_questions(browser).path == "/ways"
    assert "1 step is left" in browser.page.words
    file = save_key_file(browser)
    assert "made, not checked yet" in browser.get("/ways").words
    assert browser.get("/home").path == "/ways", "an export that nobody checked does not count"
    page = hand_in(browser, file)
    assert page.status == 200
    assert "This key file is valid." in page.words
    assert "Everything is ready." in browser.get("/ways").words
    assert browser.get("/home").path == "/home"
    assert "3 ways back in are prepared" in browser.page.words


def test_P02_a_power_cut_in_the_middle_of_the_first_login_loses_nothing(patronum: Recorder) -> None:
    set_questions(enter(patronum))
    patronum.reboot()
    patronum.clock.forward(60)
    browser = enter(patronum)
    assert browser.page.path == "/ways"
    assert "1 step is left" in browser.page.words


def test_P02_posts_wait_for_the_end_of_the_first_login_too(patronum: Recorder) -> None:
    browser = enter(patronum)
    form = browser.get("/ways/key-file").form("/ways/key-file")
    before = patronum.agent.record
    for path in ("/users/add", "/users/admin"):
        assert browser.post(path, {**form.values, "current": OLD}).status in (200, 403)
    assert patronum.agent.record == before


def test_P02_an_address_that_is_required_cannot_be_removed(patronum: Recorder) -> None:
    browser = enter(patronum)
    browser.get("/users/admin/address")
    page = browser.press("/users/admin/address", {"address": "", "current": OLD})
    assert page.status == 422
    assert "not ready without one" in page.words
    by = Confirmed("admin", patronum.agent.record.generation, Face.NETWORK)
    assert Ownership(patronum.agent).change_address(by, None) is Refusal.NOT_ENOUGH


def test_P02_after_a_recovery_the_ways_are_made_again_and_the_recovery_is_told(patronum: Recorder) -> None:
    browser = enter(patronum)
    set_questions(browser)
    old = save_key_file(browser)
    hand_in(browser, old)
    choose(patronum.choosing())
    browser = enter(patronum, NEW)
    assert browser.page.path == "/ways"
    assert "The password was recovered with a code by e-mail." in browser.page.words
    assert "2 steps are left" in browser.page.words
    save_key_file(browser, NEW)
    page = hand_in(browser, old)
    assert page.status == 422
    assert "This key file was replaced" in page.words


@pytest.mark.meets("etsi-5.12-2", "etsi-5.12-3")
def test_the_recommended_profile_reminds_and_lets_go_on(recorder: Recorder) -> None:
    browser = recorder.signed_in()
    assert "1 way back in is prepared, and 2 are better." in browser.page.words
    assert "/ways" in browser.page.links
    words = browser.get("/ways").words
    assert "Security questions" not in words, "this profile offers none"
    for row in (
        "Code by e-mail done o***@ex***.com, not yet confirmed",
        "Key file not yet",
        "Recovery sheet not yet",
    ):
        assert row in words
    hand_in(browser, save_key_file(browser))
    words = browser.get("/home").words
    assert "are better" not in words
    assert "2 ways back in are prepared" in words


@pytest.mark.meets("nist-questions", "asvs-6.4.2")
def test_questions_have_no_page_where_the_profile_has_none(recorder: Recorder) -> None:
    browser = recorder.signed_in()
    assert browser.get("/ways/questions").path == "/ways"


def test_the_sheet_has_no_page_where_the_profile_has_none(patronum: Recorder) -> None:
    browser = enter(patronum)
    assert browser.get("/ways/sheet").path == "/ways"
    by = Confirmed("admin", patronum.agent.record.generation, Face.NETWORK)
    assert Ownership(patronum.agent).make_sheet(by) is Refusal.NOT_OFFERED
    assert Factor.SHEET not in Ownership(patronum.agent).offered


def test_P03_questions_come_with_suggestions_and_take_own_words(patronum: Recorder) -> None:
    browser = enter(patronum)
    page = browser.get("/ways/questions")
    assert page.html.count("<option") >= 6
    chosen = page.form("/ways/questions").values
    assert len({chosen[f"question{number}"] for number in (1, 2, 3)}) == 3, (
        "three different ones stand there already"
    )
    browser.press("/ways/questions", {**filled(asked=ASKED[:2]), "own3": ASKED[2]})
    assert browser.page.path == "/ways"
    kept = patronum.agent.record.factors.questions
    assert kept is not None
    assert kept.texts == ASKED
    assert browser.get("/ways/questions").form("/ways/questions").values["own3"] == ASKED[2]
    assert "New questions replace the ones that are set now." in browser.page.words


@pytest.mark.parametrize(
    ("how", "told"),
    [
        ({"answers": ("a", "b", "c")}, "12 letters and digits in all of them together"),
        ({"asked": (ASKED[0], ASKED[0], ASKED[1])}, "Ask something different each time"),
        ({"answers": ("", "long enough", "long enough too")}, "Give an answer that you will still know"),
        ({"asked": ("", *ASKED[1:])}, "Choose a question from the list"),
        ({"asked": ("?" * 101, *ASKED[1:])}, "Choose a question from the list"),
    ],
)
def test_P03_too_little_is_told_in_words(
    patronum: Recorder, how: dict[str, tuple[str, ...]], told: str
) -> None:
    page = set_questions(enter(patronum), **how)
    assert page.status == 422
    assert told in page.words
    assert patronum.agent.record.factors.questions is None


def test_P04_a_key_file_shows_what_it_is_worth(
    recorder: Recorder, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = Recorder(tmp_path_factory.mktemp("other"))
    other.settings = type(other.settings)(**{**vars(other.settings), "serial": "OTHER-0001"})
    other.start()
    other.set_up()
    foreign = save_key_file(other.signed_in())
    browser = recorder.signed_in()
    first = save_key_file(browser)
    assert b"SPAREKEY KEY FILE" in first
    assert "valid" in hand_in(browser, first).words
    second = save_key_file(browser)
    assert "replaced" in hand_in(browser, first).words
    assert not recorder.agent.record.prepared(Factor.KEY_FILE), "the new one was not checked yet"
    page = hand_in(browser, foreign)
    assert page.status == 422
    assert "for another device, serial number OTHER-0001" in page.words
    assert hand_in(browser, second).status == 200
    assert recorder.agent.record.prepared(Factor.KEY_FILE)


@pytest.mark.parametrize(
    "data", [b"", b"\x89PNG\r\n\x1a\n", b"no key", b"-----BEGIN SPAREKEY KEY FILE-----\n"]
)
def test_T14_what_is_no_key_file_is_told(recorder: Recorder, data: bytes) -> None:
    browser = recorder.signed_in()
    save_key_file(browser)
    page = hand_in(browser, data)
    assert page.status == 422
    assert "This is not a key file." in page.words


def test_B08_the_sheet_is_shown_once_and_counts_when_its_code_was_typed(recorder: Recorder) -> None:
    browser = recorder.signed_in()
    replaced = print_sheet(browser)
    code = print_sheet(browser)
    page = browser.page
    for told in ("PX-3216", "7F2K-0042", "Keep it like a key.", "Forgot the password?", "2026"):
        assert told in page.words
    assert 'class="qr"' in page.html
    assert page.header("cache-control") == "no-store"
    for path in ("/ways/sheet", "/ways/sheet/prove", "/ways"):
        assert code not in browser.get(path).html
    assert not recorder.agent.record.prepared(Factor.SHEET)
    for typed, told in (
        (replaced, "of another sheet"),
        (code[:-1], "has 14 characters"),
        (code[:-1] + "U", "no I, L, O or U"),
        (code[:-1] + ("0" if code[-1] != "0" else "1"), "One character is not right"),
    ):
        browser.get("/ways/sheet/prove")
        page = browser.press("/ways/sheet/prove", {"code": typed})
        assert page.status == 422
        assert told in page.words
    browser.get("/ways/sheet/prove")
    page = browser.press("/ways/sheet/prove", {"code": code.lower().replace("-", " ")})
    assert "The sheet counts." in page.words
    assert recorder.agent.record.prepared(Factor.SHEET)
    stored = b"".join(file.read_bytes() for file in recorder.folder.glob("device.sqlite*"))
    assert read_saved(code).text.encode() not in stored


def test_B08_without_a_clock_the_date_is_left_for_the_pen(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path, clock_trusted=False)
    recorder.set_up()
    browser = recorder.signed_in()
    print_sheet(browser)
    assert "Made on ______" in browser.page.words


@pytest.mark.meets("asvs-6.2.3", "asvs-7.5.1", "etsi-5.5-5")
@pytest.mark.parametrize(
    ("path", "typed"),
    [
        ("/ways/key-file", {}),
        ("/ways/sheet", {}),
        ("/users/admin/address", {"address": "evil@example.com"}),
        ("/users/admin", {"password": NEW, "again": NEW}),
        ("/users/add", {"name": "evil", "role": "admin", "password": NEW, "again": NEW}),
    ],
)
def test_T04_every_change_asks_for_the_password_and_slows_down_who_guesses(
    recorder: Recorder, path: str, typed: dict[str, str]
) -> None:
    browser = recorder.signed_in()
    before = recorder.agent.record
    for _ in range(FREE):
        browser.get(path)
        page = browser.press(path, {**typed, "current": "not this one"})
        assert page.status == 422
        assert "This is not your password. Nothing was changed." in page.words
    page = browser.press(path, {**typed, "current": OLD})
    assert page.status == 429
    assert "Time to wait: 1 second." in page.words
    browser.get("/logout")
    assert recorder.agent.record == before
    recorder.clock.forward(1)
    browser.get(path)
    assert browser.press(path, {**typed, "current": OLD}).status == 200
    assert recorder.agent.record != before


def test_T04_questions_ask_for_the_password_too(patronum: Recorder) -> None:
    browser = enter(patronum)
    browser.get("/ways/questions")
    page = browser.press("/ways/questions", filled(current="not this one"))
    assert page.status == 422
    assert "This is not your password." in page.words
    assert page.form("/ways/questions").values["answer1"] == ANSWERS[0], "nobody types three answers twice"
    assert patronum.agent.record.factors.questions is None


@pytest.mark.parametrize(
    "path",
    ["/ways", "/ways/questions", "/ways/key-file", "/ways/key-file/prove", "/ways/sheet", "/ways/sheet/prove",
     "/configuration", "/users", "/users/add", "/users/admin", "/users/admin/delete", "/users/admin/address", "/audit"],
)  # fmt: skip
def test_T04_a_stranger_sees_no_page_of_the_owner(recorder: Recorder, path: str) -> None:
    browser = recorder.browser()
    assert browser.get(path).path == "/login"
    values = browser.page.form("/login").values
    assert browser.post(path, {**values, "current": OLD}).status in (403, 405)
    assert OWNER not in browser.page.html


@pytest.mark.parametrize("name", ["camera-support", "hikvision", "patronum", "secure-code", "sparekey"])
def test_what_a_profile_calls_things_is_translated(name: str) -> None:
    words = profile(name).words
    called = {words.forgot, words.mail_code, words.code_field}
    assert called <= NAMES
    assert not called & {translator("cs").text(text) for text in called}


@pytest.mark.parametrize("language", ["en", "cs"])
def test_every_page_of_the_owner_in_both_languages(
    patronum: Recorder, tmp_path_factory: pytest.TempPathFactory, language: str
) -> None:
    browser = enter(patronum)
    browser.language = language
    for path in ("/ways", "/ways/questions", "/ways/key-file", "/users/admin/address"):
        whole(browser.get(path), language)
    whole(set_questions(browser, answers=("", "b", "c")), language)
    recorder = Recorder(tmp_path_factory.mktemp("recommended"))
    recorder.set_up()
    browser = recorder.signed_in()
    browser.language = language
    file = save_key_file(browser)
    whole(hand_in(browser, b"none"), language)
    whole(hand_in(browser, file), language)
    print_sheet(browser)
    whole(browser.page, language)
    for path in ("/home", "/ways", "/ways/key-file", "/ways/sheet", "/ways/sheet/prove", "/configuration", "/users",
                 "/users/add", "/users/admin", "/users/admin/address", "/audit"):  # fmt: skip
        whole(browser.get(path), language)


def whole(page: Page, language: str) -> None:
    """The marks of a page that a reader can use: language, one heading, no unfilled place, a label for each field."""
    assert f'<html lang="{language}"' in page.html
    assert page.html.count("<h1>") == 1
    assert not re.search(r"%\(\w+\)s|\{\{|None|Undefined", page.html)
    for name in re.findall(r'<(?:input|select) id="([^"]+)"', page.html):
        assert f'<label for="{name}">' in page.html
    assert not re.search(r"<script(?! type=\"module\" src=)| style=| on\w+=\"", page.html)
