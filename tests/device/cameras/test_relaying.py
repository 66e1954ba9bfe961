"""A camera behind a recorder reaches the desk through it: real calls between real devices, in memory."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest

from sparekey.core.device.events import AddressChanged
from sparekey.core.messages.link_answer import LinkVerdict
from sparekey.core.messages.notice import Noticed
from sparekey.core.messages.request import read_request
from sparekey.core.values import Face, Secret
from sparekey.device.cameras.camera import Camera, State
from sparekey.device.cameras.own import OwnTalk, _heard
from sparekey.device.cameras.relaying import AGAIN, LONGEST, RETRY, SHORTEST
from sparekey.device.cameras.talk import Heard
from sparekey.device.registration import Registered
from sparekey.lan.link.frame import Asked, Refused
from sparekey.lan.target import read_target
from tests.device.cameras.camera import MemoryCamera
from tests.device.cameras.conftest import Site
from tests.device.desk_end import TICKET, DeskEnd
from tests.device.link import Caller
from tests.device.recorder import OLD, OWNER, Recorder

T = TypeVar("T")


class Wire(OwnTalk):
    """Our calls to the application of a camera. `heard`: what comes instead of an answer."""

    def __init__(self, behind: Recorder) -> None:
        super().__init__(read_target("https://192.0.2.41/"), behind.entropy, behind.keys.tls_hash)
        self.behind = behind
        self.heard: Heard | None = None
        self.calls: list[str] = []

    def _send(self, asked: Asked[T]) -> T | Heard:
        self.calls.append(asked.name)
        if self.heard is not None:
            return self.heard
        told = Caller(self.behind.app).ask(asked)
        return _heard(told) if isinstance(told, Refused) else told


class Behind:
    """A recorder and its cameras, by number."""

    def __init__(self, site: Site, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.site = site
        self.desk = DeskEnd(site)
        self.folder = folder
        self.wires: dict[int, Wire] = {}
        self.monkeypatch = monkeypatch
        self.plug_in()

    def plug_in(self) -> None:
        """Also after a restart of the recorder."""
        self.monkeypatch.setattr(self.site.room, "own_talk", lambda camera: self.wires[camera.id])

    def camera(self, host: str, serial: str) -> tuple[Camera, Wire]:
        """One whose password the recorder keeps."""
        folder = self.folder / host
        folder.mkdir()
        made = Recorder(folder)
        made.settings = replace(made.settings, serial=serial)
        made.agent.close()
        made.start()
        made.set_up()
        added = self.site.put(host, MemoryCamera(OLD))
        self.site.agent.cameras.pin(added.id, made.keys.tls_hash)
        self.site.agent.cameras.keep(added.id, "admin", Secret(OLD))
        self.wires[added.id] = Wire(made)
        return added, self.wires[added.id]

    def minute(self) -> None:
        self.site.clock.forward(RETRY)
        self.site.room.round()
        self.site.room.carry()


@pytest.fixture
def behind(site_of_recommended: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Behind:
    return Behind(site_of_recommended, tmp_path, monkeypatch)


def standing(wire: Wire) -> Registered:
    return wire.behind.agent.registration.standing


def test_cameras_enrol_through_their_recorder_together(behind: Behind) -> None:
    _, first = behind.camera("192.0.2.41", "C-1")
    _, second = behind.camera("192.0.2.42", "C-2")
    looked: list[bool] = []
    behind.site.agent.when_told(lambda: looked.append(True))
    behind.minute()
    assert looked, "the line to the desk hears of it at once"
    assert [one.serial for one in behind.site.agent.relay.waiting()] == ["C-1", "C-2"]
    calls = behind.desk.calls
    assert behind.desk.line.work()
    assert len(behind.desk.enrolled) == 3
    assert behind.desk.calls - calls <= 3, "the cameras' in one call"
    behind.minute()
    for wire in (first, second):
        assert standing(wire) is Registered.DONE
        assert wire.behind.agent.record.ticket == TICKET
        assert wire.calls == ["fetch", "deliver", "fetch"]
    assert behind.site.agent.relay.is_empty()
    behind.minute()
    assert len(first.calls) == 3, "what answered is left alone for a while"
    behind.site.clock.forward(AGAIN)
    behind.minute()
    assert first.calls[3:] == ["fetch"]
    assert behind.site.agent.relay.is_empty()


@pytest.mark.meets("etsi-5.9-1")
def test_what_fails_is_tried_again_in_the_next_round(behind: Behind) -> None:
    camera, wire = behind.camera("192.0.2.41", "C-1")
    wire.heard = Heard.SILENT
    for _ in range(5):
        behind.minute()
    assert wire.calls == ["fetch"] * 5
    assert behind.site.kept(camera).wrong == 0, "no wrong password was heard of"
    wire.heard = None
    behind.minute()
    assert behind.desk.line.work()
    wire.heard = Heard.LOCKED
    behind.minute()
    wire.heard = None
    assert standing(wire) is Registered.OUTSTANDING
    behind.minute()
    assert standing(wire) is Registered.DONE
    assert wire.calls[5:] == ["fetch", "deliver", "deliver", "fetch"]


def test_who_looks_again_need_not_wait(behind: Behind) -> None:
    _, wire = behind.camera("192.0.2.41", "C-1")
    behind.site.room.carry_soon()
    for times in range(1, 4):
        behind.site.room.carry()
        assert wire.calls == ["fetch"] * times
        behind.site.room.carry()
        assert wire.calls == ["fetch"] * times
        behind.site.room.carry_soon()


def test_a_restart_loses_nothing(behind: Behind) -> None:
    _, wire = behind.camera("192.0.2.41", "C-1")
    behind.minute()
    assert behind.desk.line.work()
    behind.site.reboot()
    behind.plug_in()
    behind.minute()
    behind.minute()
    assert standing(wire) is Registered.DONE
    assert behind.site.agent.relay.is_empty()


def test_a_wrong_password_is_tried_once_and_then_no_more(behind: Behind) -> None:
    camera, wire = behind.camera("192.0.2.41", "C-1")
    behind.site.agent.cameras.keep(camera.id, "admin", Secret("not this camera's"))
    for _ in range(3):
        behind.minute()
    kept = behind.site.kept(camera)
    assert (wire.calls, kept.state, kept.wrong) == (["fetch"], State.WRONG_PASSWORD, 1)
    behind.site.behind["192.0.2.41"].silent = True
    behind.minute()
    behind.site.behind["192.0.2.41"].silent = False
    behind.minute()
    assert wire.calls == ["fetch"], "also when it went away and came back"
    behind.site.agent.cameras.keep(camera.id, "admin", Secret(OLD))
    behind.minute()
    assert wire.calls == ["fetch", "fetch"]
    assert len(behind.site.agent.relay.waiting()) == 1


def test_a_password_that_changes_meanwhile_is_not_called_wrong(
    behind: Behind, monkeypatch: pytest.MonkeyPatch
) -> None:
    camera, wire = behind.camera("192.0.2.41", "C-1")

    def changed(asked: Asked[object]) -> Heard:
        behind.site.agent.cameras.keep(camera.id, "admin", Secret("a newer one"))
        return Heard.WRONG

    monkeypatch.setattr(wire, "_send", changed)
    behind.site.room.carry()
    kept = behind.site.kept(camera)
    assert (kept.state, kept.wrong) == (State.OK, 0)


@pytest.mark.parametrize("why", ["no password", "a change waits", "another key"])
def test_a_camera_that_cannot_be_asked_is_not(behind: Behind, why: str) -> None:
    camera, wire = behind.camera("192.0.2.41", "C-1")
    cameras = behind.site.agent.cameras
    if why == "no password":
        behind.site.room.note(camera, State.NEW)
    elif why == "a change waits":
        cameras.stage(camera.id, "admin", Secret("a staged one"), 0, 10**9)
    else:
        cameras.pin(camera.id, None)
    behind.site.room.carry()
    assert wire.calls == []


def test_another_key_is_noted(behind: Behind) -> None:
    camera, wire = behind.camera("192.0.2.41", "C-1")
    wire.heard = Heard.OTHER_KEY
    behind.site.room.carry()
    assert behind.site.kept(camera).state is State.OTHER_KEY


def test_T47_a_camera_speaks_for_no_serial_that_another_brought(behind: Behind) -> None:
    _, first = behind.camera("192.0.2.41", "C-1")
    behind.minute()
    (waiting,) = behind.site.agent.relay.waiting()
    _, evil = behind.camera("192.0.2.42", "C-1")
    evil.behind.clock.forward(5)
    evil.behind.agent.registration.seal_anew()
    behind.minute()
    assert behind.site.agent.relay.waiting() == [waiting]
    assert behind.desk.line.work()
    behind.minute()
    assert standing(first) is Registered.DONE
    assert standing(evil) is Registered.OUTSTANDING
    assert "deliver" not in evil.calls


def test_T47_a_letter_under_another_tls_key_is_passed_over(behind: Behind) -> None:
    camera, wire = behind.camera("192.0.2.41", "C-1")
    behind.site.agent.cameras.pin(camera.id, bytes(32))
    behind.minute()
    assert wire.calls == ["fetch"]
    assert behind.site.agent.relay.is_empty()


def test_an_answer_that_the_camera_does_not_want_any_more_goes(behind: Behind) -> None:
    _, wire = behind.camera("192.0.2.41", "C-1")
    behind.minute()
    assert behind.desk.line.work()
    wire.behind.agent.registration.seal_anew()
    behind.minute()
    assert standing(wire) is Registered.OUTSTANDING
    assert behind.desk.line.work(), "what it sealed since was fetched with the same round"
    behind.minute()
    assert standing(wire) is Registered.DONE


def test_a_camera_that_got_its_answer_by_another_way_leaves_nothing_behind(behind: Behind) -> None:
    _, wire = behind.camera("192.0.2.41", "C-1")
    behind.desk.says = [LinkVerdict.TAKEN, LinkVerdict.WAITS]
    behind.minute()
    assert not behind.desk.line.work()
    assert DeskEnd(wire.behind).line.work()
    behind.site.clock.forward(AGAIN)
    behind.minute()
    assert behind.site.agent.relay.is_empty()


def test_answers_for_cameras_that_are_gone_do_not_stay(behind: Behind) -> None:
    camera, _ = behind.camera("192.0.2.41", "C-1")
    behind.minute()
    assert behind.desk.line.work()
    behind.site.agent.cameras.remove(camera.id)
    behind.site.room.carry()
    assert behind.site.agent.relay.is_empty()


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
