"""A network interface as tt:NetworkInterface."""

from __future__ import annotations

import ipaddress

from sparekey.lan.onvif.device import Interface
from sparekey.lan.onvif.soap import boolean, tag
from sparekey.lan.xml import escape


def interface(known: Interface) -> str:
    """tds:NetworkInterfaces of one interface."""
    info = tag("tt:Name", known.name) + tag("tt:HwAddress", known.mac)
    info += "" if known.mtu is None else tag("tt:MTU", str(known.mtu))
    inside = tag("tt:Enabled", boolean(known.enabled)) + f"<tt:Info>{info}</tt:Info>"
    if known.ipv4:
        inside += _enabled("tt:IPv4", _ipv4(known))
    if known.ipv6:
        inside += _enabled("tt:IPv6", _ipv6(known))
    return f'<tds:NetworkInterfaces token="{escape(known.token)}">{inside}</tds:NetworkInterfaces>'


def _ipv4(known: Interface) -> str:
    routed, local = _sorted(known.ipv4)
    given = routed[:1] if known.dhcp else ()
    return (
        _addresses("tt:Manual", routed[len(given) :])
        + _addresses("tt:LinkLocal", local[:1])
        + _addresses("tt:FromDHCP", given)
        + tag("tt:DHCP", boolean(known.dhcp))
    )


def _ipv6(known: Interface) -> str:
    routed, local = _sorted(known.ipv6)
    return tag("tt:DHCP", "Off") + _addresses("tt:Manual", routed) + _addresses("tt:LinkLocal", local)


def _sorted(
    addresses: tuple[tuple[str, int], ...],
) -> tuple[tuple[tuple[str, int], ...], tuple[tuple[str, int], ...]]:
    local = tuple(each for each in addresses if ipaddress.ip_address(each[0]).is_link_local)
    return tuple(each for each in addresses if each not in local), local


def _addresses(name: str, addresses: tuple[tuple[str, int], ...]) -> str:
    return "".join(
        f"<{name}>{tag('tt:Address', address)}{tag('tt:PrefixLength', str(length))}</{name}>"
        for address, length in addresses
    )


def _enabled(name: str, config: str) -> str:
    return f"<{name}>{tag('tt:Enabled', 'true')}<tt:Config>{config}</tt:Config></{name}>"
