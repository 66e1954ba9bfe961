"""A recovery is opened on a device, or the one that is open is shown: what `request` and the screens do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sparekey.finder.many import End
from sparekey.finder.noes import no
from sparekey.finder.recovery import Recovery
from sparekey.lan.link.frame import NEEDS_AGREEMENT, Refused

if TYPE_CHECKING:
    from sparekey.core.values import MethodName
    from sparekey.finder.kit import Kit
    from sparekey.finder.trusting import Known
    from sparekey.lan.link.recovery import Opened


@dataclass
class Requesting:
    """By one way, on one device or many. `agreed`: a person read the maker's legal notice. `unread`: some device wants
    that first.
    """

    kit: Kit
    method: MethodName
    agreed: bool = False
    unread: bool = False

    async def one(self, known: Known | Refused) -> tuple[End, Opened | None, str]:
        """What the device shows, or why not. Raises SparekeyError."""
        if isinstance(known, Refused):
            return End.REFUSED, None, no(known, self.kit.words)
        recovery = Recovery(known, self.kit.journal, self.kit.clock)
        answer = await recovery.open(self.method, locale=self.kit.words.code, agreed=self.agreed)
        if isinstance(answer, Refused):
            self.unread = self.unread or answer.slug == NEEDS_AGREEMENT
            return End.REFUSED, None, no(answer, self.kit.words)
        return End.DONE, answer, ""
