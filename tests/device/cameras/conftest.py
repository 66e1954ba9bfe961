"""A recorder with a room for cameras, and cameras in memory behind it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sparekey.core.errors import UnavailableError
from sparekey.core.values import Secret
from sparekey.device.cameras.camera import Camera, Control
from sparekey.device.cameras.meeting import Met
from sparekey.device.cameras.room import CameraRoom
from sparekey.device.cameras.searching import Seen
from sparekey.device.cameras.talk import Talk
from sparekey.device.pages import application
from tests.device.cameras.camera import MemoryCamera
from tests.device.recorder import Recorder


class MemoryRoom(CameraRoom):
    """The real room, whose cameras are in memory: by the host in their address."""

    behind: dict[str, MemoryCamera]
    found: list[Seen]

    def search(self) -> list[Seen]:
        return self.found

    def meet(self, typed: str) -> Met:
        if typed not in self.behind:
            self.reach.target(f"https://{typed}/")
            raise UnavailableError("camera-unreachable")
        url = f"https://{typed}/"
        return Met(url, url, Control.LINK, bytes(32), factory=not self.behind[typed].users)

    def talk(self, camera: Camera) -> Talk | None:
        return self.behind.get(camera.page.split("/")[2])

    def soon(self, number: int, password: Secret | None, old: Secret | None = None) -> None:
        """At once, in this thread."""
        if password is None:
            self.changing.go_on(number)
        else:
            self.changing.share(number, password, old)


class Site(Recorder):
    """A recorder with cameras."""

    behind: dict[str, MemoryCamera]

    def start(self) -> None:
        super().start()
        self.room = MemoryRoom(
            self.agent, lambda: {"localhost", *self.settings.names}, near=list, own=lambda _address: False
        )
        self.room.behind = self.behind
        self.app = application(
            self.agent,
            entropy=self.entropy,
            own_names=lambda: {"localhost", *self.settings.names},
            offset=lambda at: 7200,
            cameras=self.room,
        )

    def put(self, host: str, camera: MemoryCamera) -> Camera:
        """Plug a camera in and add it to the list."""
        self.behind[host] = camera
        added = self.room.add(self.room.meet(host), host, "02-00-5e-00-53-31")
        assert added is not None
        return added

    def kept(self, camera: Camera) -> Camera:
        """As it is stored now."""
        found = self.agent.cameras.get(camera.id)
        assert found is not None
        return found


def site(folder: Path, profile: str) -> Site:
    made = Site.__new__(Site)
    made.behind = {}
    made.__init__(folder, profile)  # type: ignore[misc]
    made.settings = replace(made.settings, listen=("https://192.0.2.4:8543",))
    made.start()
    made.set_up()
    return made


@pytest.fixture
def site_of_recommended(tmp_path: Path) -> Site:
    return site(tmp_path, "sparekey")


@pytest.fixture
def site_of_hikvision(tmp_path: Path) -> Site:
    return site(tmp_path, "hikvision")
