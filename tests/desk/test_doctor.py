"""`sparekey desk doctor`, `backup` and `restore`."""

from __future__ import annotations

import os
import smtplib
import socket
import sqlite3
import ssl
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from sparekey.__main__ import main
from sparekey.core.errors import InputError, UnavailableError, UntrustedError
from sparekey.core.registry import Source
from sparekey.desk import backup, config
from sparekey.desk.backup import back_up, restore
from sparekey.desk.config import WitnessConfig
from sparekey.desk.doctor import files, outside, stored
from sparekey.desk.doctor.examination import Finding, examine
from sparekey.desk.keyring import read_keys
from sparekey.desk.keys.folder import listed
from sparekey.desk.log.ledger import Ledger
from sparekey.desk.log.opening import ledger_of
from sparekey.desk.log.verify import Memory
from sparekey.desk.registry.rows import Row, put_row
from sparekey.desk.store.opening import open_database
from sparekey.desk.trust import load_trust
from sparekey.testing.clock import FixedClock
from tests.desk.cluster import Cluster
from tests.desk.logbook import leaves
from tests.desk.test_keys import NORTH, Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    made = Desk(tmp_path / "desk")
    (made.path / "maker-root.key").rename(tmp_path / "offline.key")
    return made


def lose_the_database(desk: Desk) -> None:
    """As if it was never made, or its disk is not there."""
    for path in desk.path.glob("desk.sqlite*"):
        path.unlink()


@contextmanager
def ledger(settings: config.DeskConfig) -> Iterator[Ledger]:
    database = open_database(settings)
    made = ledger_of(read_keys(settings.keys), load_trust(settings.trust, settings.root)[0], database)
    made.begin()
    yield made
    database.close()


def fill(settings: config.DeskConfig, count: int, first: int = 0) -> None:
    with ledger(settings) as log:
        log.append(leaves(count, first))
        Memory(settings.log_memory).write(log.head().note)


def findings(desk: Desk, settings: config.DeskConfig | None = None, ahead: int = 0) -> dict[str, Finding]:
    clock = FixedClock()
    clock.forward(86400 * 365 + ahead)
    return {found.thing: found for found in examine(settings or desk.settings, desk.toml, clock)}


def wrong(found: dict[str, Finding]) -> set[str]:
    return {thing for thing, one in found.items() if one.wrong}


@pytest.fixture(autouse=True)
def _around(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not here is well."""
    monkeypatch.setattr(outside, "mail", lambda *_: "takes our mail")
    monkeypatch.setattr(outside, "address", lambda *_: "leads here")
    monkeypatch.setattr(stored, "is_kept", lambda: True)


def test_a_desk_that_is_well_has_nothing_to_mend(desk: Desk) -> None:
    fill(desk.settings, 3)
    found = findings(desk)
    assert wrong(found) == set()
    assert found["recovery log"].told == "3 entries, whole and signed"


def test_a_new_desk_is_in_order(desk: Desk) -> None:
    assert wrong(findings(desk)) == set()


def test_a_desk_without_its_database_is_told_what_the_next_start_does(desk: Desk) -> None:
    lose_the_database(desk)
    assert wrong(findings(desk)) == {"database", "clock", "recovery log"}
    assert "first start makes it" in findings(desk)["database"].wrong
    assert not Path(desk.settings.database).exists(), "looking makes nothing"


def test_each_thing_that_is_wrong_is_named_by_itself(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(desk.settings, 3)
    (desk.path / "keys" / "mail.key").chmod(0o644)
    assert {"keys", "trust file"} <= wrong(findings(desk))
    (desk.path / "keys" / "mail.key").chmod(0o600)
    (desk.path / "maker-root.key").write_text("x")
    assert wrong(findings(desk)) == {"keys"}
    assert "place without network" in findings(desk)["keys"].wrong
    (desk.path / "maker-root.key").unlink()
    desk.toml.chmod(0o666)
    assert wrong(findings(desk)) == {"settings"}
    desk.toml.chmod(0o600)
    moved = replace(desk.settings, url="https://new.example.com")
    assert wrong(findings(desk, moved)) == {"trust file"}
    stray = replace(desk.settings, witnesses=(WitnessConfig(NORTH.name, "https://witness.example.com"),))
    assert wrong(findings(desk, stray)) == {"witnesses"}
    assert wrong(findings(desk, ahead=-86400 * 3000)) == {"clock"}
    monkeypatch.setattr(files, "ROOM", 1 << 62)
    assert wrong(findings(desk)) == {"disk"}


def test_a_damaged_log_and_a_newer_database_are_found(desk: Desk) -> None:
    fill(desk.settings, 3)
    with closing(sqlite3.connect(desk.settings.database)) as connection, connection:
        connection.execute("DELETE FROM log_entries WHERE number = 1")
    assert "not whole" in findings(desk)["recovery log"].wrong
    with closing(sqlite3.connect(desk.settings.database)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    assert "newer sparekey" in findings(desk)["database"].wrong


def test_devices_that_ask_for_witnesses_need_a_way_to_them(desk: Desk, tmp_path: Path) -> None:
    root = str(tmp_path / "offline.key")
    assert desk.keys("witnesses", "--needed", "1", "--key", NORTH.text, "--root-key", root) == 0
    fill(desk.settings, 1)
    assert wrong(findings(desk)) == {"witnesses"}
    ways = replace(desk.settings, witnesses=(WitnessConfig(NORTH.name, "https://witness.example.com"),))
    assert wrong(findings(desk, ways)) == set()


def test_the_doctor_looks_at_postgresql_too(
    desk: Desk, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = replace(desk.settings, database=cluster.fresh())
    fill(settings, 2)
    with monkeypatch.context() as patience:
        patience.setattr(stored, "SLACK", 1 << 40)
        assert wrong(findings(desk, settings)) == set()
    assert "differ by" in findings(desk, settings)["clock"].wrong
    assert wrong(findings(desk, replace(settings, database=cluster.empty()))) == {"clock", "recovery log"}
    away = replace(settings, database="postgresql://desk@/desk?host=/nonexistent")
    assert "no such socket; is PostgreSQL running?" in findings(desk, away)["database"].wrong
    with pytest.raises(InputError, match="pg_dump"):
        back_up(settings, desk.toml, desk.path / "copy")


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (ConnectionRefusedError(), "nothing listens at smtp.host and smtp.port"),
        (TimeoutError(), "does a firewall keep us from it"),
        (socket.gaierror(), "no machine of the name"),
        (ssl.SSLCertVerificationError(), "its certificate does not hold"),
        (smtplib.SMTPNotSupportedError(), "offers no STARTTLS"),
        (smtplib.SMTPAuthenticationError(535, b"hunter2"), "does not take this user and password"),
        (smtplib.SMTPServerDisconnected("hunter2"), "is smtp.port the one for STARTTLS"),
        (smtplib.SMTPConnectError(554, b"hunter2"), "does not take mail (SMTPConnectError)"),
    ],
)
def test_a_mail_server_that_does_not_take_mail_is_found_with_what_to_do(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, error: Exception, told: str
) -> None:
    monkeypatch.undo()
    monkeypatch.setattr(outside, "address", lambda *_: "leads here")

    def refuse(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("sparekey.desk.mail.smtp._Client", refuse)
    found = findings(desk)["mail server"].wrong
    assert "does not take mail" in found
    assert told in found
    assert "hunter2" not in found


def test_T02_what_others_can_read_is_told_with_the_command_that_mends_it(desk: Desk) -> None:
    database, key = Path(desk.settings.database), desk.path / "tls.key"
    key.write_text("x")
    settings = replace(desk.settings, tls_key=key, tls_certificate=key)
    assert wrong(findings(desk, settings)) == {"files"}
    assert findings(desk, settings)["files"].wrong.endswith(f"chmod 600 {key}")
    key.chmod(0o600)
    database.chmod(0o640)
    assert findings(desk, settings)["files"].wrong.endswith(f"chmod 600 {database}")
    database.chmod(0o600)
    assert wrong(findings(desk, settings)) == set()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_a_file_of_another_user_is_named(desk: Desk) -> None:
    os.chown(desk.path / "keys" / "mail.key", 12345, -1)
    assert "mail.key belongs to another user" in findings(desk)["files"].wrong


@pytest.mark.parametrize(("kept", "told"), [(True, "kept by NTP"), (None, "does not say"), (False, "")])
def test_a_clock_that_nobody_keeps_is_found(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, kept: bool | None, told: str
) -> None:
    monkeypatch.setattr(stored, "is_kept", lambda: kept)
    found = findings(desk)["clock"]
    assert told in found.told
    assert ("timedatectl set-ntp true" in found.wrong) is (kept is False)


def test_old_keys_are_told_with_what_lets_them_go(desk: Desk, tmp_path: Path) -> None:
    root = str(tmp_path / "offline.key")
    assert findings(desk)["old keys"].told == "none"
    assert desk.keys("rotate", "enrol", "--root-key", root) == 0
    told = findings(desk)["old keys"].told
    (old,) = [file for file in listed(desk.settings.keys) if file.path.name.startswith("enrol-")]
    assert f"sparekey desk keys retire {old.id}" in told
    assert desk.keys("retire", old.id, "--root-key", root) == 0
    assert f"{old.path.name} opens what older requests and tickets hold" in findings(desk)["old keys"].told
    database = open_database(desk.settings)
    with database.writing() as connection:
        put_row(
            connection,
            Row("PX-3216-0001", b"sealed", b"hash", 1, Source.FACTORY, True, True, 0),
            bytes.fromhex(old.id),
        )
    database.close()
    assert "sparekey desk reseal" in findings(desk)["old keys"].wrong


def test_the_command_ends_with_one_when_something_is_to_be_mended(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    lose_the_database(desk)
    assert main(["desk", "doctor", "--config", str(desk.toml)]) == 1
    fill(desk.settings, 300)
    assert main(["desk", "doctor", "--config", str(desk.toml)]) == 0
    said = capsys.readouterr().out
    assert "MEND database" in said
    assert "ok   recovery log: 300 entries" in said


def test_a_copy_brings_everything_back_and_holds_no_key(desk: Desk, tmp_path: Path) -> None:
    fill(desk.settings, 300)
    copy = tmp_path / "copy"
    arguments = ["--config", str(desk.toml)]
    assert main(["desk", "backup", "--to", str(copy), *arguments]) == 0
    assert main(["desk", "backup", "--to", str(copy), *arguments]) == 2, "never over another copy"
    assert stat.S_IMODE(copy.stat().st_mode) == 0o700
    assert stat.S_IMODE((copy / "desk.sqlite").stat().st_mode) == 0o600
    kept = b"".join(file.read_bytes() for file in copy.iterdir())
    for key in (desk.path / "keys").iterdir():
        assert bytes.fromhex(key.read_text()) not in kept
        assert key.read_text().strip().encode() not in kept
    assert main(["desk", "restore", "--from", str(copy), *arguments]) == 2, "never over a database"
    for file in desk.path.glob("desk.sqlite*"):
        file.unlink()
    assert main(["desk", "restore", "--from", str(copy), *arguments]) == 0
    assert wrong(findings(desk)) == set()
    with ledger(desk.settings) as log:
        assert log.append(leaves(300)) == list(range(300)), "what was stored is answered the same"
        assert log.head().frontier.size == 300


def test_a_copy_is_one_moment_of_a_desk_that_writes(desk: Desk, tmp_path: Path) -> None:
    fill(desk.settings, 3)
    with ledger(desk.settings) as log:
        log.append(leaves(1, 3))
        assert back_up(desk.settings, desk.toml, tmp_path / "copy") == 4, (
            "what is only in its log is copied too"
        )
        log.append(leaves(1, 4))
    assert back_up(desk.settings, desk.toml, tmp_path / "later") == 5


def test_T16_an_older_copy_is_not_put_back_unless_a_new_log_begins(desk: Desk, tmp_path: Path) -> None:
    fill(desk.settings, 3)
    back_up(desk.settings, desk.toml, tmp_path / "copy")
    fill(desk.settings, 1, 3)
    for file in desk.path.glob("desk.sqlite*"):
        file.unlink()
    with pytest.raises(UntrustedError, match="older copy"):
        restore(desk.settings, tmp_path / "copy")
    assert not list(desk.path.glob("desk.sqlite*"))
    with pytest.raises(InputError, match="only under a new name"):
        restore(desk.settings, tmp_path / "copy", new_log=True)
    root, name = str(tmp_path / "offline.key"), "desk.example.com/log-2"
    assert desk.keys("rotate", "mail", "--origin", name) == 2
    assert desk.keys("rotate", "log", "--origin", name, "--root-key", root) == 0
    assert restore(desk.settings, tmp_path / "copy", new_log=True) == 0
    fill(desk.settings, 2)
    assert wrong(findings(desk)) == set()
    with ledger(desk.settings) as log:
        assert log.checkpoint_of(log.note()).origin == name


def test_a_copy_that_fails_leaves_nothing(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lose_the_database(desk)
    with pytest.raises(UnavailableError, match="nothing is there"):
        back_up(desk.settings, desk.toml, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()
    with pytest.raises(UnavailableError, match="cannot copy from"):
        restore(desk.settings, tmp_path / "copy")
    assert backup.DATABASE == "desk.sqlite"
