"""Which answers are about the same device.

Answers belong together when they share a MAC address, a serial number, or the name that a device gives itself in one
protocol. A device that told neither MAC nor serial joins the one that shares an address with it and spoke another
protocol; where two could be meant, as two new cameras at the same factory address, it joins neither. The order of
the answers does not matter.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sparekey.lan.discovery.found import Found, Protocol, distinct, mac_address

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

SHORTEST_SERIAL = 6
"""Characters below which a serial number is too common to join devices by."""
_Group = tuple[Found, ...]
_RANK = {protocol: rank for rank, protocol in enumerate(Protocol)}


def merge(answers: Iterable[Found]) -> list[Found]:
    """The devices behind the answers, each once, sorted by MAC, then by sender."""
    single: list[_Group] = [(found,) for found in sorted(dict.fromkeys(answers), key=_order)]
    macs = {mac for (found,) in single for mac in found.macs}
    same = [_gather(part) for part in _parts(single, lambda group: _identities(group[0], macs))]
    united: list[tuple[Found, ...]] = []
    for part in _parts(same, _addresses):
        united += [_gather(part)] if _one_device(part) else part
    return sorted(map(_united, united), key=lambda found: (found.mac, found.sender, _order(found)))


def _identities(found: Found, macs: set[str]) -> Iterator[tuple[str, str]]:
    for mac in found.macs:
        yield "mac", mac
    serial = found.serial.casefold()
    if len(serial) >= SHORTEST_SERIAL and len(set(serial)) > 1:
        yield "serial", serial
    if found.ident:
        yield found.protocols[0].value, found.ident.casefold()
        if (mac := mac_address(found.ident[-12:])) in macs:  # many endpoint ids end with the MAC address
            yield "mac", mac


def _addresses(group: _Group) -> Iterator[tuple[str, str]]:
    for found in group:
        for address in {found.sender, *found.addresses}:
            yield "address", address.partition("%")[0]


def _anonymous(group: _Group) -> bool:
    return not any(found.macs or found.serial for found in group)


def _one_device(groups: list[_Group]) -> bool:
    """Whether groups that share addresses can be one device: one of them named at most, no protocol in two."""
    spoken = [protocol for group in groups for protocol in {p for found in group for p in found.protocols}]
    named = sum(not _anonymous(group) for group in groups)
    return named <= 1 and len(spoken) == len(set(spoken))


def _parts(groups: list[_Group], keys: Callable[[_Group], Iterator[tuple[str, str]]]) -> list[list[_Group]]:
    """The groups, those together that are linked by a common key."""
    parent = list(range(len(groups)))

    def top(at: int) -> int:
        while parent[at] != at:
            parent[at] = at = parent[parent[at]]
        return at

    first: dict[tuple[str, str], int] = {}
    for at, group in enumerate(groups):
        for key in keys(group):
            parent[top(at)] = top(first.setdefault(key, at))
    parts: defaultdict[int, list[_Group]] = defaultdict(list)
    for at, group in enumerate(groups):
        parts[top(at)].append(group)
    return list(parts.values())


def _gather(groups: list[_Group]) -> _Group:
    return tuple(sorted((found for group in groups for found in group), key=_order))


def _order(found: Found) -> tuple[object, ...]:
    """A total order: the most believed protocol first."""
    ways = None if found.ways is None else sorted(way.value for way in found.ways)
    texts = (found.sender, found.ident, found.brand, found.model, found.name, found.serial, found.firmware)
    lists = (found.macs, found.addresses, found.links)
    ranks = [_RANK[protocol] for protocol in found.protocols]
    return ranks, texts, lists, str(found.activated), found.started, str(ways)


def _united(group: _Group) -> Found:
    """Of each fact the most believed version; of lists, all."""
    ways = [found.ways for found in group if found.ways is not None]
    protocols = {protocol for found in group for protocol in found.protocols}
    return Found(
        protocols=tuple(sorted(protocols, key=_RANK.__getitem__)),
        sender=group[0].sender,
        ident=_first(found.ident for found in group),
        brand=_first(found.brand for found in group),
        model=_first(found.model for found in group),
        name=_first(found.name for found in group),
        serial=_first(found.serial for found in group),
        firmware=_first(found.firmware for found in group),
        macs=distinct([mac for found in group for mac in found.macs]),
        addresses=distinct([address for found in group for address in (found.sender, *found.addresses)]),
        links=distinct([link for found in group for link in found.links]),
        activated=next((found.activated for found in group if found.activated is not None), None),
        started=_first(found.started for found in group),
        ways=frozenset().union(*ways) if ways else None,
    )


def _first(texts: Iterable[str]) -> str:
    return next(filter(None, texts), "")
