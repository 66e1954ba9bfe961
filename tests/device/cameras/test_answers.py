"""What the desk says to a camera behind a recorder, and how the camera acts on it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sparekey.core.device.events import AddressChanged
from sparekey.core.messages.link_answer import LinkVerdict
from sparekey.core.messages.notice import Noticed
from sparekey.core.messages.request import read_request
from sparekey.core.values import Face
from sparekey.device.cameras.relaying import AGAIN, LONGEST, SHORTEST
from sparekey.device.registration import Registered
from tests.device.cameras.behind import Behind, standing
from tests.device.cameras.conftest import Site
from tests.device.recorder import OWNER


@pytest.fixture
def behind(site_of_recommended: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Behind:
    return Behind(site_of_recommended, tmp_path, monkeypatch)


def test_B04_notices_of_a_camera_reach_its_owner_through_the_recorder(behind: Behind) -> None:
    _, wire = behind.camera("192.0.2.41", "C-1")
    generation = wire.behind.agent.record.generation
    changed = AddressChanged("admin", generation, Face.SCREEN, "new@example.com")
    assert wire.behind.agent.tell(changed) is None
    behind.minute()
    assert behind.desk.line.work()
    (body,) = behind.desk.noticed
    assert (body.what, body.addresses) == (Noticed.ADDRESS_CHANGED, ("new@example.com", OWNER))
    assert len(wire.behind.agent.notices.waiting()) == 1, "not before it heard that it went out"
    behind.minute()
    assert wire.behind.agent.notices.waiting() == []
    assert behind.site.agent.relay.is_empty()


def test_P20_the_code_that_confirms_a_cameras_address_is_asked_for_through_the_recorder(
    behind: Behind,
) -> None:
    _, wire = behind.camera("192.0.2.41", "C-1")
    registration = wire.behind.agent.registration
    assert registration.ask_confirming("admin", "en") is None
    behind.minute()
    assert behind.desk.line.work()
    behind.minute()
    (mail,) = behind.desk.mailed
    assert registration.confirm("admin", mail.code, Face.SCREEN) is None
    behind.site.clock.forward(AGAIN)
    behind.minute()
    assert behind.desk.line.work()
    assert behind.desk.enrolled[-1].confirmed
    assert len(behind.desk.mailed) == 1


def test_a_camera_acts_on_what_the_desk_says_to_it(behind: Behind) -> None:
    """An enrolment that is too old is sealed anew; one to an old key too, to the key of the newer trust file."""
    _, wire = behind.camera("192.0.2.41", "C-1")
    registration, held = wire.behind.agent.registration, wire.behind.agent.trust
    behind.minute()
    behind.desk.says = [LinkVerdict.TAKEN, LinkVerdict.OLD]
    assert behind.desk.line.work()
    behind.minute()
    behind.site.clock.forward(SHORTEST)
    behind.minute()
    behind.desk.trust_file = replace(held, version=held.version + 1)
    behind.desk.says = [LinkVerdict.UNKNOWN_KEY]
    assert behind.desk.line.work()
    behind.minute()
    assert wire.behind.agent.trust.version == held.version + 1
    behind.site.clock.forward(2 * SHORTEST)
    behind.minute()
    assert behind.desk.line.work()
    behind.minute()
    assert registration.standing is Registered.DONE
    assert behind.desk.enrolled[-1].count == 3


@pytest.mark.parametrize("said", [LinkVerdict.OTHER_DESK, LinkVerdict.UNKNOWN_KEY, LinkVerdict.NOT_GENUINE])
def test_an_enrolment_that_the_desk_never_wants_is_lost_by_nobody_and_asked_for_ever_more_seldom(
    behind: Behind, said: LinkVerdict
) -> None:
    _, wire = behind.camera("192.0.2.41", "C-1")
    registration = wire.behind.agent.registration
    held = registration.request()
    behind.minute()
    behind.desk.says = [LinkVerdict.TAKEN]
    waited = []
    for _ in range(11):
        behind.desk.says.append(said)
        assert behind.desk.line.work()
        behind.minute()
        start = behind.site.agent.age()
        assert registration.verdict is said
        assert registration.request() == held
        for wait in (SHORTEST * 2**step for step in range(10)):
            left = min(wait, LONGEST) - (behind.site.agent.age() - start)
            behind.site.clock.forward(left)
            wire.behind.clock.forward(left)
            behind.site.room.carry()
            if behind.site.agent.relay.waiting():
                break
        waited.append(behind.site.agent.age() - start)
    assert waited[:3] == [SHORTEST, 2 * SHORTEST, 4 * SHORTEST]
    assert waited[-1] == LONGEST
    assert behind.desk.line.work()
    behind.minute()
    assert registration.standing is Registered.DONE


def test_a_camera_is_told_that_people_look_at_it(behind: Behind) -> None:
    _, wire = behind.camera("192.0.2.41", "C-1")
    behind.minute()
    behind.desk.says = [LinkVerdict.TAKEN, LinkVerdict.WAITS, LinkVerdict.WAITS]
    for _ in range(2):
        assert not behind.desk.line.work()
        behind.minute()
        assert standing(wire) is Registered.WAITS
    assert wire.calls.count("deliver") == 1, "it need not hear that twice"
    assert behind.desk.line.work()
    behind.minute()
    assert standing(wire) is Registered.DONE


def test_a_recorder_without_internet_keeps_what_its_cameras_bring(behind: Behind) -> None:
    behind.site.settings = replace(behind.site.settings, desk_online=False)
    behind.site.reboot()
    behind.plug_in()
    _, wire = behind.camera("192.0.2.41", "C-1")
    behind.minute()
    carrying = behind.site.agent.carrying
    sealed = carrying.letters()
    assert [read_request(letter).header.identity.serial for letter in sealed][1:] == ["C-1"]
    assert carrying.hear(behind.desk.letters(sealed)) == ()
    behind.minute()
    assert standing(wire) is Registered.DONE
    assert behind.site.agent.registration.standing is Registered.DONE
