"""The registry as the cases ask it: an enrolment that opens no more is as if there were none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core.errors import UntrustedError

if TYPE_CHECKING:
    from sparekey.core.case import Standing
    from sparekey.core.messages.enrol import EnrolBody
    from sparekey.desk.registry.ports import Registry


class Known:
    """A registry that never fails to open."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def standing(self, serial: str) -> Standing:
        """What is known of the device."""
        return self._registry.standing(serial)

    def opened(self, serial: str) -> EnrolBody | None:
        """The sealed enrolment in use, or None, also when the key that it is sealed to is gone."""
        try:
            return self._registry.opened(serial)
        except UntrustedError:
            return None
