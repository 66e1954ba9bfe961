"""A camera in memory behind the Device service, and what it takes to talk to it without a socket."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from sparekey.core.values import Secret
from sparekey.lan.http_digest import Credential
from sparekey.lan.onvif.device import (
    Clock,
    Information,
    Interface,
    Level,
    Limits,
    User,
    UserRefusal,
    with_changed,
    with_created,
    with_deleted,
)
from sparekey.lan.onvif.digest_gate import DigestGate
from sparekey.lan.onvif.names import MEDIA_TYPE, PATH
from sparekey.lan.onvif.security import TokenGate
from sparekey.lan.onvif.service import Answer, OnvifService, Request

NOW = 1_790_000_000
BASE = "http://192.0.2.7:8000"
ADMIN = Credential("admin", Secret("sesame-7410"))
VIEWER = Credential("viewer", Secret("peephole-52"))
KEY = bytes(range(32))


@dataclass
class Camera:
    """Keeps what it is told."""

    everybody: tuple[User, ...] = (
        User(ADMIN.user, Level.ADMINISTRATOR, ADMIN.password.text),
        User("guard", Level.OPERATOR, "nightwatch-3"),
        User(VIEWER.user, Level.USER, VIEWER.password.text),
    )
    allowed: bool = True
    done: list[str] = field(default_factory=list)

    def information(self) -> Information:
        return Information("Sparekey & Sons", "C-220 <dome>", "1.0.0", "C-220-0007", "1.0")

    def interfaces(self) -> tuple[Interface, ...]:
        addresses = (("192.0.2.7", 24), ("2001:db8::7", 64))
        wired = Interface(
            "eth0", "eth0", "02-00-5e-00-53-07", mtu=1500, ipv4=addresses[:1], dhcp=True, ipv6=addresses[1:]
        )
        return wired, Interface("wlan0", "wlan0", "02-00-5e-00-53-08", enabled=False)

    def scopes(self) -> tuple[str, ...]:
        return "onvif://www.onvif.org/name/C-220", "onvif://www.onvif.org/hardware/1.0"

    def services(self) -> tuple[tuple[str, str], ...]:
        return (("http://www.example.com/other", "https://192.0.2.7:8543/"),)

    def clock(self) -> Clock:
        return Clock(ntp=True, zone="CET-1CEST,M3.5.0,M10.5.0/3", daylight=True)

    def limits(self) -> Limits:
        return Limits(users=5)

    def users(self) -> tuple[User, ...]:
        return self.everybody

    def create_users(self, users: tuple[User, ...]) -> UserRefusal | None:
        return self._keep(with_created(self.everybody, users, self.limits()))

    def set_users(self, users: tuple[User, ...]) -> UserRefusal | None:
        return self._keep(with_changed(self.everybody, users, self.limits()))

    def delete_users(self, names: tuple[str, ...]) -> UserRefusal | None:
        return self._keep(with_deleted(self.everybody, names))

    def reboot(self) -> str | None:
        self.done.append("reboot")
        return "Rebooting in 5 seconds." if self.allowed else None

    def factory_default(self, *, hard: bool) -> bool:
        self.done.append("hard" if hard else "soft")
        return self.allowed

    def _keep(self, users: tuple[User, ...] | UserRefusal) -> UserRefusal | None:
        if isinstance(users, UserRefusal):
            return users
        self.everybody = users
        return None


def credential(user: str, password: str) -> Credential:
    return Credential(user, Secret(password))


def service(camera: Camera) -> OnvifService:
    return OnvifService(camera, TokenGate(), DigestGate(KEY, "camera"))


def post(body: bytes, **headers: str) -> Request:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Request("POST", PATH, {"content-type": f"{MEDIA_TYPE}; charset=utf-8"} | named, body, BASE)


def subcodes(answer: Answer) -> list[str]:
    """Every code of a fault, the outermost first."""
    return re.findall(r"<env:Value>(\w+:\w+)</env:Value>", answer.body.decode())
