"""How our own device answers discovery (spec/lan.md sections 1 to 3).

What is answered are plain functions of what came; `Answering` is the thin shell between them and a socket.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from sparekey.core.errors import InputError, UnavailableError
from sparekey.lan.discovery import mdns
from sparekey.lan.discovery import wsdiscovery as wsd
from sparekey.lan.discovery.scopes import holds

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from sparekey.host.clock import Clock
    from sparekey.host.entropy import Entropy
    from sparekey.lan.gate import Gate
    from sparekey.lan.interfaces import Network

NETWORKS_AGE = 5.0
"""Seconds for which the networks of this machine are remembered."""

_USUAL = {("dn:", wsd.TRANSMITTER[1]): wsd.TRANSMITTER, ("tds:", wsd.DEVICE_TYPE[1]): wsd.DEVICE_TYPE}
"""Types by prefixes that some askers use without declaring them."""


@dataclass(frozen=True)
class Reply:
    """What is sent back. `alone`: to the asker; otherwise to the group."""

    data: bytes
    alone: bool = True


def answer_onvif(
    data: bytes, service: wsd.Service, name: Callable[[], str], sequence: Callable[[], wsd.Sequence]
) -> Reply | None:
    """What we answer to a WS-Discovery message, or None: a match to a Probe that looks for us and to a Resolve of our
    own id. An address in it is never used: answers go where the datagram came from. `name`: makes a message id.
    Raises InputError for what cannot be read.
    """
    message = wsd.read_message(data)
    if not message.id or message.kind not in (wsd.Kind.PROBE, wsd.Kind.RESOLVE):
        return None
    (asked,) = message.services
    if message.kind is wsd.Kind.RESOLVE:
        kind, ours = wsd.Kind.RESOLVE_MATCHES, asked.endpoint == service.endpoint
    else:
        kind, ours = wsd.Kind.PROBE_MATCHES, _looks_for(asked, service)
    return Reply(wsd.matches(kind, service, message.id, name(), sequence())) if ours else None


def _looks_for(asked: wsd.Service, service: wsd.Service) -> bool:
    if not all(_USUAL.get(kind, kind) in service.types for kind in asked.types):
        return False
    if asked.match_by == wsd.RFC3986:
        return all(any(holds(scope, own) for own in service.scopes) for scope in asked.scopes)
    return asked.match_by == wsd.STRCMP0 and set(asked.scopes) <= set(service.scopes)


def answer_mdns(data: bytes, presence: mdns.Presence, port: int) -> Reply | None:
    """What we answer to a question in multicast DNS from this port, or None. Raises InputError."""
    told = mdns.answer(data, presence, port)
    return None if told is None else Reply(told.data, told.alone)


@dataclass(frozen=True)
class Voice:
    """One protocol, spoken for one device. `reply`: from (question, sender's address and port) to what is sent back,
    or None, or InputError. `networks`: those directly on this machine. `group`: where the group is, as sockets take
    it. `delay`: seconds that an answer waits at most, so that not all devices speak at once.
    """

    reply: Callable[[bytes, tuple[str, int]], Reply | None]
    networks: Callable[[], tuple[Network, ...]]
    group: tuple[Any, ...]
    delay: float = 0.25


class Answering(asyncio.DatagramProtocol):
    """The shell: an asyncio protocol on one socket of `sockets.group_socket`. Whatever comes, it stays up and silent.
    One gate may serve many.
    """

    def __init__(self, voice: Voice, gate: Gate, clock: Clock, entropy: Entropy) -> None:
        self._voice = voice
        self._gate = gate
        self._clock = clock
        self._entropy = entropy
        self._transport: asyncio.DatagramTransport | None = None
        self._networks: tuple[Network, ...] = ()
        self._read_at: float | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The socket is open."""
        self._transport = cast(
            "asyncio.DatagramTransport", transport
        )  # Python 3.11 does not derive it from that

    def datagram_received(self, data: bytes, addr: tuple[Any, ...]) -> None:
        """One question, perhaps."""
        source, now = (str(addr[0]), int(addr[1])), self._clock.monotonic()
        if not self._gate.hears(source, len(data), self._near(now), now):
            return
        try:
            reply = self._voice.reply(data, source)
        except (InputError, UnavailableError):
            return
        if reply is None or not self._gate.lets_out(source[0], len(reply.data), now):
            return
        wait = self._voice.delay * self._entropy.bytes(1)[0] / 255
        target = addr if reply.alone else self._voice.group
        asyncio.get_running_loop().call_later(wait, partial(self.say, reply.data, target))

    def error_received(self, exc: Exception) -> None:
        """An asker that is gone, a network that is down: the next question finds us here."""

    def say(self, data: bytes, target: tuple[Any, ...] | None = None) -> None:
        """Send now: a Hello, a Bye, an announcement; to the group when no target is named."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.sendto(data, target or self._voice.group)

    def _near(self, now: float) -> tuple[Network, ...]:
        if self._read_at is None or now - self._read_at >= NETWORKS_AGE:
            try:
                self._networks = self._voice.networks()
            except UnavailableError:
                self._networks = ()
            self._read_at = now
        return self._networks


async def listen(opened: socket.socket, answering: Answering) -> asyncio.DatagramTransport:
    """Let it answer on a socket; closing the transport closes the socket."""
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(lambda: answering, sock=opened)
    return transport
