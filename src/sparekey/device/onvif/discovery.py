"""WS-Discovery for other makers' systems, while the ONVIF service is on (spec/lan.md section 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core.crypto import derive
from sparekey.device.onvif.device import device_scopes
from sparekey.lan.discovery import wsdiscovery as wsd
from sparekey.lan.discovery.uuid4 import uuid4
from sparekey.lan.onvif.names import PATH
from sparekey.lan.responder import Reply, answer_onvif
from sparekey.lan.target import Target

if TYPE_CHECKING:
    from sparekey.device.addresses import Own
    from sparekey.device.agent import Agent
    from sparekey.device.announcing import Ports

_LINKS_LIMIT = 4


class WsDiscovery:
    """A tongue of `announcing`."""

    groups = (wsd.GROUP, wsd.GROUP6)
    port = wsd.PORT
    hops = 1

    def __init__(self, agent: Agent, ports: Ports) -> None:
        self._agent = agent
        self._ports = ports
        self._said = 0

    def state(self, own: tuple[Own, ...]) -> wsd.Service | None:
        """Ourselves there, while somebody could sign in."""
        agent = self._agent
        links = tuple(self._links(own))
        if not links or not agent.is_set_up or not agent.onvif.any():
            return None
        name = uuid4(derive(agent.keys.device_key, "onvif endpoint")[:16])
        types = (wsd.TRANSMITTER, wsd.DEVICE_TYPE)
        return wsd.Service(f"urn:uuid:{name}", types, device_scopes(agent), links[:_LINKS_LIMIT])

    def greeting(self, own: tuple[Own, ...]) -> bytes:
        """Hello."""
        service = self.state(own)
        return wsd.hello(service, self._name(), self._sequence()) if service else b""

    def farewell(self, own: tuple[Own, ...]) -> bytes:
        """Bye."""
        service = self.state(own)
        return wsd.bye(service, self._name(), self._sequence()) if service else b""

    def reply(self, data: bytes, _source: tuple[str, int], own: tuple[Own, ...]) -> Reply | None:
        """What is answered to a Probe or a Resolve."""
        service = self.state(own)
        return answer_onvif(data, service, self._name, self._sequence) if service else None

    def _links(self, own: tuple[Own, ...]) -> list[str]:
        links = []
        for each in own:
            for scheme, port in (("http", self._ports.plain(each)), ("https", self._ports.of(each))):
                if port is not None:
                    target = Target(each.text, port, tls=scheme == "https")
                    links.append(f"{scheme}://{target.authority}{PATH}")
        return links

    def _name(self) -> str:
        return wsd.message_id(self._agent.entropy)

    def _sequence(self) -> wsd.Sequence:
        self._said += 1
        return wsd.Sequence(self._agent.record.age.boots, self._said)
