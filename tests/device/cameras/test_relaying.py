"""A camera behind a recorder reaches the desk through it: real calls between real devices, in memory."""

from __future__ import annotations

from pathlib import Path

import pytest

from sparekey.core.errors import UntrustedError
from sparekey.core.messages.link_answer import LinkVerdict
from sparekey.core.values import Secret
from sparekey.device.cameras.camera import State
from sparekey.device.cameras.relaying import AGAIN
from sparekey.device.cameras.talk import Heard
from sparekey.device.registration import Registered
from sparekey.lan.link.frame import Asked
from tests.device.cameras.behind import Behind, standing
from tests.device.cameras.conftest import Site
from tests.device.desk_end import TICKET, DeskEnd
from tests.device.recorder import OLD


@pytest.fixture
def behind(site_of_recommended: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Behind:
    return Behind(site_of_recommended, tmp_path, monkeypatch)


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


def test_what_one_camera_does_keeps_no_other_waiting(behind: Behind, monkeypatch: pytest.MonkeyPatch) -> None:
    """One answers garbage, one brings about an error that nobody foresaw; the third is served."""
    _, garbled = behind.camera("192.0.2.41", "C-1")
    _, broken = behind.camera("192.0.2.42", "C-2")
    _, good = behind.camera("192.0.2.43", "C-3")
    garbled.heard = Heard.GARBLED

    def fetch(_by: object) -> None:
        raise UntrustedError("sealed", "what nobody foresaw")

    monkeypatch.setattr(broken, "fetch", fetch)
    behind.minute()
    assert [one.serial for one in behind.site.agent.relay.waiting()] == ["C-3"]
    assert behind.desk.line.work()
    behind.minute()
    assert standing(good) is Registered.DONE
    garbled.heard = None
    monkeypatch.undo()
    behind.plug_in()
    behind.minute()
    assert [one.serial for one in behind.site.agent.relay.waiting()] == ["C-1", "C-2"]


def test_a_full_disk_loses_no_answer(behind: Behind) -> None:
    _, wire = behind.camera("192.0.2.41", "C-1")
    connection = behind.site.agent._file._connection
    full = "CREATE TEMP TRIGGER full BEFORE {} ON letters BEGIN SELECT RAISE(ABORT, 'full'); END"
    connection.execute(full.format("INSERT"))
    behind.minute()
    assert behind.site.agent.relay.is_empty()
    connection.execute("DROP TRIGGER full")
    behind.minute()
    connection.execute(full.format("UPDATE"))
    assert not behind.desk.line.work()
    connection.execute("DROP TRIGGER full")
    assert behind.desk.line.work(), "the desk answers the same letter again"
    behind.minute()
    assert standing(wire) is Registered.DONE


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
