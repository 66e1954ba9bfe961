"""Opens the doors: one web server for each listener, all in one event loop."""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import logging
import signal
import socket
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sparekey.core.errors import InputError, SparekeyError, UnavailableError
from sparekey.core.values import Face
from sparekey.device import crowd, memory
from sparekey.device.announcing import Announcing, MulticastDns, Ports
from sparekey.device.cameras.doors.keeper import Doorkeeper
from sparekey.device.cameras.room import CameraRoom
from sparekey.device.config import Kind, Listener
from sparekey.device.desk_line import DeskLine
from sparekey.device.http_server import Server
from sparekey.device.onvif.discovery import WsDiscovery
from sparekey.device.pages import application
from sparekey.device.pages.door import FACE, SCREEN_DOOR
from sparekey.device.screen import COOKIE
from sparekey.host import tls
from sparekey.lan.onvif.names import PATH as ONVIF
from sparekey.web import cookies
from sparekey.web.lean import HTTPConnection, Response

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.types import ASGIApp, Receive, Scope, Send

    from sparekey.device.agent import Agent
    from sparekey.device.announcing import Tongue
    from sparekey.device.cameras.settings import Doors
    from sparekey.device.config import Config
    from sparekey.device.screen import Screens
    from sparekey.host.entropy import Entropy

SOON, MINUTE = 5, 60
"""Seconds until the first look at the cameras, and between two looks."""
TICK = 5 * 60
"""Seconds between two notes of the device's age."""
SETTLE = 5
"""Seconds without a page after which free memory is given back."""
GRACE = 3
"""Seconds that running answers get when the process is asked to end."""
ANY6 = str(ipaddress.IPv6Address(0))
"""The listener for every IPv6 address of the machine."""
_NO_IPV6 = {errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL}

_LOG = logging.getLogger("sparekey.device")


class Listening:
    """Every listener's socket, bound but still deaf: a taken port is told before the device counts a boot."""

    def __init__(self, config: Config) -> None:
        """Raises UnavailableError (`listen`) for an address that cannot be had."""
        self.bound: list[tuple[Listener, socket.socket]] = []
        for listener in config.listeners:
            try:
                self.bound.append((listener, _bind(listener)))
            except OSError as error:
                if listener.host == ANY6 and error.errno in _NO_IPV6:
                    continue  # without IPv6 on this machine nobody comes by it
                self.close()
                told = f"cannot use {listener.url()}: {error.strerror or error}"
                raise UnavailableError("listen", told) from None

    def urls(self) -> list[str]:
        """Where the listeners really are."""
        return [listener.url(bound.getsockname()[1]) for listener, bound in self.bound]

    def close(self) -> None:
        """Let the addresses go."""
        for _, bound in self.bound:
            bound.close()


class Doorway:
    """Stands before the pages at one listener: knows who stands there and what they may call us.

    An address that a connection arrived at is one of our own, whatever network the device was carried to.
    """

    def __init__(
        self, pages: ASGIApp, listener: Listener, names: set[str], language: str, screens: Screens
    ) -> None:
        self._pages = pages
        self._screens = screens if listener.face is Face.SCREEN else None
        self._only = ONVIF if listener.onvif else ""
        self._names = names
        self._language = (b"accept-language", language.encode())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] == "http":
            host = scope["server"][0].partition("%")[0] if scope.get("server") else ""
            if host:
                self._names.add(f"[{host}]" if ":" in host else host)
            face = self._stands(scope)
            scope[FACE], scope[SCREEN_DOOR] = face, self._screens is not None
            if self._only and scope["path"] != self._only:
                await Response(status_code=404)(scope, receive, send)
                return
            told = any(name == b"accept-language" for name, _ in scope["headers"])
            # Nobody ever chose the language of the browser inside a recorder.
            if face is Face.SCREEN or not told:
                others = [header for header in scope["headers"] if header[0] != b"accept-language"]
                scope["headers"] = [*others, self._language]
        await self._pages(scope, receive, send)

    def _stands(self, scope: Scope) -> Face:
        """The screen is who came through its listener and could read the launch file; everybody else is the network."""
        if self._screens is None:
            return Face.NETWORK
        cookie = cookies.read(HTTPConnection(scope), COOKIE)
        return Face.SCREEN if self._screens.knows(cookie) else Face.NETWORK


def serve(
    agent: Agent, listening: Listening, *, entropy: Entropy, ready: Callable[[list[str]], None]
) -> None:
    """Open every door and stay until SIGTERM or Ctrl-C. `ready` gets the URLs once all of them answer.

    Raises InputError (`tls`) for a certificate and a key that do not fit together.
    """
    settings = agent.config.settings
    names = {"localhost", *settings.names}
    room = CameraRoom(agent, lambda: names) if agent.config.kind is Kind.RECORDER else None
    pages = application(agent, entropy=entropy, own_names=lambda: names, offset=zone_offset, cameras=room)
    servers = [
        (_server(Doorway(pages, listener, names, settings.language, agent.screens), listener, agent), bound)
        for listener, bound in listening.bound
    ]
    for listener, url in zip((listener for listener, _ in listening.bound), listening.urls(), strict=True):
        if listener.face is Face.SCREEN:
            agent.screens.offer(url)
    announcing = None
    if settings.lan.discovery:
        ports = Ports([(listener, bound.getsockname()[1]) for listener, bound in listening.bound])
        tongues: list[Tongue] = [MulticastDns(agent, ports)]
        if settings.onvif.allowed:
            tongues.append(WsDiscovery(agent, ports))
        announcing = Announcing(tongues, agent.clock, entropy)
    asyncio.run(_run(agent, servers, room, lambda: ready(listening.urls()), announcing))


def zone_offset(at: int) -> int:
    """Seconds between this machine's local time and UTC at a moment."""
    away = datetime.fromtimestamp(at, UTC).astimezone().utcoffset()
    return int(away.total_seconds()) if away else 0


async def _run(
    agent: Agent,
    servers: list[tuple[Server, socket.socket]],
    room: CameraRoom | None,
    ready: Callable[[], None],
    announcing: Announcing | None,
) -> None:
    ends = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ends.set)
    for server, bound in servers:
        try:
            await server.listen(bound)
        except OSError as error:  # the address was taken between binding and listening
            raise UnavailableError("listen", f"a listener ended at once ({error.strerror})") from None
    memory.give_back()
    ready()
    line = DeskLine(agent)
    agent.send_again = line.send_again
    line.start()
    beside = [
        asyncio.create_task(_tick(agent)),
        asyncio.create_task(_settle([server for server, _ in servers])),
    ]
    beside += [asyncio.create_task(announcing.run())] if announcing else []
    if room is not None and room.doors is not None:
        room.keeper = _keeper(agent, room, room.doors)
        beside.append(asyncio.create_task(room.keeper.watch()))
    if room is not None:
        beside += [asyncio.create_task(_look_after(room)), asyncio.create_task(_carry(room))]
    await ends.wait()
    line.stop()
    for task in beside:
        task.cancel()
    await asyncio.wait(beside)
    await asyncio.gather(*(server.end(GRACE) for server, _ in servers))


async def _settle(servers: list[Server]) -> None:
    """What was borrowed for pages goes back when nobody looks at any for a while."""
    seen, given = 0, 0
    while True:
        await asyncio.sleep(SETTLE)
        served = sum(server.served for server in servers)
        if served == seen != given:
            memory.give_back()
            given = served
        seen = served


async def _tick(agent: Agent) -> None:
    while True:
        await asyncio.sleep(TICK)
        try:
            await asyncio.to_thread(agent.tick)
            memory.give_back()
        except SparekeyError as error:
            _LOG.exception("the age could not be noted: %s", error.slug)


async def _look_after(room: CameraRoom) -> None:
    """The cameras, once a minute; a recorder without any does nothing."""
    await asyncio.sleep(SOON)
    while True:
        try:
            if not room.cameras.is_empty():
                await asyncio.to_thread(room.round)
        except SparekeyError as error:
            _LOG.exception("the cameras could not be looked after: %s", error.slug)
        await asyncio.sleep(MINUTE)


async def _carry(room: CameraRoom) -> None:
    """The cameras' letters and the desk's answers: soon after something happened here, else once a minute."""
    stirred, loop = asyncio.Event(), asyncio.get_running_loop()

    def stir() -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(stirred.set)

    room.agent.when_told(stir)
    while True:
        await asyncio.sleep(SOON)
        stirred.clear()
        try:
            if not room.cameras.is_empty():
                await asyncio.to_thread(room.carry)
        except SparekeyError as error:
            _LOG.exception("the cameras' letters could not be carried: %s", error.slug)
        with suppress(TimeoutError):
            await asyncio.wait_for(stirred.wait(), MINUTE)


def _keeper(agent: Agent, room: CameraRoom, doors: Doors) -> Doorkeeper:
    """Opens the doors to cameras' pages, each a server of its own while somebody is there."""

    async def start(app: ASGIApp, port: int) -> Callable[[], Awaitable[None]]:
        listener = Listener(doors.tls, doors.host, port)
        try:
            bound = _bind(listener)
        except OSError as error:
            raise UnavailableError("door", f"cannot use {listener.url()}: {error.strerror}") from None
        server = _server(app, listener, agent)
        await server.listen(bound)

        async def stop() -> None:
            await server.end(GRACE)
            bound.close()

        return stop

    return Doorkeeper(relay=room.relay, start=start, is_visited=room.tickets.is_visited, port=doors.port)


def _server(app: ASGIApp, listener: Listener, agent: Agent) -> Server:
    if not listener.tls:
        return Server(app)
    keys = agent.keys
    try:
        context = tls.server(keys.tls_certificate, keys.tls_key)
    except OSError as error:
        pair = f"{keys.tls_certificate} and {keys.tls_key}"
        raise InputError("tls", f"{pair} do not fit together ({type(error).__name__})") from None
    return Server(app, context)


def _bind(listener: Listener) -> socket.socket:
    (family, kind, protocol, _, address), *_ = socket.getaddrinfo(
        listener.host, listener.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )
    bound = crowd.Listener(family, kind, protocol)
    bound.crowd = crowd.Crowd()
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            bound.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        bound.bind(address)
    except OSError:
        bound.close()
        raise
    return bound
