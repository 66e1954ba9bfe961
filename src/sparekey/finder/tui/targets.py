"""How a device that was found is called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core.errors import InputError
from sparekey.finder.place import written
from sparekey.lan.target import Target, read_target

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sparekey.lan.discovery.found import Found
    from sparekey.language.catalogue import Translator


def target_of(found: Found) -> Target | None:
    """A device of ours, at the address that answered, with its zone. None for another maker's."""
    for link in found.links:
        if found.brand == "sparekey" and link.startswith("https://"):
            try:
                return Target(found.sender, read_target(link).port, tls=True)
            except InputError:
                return None
    return None


def targets_of(chosen: Sequence[Found]) -> dict[str, Target]:
    """Those that are ours, by the place under which they are remembered."""
    found = (target_of(one) for one in chosen)
    return {written(target): target for target in found if target is not None}


def about(chosen: Sequence[Found], words: Translator) -> str:
    """What stands behind a title: the one device, or how many they are."""
    if len(chosen) == 1:
        return f"{chosen[0].model} {chosen[0].sender}".strip()
    return words.plural("%(n)s device", "%(n)s devices", len(chosen))


def address_of(found: Found) -> str:
    """As it is named on the command line: our own place, or the address of a camera's ONVIF service."""
    target = target_of(found)
    if target is not None:
        return written(target)
    for link in found.links:
        if link.endswith("/onvif/device_service"):
            return link
    return found.sender
