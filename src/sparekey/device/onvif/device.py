"""The device behind ONVIF's Device service: who it is, its interfaces, its ONVIF users."""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from typing import TYPE_CHECKING

from sparekey.core.effects import Happened
from sparekey.core.errors import UnavailableError
from sparekey.core.values import Face
from sparekey.device.addresses import NETWORK_CLASS, own_addresses
from sparekey.device.onvif.users import LIMITS
from sparekey.lan.discovery import scopes
from sparekey.lan.onvif.device import (
    Clock,
    Information,
    Interface,
    Limits,
    User,
    UserRefusal,
    with_changed,
    with_created,
    with_deleted,
)
from sparekey.lan.onvif.names import DEVICE, PATH

if TYPE_CHECKING:
    from sparekey.device.addresses import Own
    from sparekey.device.agent import Agent
    from sparekey.device.onvif.users import OnvifUsers

REFUSED_EACH = 60
"""Seconds between two lines of the audit page that say so."""
_NO_MAC = "00-00-00-00-00-00"


class OurDevice:
    """An `OnvifDevice`. It neither reboots nor goes back to factory settings from here: a message of this service is
    not covered by its login, and whoever may wipe a device stands in front of it.
    """

    def __init__(self, agent: Agent, users: OnvifUsers) -> None:
        self._agent = agent
        self._users = users
        self._refused_at: float | None = None

    def information(self) -> Information:
        """Who it is."""
        identity, settings = self._agent.config.identity, self._agent.config.settings
        maker = settings.onvif.manufacturer
        return Information(maker, identity.model, identity.firmware, identity.serial, identity.model)

    def interfaces(self) -> tuple[Interface, ...]:
        """Its network interfaces, as the system tells them. Raises UnavailableError."""
        own = own_addresses()
        names = [(index, name) for index, name in socket.if_nameindex() if name != "lo"]
        told = tuple(_interface(index, name, own) for index, name in names)
        if not told:
            raise UnavailableError("interfaces", "this machine has no network interface")
        return told

    def scopes(self) -> tuple[str, ...]:
        """Model only: neither the serial number nor what the owner calls it."""
        return device_scopes(self._agent)

    def services(self) -> tuple[tuple[str, str], ...]:
        """The Device service a second time: a widespread client breaks at a list of one."""
        return (
            (DEVICE, PATH),
            *((each.namespace, each.address) for each in self._agent.config.settings.onvif.services),
        )

    def clock(self) -> Clock:
        """Set by NTP or by hand; local time as the environment names it."""
        return Clock(ntp=self._agent.config.settings.clock_trusted, zone=os.environ.get("TZ", "") or "UTC0")

    def limits(self) -> Limits:
        """What users may be."""
        return LIMITS

    def users(self) -> tuple[User, ...]:
        """Everybody."""
        return self._users.all()

    def create_users(self, users: tuple[User, ...]) -> UserRefusal | None:
        """Add all of them, or none."""
        names = [user.name for user in users]
        return self._users.change(
            lambda before: with_created(before, users, LIMITS), Happened.SYSTEM_ADDED, names
        )

    def set_users(self, users: tuple[User, ...]) -> UserRefusal | None:
        """Change all of them, or none."""
        names = [user.name for user in users]
        return self._users.change(
            lambda before: with_changed(before, users, LIMITS), Happened.SYSTEM_CHANGED, names
        )

    def delete_users(self, names: tuple[str, ...]) -> UserRefusal | None:
        """Delete all of them, or none."""
        return self._users.change(lambda before: with_deleted(before, names), Happened.SYSTEM_REMOVED, names)

    def reboot(self) -> str | None:
        """Not from here."""
        self._refuse()
        return None

    def factory_default(self, *, hard: bool) -> bool:
        """Not from here."""
        self._refuse()
        return False

    def _refuse(self) -> None:
        """The owner is told that somebody asked; not more often than matters."""
        now = self._agent.clock.monotonic()
        if self._refused_at is None or now - self._refused_at >= REFUSED_EACH:
            self._agent.note(Happened.SYSTEM_REFUSED, Face.NETWORK)
            self._refused_at = now


def device_scopes(agent: Agent) -> tuple[str, ...]:
    """What probes are compared with."""
    model = agent.config.identity.model
    return scopes.write(type="Network_Video_Transmitter", hardware=model, name=model)


def _interface(index: int, name: str, own: tuple[Own, ...]) -> Interface:
    here = [each for each in own if each.index == index]
    four = [each for each in here if each.interface.version == 4]
    mtu = _read(name, "mtu")
    return Interface(
        token=name,
        name=name,
        mac=_read(name, "address").replace(":", "-") or _NO_MAC,
        enabled=_read(name, "operstate") != "down",
        mtu=int(mtu) if mtu.isdecimal() else None,
        ipv4=tuple((each.text, each.interface.network.prefixlen) for each in four),
        dhcp=any(each.given for each in four),
        ipv6=tuple((each.text, each.interface.network.prefixlen) for each in here if each not in four),
    )


def _read(name: str, what: str) -> str:
    """A line that the system tells about an interface; empty when it tells none."""
    with suppress(OSError, ValueError):
        return (NETWORK_CLASS / name / what).read_text("ascii").strip()
    return ""
