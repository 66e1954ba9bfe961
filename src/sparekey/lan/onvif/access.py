"""Who may ask for what: ONVIF's default access policy (ONVIF Core Specification, section 5.9.4.3)."""

from __future__ import annotations

from enum import Enum

from sparekey.lan.onvif.device import Level

_EVERYBODY = frozenset(Level)


class Access(Enum):
    """The access class of an operation; the value says which levels may ask for it."""

    PRE_AUTH = ("pre-auth", _EVERYBODY)
    """Answered before anybody signed in."""
    READ_SYSTEM = ("read-system", _EVERYBODY)
    READ_SYSTEM_SECRET = ("read-system-secret", frozenset({Level.ADMINISTRATOR}))
    WRITE_SYSTEM = ("write-system", frozenset({Level.ADMINISTRATOR}))
    UNRECOVERABLE = ("unrecoverable", frozenset({Level.ADMINISTRATOR}))

    def allows(self, level: Level) -> bool:
        """Whether somebody of this level may ask."""
        return level in self.value[1]
