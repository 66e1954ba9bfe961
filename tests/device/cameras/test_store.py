"""The cameras of a recorder survive everything but an erase, and no password of theirs lies about in the open."""

from __future__ import annotations

from pathlib import Path

import pytest

from sparekey.core.errors import UnavailableError
from sparekey.core.values import Secret
from sparekey.device.cameras import store
from sparekey.device.cameras.camera import (
    CAMERAS_LIMIT,
    TRIES_LIMIT,
    TRIES_REST,
    Camera,
    Control,
    Stage,
    State,
)
from sparekey.device.cameras.safe import Place, Safe
from sparekey.device.cameras.store import Cameras
from sparekey.host.sqlite_store import SqliteFile
from sparekey.testing.entropy import FixedEntropy

KEY = bytes(range(32))
PASSWORD = "quiet river under the bridge"
NEXT = "another river, another bridge"


def opened(folder: Path, key: bytes = KEY) -> tuple[Cameras, SqliteFile]:
    file = SqliteFile(folder / "device.sqlite", (store.SCHEMA,))
    return Cameras(file, Safe(key, FixedEntropy())), file


def camera(number: int = 1) -> Camera:
    return Camera(
        0,
        f"Garage {number}",
        f"https://192.0.2.{number}/",
        f"https://192.0.2.{number}/onvif/device_service",
        Control.ONVIF,
        mac="02-00-5e-00-53-01",
        pin=bytes(32),
    )


@pytest.fixture
def cameras(tmp_path: Path) -> Cameras:
    return opened(tmp_path)[0]


def test_what_is_known_of_a_camera_is_known_after_a_restart(tmp_path: Path) -> None:
    cameras, file = opened(tmp_path)
    added = cameras.add(camera())
    assert added is not None
    cameras.keep(added.id, "boss", Secret(PASSWORD))
    cameras.note(added.id, State.OK, 100, 1_790_000_000)
    file.close()
    again, _ = opened(tmp_path)
    (kept,) = again.all()
    assert (kept.name, kept.user, kept.kept, kept.state) == ("Garage 1", "boss", True, State.OK)
    assert (kept.pin, kept.seen_age, kept.seen_wall) == (bytes(32), 100, 1_790_000_000)
    assert again.password(kept.id, Place.CREDENTIAL) == Secret(PASSWORD)
    assert again.get(kept.id + 1) is None


@pytest.mark.meets("etsi-5.4-1")
def test_T34_no_password_of_a_camera_lies_open_in_the_storage(tmp_path: Path) -> None:
    cameras, file = opened(tmp_path)
    added = cameras.add(camera())
    assert added is not None
    cameras.keep(added.id, "admin", Secret(PASSWORD))
    cameras.stage(added.id, "admin", Secret(NEXT), 1, 0)
    file.close()
    stored = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert PASSWORD.encode() not in stored
    assert NEXT.encode() not in stored
    stolen, _ = opened(tmp_path, bytes(32))
    assert stolen.password(added.id, Place.CREDENTIAL) is None
    assert stolen.password(added.id, Place.STAGED) is None


@pytest.mark.meets("asvs-11.3.3")
def test_T34_a_password_that_was_moved_to_another_camera_does_not_open(tmp_path: Path) -> None:
    cameras, file = opened(tmp_path)
    first, second = cameras.add(camera(1)), cameras.add(camera(2))
    assert first is not None
    assert second is not None
    cameras.keep(first.id, "admin", Secret(PASSWORD))
    with file.writing() as connection:
        connection.execute("UPDATE cameras SET credential = (SELECT credential FROM cameras WHERE id = 1)")
        connection.execute("UPDATE cameras SET staged = credential, stage = 'staged'")
    assert cameras.password(first.id, Place.CREDENTIAL) == Secret(PASSWORD)
    assert cameras.password(second.id, Place.CREDENTIAL) is None
    for each in (first, second):
        assert cameras.password(each.id, Place.STAGED) is None, "nor in another place of the same camera"
    assert cameras.password(first.id, Place.STAGED) is None


def test_an_address_is_taken_once_and_a_door_is_nobody_elses(cameras: Cameras) -> None:
    first = cameras.add(camera(1))
    assert first is not None
    assert cameras.add(camera(1)) is None
    cameras.remove(first.id)
    second = cameras.add(camera(2))
    assert second is not None
    assert second.door != first.door, "a browser may still hold a page of the one that was there"
    assert second.id != first.id
    for number in range(3, CAMERAS_LIMIT + 2):
        assert cameras.add(camera(number)) is not None
    assert cameras.add(camera(200)) is None
    assert len({each.door for each in cameras.all()}) == CAMERAS_LIMIT
    cameras.forget_all()
    cameras.forget_all()
    assert cameras.all() == []
    assert cameras.is_empty()


def test_tries_are_counted_before_they_are_made_and_rest_after_a_while(cameras: Cameras) -> None:
    added = cameras.add(camera())
    assert added is not None
    for used in range(1, TRIES_LIMIT + 1):
        cameras.count_try(added.id, 1000)
        assert cameras.all()[0].tries_left(1000) == TRIES_LIMIT - used
    (kept,) = cameras.all()
    assert kept.tries_left(1000 + TRIES_REST - 1) == 0
    assert kept.tries_left(1000 + TRIES_REST) == TRIES_LIMIT
    cameras.count_try(added.id, 1000 + TRIES_REST)
    later = cameras.get(added.id)
    assert later is not None
    assert later.wrong == 1
    cameras.was_right(added.id)
    assert cameras.all()[0].tries_left(0) == TRIES_LIMIT


def test_a_change_is_staged_sent_and_then_takes_the_place_of_the_old_in_one_step(cameras: Cameras) -> None:
    added = cameras.add(camera())
    assert added is not None
    cameras.keep(added.id, "admin", Secret(PASSWORD))
    cameras.stage(added.id, "admin", Secret(NEXT), 4, 60)
    cameras.wait(added.id, 120, "silent")
    (kept,) = cameras.all()
    assert kept.change is not None
    assert (kept.change.stage, kept.change.generation, kept.change.tries) == (Stage.STAGED, 4, 1)
    assert (kept.change.due, kept.change.why) == (120, "silent")
    cameras.sending(added.id)
    (kept,) = cameras.all()
    assert kept.change is not None
    assert kept.change.stage is Stage.SENT
    assert cameras.password(added.id, Place.CREDENTIAL) == Secret(PASSWORD)
    cameras.changed(added.id, "admin")
    (kept,) = cameras.all()
    assert kept.change is None
    assert cameras.password(added.id, Place.CREDENTIAL) == Secret(NEXT)
    assert cameras.password(added.id, Place.STAGED) is None
    cameras.wait(added.id, 9, "nothing waits")
    cameras.changed(added.id, "admin")
    assert cameras.password(added.id, Place.CREDENTIAL) == Secret(NEXT)
    cameras.rename(added.id, "Yard", "")
    cameras.agree(added.id)
    cameras.pin(added.id, None)
    cameras.note(added.id, State.OFFLINE, 500, None)
    (kept,) = cameras.all()
    assert (kept.name, kept.in_the_open, kept.pin, kept.seen_age) == ("Yard", True, None, None)


def test_a_storage_that_fails_says_so(tmp_path: Path) -> None:
    cameras, file = opened(tmp_path)
    file.close()
    with pytest.raises(UnavailableError):
        cameras.add(camera())
