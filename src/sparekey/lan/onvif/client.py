"""The asking side of the Device service, without a socket: a message to send, and what its answer means.

Devices answer in many ways. What is read here is bounded, what is missing is None or empty, and only InputError is
raised.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Generic, TypeVar

from sparekey.core.errors import InputError
from sparekey.lan.http_digest import Credential
from sparekey.lan.onvif.device import Information, User
from sparekey.lan.onvif.names import DEVICE, MEDIA_TYPE, SCHEMA
from sparekey.lan.onvif.security import write_token
from sparekey.lan.onvif.soap import Fault, boolean, only, read_answer, tag, text_of, travels, write_envelope
from sparekey.lan.onvif.users import write_user
from sparekey.lan.xml import Element

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True)
class Call(Generic[T_co]):
    """One operation, ready to be sent. `inside`: its arguments as markup; `reads`: what its response element means."""

    operation: str
    inside: str
    reads: Callable[[Element], T_co]

    def __repr__(self) -> str:
        return f"Call({self.operation})"

    @property
    def content_type(self) -> str:
        """The HTTP header that goes with the message."""
        return f'{MEDIA_TYPE}; charset=utf-8; action="{DEVICE}/{self.operation}"'

    def message(self, credential: Credential | None = None, nonce: bytes = b"", now: int = 0) -> bytes:
        """The body to post. With `credential`, signed in by a UsernameToken. `nonce`: 16 random bytes; `now`: Unix
        seconds by the device's clock, as it told. Signing in by HTTP instead is `sparekey.lan.http_digest`.
        """
        header = "" if credential is None else write_token(credential, nonce, now)
        return write_envelope(f"<tds:{self.operation}>{self.inside}</tds:{self.operation}>", header)

    def read(self, answer: bytes) -> T_co | Fault:
        """What the device answered. Raises InputError for anything that is neither the answer nor a fault."""
        body = read_answer(answer)
        if isinstance(body, Fault):
            return body
        if body.name != f"{self.operation}Response":
            raise InputError("soap", "the device answered another question")
        return self.reads(body)


@dataclass(frozen=True)
class KnownUser:
    """A user as a device lists it. `level`: as the device writes it; there are more levels than ours."""

    name: str
    level: str


def get_system_date_and_time() -> Call[int]:
    """The device's clock in Unix seconds; needs no login. Ask first, and sign in by it."""
    return Call("GetSystemDateAndTime", "", _moment)


def get_device_information() -> Call[Information]:
    """Who the device is."""
    return Call("GetDeviceInformation", "", _information)


def get_services(*, with_capabilities: bool = False) -> Call[tuple[tuple[str, str], ...]]:
    """Each service's namespace and address."""
    argument = tag("tds:IncludeCapability", boolean(with_capabilities))
    return Call("GetServices", argument, _services)


def get_service_capabilities() -> Call[int]:
    """How many characters a password may have; 0 when the device does not tell. Needs no login."""
    return Call("GetServiceCapabilities", "", _longest_password)


def get_scopes() -> Call[tuple[str, ...]]:
    """The discovery scopes."""
    return Call("GetScopes", "", _scopes)


def get_users() -> Call[tuple[KnownUser, ...]]:
    """All users with their levels."""
    return Call("GetUsers", "", _users)


def create_users(*users: User) -> Call[None]:
    """Add users."""
    return Call("CreateUsers", "".join(map(_writable, users)), _nothing)


def set_user(*users: User) -> Call[None]:
    """Give users a new password and level. A device may clear the password of a user that comes without one."""
    return Call("SetUser", "".join(map(_writable, users)), _nothing)


def delete_users(*names: str) -> Call[None]:
    """Delete users."""
    return Call("DeleteUsers", "".join(tag("tds:Username", name) for name in names), _nothing)


def set_system_factory_default(*, hard: bool) -> Call[None]:
    """Back to the factory's settings; soft keeps the network settings."""
    return Call("SetSystemFactoryDefault", tag("tds:FactoryDefault", "Hard" if hard else "Soft"), _nothing)


def system_reboot() -> Call[str]:
    """Reboot; the device says when."""
    return Call("SystemReboot", "", lambda response: response.says("Message"))


def _writable(user: User) -> str:
    if not travels(user.name) or not travels(user.password or ""):
        raise InputError("onvif-text", "use a name and a password without control characters or outer spaces")
    return write_user(user)


def _nothing(_response: Element) -> None:
    return None


def _moment(response: Element) -> int:
    told = response.need("SystemDateAndTime", DEVICE).need("UTCDateTime", SCHEMA)
    date, time = told.need("Date", SCHEMA), told.need("Time", SCHEMA)
    words = [date.says(name, SCHEMA) for name in ("Year", "Month", "Day")]
    words += [time.says(name, SCHEMA) for name in ("Hour", "Minute", "Second")]
    try:
        return int(datetime(*(int(word) for word in words), tzinfo=UTC).timestamp())  # type: ignore[arg-type,misc]
    except (ValueError, OverflowError):
        raise InputError("onvif", "the device told a date that does not exist") from None


def _information(response: Element) -> Information:
    return Information(
        *(
            response.says(name, DEVICE)
            for name in ("Manufacturer", "Model", "FirmwareVersion", "SerialNumber", "HardwareId")
        )
    )


def _services(response: Element) -> tuple[tuple[str, str], ...]:
    return tuple(
        (each.says("Namespace", DEVICE), each.says("XAddr", DEVICE))
        for each in response.all("Service", DEVICE)
    )


def _longest_password(response: Element) -> int:
    told = only(response, "Capabilities", DEVICE)
    security = None if told is None else only(told, "Security", DEVICE)
    text = "" if security is None else security.attributes.get("MaxPasswordLength", "")
    return int(text) if re.fullmatch(r"[0-9]{1,4}", text) else 0


def _scopes(response: Element) -> tuple[str, ...]:
    return tuple(each.says("ScopeItem", SCHEMA) for each in response.all("Scopes", DEVICE))


def _users(response: Element) -> tuple[KnownUser, ...]:
    return tuple(
        KnownUser(name, each.says("UserLevel", SCHEMA))
        for each in response.all("User", DEVICE)
        if (name := text_of(each, "Username"))
    )
