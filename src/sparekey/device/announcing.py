"""The device says that it is there, on every interface, over IPv6 link-local too (spec/lan.md sections 1 to 3)."""

from __future__ import annotations

import asyncio
import ipaddress
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Protocol

from sparekey.core.errors import InputError, UnavailableError
from sparekey.core.values import Face
from sparekey.device.addresses import own_addresses
from sparekey.lan import sockets
from sparekey.lan.discovery import mdns
from sparekey.lan.gate import Gate
from sparekey.lan.interfaces import Interface
from sparekey.lan.responder import Answering, Reply, Voice, answer_mdns, listen

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable

    from sparekey.device.addresses import Own
    from sparekey.device.agent import Agent
    from sparekey.device.config import Listener
    from sparekey.host.clock import Clock
    from sparekey.host.entropy import Entropy
    from sparekey.lan.interfaces import Network

LOOK = 5.0
"""Seconds between two looks at the interfaces: cables are plugged in, addresses come and go."""
AGAIN = 1.0
"""Seconds between the two announcements (RFC 6762 section 8.3)."""
PLACES_LIMIT = 32
"""Sockets at the same time, at most."""
ADDRESSES_LIMIT = 8
"""Addresses told in one answer."""


class Tongue(Protocol):
    """One protocol. `groups`: of IPv4 and of IPv6."""

    groups: tuple[str, str]
    port: int
    hops: int

    def state(self, own: tuple[Own, ...]) -> Hashable:
        """What is told at an interface with these addresses; another one is announced. None when it is not spoken."""

    def greeting(self, own: tuple[Own, ...]) -> bytes:
        """That we are here; empty when it is not spoken."""

    def farewell(self, own: tuple[Own, ...]) -> bytes:
        """That we leave; empty when it is not spoken."""

    def reply(self, data: bytes, source: tuple[str, int], own: tuple[Own, ...]) -> Reply | None:
        """What is answered. Raises InputError."""


class Ports:
    """At which port an address of ours is served over TLS."""

    def __init__(self, listeners: Iterable[tuple[Listener, int]]) -> None:
        """`listeners`: each with its real port."""
        self._ports: dict[str, int] = {}
        self._plain: dict[str, int] = {}
        for listener, port in listeners:
            if listener.tls and listener.face is Face.NETWORK:
                self._ports.setdefault(listener.host, port)
            if listener.onvif:
                self._plain.setdefault(listener.host, port)

    def of(self, own: Own) -> int | None:
        """The port, or None where nothing listens."""
        return _at(self._ports, own)

    def plain(self, own: Own) -> int | None:
        """The port at which ONVIF is spoken without TLS, or None."""
        return _at(self._plain, own)

    def one(self, own: tuple[Own, ...]) -> tuple[int, tuple[Own, ...]] | None:
        """The port of the first address that is served, and all addresses that are served there."""
        port = next((port for each in own if (port := self.of(each))), None)
        if port is None:
            return None
        return port, tuple(each for each in own if self.of(each) == port)[:ADDRESSES_LIMIT]


def _at(ports: dict[str, int], own: Own) -> int | None:
    everywhere = str(ipaddress.ip_address(bytes(own.interface.max_prefixlen // 8)))
    return ports.get(own.text, ports.get(everywhere))


class MulticastDns:
    """Our own devices in multicast DNS."""

    groups = (mdns.GROUP, mdns.GROUP6)
    port = mdns.PORT
    hops = mdns.HOPS

    def __init__(self, agent: Agent, ports: Ports) -> None:
        self._agent = agent
        self._ports = ports

    def state(self, own: tuple[Own, ...]) -> mdns.Presence | None:
        """Ourselves there."""
        return self._presence(own)

    def greeting(self, own: tuple[Own, ...]) -> bytes:
        """All our records."""
        told = self._presence(own)
        return mdns.announcement(told) if told else b""

    def farewell(self, own: tuple[Own, ...]) -> bytes:
        """The same, for no time."""
        told = self._presence(own)
        return mdns.farewell(told) if told else b""

    def reply(self, data: bytes, source: tuple[str, int], own: tuple[Own, ...]) -> Reply | None:
        """What somebody asks for."""
        told = self._presence(own)
        return answer_mdns(data, told, source[1]) if told else None

    def _presence(self, own: tuple[Own, ...]) -> mdns.Presence | None:
        served = self._ports.one(own)
        if served is None:
            return None
        port, here = served
        return mdns.Presence(
            ident=self._agent.keys.tls_hash.hex()[:16],
            model=self._agent.config.identity.model,
            activated=self._agent.is_set_up,
            port=port,
            addresses=tuple(each.text for each in here),
        )


@dataclass
class _Spot:
    """One protocol at one interface in one family of addresses, while it is spoken."""

    tongue: Tongue
    answering: Answering
    transport: asyncio.DatagramTransport
    own: tuple[Own, ...] = ()
    said: Hashable = None


class Announcing:
    """Speaks every tongue wherever an interface has addresses, and follows what changes."""

    def __init__(
        self,
        tongues: Iterable[Tongue],
        clock: Clock,
        entropy: Entropy,
        addresses: Callable[[], tuple[Own, ...]] = own_addresses,
    ) -> None:
        self._tongues = tuple(tongues)
        self._clock = clock
        self._entropy = entropy
        self._addresses = addresses
        self._gate = Gate(clock.monotonic())
        self._spots: dict[tuple[int, int, str], _Spot] = {}

    async def run(self) -> None:
        """Until it is cancelled."""
        try:
            while True:
                with suppress(
                    UnavailableError
                ):  # the storage does not answer: the next look may find it well
                    await self.look()
                await asyncio.sleep(LOOK)
        finally:
            for key in list(self._spots):
                self._leave(key)

    async def look(self) -> None:
        """Open and close what changed, and tell what is new."""
        try:
            everything = self._addresses()
        except UnavailableError:
            return
        wanted: dict[tuple[int, int, str], tuple[Own, ...]] = {}
        for place, tongue in enumerate(self._tongues):
            for index in sorted({own.index for own in everything}):
                here = tuple(own for own in everything if own.index == index)
                for family, group in zip((4, 6), tongue.groups, strict=True):
                    first = [own for own in here if own.interface.version == family]
                    heard = first if family == 4 else [own for own in first if own.interface.is_link_local]
                    others = [own for own in here if own not in first]
                    if heard and tongue.state(tuple(first)) is not None:
                        wanted[place, index, group] = (*first, *others)
        for key in [key for key in self._spots if key not in wanted]:
            self._leave(key)
        for key, own in list(wanted.items())[:PLACES_LIMIT]:
            if key not in self._spots:
                with suppress(UnavailableError):  # the interface went meanwhile
                    self._spots[key] = await self._open(*key)
            if key in self._spots:
                self._tell(self._spots[key], own)

    async def _open(self, place: int, index: int, group: str) -> _Spot:
        tongue, interface = self._tongues[place], Interface("", index)
        opened = sockets.group_socket(group, tongue.port, interface, tongue.hops, wide=False)
        spots = self._spots

        def own() -> tuple[Own, ...]:
            spot = spots.get((place, index, group))
            return spot.own if spot else ()

        def near() -> tuple[Network, ...]:
            return tuple(each.interface.network for each in own())

        def reply(data: bytes, source: tuple[str, int]) -> Reply | None:
            return tongue.reply(data, source, own())

        voice = Voice(reply, near, sockets.group_target(group, tongue.port, interface))
        answering = Answering(voice, self._gate, self._clock, self._entropy)
        return _Spot(tongue, answering, await listen(opened, answering))

    def _tell(self, spot: _Spot, own: tuple[Own, ...]) -> None:
        spot.own = own
        state = spot.tongue.state(own)
        if state == spot.said:
            return
        spot.said = state
        said = spot.tongue.greeting(own)
        if said:
            spot.answering.say(said)
            asyncio.get_running_loop().call_later(AGAIN, partial(spot.answering.say, said))

    def _leave(self, key: tuple[int, int, str]) -> None:
        spot = self._spots.pop(key)
        with suppress(InputError, UnavailableError):
            said = spot.tongue.farewell(spot.own)
            if said:
                spot.answering.say(said)
        spot.transport.close()
