"""The first password of a new device: what `activate` and the screens do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sparekey.lan.link.owner import Activate

if TYPE_CHECKING:
    from sparekey.finder.renewing import Renewing
    from sparekey.finder.trusting import Known
    from sparekey.lan.link.frame import Refused
    from sparekey.lan.link.owner import Activated, Login

ACCOUNT = "admin"
"""Whose password a device begins with, unless its maker's label says otherwise; the device's answer says which."""


@dataclass(frozen=True)
class Activating:
    """`reserved`: the address for lost passwords, or empty. `factory`: the login on the label, where there is one."""

    new: Renewing
    reserved: str = ""
    factory: Login | None = None

    async def one(self, known: Known) -> Activated | Refused:
        """Raises SparekeyError."""
        can, account = known.abilities, self.factory.account if self.factory else ACCOUNT
        password = self.new.password(known.place, account, can.least, can.most)
        return await known.send(Activate(password, self.reserved, self.factory))
