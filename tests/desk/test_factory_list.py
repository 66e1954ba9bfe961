"""The maker's list: read as a stream, from where it broke off, with every bad line told."""

from __future__ import annotations

from pathlib import Path

import pytest

from sparekey.core.errors import UnavailableError
from sparekey.desk.__main__ import main
from sparekey.desk.registry import commands, factory_list, rows
from sparekey.desk.registry.factory_list import BadLine, Imported, import_list
from sparekey.desk.store.database import Database

HASHES = [f"{number:064x}" for number in range(1, 100)]


def read(database: Database, path: Path) -> tuple[Imported, list[BadLine]]:
    bad: list[BadLine] = []
    return import_list(database, path, bad.append), bad


def held(database: Database, serial: str) -> bytes | None:
    with database.reading() as connection:
        return rows.listed(connection, serial)


def test_good_lines_are_taken_and_bad_ones_are_told_with_their_number(
    database: Database, tmp_path: Path
) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(
        b"\xef\xbb\xbfserial,sha256\r\n"
        + f"PX-1,{HASHES[0]}\r\nPX-2;{HASHES[1]}\n\nPX-3,{HASHES[2]}\n".encode()
        + b"P\xff,0\n"
        + f"PX*4,{HASHES[3]}\n".encode()
        + b"L" * 5000
        + f"\nPX-1,{HASHES[5]}\nPX-1,{HASHES[0]}\nPX-6,{HASHES[6]}".encode()
    )
    done, bad = read(database, path)
    assert done == Imported(lines=11, added=3, bad=5)
    assert [(line.number, line.why) for line in bad] == [
        (3, "no-hash"),
        (6, "not-utf-8"),
        (7, "bad-serial"),
        (8, "too-long"),
        (9, "other-hash"),
    ]
    assert held(database, "PX-1") == bytes.fromhex(HASHES[0])
    assert held(database, "PX-6") == bytes.fromhex(HASHES[6])
    assert held(database, "PX-2") is None


def test_a_reading_goes_on_where_it_broke_off_and_changes_nothing_twice(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(factory_list, "AT_ONCE", 10)
    path = tmp_path / "list.csv"
    path.write_text("".join(f"PX-{number},{HASHES[number]}\n" for number in range(35)))
    stored = factory_list._store
    calls = []

    def failing(*given: object) -> object:
        calls.append(given)
        if len(calls) == 3:
            raise UnavailableError("store", "gone")
        return stored(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(factory_list, "_store", failing)
    with pytest.raises(UnavailableError):
        read(database, path)
    assert read(database, path) == (Imported(35, 15, 0), [])
    assert read(database, path) == (Imported(35, 0, 0), [])
    assert held(database, "PX-34") is not None


def test_a_file_that_is_not_there_is_told(database: Database, tmp_path: Path) -> None:
    with pytest.raises(UnavailableError) as caught:
        read(database, tmp_path / "no.csv")
    assert caught.value.slug == "no-file"


def made_desk(folder: Path) -> Path:
    """A desk's folder with its settings filled in."""
    main(["init", "--dir", str(folder), "--name", "Example support", "--url", "https://desk.example.com"])
    config = folder / "desk.toml"
    smtp = '\n[smtp]\nhost = "localhost"\nport = 25\nsender = "desk@example.com"\nstarttls = false\n'
    config.write_text(config.read_text() + smtp)
    return config


def test_the_command_says_what_it_read_and_which_lines_it_passed_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    config = made_desk(tmp_path / "desk")
    path = tmp_path / "list.csv"
    path.write_text(f"PX-1,{HASHES[0]}\nPX-2\nPX-3\n")
    monkeypatch.setattr(commands, "TOLD", 1)
    capsys.readouterr()
    assert main(["manifest", "import", str(path), "--config", str(config)]) == 1
    told = capsys.readouterr()
    assert told.err.startswith("line 2: it does not look like SERIAL,HASH")
    assert "and 1 more" in told.err
    assert "3 lines read so far, 1 devices added now, 2 lines passed over." in told.out
    assert main(["manifest", "import", str(path), "--config", str(config)]) == 0
    assert main(["reseal", "--config", str(config)]) == 0
    assert "0 enrolments" in capsys.readouterr().out
