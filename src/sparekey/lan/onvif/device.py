"""What the Device service needs of a device: a small port, the values it speaks, and the rules for its users."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Protocol


class Level(Enum):
    """What a user may do (ONVIF Core Specification, section 5.9.4.2). The value is the word on the wire."""

    ADMINISTRATOR = "Administrator"
    OPERATOR = "Operator"
    USER = "User"


@dataclass(frozen=True)
class User:
    """One set of ONVIF credentials. `password` None: not told (in a list of users) or not given (in a change)."""

    name: str
    level: Level
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Information:
    """What a device says of itself to those who signed in. Free text."""

    manufacturer: str
    model: str
    firmware: str
    serial: str
    hardware: str


@dataclass(frozen=True)
class Interface:
    """A network interface. `mac`: as `02-00-5e-00-53-01`, or with colons. Addresses come with the length of their
    prefix. `dhcp`: the IPv4 address was given by DHCP.
    """

    token: str
    name: str
    mac: str
    enabled: bool = True
    mtu: int | None = None
    ipv4: tuple[tuple[str, int], ...] = ()
    dhcp: bool = False
    ipv6: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Clock:
    """How the clock is set. `zone`: POSIX (IEEE 1003.1 section 8.3), such as `CET-1CEST,M3.5.0,M10.5.0/3`."""

    ntp: bool = False
    zone: str = "UTC0"
    daylight: bool = False


@dataclass(frozen=True)
class Limits:
    """What users may be. Lengths in characters."""

    users: int = 10
    longest_name: int = 32
    shortest_password: int = 8
    longest_password: int = 64


class UserRefusal(Enum):
    """Why a change of users did not happen. Nothing of it happened then."""

    UNKNOWN = "unknown"
    """Nobody has this name."""
    CLASH = "clash"
    """Somebody has this name already."""
    LAST_ADMINISTRATOR = "last-administrator"
    """The last administrator can be neither deleted nor made less."""
    TOO_MANY = "too-many"
    """There would be more users than the device can keep."""
    NAME_TOO_SHORT = "name-too-short"
    NAME_TOO_LONG = "name-too-long"
    PASSWORD_TOO_WEAK = "password-too-weak"
    """It is too short, or missing."""
    PASSWORD_TOO_LONG = "password-too-long"


class OnvifDevice(Protocol):
    """The device behind the service. Each change of users is one transaction: all of it, or nothing."""

    def information(self) -> Information:
        """Who the device is."""

    def interfaces(self) -> tuple[Interface, ...]:
        """Its network interfaces, at least one."""

    def scopes(self) -> tuple[str, ...]:
        """Its discovery scopes, at least one: the same that it answers probes with."""

    def services(self) -> tuple[tuple[str, str], ...]:
        """What else it speaks, beside the Device service: namespace and address of each, or a path at the address that
        the question came to. At least one, because a widespread client breaks at a list of one service.
        """

    def clock(self) -> Clock:
        """How its clock is set. What the clock shows is passed to the service."""

    def limits(self) -> Limits:
        """What users may be."""

    def users(self) -> tuple[User, ...]:
        """Everybody, with their passwords: digests cannot be checked without."""

    def create_users(self, users: tuple[User, ...]) -> UserRefusal | None:
        """Add all of them by `with_created`, or none."""

    def set_users(self, users: tuple[User, ...]) -> UserRefusal | None:
        """Change all of them by `with_changed`, or none."""

    def delete_users(self, names: tuple[str, ...]) -> UserRefusal | None:
        """Delete all of them by `with_deleted`, or none."""

    def reboot(self) -> str | None:
        """Arrange a reboot for after the answer has been sent, and say when in an English sentence; None: not
        allowed.
        """

    def factory_default(self, *, hard: bool) -> bool:
        """Arrange that the settings go back to what they were in the factory, after the answer has been sent;
        soft keeps the network settings. False: not allowed.
        """


def with_created(
    users: tuple[User, ...], added: tuple[User, ...], limits: Limits
) -> tuple[User, ...] | UserRefusal:
    """All users after `added` came."""
    for user in added:
        if user.name in {each.name for each in users}:
            return UserRefusal.CLASH
        if not user.name:
            return UserRefusal.NAME_TOO_SHORT
        if len(user.name) > limits.longest_name:
            return UserRefusal.NAME_TOO_LONG
        if refusal := _unfit(user.password, limits):
            return refusal
        users = (*users, user)
    return users if len(users) <= limits.users else UserRefusal.TOO_MANY


def with_changed(
    users: tuple[User, ...], changed: tuple[User, ...], limits: Limits
) -> tuple[User, ...] | UserRefusal:
    """All users after `changed` got their level and password. Leaving the password out would clear it, which no device
    of ours accepts (ONVIF Core Specification, SetUser).
    """
    for user in changed:
        if user.name not in {each.name for each in users}:
            return UserRefusal.UNKNOWN
        if refusal := _unfit(user.password, limits):
            return refusal
        users = tuple(
            replace(each, level=user.level, password=user.password) if each.name == user.name else each
            for each in users
        )
    return users if _has_administrator(users) else UserRefusal.LAST_ADMINISTRATOR


def with_deleted(users: tuple[User, ...], names: tuple[str, ...]) -> tuple[User, ...] | UserRefusal:
    """All users after those of `names` went."""
    for name in names:
        if name not in {each.name for each in users}:
            return UserRefusal.UNKNOWN
        users = tuple(each for each in users if each.name != name)
    return users if _has_administrator(users) else UserRefusal.LAST_ADMINISTRATOR


def _unfit(password: str | None, limits: Limits) -> UserRefusal | None:
    if password is None or len(password) < limits.shortest_password:
        return UserRefusal.PASSWORD_TOO_WEAK
    if len(password) > limits.longest_password:
        return UserRefusal.PASSWORD_TOO_LONG
    return None


def _has_administrator(users: tuple[User, ...]) -> bool:
    return any(user.level is Level.ADMINISTRATOR for user in users)
