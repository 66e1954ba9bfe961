"""`sparekey log`: what it says, and with which number it ends."""

from __future__ import annotations

import stat
import tempfile
from pathlib import Path

import pytest

from sparekey.__main__ import main
from sparekey.core import crypto
from sparekey.core.messages.armour import FileKind, wrap
from sparekey.core.messages.trust import Purpose, Trust, sign_trust
from sparekey.core.tlog.checkpoint import log_key
from sparekey.core.tlog.note import KeyType, VerifierKey
from sparekey.core.tlog.witness import cosign
from sparekey.monitor import __main__ as commands
from sparekey.monitor.__main__ import _own_key
from tests.monitor.published import KEY, KEY_TEXT, MINE, NOW, ORIGIN, Published

ROOT = b"\x09" * 32
NORTH = b"\x11" * 32
NORTH_TEXT = VerifierKey("witness.example.com", KeyType.COSIGNATURE, crypto.signing_public(NORTH)).text


class FullDisk(tempfile.SpooledTemporaryFile[str]):
    def write(self, _text: object) -> int:
        raise OSError(28, "No space left on device")


def log(*arguments: object) -> int:
    return main(["log", *map(str, arguments)])


def test_B03_a_whole_copy_passes_and_tells_what_is_in_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = Published(300).save(tmp_path)
    assert log("verify", copy, "--key", KEY_TEXT, "--find", MINE.hex()) == 0
    said = capsys.readouterr().out
    assert "desk.example.com/log: 300 entries, whole and signed." in said
    assert "mail-code: 150" in said
    assert f"approved by {b'approver'.hex()}: 150" in said
    assert "1 of them with" in said
    assert "3 2026-09-21T14:13:23Z response-file new-password" in said


def test_B03_a_tampered_copy_is_not_genuine(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy = Published(300).save(tmp_path)
    entries = copy / "tile" / "entries" / "000"
    entries.write_bytes(entries.read_bytes().replace(b"response-file", b"response-fike", 1))
    assert log("verify", copy, "--key", KEY_TEXT) == 3
    assert "log-entry" in capsys.readouterr().err


def test_a_copy_that_lacks_a_part_is_no_answer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert log("verify", tmp_path, "--key", KEY_TEXT) == 4
    assert "checkpoint is not in the copy" in capsys.readouterr().err


def test_the_keys_come_from_a_trust_file_that_the_maker_signed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = Trust(
        desk=bytes(8),
        name="Example",
        prefix="HTTPS://DESK.EXAMPLE.COM/R/",
        version=1,
        sealing=((Purpose.MAIL, (crypto.sealing_public(KEY),)),),
        signing=(crypto.signing_public(KEY),),
        logs=(log_key(ORIGIN, crypto.signing_public(KEY)),),
    )
    trust, root = tmp_path / "trust", tmp_path / "root.pub"
    trust.write_text(wrap(FileKind.TRUST, sign_trust(content, ROOT), {}), encoding="utf-8")
    root.write_text(crypto.signing_public(ROOT).hex(), encoding="ascii")
    copy = Published(3).save(tmp_path / "copy")
    assert log("verify", copy, "--trust", trust, "--root", root) == 0
    root.write_text(crypto.signing_public(KEY).hex(), encoding="ascii")
    assert log("verify", copy, "--trust", trust, "--root", root) == 3
    root.write_text("no key", encoding="ascii")
    assert log("verify", copy, "--trust", trust, "--root", root) == 2
    assert log("verify", copy, "--trust", trust) == 2
    assert log("verify", copy) == 2
    assert "say whom to believe" in capsys.readouterr().err


def test_witnesses_that_are_named_must_have_seen_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    published = Published(3)
    copy = published.save(tmp_path)
    asked = ("verify", copy, "--key", KEY_TEXT, "--key", NORTH_TEXT)
    assert log(*asked) == 3
    note = published.note().signed_too(cosign(published.note().text, "witness.example.com", NORTH, NOW))
    (copy / "checkpoint").write_bytes(note.encoded)
    assert log(*asked) == 0
    assert "seen by witness.example.com at 2026-09-21T14:13:20Z" in capsys.readouterr().out


def test_a_watcher_tells_what_is_new_and_what_was_taken_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy, seen = tmp_path / "copy", tmp_path / "seen"
    watch = ("watch", copy, "--key", KEY_TEXT, "--memory", seen, "--once")
    Published(3).save(copy)
    assert log(*watch) == 0
    assert capsys.readouterr().out.count("\n") == 4
    assert log(*watch) == 0
    assert capsys.readouterr().out == ""
    Published(5).save(copy)
    assert log(*watch, "--find", MINE.hex()) == 0
    assert "5 entries; it only grew" in capsys.readouterr().out
    Published(5, past=1).save(copy)
    assert log(*watch) == 3
    assert "was rewritten" in capsys.readouterr().err
    Published(4).save(copy)
    assert log(*watch) == 3
    assert log("watch", copy, "--key", NORTH_TEXT, "--memory", seen, "--once") == 2


def test_a_watcher_of_a_long_log_keeps_what_is_new_on_the_disk_and_tells_it_only_when_it_holds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "SPOOLED", 100)
    log_, watch = Published(300), ("watch", tmp_path / "copy", "--key", KEY_TEXT, "--once", "--memory")
    log_.save(tmp_path / "copy")
    assert log(*watch, tmp_path / "seen") == 0
    told = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in told] == [*map(str, range(300)), "desk.example.com/log:"]
    (tmp_path / "copy/tile/0/001.p/44").write_bytes(bytes(44 * 32))
    assert log(*watch, tmp_path / "another") == 3
    assert capsys.readouterr().out == ""
    monkeypatch.setattr(tempfile, "SpooledTemporaryFile", FullDisk)
    assert log(*watch, tmp_path / "third") == 4
    assert capsys.readouterr().out == ""


def test_a_watcher_keeps_logs_apart_and_says_when_nobody_answers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = log_key("other.example.com/log", crypto.signing_public(KEY)).text
    seen = tmp_path / "seen"
    assert log("watch", Published(3).save(tmp_path / "a"), "--key", KEY_TEXT, "--memory", seen, "--once") == 0
    assert log("watch", tmp_path / "a", "--key", other, "--memory", seen, "--once") == 2
    assert "about another log" in capsys.readouterr().err
    assert log("watch", tmp_path / "none", "--key", KEY_TEXT, "--memory", seen, "--once") == 4


@pytest.mark.meets("asvs-4.1.2")
@pytest.mark.parametrize(
    "where", ["http://desk.example.com/log", "ftp://desk.example.com/log", "file:///tmp/log"]
)
def test_over_a_network_a_log_is_read_by_https_only(where: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert log("verify", where, "--key", KEY_TEXT) == 2
    assert "https://" in capsys.readouterr().err


@pytest.mark.parametrize("wanted", ["", "zz", "00" * 8])
def test_what_is_no_number_of_the_log_is_told(wanted: str, tmp_path: Path) -> None:
    assert log("verify", tmp_path, "--key", KEY_TEXT, "--find", wanted) == 2


def test_T02_a_witness_keeps_its_key_for_itself(tmp_path: Path) -> None:
    key = _own_key(tmp_path / "witness")
    file = tmp_path / "witness" / "witness.key"
    assert _own_key(tmp_path / "witness") == key
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    named = ("--dir", tmp_path / "witness", "--name", "witness.example.com", "--key", KEY_TEXT)
    assert log("witness", *named, "--listen", "nowhere") == 2
    file.chmod(0o640)
    assert log("witness", *named) == 2
    file.chmod(0o600)
    file.write_text("no key", encoding="ascii")
    assert log("witness", *named) == 2


@pytest.mark.meets("asvs-1.4.2")
def test_a_time_beyond_all_calendars_breaks_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.monitor.published.NOW", 1 << 39)
    assert (
        log("watch", Published(1).save(tmp_path), "--key", KEY_TEXT, "--memory", tmp_path / "m", "--once")
        == 0
    )
    assert "seconds after 1970" in capsys.readouterr().out
