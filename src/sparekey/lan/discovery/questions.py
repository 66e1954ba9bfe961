"""How each protocol is asked: where to, with which datagrams, and who reads the answers. Only questions are sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from sparekey.lan.discovery import dhip, mdns, sadp, ssdp, wsdiscovery
from sparekey.lan.discovery.found import Found, Protocol

if TYPE_CHECKING:
    from sparekey.host.entropy import Entropy
    from sparekey.lan.interfaces import Interface

Reader: TypeAlias = Callable[[bytes, str], tuple[Found, ...]]

BROADCAST = "255.255.255.255"


@dataclass(frozen=True)
class Question:
    """One protocol on one kind of address.

    `datagrams`: makes what is sent in round 0, 1, 2, ...; `window`: seconds in which devices answer. `joined`: many
    devices answer to the group, so the asker's socket is bound to the protocol's port and joins. `broadcasts`: sent
    to the broadcast addresses as well, for devices that hear no group.
    """

    protocol: Protocol
    group: str
    port: int
    window: float
    datagrams: Callable[[Entropy, int], tuple[bytes, ...]]
    read: Reader
    joined: bool = False
    broadcasts: bool = False
    hops: int = 1

    def targets(self, interface: Interface) -> tuple[str, ...]:
        """Where it is sent on one interface."""
        return (self.group, *((*interface.broadcasts, BROADCAST) if self.broadcasts else ()))


def _probes(entropy: Entropy, number: int) -> tuple[bytes, ...]:
    """All three at first; then one of them in each round, since devices that answer at all answer to the first."""
    made = wsdiscovery.probes(entropy)
    return made if number == 0 else (made[number % 3],)


def _mdns(_entropy: Entropy, _number: int) -> tuple[bytes, ...]:
    return (mdns.question(),)


QUESTIONS: tuple[Question, ...] = (
    Question(Protocol.SPAREKEY, mdns.GROUP, mdns.PORT, mdns.WINDOW, _mdns, mdns.read_answer, hops=mdns.HOPS),
    Question(Protocol.SPAREKEY, mdns.GROUP6, mdns.PORT, mdns.WINDOW, _mdns, mdns.read_answer, hops=mdns.HOPS),
    Question(
        Protocol.ONVIF,
        wsdiscovery.GROUP,
        wsdiscovery.PORT,
        wsdiscovery.WINDOW,
        _probes,
        wsdiscovery.read_answer,
    ),
    Question(
        Protocol.ONVIF,
        wsdiscovery.GROUP6,
        wsdiscovery.PORT,
        wsdiscovery.WINDOW,
        _probes,
        wsdiscovery.read_answer,
    ),
    Question(
        Protocol.SADP,
        sadp.GROUP,
        sadp.PORT,
        sadp.WINDOW,
        lambda entropy, _: (sadp.inquiry(entropy),),
        sadp.read_answer,
        joined=True,
        broadcasts=True,
    ),
    Question(
        Protocol.DHIP,
        dhip.GROUP,
        dhip.PORT,
        dhip.WINDOW,
        lambda _, __: (dhip.search(),),
        dhip.read_answer,
        broadcasts=True,
    ),
    Question(
        Protocol.SSDP,
        ssdp.GROUP,
        ssdp.PORT,
        ssdp.WINDOW,
        lambda _, __: (ssdp.search(),),
        ssdp.read_answer,
    ),
)
"""All protocols. Axis' cameras answer the first two as well."""
