"""A recorder and cameras of ours behind it: real calls between real devices, in memory."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest

from sparekey.core.values import Secret
from sparekey.device.cameras.camera import Camera
from sparekey.device.cameras.own import OwnTalk, _heard
from sparekey.device.cameras.relaying import RETRY
from sparekey.device.cameras.talk import Heard
from sparekey.device.registration import Registered
from sparekey.lan.link.frame import Asked, Refused
from sparekey.lan.target import read_target
from tests.device.cameras.camera import MemoryCamera
from tests.device.cameras.conftest import Site
from tests.device.desk_end import DeskEnd
from tests.device.link import Caller
from tests.device.recorder import OLD, Recorder

T = TypeVar("T")


class Wire(OwnTalk):
    """Our calls to the application of a camera. `heard`: what comes instead of an answer."""

    def __init__(self, behind: Recorder) -> None:
        super().__init__(read_target("https://192.0.2.41/"), behind.entropy, behind.keys.tls_hash)
        self.behind = behind
        self.heard: Heard | None = None
        self.calls: list[str] = []

    def _send(self, asked: Asked[T]) -> T | Heard:
        self.calls.append(asked.name)
        if self.heard is not None:
            return self.heard
        told = Caller(self.behind.app).ask(asked)
        return _heard(told) if isinstance(told, Refused) else told


class Behind:
    """A recorder and its cameras, by number."""

    def __init__(self, site: Site, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.site = site
        self.desk = DeskEnd(site)
        self.folder = folder
        self.wires: dict[int, Wire] = {}
        self.monkeypatch = monkeypatch
        self.plug_in()

    def plug_in(self) -> None:
        """Also after a restart of the recorder."""
        self.monkeypatch.setattr(self.site.room, "own_talk", lambda camera: self.wires[camera.id])

    def camera(self, host: str, serial: str) -> tuple[Camera, Wire]:
        """One whose password the recorder keeps."""
        folder = self.folder / host
        folder.mkdir()
        made = Recorder(folder)
        made.settings = replace(made.settings, serial=serial)
        made.agent.close()
        made.start()
        made.set_up()
        added = self.site.put(host, MemoryCamera(OLD))
        self.site.agent.cameras.pin(added.id, made.keys.tls_hash)
        self.site.agent.cameras.keep(added.id, "admin", Secret(OLD))
        self.wires[added.id] = Wire(made)
        return added, self.wires[added.id]

    def minute(self) -> None:
        self.site.clock.forward(RETRY)
        self.site.room.round()
        self.site.room.carry()


def standing(wire: Wire) -> Registered:
    return wire.behind.agent.registration.standing
