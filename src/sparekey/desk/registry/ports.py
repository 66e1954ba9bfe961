"""What the rooms of the desk ask of the registry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from sparekey.core.case import Standing
    from sparekey.core.messages.enrol import EnrolBody


class Registry(Protocol):
    """Devices by serial number. Every method raises UnavailableError when the store fails."""

    def standing(self, serial: str) -> Standing:
        """What is known of the device; the same shape, and as fast, for one that is not known."""

    def opened(self, serial: str) -> EnrolBody | None:
        """The sealed enrolment in use, opened: key, log id, addresses, locale."""
