"""What every store of recordings promises, and what the encrypted one adds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sparekey.core.errors import InputError, UnavailableError, UntrustedError
from sparekey.device.recordings import encrypted
from sparekey.device.recordings.encrypted import FRAME, SEGMENT_LIMIT, EncryptedRecordings
from sparekey.device.recordings.port import Media, Recordings
from sparekey.testing.entropy import FixedEntropy
from sparekey.testing.recordings import MemoryRecordings

Maker = Callable[[Path], Recordings]
CONTENT = b"a picture of the front door"


def in_files(folder: Path) -> EncryptedRecordings:
    return EncryptedRecordings(folder / "recordings", folder / "recordings.key", FixedEntropy())


def in_memory(_folder: Path) -> MemoryRecordings:
    return MemoryRecordings()


@pytest.fixture(params=[in_files, in_memory], ids=["files", "memory"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Recordings:
    maker: Maker = request.param
    return maker(tmp_path)


def played(kept: Recordings, name: str) -> bytes:
    pieces = kept.play(name)
    assert pieces is not None
    return b"".join(pieces)


@pytest.mark.parametrize("size", [0, 1, FRAME - 1, FRAME, FRAME + 1, 3 * FRAME])
def test_what_was_written_is_played_back(kept: Recordings, size: int) -> None:
    content = bytes(number % 251 for number in range(size))
    segment = kept.write("Garage", 1_790_000_000, 60, Media.MP4, content)
    assert segment.size == size
    assert played(kept, segment.name) == content
    assert list(kept.segments()) == [segment]


def test_the_newest_stands_first(kept: Recordings) -> None:
    for started in (2000, 1000, 3000):
        kept.write("Příjezd", started, 60, Media.PNG, CONTENT)
    assert [segment.started for segment in kept.segments()] == [3000, 2000, 1000]
    assert kept.segments()[0].camera == "Příjezd"


@pytest.mark.parametrize(
    "name", ["", "0000000000000009", "../device.key", "G" * 16, "4041424344454647.segment"]
)
def test_what_is_not_there_is_not_played(kept: Recordings, name: str) -> None:
    assert kept.play(name) is None


@pytest.mark.parametrize(
    ("camera", "started", "seconds"),
    [
        ("", 0, 0),
        ("a\nb", 0, 0),
        ("a" * 65, 0, 0),
        ("a", -1, 0),
        ("a", 1 << 40, 0),
        ("a", 0, -1),
        ("a", 0, 86401),
    ],
)
def test_a_segment_that_makes_no_sense_is_not_kept(
    kept: Recordings, camera: str, started: int, seconds: int
) -> None:
    with pytest.raises(InputError):
        kept.write(camera, started, seconds, Media.PNG, CONTENT)
    assert not kept.segments()


def test_an_erase_leaves_nothing_and_what_comes_after_it_is_kept(kept: Recordings) -> None:
    assert kept.is_empty()
    old = kept.write("Garage", 1000, 60, Media.PNG, CONTENT)
    assert not kept.is_empty()
    kept.erase()
    kept.erase()
    assert kept.is_empty()
    assert kept.play(old.name) is None
    new = kept.write("Garage", 2000, 60, Media.PNG, CONTENT)
    assert played(kept, new.name) == CONTENT


@pytest.mark.meets("etsi-5.11-4")
def test_P06_a_copy_of_the_disk_is_noise_without_the_key(tmp_path: Path) -> None:
    kept = in_files(tmp_path)
    segment = kept.write("Garage", 1000, 60, Media.PNG, CONTENT)
    (path,) = (tmp_path / "recordings").iterdir()
    copy, key = path.read_bytes(), (tmp_path / "recordings.key").read_bytes()
    assert not any(part in copy for part in (CONTENT, b"Garage", key))
    kept.erase()
    assert not any(key in left.read_bytes() for left in tmp_path.rglob("*") if left.is_file())
    kept.write("Garage", 2000, 60, Media.PNG, CONTENT)
    path.write_bytes(copy)
    assert len(kept.segments()) == 1, "the new key does not open what the old one closed"
    with pytest.raises(UntrustedError):
        kept.play(segment.name)


def test_another_run_reads_what_is_there(tmp_path: Path) -> None:
    segment = in_files(tmp_path).write("Garage", 1000, 60, Media.PNG, CONTENT)
    again = in_files(tmp_path)
    assert again.segments() == [segment]
    assert played(again, segment.name) == CONTENT


def test_what_was_damaged_moved_or_cut_off_does_not_open(tmp_path: Path) -> None:
    first = in_files(tmp_path)
    one = first.write("Garage", 1000, 60, Media.PNG, CONTENT * 4000)
    path = tmp_path / "recordings" / f"{one.name}.segment"
    whole = path.read_bytes()
    for at in (0, 12, 59, 60, 61, 70):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        again = in_files(tmp_path)
        assert again.segments() == [], at
        with pytest.raises(UntrustedError):
            again.play(one.name)
    for changed in (whole[:-1], whole[:-20] + b"x" * 20):
        path.write_bytes(changed)
        with pytest.raises(UntrustedError):
            played(in_files(tmp_path), one.name)
    path.write_bytes(whole)
    path.rename(path.with_name("0123456789abcdef.segment"))
    assert in_files(tmp_path).segments() == []


def test_a_half_written_segment_and_strange_files_are_no_recordings(tmp_path: Path) -> None:
    kept = in_files(tmp_path)
    segment = kept.write("Garage", 1000, 60, Media.PNG, CONTENT)
    (tmp_path / "recordings" / "0123456789abcdef.segment.new").write_bytes(b"half")
    (tmp_path / "recordings" / "0123456789abcdef.segment").write_bytes(b"")
    (tmp_path / "recordings" / "notes.txt").write_text("mine")
    assert kept.segments() == [segment]
    kept.erase()
    assert kept.is_empty()
    assert [path.name for path in (tmp_path / "recordings").iterdir()] == ["notes.txt"]


def test_the_oldest_goes_when_there_are_too_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encrypted, "SEGMENTS_LIMIT", 2)
    kept = in_files(tmp_path)
    for started in (1000, 2000, 3000):
        kept.write("Garage", started, 60, Media.PNG, CONTENT)
    assert [segment.started for segment in kept.segments()] == [3000, 2000]


def test_too_big_and_a_disk_that_fails_are_told(tmp_path: Path) -> None:
    kept = in_files(tmp_path)
    with pytest.raises(InputError):
        kept.write("Garage", 1000, 60, Media.PNG, bytes(SEGMENT_LIMIT + 1))
    (tmp_path / "recordings").write_text("a file where the folder should be")
    with pytest.raises(UnavailableError, match="recordings"):
        kept.write("Garage", 1000, 60, Media.PNG, CONTENT)
