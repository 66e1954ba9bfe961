"""`World`: a device, a desk and the phone between them, in memory, on one clock, with a switch that cuts the power."""

from __future__ import annotations

from sparekey.core.messages.request import Request
from sparekey.profiles import RECOMMENDED, profile
from sparekey.testing.clock import FixedClock
from sparekey.testing.desk import Mail, MemoryDesk
from sparekey.testing.device import MemoryDevice
from sparekey.testing.entropy import FixedEntropy
from sparekey.testing.power import PowerSwitch


class World:
    """Everything a recovery needs. `cut_at`: the instant, counted from 1, at which power fails once."""

    def __init__(self, profile_name: str = RECOMMENDED, cut_at: int | None = None) -> None:
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
        )

    def scan_and_send(self, request: Request) -> list[Mail]:
        """Point a phone at the screen and press the one button. Returns the mails that this brought."""
        before = len(self.desk.mails)
        self.desk.send(self.device.qr_text(request))
        return self.desk.mails[before:]
