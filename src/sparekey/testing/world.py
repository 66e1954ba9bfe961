"""`World`: a device, a desk and the phone between them, in memory, on one clock, with a switch that cuts the power."""

from __future__ import annotations

from sparekey.core.crypto import PasswordHash
from sparekey.core.keys import dated_key, log_id
from sparekey.core.messages.request import Request
from sparekey.core.model import Model
from sparekey.profiles import RECOMMENDED, profile
from sparekey.testing.clock import FixedClock
from sparekey.testing.desk import Mail, MemoryDesk
from sparekey.testing.device import MemoryDevice
from sparekey.testing.entropy import FixedEntropy
from sparekey.testing.power import PowerSwitch


class World:
    """Everything a recovery needs. `cut_at`: the instant, counted from 1, at which power fails once.
    `makers_store`: see
    `MemoryDevice`.
    """

    def __init__(
        self,
        profile_name: str = RECOMMENDED,
        cut_at: int | None = None,
        *,
        model: Model | None = None,
        makers_store: dict[str, PasswordHash] | None = None,
    ) -> None:
        self.clock = FixedClock()
        entropy = FixedEntropy()
        self.switch = PowerSwitch(cut_at)
        self.desk = MemoryDesk(clock=self.clock, entropy=entropy)
        self.device = MemoryDevice(
            policy=profile(profile_name),
            trust=self.desk.trust,
            clock=self.clock,
            entropy=entropy,
            switch=self.switch,
            model=model,
            makers_store=makers_store,
        )

    def scan_and_send(self, request: Request) -> list[Mail]:
        """Point a phone at the screen and press the one button. Returns the mails that this brought."""
        before = len(self.desk.mails)
        self.desk.send(self.device.qr_text(request))
        return self.desk.mails[before:]

    def enrol(self) -> None:
        """The desk learns the device's K and log id, as enrolment brings them."""
        key = self.device.device_key
        self.desk.enrol(self.device.identity.serial, dated_key(key), log_id(key))
