"""The operations of ONVIF's Device service that are answered here (devicemgmt.wsdl; Core Specification, section 8).

Each takes its request element and gives the inside of its response, in the WSDL's order, or a fault.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeAlias

from sparekey.lan.onvif.access import Access
from sparekey.lan.onvif.capabilities import VERSION, capabilities, service, service_capabilities
from sparekey.lan.onvif.device import OnvifDevice
from sparekey.lan.onvif.interfaces import interface
from sparekey.lan.onvif.names import DEVICE, PATH, SCHEMA
from sparekey.lan.onvif.soap import (
    INVALID_ARGS,
    INVALID_ARGUMENT,
    NO_SUCH_SERVICE,
    PROHIBITED,
    Fault,
    boolean,
    tag,
    text_of,
)
from sparekey.lan.onvif.users import CREATE_FAULTS, DELETE_FAULTS, SET_FAULTS, read_users
from sparekey.lan.xml import Element

_CATEGORIES = {"Analytics", "Device", "Events", "Imaging", "Media", "PTZ"}


@dataclass(frozen=True)
class Situation:
    """What an operation may use beside its request. `now`: Unix seconds, the clock that digests are checked against.
    `base`: scheme, address and port that the request came to, without a path. `algorithms`: of HTTP digest.
    """

    device: OnvifDevice
    now: int
    base: str
    algorithms: tuple[str, ...]


Rule: TypeAlias = Callable[[Element, Situation], str | Fault]


def get_system_date_and_time(_request: Element, at: Situation) -> str:
    """The clock, in UTC."""
    clock = at.device.clock()
    utc = datetime.fromtimestamp(at.now, UTC)
    time = (
        tag("tt:Hour", str(utc.hour)) + tag("tt:Minute", str(utc.minute)) + tag("tt:Second", str(utc.second))
    )
    date = tag("tt:Year", str(utc.year)) + tag("tt:Month", str(utc.month)) + tag("tt:Day", str(utc.day))
    return (
        f"<tds:SystemDateAndTime>{tag('tt:DateTimeType', 'NTP' if clock.ntp else 'Manual')}"
        f"{tag('tt:DaylightSavings', boolean(clock.daylight))}"
        f"<tt:TimeZone>{tag('tt:TZ', clock.zone)}</tt:TimeZone>"
        f"<tt:UTCDateTime><tt:Time>{time}</tt:Time><tt:Date>{date}</tt:Date></tt:UTCDateTime></tds:SystemDateAndTime>"
    )


def get_device_information(_request: Element, at: Situation) -> str:
    """Maker, model, firmware, serial number, hardware."""
    known = at.device.information()
    return (
        tag("tds:Manufacturer", known.manufacturer)
        + tag("tds:Model", known.model)
        + tag("tds:FirmwareVersion", known.firmware)
        + tag("tds:SerialNumber", known.serial)
        + tag("tds:HardwareId", known.hardware)
    )


def get_capabilities(request: Element, at: Situation) -> str | Fault:
    """The older way to ask what there is: one category, several, or all."""
    asked = [category.text for category in request.all("Category", DEVICE)]
    if not {"All", *_CATEGORIES}.issuperset(asked):
        return INVALID_ARGUMENT
    if asked and not {"All", "Device"} & set(asked):
        return NO_SUCH_SERVICE
    return capabilities(at.base)


def get_services(request: Element, at: Situation) -> str | Fault:
    """The newer way to ask: this service first, then what else the device speaks."""
    include = text_of(request, "IncludeCapability", DEVICE)
    if include not in {"true", "1", "false", "0"}:
        return INVALID_ARGS
    described = ""
    if include in {"true", "1"}:
        described = service_capabilities(at.device.limits(), at.algorithms)
    others = [
        service(namespace, at.base + address if address.startswith("/") else address, "", (1, 0))
        for namespace, address in at.device.services()
    ]
    return service(DEVICE, at.base + PATH, described, VERSION) + "".join(others)


def get_service_capabilities(_request: Element, at: Situation) -> str:
    """What the Device service itself can do."""
    return service_capabilities(at.device.limits(), at.algorithms)


def get_network_interfaces(_request: Element, at: Situation) -> str:
    """The interfaces with their addresses."""
    return "".join(interface(each) for each in at.device.interfaces())


def get_scopes(_request: Element, at: Situation) -> str:
    """The scopes that probes are answered with; none can be changed from here."""
    return "".join(
        f"<tds:Scopes>{tag('tt:ScopeDef', 'Fixed')}{tag('tt:ScopeItem', scope)}</tds:Scopes>"
        for scope in at.device.scopes()
    )


def get_users(_request: Element, at: Situation) -> str:
    """Names and levels, never a password."""
    return "".join(
        f"<tds:User>{tag('tt:Username', user.name)}{tag('tt:UserLevel', user.level.value)}</tds:User>"
        for user in at.device.users()
    )


def create_users(request: Element, at: Situation) -> str | Fault:
    """All of the new users, or none."""
    users = read_users(request)
    if isinstance(users, Fault):
        return users
    refusal = at.device.create_users(users)
    return CREATE_FAULTS.get(refusal, PROHIBITED) if refusal else ""


def set_user(request: Element, at: Situation) -> str | Fault:
    """New levels and passwords for all who are named, or for none."""
    users = read_users(request)
    if isinstance(users, Fault):
        return users
    refusal = at.device.set_users(users)
    return SET_FAULTS.get(refusal, PROHIBITED) if refusal else ""


def delete_users(request: Element, at: Situation) -> str | Fault:
    """All who are named go, or none. The names are in the service's namespace; a widespread client writes the
    schema's.
    """
    names = tuple(name.text for name in request.all("Username") if name.space in {DEVICE, SCHEMA})
    if not names:
        return INVALID_ARGS
    refusal = at.device.delete_users(names)
    return DELETE_FAULTS.get(refusal, PROHIBITED) if refusal else ""


def set_system_factory_default(request: Element, at: Situation) -> str | Fault:
    """`Hard` or `Soft`."""
    kind = text_of(request, "FactoryDefault", DEVICE)
    if kind is None:
        return INVALID_ARGS
    if kind not in {"Hard", "Soft"}:
        return INVALID_ARGUMENT
    return "" if at.device.factory_default(hard=kind == "Hard") else PROHIBITED


def system_reboot(_request: Element, at: Situation) -> str | Fault:
    """The answer goes first."""
    said = at.device.reboot()
    return PROHIBITED if said is None else tag("tds:Message", said)


OPERATIONS: dict[str, tuple[Access, Rule]] = {
    "GetSystemDateAndTime": (Access.PRE_AUTH, get_system_date_and_time),
    "GetCapabilities": (Access.PRE_AUTH, get_capabilities),
    "GetServices": (Access.PRE_AUTH, get_services),
    "GetServiceCapabilities": (Access.PRE_AUTH, get_service_capabilities),
    "GetDeviceInformation": (Access.READ_SYSTEM, get_device_information),
    "GetNetworkInterfaces": (Access.READ_SYSTEM, get_network_interfaces),
    "GetScopes": (Access.READ_SYSTEM, get_scopes),
    "GetUsers": (Access.READ_SYSTEM_SECRET, get_users),
    "CreateUsers": (Access.WRITE_SYSTEM, create_users),
    "SetUser": (Access.WRITE_SYSTEM, set_user),
    "DeleteUsers": (Access.WRITE_SYSTEM, delete_users),
    "SetSystemFactoryDefault": (Access.UNRECOVERABLE, set_system_factory_default),
    "SystemReboot": (Access.UNRECOVERABLE, system_reboot),
}
"""By the local name of the request element."""
SECRET = frozenset({"CreateUsers", "SetUser"})
"""Operations whose request holds a password as it is."""
