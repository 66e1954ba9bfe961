"""One recovery of one device: begin or go on, hand in a proof, choose the new password."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sparekey.core.values import MethodName, Secret
from sparekey.finder.journal import Begun
from sparekey.lan.link.frame import Refused
from sparekey.lan.link.recovery import Apply, Begin, Cancel, Choose, Granted, Opened, Recovered

if TYPE_CHECKING:
    from sparekey.finder.journal import Journal
    from sparekey.finder.trusting import Known
    from sparekey.host.clock import Clock

_SHARED = {MethodName.RESPONSE_KEY: MethodName.RESPONSE_FILE}
"""Ways whose request is another's: file and key answer the same one."""


@dataclass(frozen=True)
class Recovery:
    """The calls for one device. `Refused` is the device's no; errors are those of `LinkClient.send`."""

    device: Known
    journal: Journal
    clock: Clock

    def kept(self, method: MethodName) -> Begun | None:
        """What this tool began here by that way."""
        wanted = _SHARED.get(method, method)
        return next(
            (one for one in self.journal.begun() if (one.key, one.method) == (self.device.key, wanted)), None
        )

    async def open(self, method: MethodName, *, locale: str = "en", agreed: bool = False) -> Opened | Refused:
        """Begin, or go on with what was begun: the same request again. The pickup code is kept first of all."""
        kept = self.kept(method)
        opened = await self.device.send(Begin(method, locale, agreed), kept.claim if kept else "")
        if isinstance(opened, Refused):
            return opened
        begun = Begun(
            self.device.key,
            _SHARED.get(method, method),
            self.device.place,
            opened.claim,
            opened.number,
            opened.sealed,
            opened.prefix,
            self.clock.wall(),
        )
        self.journal.begin(begun)
        return opened

    async def prove(self, method: MethodName, *, typed: str = "", file: bytes = b"") -> Granted | Refused:
        """Hand in a proof. `typed`: as the person typed it, never a hash of it."""
        kept = self.kept(method)
        proof = Apply(method, Secret(typed) if typed else None, file)
        granted = await self.device.send(proof, kept.claim if kept else "")
        if isinstance(granted, Granted) and (kept is None or kept.claim != granted.claim):
            self.journal.begin(
                Begun(
                    self.device.key,
                    _SHARED.get(method, method),
                    self.device.place,
                    granted.claim,
                    "",
                    b"",
                    "",
                    self.clock.wall(),
                )
            )
        return granted

    async def choose(self, method: MethodName, password: Secret, *, cameras: bool) -> Recovered | Refused:
        """Set the new password with the right that the proof gave."""
        kept = self.kept(method)
        recovered = await self.device.send(Choose(password, cameras), kept.claim if kept else "")
        if isinstance(recovered, Recovered) and kept:
            self.journal.end(kept)
        return recovered

    async def cancel(self, method: MethodName) -> Refused | None:
        """Let the request go. None when there is none any more."""
        kept = self.kept(method)
        if kept is None or not kept.number:
            return None
        refused = await self.device.send(Cancel(kept.number), kept.claim)
        if isinstance(refused, Refused):
            return refused
        self.journal.end(kept)
        return None
