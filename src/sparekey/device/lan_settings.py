"""What a maker decides about the local network: the tables `[lan]`, `[onvif]` and `[network]` of `device.toml`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sparekey.core.errors import InputError

ARGUMENTS_LIMIT = 32
"""Parts of a command."""


@dataclass(frozen=True)
class LanSettings:
    """`calls`: whether programs may call (spec/lan.md section 5). `discovery`: whether the device says that it is there
    (section 2).
    """

    calls: bool = True
    discovery: bool = True


@dataclass(frozen=True)
class OnvifAddress:
    """Another ONVIF service of the same device, which the maker's own firmware serves. `namespace`: of its WSDL."""

    namespace: str
    address: str


@dataclass(frozen=True)
class OnvifSettings:
    """`allowed`: whether the owner may make ONVIF users; the service answers from the first one on. `manufacturer`: as
    it is told to them. `plain`: where the service also answers without TLS, such as `http://0.0.0.0:8000`, for systems
    that speak nothing else; passwords are changed over TLS only. `services`: of the maker's own.
    """

    allowed: bool = True
    manufacturer: str = ""
    plain: str = ""
    services: tuple[OnvifAddress, ...] = ()


@dataclass(frozen=True)
class NetworkSettings:
    """`command`: the maker's program that changes the network address, by its whole path, and its arguments. Without
    one the address cannot be changed from here.
    """

    command: tuple[str, ...] = ()


def check(network: NetworkSettings, source: str) -> None:
    """What types cannot say. `source`: the file, for the message. Raises InputError (`config`)."""
    parts = network.command
    if len(parts) > ARGUMENTS_LIMIT or any("\0" in part for part in parts):
        raise InputError("config", f"{source}: network.command must list a program and its arguments")
    if parts and not Path(parts[0]).is_absolute():
        raise InputError("config", f"{source}: network.command must begin with a program's whole path")
