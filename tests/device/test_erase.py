"""Factory settings on the real agent: what goes, what stays, and the power cut at every instant."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sparekey.core.device import events
from sparekey.core.effects import Erase, Happened
from sparekey.core.errors import Refusal, UnavailableError
from sparekey.core.values import Face
from sparekey.device import secret_file
from sparekey.device.erase import Room
from sparekey.host.sqlite_store import SqliteFile
from sparekey.testing.power import PowerCutError, PowerSwitch
from tests.device.recorder import NEW, OLD, OWNER, Recorder

HELD = events.ButtonHeld(5)


class Camera(Recorder):
    """A camera with a switch, set up and used, its device key in its file; a room keeps something of its owner."""

    def __init__(self, folder: Path) -> None:
        self.ended: list[int] = []
        self.kept = folder / "kept.txt"
        self.kept.write_text("what the owner keeps in a room")
        super().__init__(folder, "patronum", model="C-220")
        secret_file.write(self.key_file, self.keys.device_key)
        self.first_key = self.keys.device_key
        self.set_up()
        self.token = str(self.agent.sign_in("admin", OLD, source="x", face=Face.NETWORK))

    @property
    def key_file(self) -> Path:
        return self.folder / "device.key"

    def prepare(self) -> None:
        self.agent.add(
            Room(
                "kept",
                lambda: self.kept.unlink(missing_ok=True),
                lambda: not self.kept.exists(),
                self.ended.append,
            )
        )

    def power_comes_back(self) -> None:
        """As `device run` does: read the key or make one, then finish what was begun."""
        if not self.key_file.exists():
            secret_file.write(self.key_file, self.entropy.bytes(32))
        self.keys = replace(self.keys, device_key=self.key_file.read_bytes())
        assert len(self.keys.device_key) == 32
        self.start()

    def found(self, *wanted: bytes) -> list[str]:
        """Where on the storage any of these bytes still is."""
        files = [path for path in self.folder.rglob("*") if path.is_file()]
        return [path.name for path in files if any(part in path.read_bytes() for part in wanted)]


@pytest.fixture
def camera(tmp_path: Path) -> Camera:
    return Camera(tmp_path)


@contextmanager
def cuttable(switch: PowerSwitch) -> Iterator[None]:
    """Power may fail before and after everything that reaches the disk."""

    def around(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*given: Any, **named: Any) -> Any:
            switch.instant(f"before {name}")
            answer = call(*given, **named)
            switch.instant(f"after {name}")
            return answer

        return wrapped

    writing = SqliteFile.writing

    @contextmanager
    def committing(file: SqliteFile) -> Iterator[Any]:
        switch.instant("before transaction")
        with writing(file) as connection:
            yield connection
            switch.instant("before commit")
        switch.instant("after commit")

    with pytest.MonkeyPatch.context() as patch:
        for name in ("pwrite", "fsync", "unlink", "replace"):
            patch.setattr(os, name, around(name, getattr(os, name)))
        patch.setattr(SqliteFile, "writing", committing)
        patch.setattr(SqliteFile, "settle", around("settle", SqliteFile.settle))
        yield


def test_P01_factory_settings_take_everything_of_the_owner(camera: Camera) -> None:
    browser = camera.signed_in()
    assert camera.found(camera.first_key) == ["device.key"]
    assert camera.found(OWNER.encode())
    assert camera.agent.tell(HELD) is None
    assert not camera.agent.is_set_up
    assert camera.agent.signed_in(camera.token) is None
    assert camera.agent.keys.device_key != camera.first_key
    assert camera.key_file.read_bytes() == camera.agent.keys.device_key
    assert not camera.kept.exists()
    assert camera.ended == [2]
    assert [entry.what for entry in camera.agent.audit.last(5)] == [Happened.ERASED]
    assert not camera.found(camera.first_key, OWNER.encode(), b"what the owner keeps")
    assert camera.agent.record.generation == 2
    assert browser.get("/home").path == "/login"
    assert camera.agent.activate(NEW, None, Face.SCREEN) is None


def test_T22_a_form_of_the_owner_before_is_worth_nothing_afterwards(camera: Camera) -> None:
    browser = camera.browser()
    browser.get("/login")
    camera.agent.tell(HELD)
    assert browser.press("/login", {"user": "admin", "password": "admin"}).status == 403
    browser.get("/login")
    assert browser.press("/login", {"user": "admin", "password": "admin"}).path == "/setup"


@pytest.mark.meets("etsi-5.11-1")
def test_T22_power_cut_at_every_instant_of_a_real_erase(tmp_path: Path) -> None:
    """Whatever instant it is: afterwards either nothing has happened or everything has, and no key byte is left."""
    cut_at, outcomes = 0, set()
    while True:
        cut_at += 1
        folder = tmp_path / str(cut_at)
        folder.mkdir()
        camera = Camera(folder)
        switch = PowerSwitch(cut_at)
        try:
            with cuttable(switch):
                camera.agent.tell(HELD)
        except PowerCutError as cut:
            where = f"{cut_at}: {cut}"
        else:
            break
        camera.power_comes_back()
        assert not camera.agent.is_erasing, where
        outcomes.add(camera.agent.is_set_up)
        if camera.agent.is_set_up:
            assert camera.agent.keys.device_key == camera.first_key, where
            assert camera.agent.knows("admin", OLD), where
            assert camera.kept.exists(), where
            assert camera.agent.sessions.account(camera.token, camera.agent.record, camera.agent._instant())
        else:
            assert not camera.found(camera.first_key, OWNER.encode()), where
            assert camera.found(camera.agent.keys.device_key) == ["device.key"], where
            assert not camera.kept.exists(), where
            assert camera.agent.activate(NEW, None, Face.SCREEN) is None, where
    assert cut_at > 30
    assert outcomes == {True, False}


@pytest.mark.meets("asvs-16.5.3")
def test_T22_what_cannot_be_erased_keeps_the_device_closed_until_it_can(camera: Camera) -> None:
    stubborn = [True]

    def refuse() -> None:
        if stubborn:
            raise UnavailableError("store", "not now")

    camera.agent.add(Room("stubborn", refuse, lambda: not stubborn))
    assert camera.agent.tell(HELD) is None
    assert camera.agent.is_erasing
    assert not camera.key_file.exists(), "the keys went nevertheless"
    assert not camera.agent.knows("admin", OLD)
    browser = camera.browser()
    page = browser.get("/login")
    assert page.status == 503
    assert "being erased" in page.words
    assert camera.agent.activate(NEW, None, Face.SCREEN) is Refusal.ALREADY_DONE
    camera.agent.tick()
    assert camera.agent.is_erasing
    stubborn.clear()
    camera.agent.tick()
    assert not camera.agent.is_erasing
    assert browser.get("/login").status == 200
    assert camera.agent.keys.device_key == camera.key_file.read_bytes()


def test_T22_an_erase_whose_new_key_finds_no_room_waits(
    camera: Camera, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "device.key")

    with monkeypatch.context() as patch:
        patch.setattr(secret_file, "write", full)
        assert camera.agent.tell(HELD) is None
        assert camera.agent.is_erasing
    camera.agent.tick()
    assert not camera.agent.is_erasing


def test_an_order_to_erase_that_comes_again_after_all_is_done_does_nothing(camera: Camera) -> None:
    camera.agent.tell(HELD)
    key = camera.agent.keys
    camera.agent._perform(1, Erase(recordings=True))
    assert camera.agent.keys == key


def test_a_secret_file_is_destroyed_with_its_half_written_twin(tmp_path: Path) -> None:
    secret, half = tmp_path / "a.key", tmp_path / "a.key.new"
    secret.write_bytes(b"s" * 32)
    half.write_bytes(b"h" * 10)
    other = tmp_path / "other"
    os.link(secret, other)  # what was written over shows through another name of the same blocks
    secret_file.destroy(secret)
    secret_file.destroy(secret)
    assert secret_file.is_gone(secret)
    assert other.read_bytes() == bytes(32)


def test_a_link_in_place_of_a_secret_is_not_followed(tmp_path: Path) -> None:
    target = tmp_path / "precious"
    target.write_bytes(b"stays")
    (tmp_path / "a.key").symlink_to(target)
    with pytest.raises(OSError, match="symbolic"):
        secret_file.destroy(tmp_path / "a.key")
    assert target.read_bytes() == b"stays"
