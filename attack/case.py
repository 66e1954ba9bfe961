"""A case as the judge knows it, and what the evidence policy allows in it, counted by this very book."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sparekey.core.tlog.leaf import LeafAction

if TYPE_CHECKING:
    from attack.site import Owned
    from sparekey.core.tlog.leaf import Issued

HOUR = 3600
WEIGHTS = {"mailbox-code": 100, "paired-phone": 60, "invoice": 40, "installer": 40, "request-file": 30}
ENOUGH, SURE = 60, 100


@dataclass
class Case:
    """A case as it went over the wire. `request`: how the log names it. `asker`: of the staff, who asks for themselves.
    `by`: who touched for what is proposed now, and when the last one did.
    """

    number: str
    serial: str
    request: bytes
    asker: str = ""
    evidence: set[str] = field(default_factory=set)
    remedy: str = ""
    by_mail: bool = False
    by: set[str] = field(default_factory=set)
    last: int = 0
    proposed: int = 0
    issued: bool = False
    over: bool = False
    """Somebody with a session of the staff closed it."""

    def allows(self, leaf: Issued, device: Owned | None, owners: set[str]) -> bool:
        """Whether what was issued is justified. `owners`: of the staff, whose device it is."""
        people = self.by - {self.asker} - owners
        weight = sum(WEIGHTS.get(kind, 0) for kind in self.evidence)
        sure = device is not None and device.confirmed
        needed = 2 if leaf.action is LeafAction.ERASE or not sure else 1
        hold = 72 if not sure else 0 if weight >= SURE or self.by_mail else 24
        enough = weight >= ENOUGH or (self.by_mail and sure)
        return (
            enough and len(people) >= needed == len(leaf.approvers) and leaf.time >= self.last + hold * HOUR
        )
