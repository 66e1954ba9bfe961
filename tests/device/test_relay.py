"""Letters of cameras that a recorder keeps for its desk (spec/enrolment.md section 12)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sparekey.core.crypto import key_id, sha256
from sparekey.core.messages.enrol import EnrolBody
from sparekey.core.messages.enrol_reply import read_reply
from sparekey.core.messages.header import Kind, Purpose
from sparekey.core.messages.link_answer import LinkAnswer, LinkVerdict
from sparekey.core.messages.notice import NoticeBody, Noticed
from sparekey.core.messages.request import Request, seal_body
from sparekey.core.values import Identity
from sparekey.device import relay as relaying
from sparekey.device.relay import Relay
from sparekey.host.sqlite_store import SqliteFile
from sparekey.lan.link.letters import LETTERS_LIMIT
from tests.device.desk_end import TICKET, DeskEnd
from tests.device.recorder import Recorder


@pytest.fixture
def recorder(tmp_path: Path) -> Recorder:
    made = Recorder(tmp_path)
    made.set_up()
    return made


@pytest.fixture
def relay(recorder: Recorder) -> Relay:
    return recorder.agent.relay


def enrolment(recorder: Recorder, serial: str, count: int = 1) -> Request:
    """What a camera would seal."""
    return _sealed(recorder, serial, EnrolBody(sha256(serial.encode()), bytes(16), count, 1, "en"))


def notice(recorder: Recorder, serial: str, age: int = 0) -> Request:
    return _sealed(recorder, serial, NoticeBody(Noticed.ERASED, age, "admin", ("owner@example.com",), "en"))


def _sealed(recorder: Recorder, serial: str, body: EnrolBody | NoticeBody) -> Request:
    held = recorder.agent.registration.request()
    assert held is not None
    kind, purpose = (Kind.ENROL, Purpose.ENROL)
    if isinstance(body, NoticeBody):
        kind, purpose = Kind.NOTICE, Kind.NOTICE.purpose
    public = recorder.desk.trust.sealing_key(purpose)
    identity = Identity(serial, "C-220", "1.0.0")
    header = replace(held.header, kind=kind, identity=identity, key=key_id(public))
    return seal_body(header, body, public)


def said(relay: Relay, serial: str) -> list[LinkVerdict]:
    return [answer.verdict for _, answer in relay.answered(serial)]


def test_what_cameras_bring_goes_to_the_desk_with_the_recorders_own(
    recorder: Recorder, desk: DeskEnd, relay: Relay
) -> None:
    first, second = enrolment(recorder, "C-1"), enrolment(recorder, "C-2")
    told = notice(recorder, "C-2")
    assert relay.take("C-1", [first])
    assert relay.take("C-2", [second, told])
    assert not relay.take("C-1", [first]), "that is nothing new"
    desk.says = [LinkVerdict.TAKEN, LinkVerdict.WAITS]
    assert not desk.line.work()
    assert desk.calls == 2, "one for all enrolments, one for notices"
    assert [(one.serial, one.said) for one in relay.waiting()] == [("C-1", LinkVerdict.WAITS)]
    (_, answer), (_, other) = relay.answered("C-2")
    assert read_reply(answer.data).reply.ticket == TICKET
    assert (other.request, other.verdict) == (told.hash, LinkVerdict.TAKEN)
    relay.told([answer, other])
    assert relay.answered("C-2") == []
    assert said(relay, "C-1") == [LinkVerdict.WAITS]
    relay.told([answer for _, answer in relay.answered("C-1")])
    desk.says = [LinkVerdict.WAITS]
    assert not desk.line.work()
    assert said(relay, "C-1") == [], "the camera has heard that"
    assert desk.line.work()
    assert said(relay, "C-1") == [LinkVerdict.TAKEN]


def test_later_is_no_answer(recorder: Recorder, desk: DeskEnd, relay: Relay) -> None:
    relay.take("C-1", [enrolment(recorder, "C-1")])
    desk.says = [LinkVerdict.TAKEN, LinkVerdict.LATER]
    assert not desk.line.work()
    assert [one.said for one in relay.waiting()] == [None]
    assert said(relay, "C-1") == []


def test_what_a_camera_brings_no_more_is_forgotten(recorder: Recorder, relay: Relay) -> None:
    old, new, told = enrolment(recorder, "C-1"), enrolment(recorder, "C-1", 2), notice(recorder, "C-1")
    relay.take("C-1", [old, told])
    relay.take("C-2", [enrolment(recorder, "C-2")])
    assert relay.take("C-1", [new])
    assert [one.sealed for one in relay.waiting() if one.serial == "C-1"] == [new.encoded]
    assert not relay.hear(LinkAnswer(LinkVerdict.TAKEN, request=old.hash)), "an answer that comes too late"
    assert relay.hear(LinkAnswer(LinkVerdict.OLD, request=new.hash))
    assert not relay.hear(LinkAnswer(LinkVerdict.OLD, request=new.hash)), "once is enough"
    relay.take("C-1", [])
    assert [one.serial for one in relay.waiting()] == ["C-2"]
    assert said(relay, "C-1") == []


def test_notices_beyond_one_answer_are_not_forgotten(recorder: Recorder, relay: Relay) -> None:
    first = [notice(recorder, "C-1", age) for age in range(LETTERS_LIMIT)]
    relay.take("C-1", first)
    later = notice(recorder, "C-1", 99)
    assert not relay.take("C-1", [*first[1:], later]), "one camera has so much room and no more"
    assert len(relay.waiting()) == LETTERS_LIMIT
    assert relay.take("C-1", [enrolment(recorder, "C-1"), *first[1:]]), "there is always room to enrol"
    assert relay.waiting()[0].kind is Kind.ENROL


def test_T47_cameras_fill_no_disk(recorder: Recorder, relay: Relay, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relaying, "MOST", 3)
    relay.take("C-1", [notice(recorder, "C-1", age) for age in range(9)])
    assert len(relay.waiting()) == 3
    assert not relay.take("C-2", [notice(recorder, "C-2")])
    assert relay.take("C-2", [enrolment(recorder, "C-2")])


def test_what_nobody_waits_for_goes_and_what_the_desk_has_not_heard_stays(
    recorder: Recorder, relay: Relay
) -> None:
    answered, waits, open_ = notice(recorder, "C-1"), enrolment(recorder, "C-2"), notice(recorder, "C-3")
    for letter in (answered, waits, open_):
        relay.take(letter.header.identity.serial, [letter])
    relay.hear(LinkAnswer(LinkVerdict.TAKEN, request=answered.hash))
    relay.hear(LinkAnswer(LinkVerdict.WAITS, request=waits.hash))
    relay.keep_to({"C-1"})
    assert said(relay, "C-1") == [LinkVerdict.TAKEN]
    relay.keep_to(set())
    assert said(relay, "C-1") == []
    assert [one.serial for one in relay.waiting()] == ["C-2", "C-3"]
    relay.erase()
    assert relay.is_empty()


def test_the_table_of_an_earlier_version_gives_way(tmp_path: Path) -> None:
    path = tmp_path / "device.db"
    SqliteFile(path, (relaying.SCHEMA,)).close()
    file = SqliteFile(path, (relaying.SCHEMA, relaying.LETTERS_SCHEMA, relaying.RETIRED))
    assert Relay(file).is_empty()
    assert file.rows("SELECT name FROM sqlite_master WHERE name = 'relayed'") == []
    file.close()


@pytest.fixture
def desk(recorder: Recorder) -> DeskEnd:
    return DeskEnd(recorder)
