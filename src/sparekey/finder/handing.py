"""One proof for one device, up to its new password: what `apply` and the screens do."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sparekey.core.record import Action
from sparekey.finder.many import End
from sparekey.finder.noes import no
from sparekey.finder.recovery import Recovery
from sparekey.lan.link.cameras import AskResults, Outcome, Results
from sparekey.lan.link.frame import Refused
from sparekey.language.catalogue import N_

if TYPE_CHECKING:
    from collections.abc import Callable

    from sparekey.core.values import MethodName
    from sparekey.finder.kit import Kit
    from sparekey.finder.renewing import Renewing
    from sparekey.finder.trusting import Known
    from sparekey.lan.link.recovery import Recovered

BACK = N_("You are back in: the new password works, the old one does not.")
CAMERAS_WAIT = 60
"""Seconds for which the results of a recorder's cameras are waited for."""


@dataclass(frozen=True)
class Handing:
    """`cameras`: a recorder's cameras get new passwords along with it. `tell`: hears what became of each camera."""

    kit: Kit
    new: Renewing
    cameras: bool
    tell: Callable[[str], None]

    async def do(
        self, known: Known, method: MethodName, *, typed: str = "", file: bytes = b""
    ) -> tuple[End, Recovered | None, str]:
        """Hand in the proof; then the password. Raises SparekeyError."""
        kit, recovery = self.kit, Recovery(known, self.kit.journal, self.kit.clock)
        granted = await recovery.prove(method, typed=typed, file=file)
        if isinstance(granted, Refused):
            return End.REFUSED, None, no(granted, kit.words)
        if granted.action is Action.ERASE:
            told = kit.words.text("This file erases the device. It is taken at the device's own screen only.")
            return End.REFUSED, None, told
        can = known.abilities
        password = self.new.password(known.place, granted.account, can.least, can.most)
        done = await recovery.choose(method, password, cameras=self.cameras and can.cameras)
        if isinstance(done, Refused):
            return End.REFUSED, None, no(done, kit.words)
        if done.receipt:
            await self._report(known, done.receipt)
        return End.DONE, done, ""

    async def _report(self, known: Known, receipt: str) -> None:
        """What became of the cameras: as far as it is known within a minute."""
        words = self.kit.words
        results: Results | Refused = Results(())
        for _ in range(CAMERAS_WAIT):
            results = await known.send(AskResults(receipt))
            if isinstance(results, Refused) or not any(
                one.outcome is Outcome.WAITING for one in results.cameras
            ):
                break
            await asyncio.sleep(1)
        sentences = {
            Outcome.DONE: words.text("has the new password"),
            Outcome.WAITING: words.text("is offline: the recorder does it later by itself"),
            Outcome.FAILED: words.text("refuses: set its password by hand"),
        }
        for camera in () if isinstance(results, Refused) else results.cameras:
            self.tell(f"{camera.name}: {sentences[camera.outcome]}")
