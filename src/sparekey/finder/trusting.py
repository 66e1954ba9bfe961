"""Whom the tool talks to: a key that it knows, or one that a person compared with the device's own screen.

A key that changed stops everything (spec/lan.md section 5.2).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from sparekey.core.crypto import equal
from sparekey.core.errors import UntrustedError
from sparekey.finder.place import written
from sparekey.lan.link import fingerprint
from sparekey.lan.link.client import LinkClient, Met, meet
from sparekey.lan.link.frame import TOO_FAST, Refused

if TYPE_CHECKING:
    from sparekey.finder.journal import Journal
    from sparekey.host.clock import Clock
    from sparekey.host.entropy import Entropy
    from sparekey.lan.link.frame import Asked
    from sparekey.lan.link.ways import Abilities
    from sparekey.lan.target import Target

T = TypeVar("T")

PATIENCE = 4
"""How often a call is made again to a device that is asked too often."""
LONGEST_WAIT = 30
"""Seconds that one such wait may take; a longer one is the person's to decide."""

Agree: TypeAlias = Callable[[str, str], bool]
"""Asks a person whether the screen of the device at a place shows this fingerprint."""


@dataclass(frozen=True)
class Known:
    """A device whose key is known, and the client that talks to this key only."""

    target: Target
    key: bytes
    abilities: Abilities
    client: LinkClient

    async def send(self, asked: Asked[T], claim: str = "") -> T | Refused:
        """As `LinkClient.send`; who is told to ask more slowly does so, for a while."""
        answer = await self.client.send(asked, claim)
        for _ in range(PATIENCE):
            if not (
                isinstance(answer, Refused) and answer.slug == TOO_FAST and 0 < answer.wait <= LONGEST_WAIT
            ):
                break
            await asyncio.sleep(answer.wait)
            answer = await self.client.send(asked, claim)
        return answer

    @property
    def place(self) -> str:
        """Where it answers, as people read it."""
        return written(self.target)


async def know(
    target: Target, journal: Journal, agree: Agree, *, clock: Clock, entropy: Entropy
) -> Known | Refused:
    """Meet a device. What a person said once is not asked again.

    Raises UnavailableError, InputError, UntrustedError: `tls-key` when the key is not the one that was met here
    before, `not-agreed` when the person did not vouch for it.
    """
    met = await meet(target, entropy)
    if not isinstance(met, Met):
        return met
    place = written(target)
    before = journal.key_of(place)
    if before is None:
        if not agree(place, fingerprint.shown(met.key)):
            raise UntrustedError(
                "not-agreed", f"nothing was sent to {place}: nobody says that it is the right device"
            )
        journal.meet(place, met.key, clock.wall())
    elif not equal(before, met.key):
        raise UntrustedError(
            "tls-key",
            f"{place} is not the device that was met there before, or it was erased. If you know why,"
            f" forget the old one: sparekey forget {place}",
        )
    return Known(target, met.key, met.abilities, LinkClient(target, entropy, key=met.key))
