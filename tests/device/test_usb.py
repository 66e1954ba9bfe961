"""The USB stick at the screen: what is saved on it, what is picked from it, and what a hostile stick gets."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from sparekey.core.errors import InputError, UnavailableError
from sparekey.core.messages.request import Request
from sparekey.core.messages.text import read_any
from sparekey.core.values import Face
from sparekey.device import usb
from sparekey.device.usb import FILE_LIMIT, UsbFolder
from tests.device.browser import Browser
from tests.device.recorder import NEW, OLD, Recorder, choose

KEY, ANSWER = ".sparekey-key", ".sparekey-response"


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "usb"
    folder.mkdir()
    return folder


@pytest.fixture
def recorder(tmp_path: Path, stick: Path) -> Recorder:
    made = Recorder(tmp_path)
    made.settings = replace(made.settings, usb=stick)
    made.start()
    made.set_up()
    return made


def at_screen(recorder: Recorder) -> Browser:
    return recorder.browser(face=Face.SCREEN, scheme="http", host="localhost")


def test_only_plain_files_of_the_kind_are_offered(stick: Path) -> None:
    (stick / "b.sparekey-key").write_bytes(b"b")
    (stick / "A.SPAREKEY-KEY").write_bytes(b"a")
    (stick / "photo.jpg").write_bytes(b"c")
    (stick / ".hidden.sparekey-key").write_bytes(b"d")
    (stick / "folder.sparekey-key").mkdir()
    (stick / "link.sparekey-key").symlink_to("/etc/passwd")
    os.mkfifo(stick / "pipe.sparekey-key")
    (stick / ("n" * 120 + KEY)).write_bytes(b"e")
    (stick / f"line\nend{KEY}").write_bytes(b"f")
    assert UsbFolder(stick).files(KEY) == ["A.SPAREKEY-KEY", "b.sparekey-key"]
    assert UsbFolder(stick / "gone").files(KEY) == []
    assert UsbFolder(None).files(KEY) == []


def test_a_stick_with_endless_files_is_looked_at_for_a_while(
    stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(usb, "LOOK_LIMIT", 5)
    for number in range(50):
        (stick / f"{number}{KEY}").touch()
    assert len(UsbFolder(stick).files(KEY)) == 5


@pytest.mark.meets("asvs-5.3.2")
def test_T42_a_hostile_stick_is_refused_and_keeps_nobody_waiting(stick: Path) -> None:
    os.mkfifo(stick / "pipe.sparekey-key")
    (stick / "link.sparekey-key").symlink_to(stick / "real")
    (stick / "real").write_bytes(b"secret of the recorder")
    (stick / "folder.sparekey-key").mkdir()
    (stick / "huge.sparekey-key").write_bytes(bytes(FILE_LIMIT + 1))
    folder = UsbFolder(stick)
    for name, slug in (
        ("pipe.sparekey-key", "usb-kind"),
        ("link.sparekey-key", "usb-kind"),
        ("folder.sparekey-key", "usb-kind"),
        ("huge.sparekey-key", "usb-size"),
        ("gone.sparekey-key", "usb-gone"),
        ("../device.key", "usb-gone"),
        ("", "usb-gone"),
        (".", "usb-gone"),
        ("n" * 200, "usb-gone"),
    ):
        with pytest.raises(InputError) as caught:
            folder.read(name)
        assert caught.value.slug == slug, name
    with pytest.raises(InputError):
        UsbFolder(None).read("a.sparekey-key")


@pytest.mark.meets("asvs-5.3.2", "asvs-5.4.1")
def test_what_is_saved_is_whole_and_follows_no_link(stick: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_bytes(b"stays")
    (stick / "a.sparekey-request").symlink_to(outside)
    (stick / "a.sparekey-request.part").symlink_to(outside)
    UsbFolder(stick).save("a.sparekey-request", b"asked")
    assert outside.read_bytes() == b"stays"
    assert not (stick / "a.sparekey-request").is_symlink()
    assert (stick / "a.sparekey-request").read_bytes() == b"asked"
    assert sorted(path.name for path in stick.iterdir()) == ["a.sparekey-request"]
    for folder, name in (
        (UsbFolder(stick / "gone"), "a"),
        (UsbFolder(stick), "../a"),
        (UsbFolder(None), "a"),
    ):
        with pytest.raises(UnavailableError):
            folder.save(name, b"x")


def test_the_screen_saves_a_key_file_on_the_stick_and_takes_it_from_there(
    recorder: Recorder, stick: Path
) -> None:
    browser = at_screen(recorder)
    browser.get("/login")
    browser.press("/login", {"user": "admin", "password": OLD})
    assert "on the USB stick" in browser.get("/ways/key-file").words
    page = browser.press("/ways/key-file", {"current": OLD})
    assert "It is saved on the USB stick" in page.words
    (saved,) = stick.iterdir()
    assert saved.name.endswith(KEY)
    page = browser.get("/ways/key-file/prove")
    assert saved.name in page.words
    assert "valid" in browser.press("/ways/key-file/prove", {"usb": saved.name}).words
    locked_out = at_screen(recorder)
    assert saved.name in locked_out.get("/forgot/key-file").words
    assert locked_out.press("/forgot/key-file", {"usb": saved.name}).path == "/forgot/password"
    choose(locked_out)
    assert recorder.agent.knows("admin", NEW)


@pytest.mark.parametrize(("start", "base"), [("/forgot/mail", "/forgot/mail"), ("/forgot/support", "")])
def test_the_screen_saves_a_request_on_the_stick(
    recorder: Recorder, stick: Path, start: str, base: str
) -> None:
    browser = at_screen(recorder)
    browser.get("/forgot" if base else start)
    browser.press(start)
    page = browser.press("/forgot/request" if base else "/forgot/support/usb")
    assert "It is saved on the USB stick" in page.words
    (saved,) = stick.iterdir()
    assert isinstance(read_any(saved.read_bytes()), Request)


def test_a_stick_that_is_plugged_in_late_is_seen_when_the_page_looks_again(
    recorder: Recorder, stick: Path
) -> None:
    stick.rmdir()
    session = at_screen(recorder)
    session.get("/login")
    session.press("/login", {"user": "admin", "password": OLD})
    assert "on the USB stick" in session.get("/ways/key-file").words
    page = session.press("/ways/key-file", {"current": OLD})
    assert (page.status, "Plug a USB stick in" in page.words) == (503, True)
    assert page.links[-1:] == ["/ways/key-file"], "back to where it is tried again"
    stick.mkdir()
    session.get("/ways/key-file")
    assert "It is saved on the USB stick" in session.press("/ways/key-file", {"current": OLD}).words
    (saved,) = stick.iterdir()
    away = saved.rename(stick.parent / saved.name)
    locked_out = at_screen(recorder)
    page = locked_out.get("/forgot/key-file")
    assert "There is no such file yet. Plug the stick in and wait a moment." in page.words
    assert 'type="file"' not in page.html, "the browser's own window would show the recorder's disk"
    assert "/forgot/key-file" in page.links, "look again"
    away.rename(saved)
    assert saved.name in locked_out.get("/forgot/key-file").words
    assert locked_out.press("/forgot/key-file", {"usb": saved.name}).path == "/forgot/password"


def test_a_bad_file_is_told_in_words_and_costs_no_try(recorder: Recorder, stick: Path) -> None:
    browser = at_screen(recorder)
    session = recorder.signed_in()
    session.get("/ways/key-file")
    session.press("/ways/key-file", {"current": OLD})
    (stick / "a.sparekey-key").write_bytes(b"nonsense")
    browser.get("/forgot/key-file")
    assert "This is not a key file" in browser.press("/forgot/key-file", {"usb": "a.sparekey-key"}).words
    (stick / "a.sparekey-key").unlink()
    (stick / "a.sparekey-key").symlink_to("/etc/passwd")
    (stick / "b.sparekey-key").write_bytes(b"b")
    browser.get("/forgot/key-file")
    form = browser.page.form("/forgot/key-file").values
    told = browser.post("/forgot/key-file", {**form, "usb": "a.sparekey-key"})
    assert told.status == 422
    assert "This is no plain file" in told.words
    assert not recorder.agent.record.budgets


def test_T42_the_network_neither_sees_nor_uses_the_stick(recorder: Recorder, stick: Path) -> None:
    (stick / "a.sparekey-key").write_bytes(b"a")
    session = recorder.signed_in()
    session.get("/ways/key-file")
    session.press("/ways/key-file", {"current": OLD})
    browser = recorder.browser()
    page = browser.get("/forgot/key-file")
    assert "a.sparekey-key" not in page.words
    assert 'type="file"' in page.html
    form = page.form("/forgot/key-file").values
    answer = browser.post("/forgot/key-file", {**form, "usb": "a.sparekey-key"})
    assert "Choose the key file first" in answer.words
    browser.get("/forgot/support")
    browser.press("/forgot/support")
    posted = browser.post("/forgot/support/usb", browser.page.form("/language").values)
    assert posted.status == 403
    assert [path.name for path in stick.iterdir()] == ["a.sparekey-key"]
