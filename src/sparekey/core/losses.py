"""What stays and what is lost: the answer that is shown and confirmed before anything is done (spec/requests.md 7)."""

from __future__ import annotations

from enum import Enum

from sparekey.core.record import Action


class Thing(Enum):
    """What a person may fear for."""

    RECORDINGS = "recordings"
    SETTINGS = "settings"
    CAMERA_PASSWORDS = "camera-passwords"
    OTHER_USERS = "other-users"
    PHONES = "phones"
    WAYS_BACK = "ways-back"


class Fate(Enum):
    """What becomes of it."""

    STAYS = "stays"
    LOST = "lost"
    SUSPENDED = "suspended"
    AGAIN = "again"


_RECOVERY = {
    Thing.RECORDINGS: Fate.STAYS,
    Thing.SETTINGS: Fate.STAYS,
    Thing.CAMERA_PASSWORDS: Fate.STAYS,
    Thing.OTHER_USERS: Fate.SUSPENDED,
    Thing.PHONES: Fate.AGAIN,
    Thing.WAYS_BACK: Fate.AGAIN,
}
_DEFAULT = {**dict.fromkeys(Thing, Fate.LOST), Thing.RECORDINGS: Fate.STAYS, Thing.PHONES: Fate.AGAIN}
_ERASE = {**_DEFAULT, Thing.RECORDINGS: Fate.LOST}


def fates(action: Action, *, chose_default: bool = False) -> dict[Thing, Fate]:
    """What an action does to each thing. `chose_default`: factory settings, where the action leaves the choice."""
    if action is Action.ERASE:
        return dict(_ERASE)
    return dict(_DEFAULT if chose_default else _RECOVERY)
