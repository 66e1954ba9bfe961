"""Opens a camera's door when somebody asks for it, and shuts it again when nobody is there any more."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from sparekey.core.errors import UnavailableError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.types import ASGIApp

    from sparekey.device.cameras.camera import Camera
    from sparekey.device.cameras.doors.relay import Relay

    Stop = Callable[[], Awaitable[None]]

LOOK = 30
"""Seconds between two looks at whether anybody is there."""
PATIENCE = 10
"""Seconds that a door may take to open."""


class Doorkeeper:
    """Lives in the event loop of the servers; `open` is called from any other thread.

    `relay`: the application of a camera's door. `start`: listens at a port and returns what ends that; raises
    UnavailableError. `is_visited`: whether somebody is at a camera. `port`: of the first door.
    """

    def __init__(
        self,
        *,
        relay: Callable[[Camera, int], Relay],
        start: Callable[[ASGIApp, int], Awaitable[Stop]],
        is_visited: Callable[[int], bool],
        port: int,
    ) -> None:
        self._relay = relay
        self._start = start
        self._is_visited = is_visited
        self._port = port
        self._loop = asyncio.get_running_loop()
        self._lock = asyncio.Lock()
        self._open: dict[int, tuple[int, Stop]] = {}

    def open(self, camera: Camera) -> int:
        """Have the door of a camera open, and say at which port. Raises UnavailableError when that port is taken."""
        asked = asyncio.run_coroutine_threadsafe(self._have(camera), self._loop)
        try:
            return asked.result(PATIENCE)
        except TimeoutError:
            asked.cancel()
            raise UnavailableError("door", "the door to the camera does not open") from None

    async def watch(self) -> None:
        """Shut the doors where nobody is, again and again, until cancelled; then all."""
        try:
            while True:
                await asyncio.sleep(LOOK)
                with suppress(
                    UnavailableError
                ):  # the storage does not answer: the next look may find it well
                    await self.tidy()
        finally:
            for door in list(self._open):
                await self._shut(door)

    async def tidy(self) -> None:
        """Shut the doors where nobody is."""
        async with self._lock:
            for door, (camera, _) in list(self._open.items()):
                if not self._is_visited(camera):
                    await self._shut(door)

    async def _have(self, camera: Camera) -> int:
        port = self._port + camera.door
        async with self._lock:
            kept = self._open.get(camera.door)
            if kept is not None and kept[0] != camera.id:  # the one before it was removed
                await self._shut(camera.door)
                kept = None
            if kept is None:
                stop = await self._start(self._relay(camera, port), port)
                self._open[camera.door] = (camera.id, stop)
        return port

    async def _shut(self, door: int) -> None:
        _, stop = self._open.pop(door)
        await stop()
