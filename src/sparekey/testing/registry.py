"""The desk's registry in memory: who enrolled, as a test says."""

from __future__ import annotations

from dataclasses import replace

from sparekey.core.case import Standing
from sparekey.core.messages.enrol import EnrolBody


class FakeRegistry:
    """Devices by serial number."""

    def __init__(self) -> None:
        self._bodies: dict[str, EnrolBody] = {}
        self._standings: dict[str, Standing] = {}

    def enrol(self, serial: str, body: EnrolBody, owners: tuple[str, ...] = ()) -> None:
        """A device told the desk about itself."""
        self._bodies[serial] = body
        self._standings[serial] = Standing(enrolled=True, confirmed=body.confirmed, owners=owners, epoch=1)

    def report_stolen(self, serial: str) -> None:
        """Its owner said so."""
        self._standings[serial] = replace(self.standing(serial), stolen=True)

    def standing(self, serial: str) -> Standing:
        """What is known of a device."""
        return self._standings.get(serial, Standing())

    def opened(self, serial: str) -> EnrolBody | None:
        """What the device sealed."""
        return self._bodies.get(serial)
