"""A camera without Internet reaches its desk through its recorder: its letters are fetched, and the desk's answers
handed back (spec/enrolment.md section 12).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sparekey.core.crypto import equal
from sparekey.core.errors import SparekeyError
from sparekey.core.messages.header import Kind
from sparekey.core.messages.link_answer import LinkVerdict
from sparekey.core.messages.request import read_request
from sparekey.device.cameras.camera import Control, State
from sparekey.device.cameras.safe import Place
from sparekey.device.cameras.talk import Heard
from sparekey.lan.http_digest import Credential
from sparekey.lan.link.letters import calls_of

if TYPE_CHECKING:
    from sparekey.core.messages.header import Header
    from sparekey.core.messages.request import Request
    from sparekey.device.cameras.camera import Camera
    from sparekey.device.cameras.own import OwnTalk
    from sparekey.device.cameras.room import CameraRoom
    from sparekey.lan.link.letters import Letters

AGAIN, RETRY = 300, 30
"""Seconds of the recorder's age until a camera that answered is asked again, and one that did not."""
SHORTEST, LONGEST = 60, 6 * 3600
"""Seconds until a camera is asked again whose enrolment the desk did not want; doubled each time."""

_LOG = logging.getLogger("sparekey.device")
_WANTED = (LinkVerdict.TAKEN, LinkVerdict.WAITS)
_KINDS = (Kind.ENROL, Kind.MAIL, Kind.NOTICE)


@dataclass(frozen=True)
class _Known:
    """What a camera told. `serial`: for whom it spoke, or empty; `due`: when it is asked again. `wait`: how long that
    took the last time that the desk did not want its enrolment.
    """

    serial: str
    due: int
    wait: int = 0


class Relaying:
    """One for the process, in one thread. What it knows lives in memory: after a start every camera is asked anew.

    `ask_all`: set from any thread, somebody does not want to wait.
    """

    def __init__(self, room: CameraRoom) -> None:
        self.ask_all = False
        self._room = room
        self._agent = room.agent
        self._known: dict[tuple[int, bytes], _Known] = {}
        self._rests: dict[tuple[int, bytes], int] = {}
        self._stopped: set[tuple[int, bytes]] = set()

    def round(self) -> None:
        """Hand over what the desk answered, and ask the cameras whose time has come."""
        cameras = self._room.cameras.all()
        if self.ask_all:
            self.ask_all = False
            self._rests.clear()
            self._known = {key: replace(known, due=0) for key, known in self._known.items()}
        there = {_key(camera) for camera in cameras}
        self._known = {key: known for key, known in self._known.items() if key in there}
        self._rests = {key: until for key, until in self._rests.items() if key in there}
        self._stopped &= there
        for camera in cameras:
            if self._agent.is_erasing:
                return
            if self._may_ask(camera):
                try:
                    self._serve(camera)
                except SparekeyError as error:  # what one camera brings about keeps no other waiting
                    self._rests[_key(camera)] = self._agent.age() + RETRY
                    _LOG.warning("a camera's letters could not be carried", extra={"why": error.slug})
        self._tidy(cameras)

    def _may_ask(self, camera: Camera) -> bool:
        """Whether its password works, as far as anybody knows."""
        if camera.control is not Control.LINK or camera.pin is None or camera.change is not None:
            return False
        if not camera.kept or camera.state is not State.OK or not camera.tries_left(self._agent.age()):
            return False
        if not camera.wrong:  # a password worked since
            self._stopped.discard(_key(camera))
        key = _key(camera)
        return key not in self._stopped and self._rests.get(key, 0) <= self._agent.age()

    def _serve(self, camera: Camera) -> None:
        password = self._room.cameras.password(camera.id, Place.CREDENTIAL)
        if password is None:
            return
        by = Credential(camera.user, password)
        try:
            talk = self._room.own_talk(camera)
        except SparekeyError:  # its address is none that the recorder may speak to now
            return
        if self._deliver(camera, talk, by) and self._is_due(camera):
            told = talk.fetch(by)
            if isinstance(told, Heard):
                self._failed(camera, by, told)
            else:
                self._take(camera, told)

    def _deliver(self, camera: Camera, talk: OwnTalk, by: Credential) -> bool:
        """Hand over what waits for it. Whether the camera may be asked more in this round."""
        known = self._known.get(_key(camera))
        waiting = self._agent.relay.answered(known.serial) if known and known.serial else []
        for call in calls_of([answer for _, answer in waiting]):
            heard = talk.deliver(by, call)
            if heard not in (Heard.RIGHT, Heard.REFUSED):
                self._failed(camera, by, heard)
                return False
            # Whoever refuses it sealed another meanwhile, and tells so when asked again.
            self._agent.relay.told(call)
        if known and waiting:
            unwanted = any(kind is Kind.ENROL and answer.verdict not in _WANTED for kind, answer in waiting)
            wait = min(2 * known.wait or SHORTEST, LONGEST) if unwanted else 0
            self._known[_key(camera)] = _Known(known.serial, self._agent.age() + wait, wait)
        return True

    def _is_due(self, camera: Camera) -> bool:
        known = self._known.get(_key(camera))
        return known is None or known.due <= self._agent.age()

    def _take(self, camera: Camera, told: Letters) -> None:
        """Take its letters along. A camera speaks for one serial, and for none that another brought first."""
        others = {known.serial for key, known in self._known.items() if key != _key(camera)}
        before = self._known.get(_key(camera))
        letters = [read_request(sealed) for sealed in told.sealed]
        ours = [
            letter
            for letter in letters
            if self._is_ours(letter.header, camera) and _serial(letter) not in others
        ]
        serial = _serial(ours[0]) if ours else before.serial if before else ""
        ours = [letter for letter in ours if _serial(letter) == serial]
        wait = before.wait if before else 0
        fresh = bool(serial) and self._agent.relay.take(serial, ours)
        self._known[_key(camera)] = _Known(serial, self._agent.age() + AGAIN, wait)
        if fresh:
            self._agent.stir()

    def _is_ours(self, header: Header, camera: Camera) -> bool:
        """Whether it is a letter of this very camera, to the desk that this recorder speaks to."""
        named = header.desk == self._agent.trust.desk and equal(header.tls, camera.pin or b"")
        return named and header.kind in _KINDS

    def _failed(self, camera: Camera, by: Credential, heard: Heard) -> None:
        """After a rest it is tried again, unless the password was wrong: then nobody does before one works."""
        self._rests[_key(camera)] = self._agent.age() + RETRY
        if heard is Heard.OTHER_KEY:
            self._room.note(camera, State.OTHER_KEY)
        if heard is not Heard.WRONG:
            return
        now = self._room.cameras.get(camera.id)
        password = self._room.cameras.password(camera.id, Place.CREDENTIAL)
        if now is None or now.change is not None or password is None or password.text != by.password.text:
            return  # it got a new one while it was asked
        self._room.cameras.count_try(camera.id, self._agent.age())
        self._stopped.add(_key(camera))
        self._room.note(camera, State.WRONG_PASSWORD)

    def _tidy(self, cameras: list[Camera]) -> None:
        """Once every camera of ours was heard: answers that none of them waits for go."""
        ours = {_key(camera) for camera in cameras if camera.control is Control.LINK}
        if not ours <= self._known.keys():
            return
        self._agent.relay.keep_to({known.serial for known in self._known.values()})


def _serial(letter: Request) -> str:
    return letter.header.identity.serial


def _key(camera: Camera) -> tuple[int, bytes]:
    """A camera, until its key is another."""
    return camera.id, camera.pin or b""
