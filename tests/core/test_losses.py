"""What stays and what is lost is told before, and told truly."""

from __future__ import annotations

import pytest

from sparekey.core.losses import Fate, Thing, fates
from sparekey.core.record import Action


@pytest.mark.meets("etsi-5.11-3")
@pytest.mark.parametrize("action", list(Action))
def test_every_action_tells_of_every_thing(action: Action) -> None:
    for chose_default in (False, True):
        assert set(fates(action, chose_default=chose_default)) == set(Thing)


def test_only_the_technician_takes_the_recordings() -> None:
    lost = {action for action in Action if fates(action)[Thing.RECORDINGS] is Fate.LOST}
    assert lost == {Action.ERASE}
    default = fates(Action.NEW_PASSWORD_OR_DEFAULT, chose_default=True)
    assert default[Thing.RECORDINGS] is Fate.STAYS
    assert default[Thing.SETTINGS] is Fate.LOST
    assert fates(Action.NEW_PASSWORD)[Thing.SETTINGS] is Fate.STAYS
