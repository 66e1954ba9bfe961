"""Info: the addresses of this device and of its cameras, and what to compare before somebody trusts them."""

from __future__ import annotations

import ipaddress
import socket
from typing import TYPE_CHECKING

from sparekey.core.errors import UnavailableError
from sparekey.core.values import Face
from sparekey.device.addresses import NETWORK_CLASS, own_addresses
from sparekey.device.pages.door import go
from sparekey.lan.discovery.found import mac_address
from sparekey.lan.link.fingerprint import shown
from sparekey.lan.target import read_target

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from sparekey.device.cameras.camera import Camera
    from sparekey.device.config import Config
    from sparekey.device.pages.door import Door


def routes(door: Door) -> list[BaseRoute]:
    """The pages of this group."""
    agent = door.agent

    def info(request: Request) -> Response:
        signed_in = door.account(request) is not None
        # Whoever stands at the screen reads the label too; the network is told after signing in.
        if not signed_in and door.face(request) is not Face.SCREEN:
            return go("/login")
        cameras = agent.cameras.all() if signed_in and door.cameras is not None else []
        return door.pages.page(
            request,
            "device/info.html",
            facts=_facts(door, request),
            fingerprint=shown(agent.keys.tls_hash),
            cameras=[(camera.name, host_of(camera), camera.mac) for camera in cameras],
            recorder=door.cameras is not None,
            signed_in=signed_in,
        )

    return [door.get("/info", info)]


def host_of(camera: Camera) -> str:
    """The address of a camera, without what only programs need."""
    return read_target(camera.page).host


def _facts(door: Door, request: Request) -> list[tuple[str, str]]:
    _ = door.pages.words(request).text
    agent = door.agent
    told = [
        (_("Name"), agent.config.settings.name),
        (_("Model"), agent.config.identity.model),
        (_("Serial number"), agent.config.identity.serial),
    ]
    addresses, macs = own(agent.config)
    told += [(_("Local IP address"), address) for address in addresses]
    told += [(_("MAC address"), mac) for mac in macs]
    return told


def own(config: Config) -> tuple[list[str], list[str]]:
    """Where this device can be reached from the network: IP addresses and MAC addresses. What the settings say comes
    before what the system says.
    """
    named = {listener.host for listener in config.listeners if listener.tls}
    hosts = sorted(host for host in named if not _is_any(host))
    mac = [config.settings.mac] if config.settings.mac else []
    if hosts:
        return hosts, mac
    try:
        found = own_addresses()
    except UnavailableError:
        return [], mac
    indexes = sorted({each.index for each in found})
    return [each.text for each in found], mac or list(filter(None, map(_mac, indexes)))


def _is_any(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return False


def _mac(index: int) -> str:
    """The MAC address of an interface."""
    try:
        text = (NETWORK_CLASS / socket.if_indextoname(index) / "address").read_text(encoding="ascii")
    except (OSError, UnicodeError):
        return ""
    return mac_address(text.strip())
