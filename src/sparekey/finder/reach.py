"""Devices beyond the networks of this machine: which addresses are meant, and whether one of ours answers there."""

from __future__ import annotations

import asyncio
import ipaddress
from typing import TYPE_CHECKING

from sparekey.core.errors import InputError, SparekeyError
from sparekey.lan.discovery.found import Found, Protocol
from sparekey.lan.http import Limits
from sparekey.lan.link.client import Met, meet
from sparekey.lan.link.ways import Setting
from sparekey.lan.target import Target, link_to

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sparekey.host.entropy import Entropy

MOST = 4096
"""Addresses that one search asks one by one."""
PORT = 8543
"""Where a device of ours listens unless its maker chose another port."""
AT_ONCE = 32
"""Calls that are under way at the same time."""
_LIMITS = Limits(connect=2.0, total=4.0)


def addresses(texts: Iterable[str]) -> tuple[str, ...]:
    """The IPv4 addresses that are meant by addresses and networks (`192.0.2.0/24`), each once.

    Raises InputError (`address`), also for more than 4096 of them and for what no single device can have.
    """
    found: dict[str, None] = {}
    for text in texts:
        try:
            network = ipaddress.IPv4Network(text.strip(), strict=False)
        except ValueError:
            raise InputError(
                "address",
                f"{text!r} is neither an address such as 192.0.2.10 nor a network such as 192.0.2.0/24",
            ) from None
        if network.is_multicast or network.is_loopback or network.is_unspecified or network.is_reserved:
            raise InputError("address", f"no device on another network has an address in {network}")
        if network.num_addresses + len(found) > MOST:
            raise InputError("address", f"that is more than {MOST} addresses; name a smaller network")
        hosts = network.hosts() if network.prefixlen < 31 else iter(network)
        found |= {str(host): None for host in hosts}
    return tuple(found)


async def call(found: Callable[[Found], None], others: Iterable[str], entropy: Entropy) -> None:
    """Ask each address whether a device of ours is there. It hears the first call and no secret."""
    turns = asyncio.Semaphore(AT_ONCE)

    async def one(address: str) -> None:
        async with turns:
            try:
                met = await meet(Target(address, PORT, tls=True), entropy, _LIMITS)
            except SparekeyError:
                return
        if isinstance(met, Met):
            found(
                Found(
                    protocols=(Protocol.SPAREKEY,),
                    sender=address,
                    ident=met.key[:8].hex(),
                    brand="sparekey",
                    links=(link_to(address, PORT, tls=True),),
                    activated=met.abilities.setting is Setting.DONE,
                )
            )

    await asyncio.gather(*(one(address) for address in others))
