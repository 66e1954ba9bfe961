"""What stays and what is lost, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core.losses import Fate, Thing, fates
from sparekey.core.record import Action
from sparekey.language.catalogue import N_
from sparekey.web.page import KeptLost

if TYPE_CHECKING:
    from sparekey.language.catalogue import Translator

_THINGS = {
    Thing.RECORDINGS: N_("Recordings"),
    Thing.SETTINGS: N_("Settings"),
    Thing.CAMERA_PASSWORDS: N_("Cameras' passwords"),
    Thing.OTHER_USERS: N_("Other users"),
    Thing.PHONES: N_("Phones"),
    Thing.WAYS_BACK: N_("Ways back in"),
}
_STAYS = N_("yes")
_LOST = {
    Thing.RECORDINGS: N_("all"),
    Thing.SETTINGS: N_("all"),
    Thing.CAMERA_PASSWORDS: N_("all"),
    Thing.OTHER_USERS: N_("all"),
    Thing.PHONES: N_("all: add them again"),
    Thing.WAYS_BACK: N_("questions, key file and sheet: make new ones"),
}
_SUSPENDED = N_("suspended until you have looked at them")


def table(
    action: Action,
    words: Translator,
    *,
    chose_default: bool = False,
    others: bool = True,
    cameras: bool = True,
) -> list[KeptLost]:
    """A row for each thing that somebody may fear for. `others`: whether there are other users. `cameras`: whether it
    keeps passwords of cameras.
    """
    rows = []
    absent = {Thing.OTHER_USERS} if not others else set()
    absent |= {Thing.CAMERA_PASSWORDS} if not cameras else set()
    for thing, fate in fates(action, chose_default=chose_default).items():
        if thing in absent:
            continue
        name = words.text(_THINGS[thing])
        if fate is Fate.STAYS:
            rows.append(KeptLost(name, stays=words.text(_STAYS)))
        else:
            lost = _SUSPENDED if fate is Fate.SUSPENDED else _LOST[thing]
            rows.append(KeptLost(name, lost=words.text(lost)))
    return rows


def told(action: Action, words: Translator, *, chose_default: bool = False) -> tuple[str, str]:
    """The same in one line: what calms, and what must be read in red; one of them is ""."""
    fate = fates(action, chose_default=chose_default)
    if fate[Thing.RECORDINGS] is Fate.LOST:
        return "", words.text("All recordings and all settings are erased.")
    if fate[Thing.SETTINGS] is Fate.LOST:
        return "", words.text("All settings are lost. Recordings stay.")
    return words.text("Nothing is lost."), ""
