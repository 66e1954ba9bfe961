"""New passwords for cameras: laid down first, sent then, and believed only when the new one works and the old one does
not (spec/state.md section 8). Whatever breaks in between is gone on with.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sparekey.core.errors import SparekeyError
from sparekey.core.values import Secret
from sparekey.device.cameras.camera import Camera, Change, Control, Result, Stage, State
from sparekey.device.cameras.safe import Place
from sparekey.device.cameras.talk import Heard
from sparekey.device.cameras.trying import one_try
from sparekey.lan.http_digest import Credential

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sparekey.device.cameras.room import CameraRoom
    from sparekey.device.cameras.talk import Talk
    from sparekey.host.entropy import Entropy

OWNER = "admin"
"""Whose password it is on a camera that nobody signed in to yet."""
OWN_USER = "recorder"
"""As whom the recorder signs in to a camera whose other password it must not keep."""
BACKOFF = (60, 300, 900, 3600)
"""Seconds of the recorder's age until a change is tried again; the last one goes on."""
_LETTERS = ("abcdefghijkmnopqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789")
_LENGTH = 16


def generated(entropy: Entropy) -> Secret:
    """A password for one camera: 16 characters that nobody confuses, of three kinds, as most cameras want them."""
    letters = "".join(_LETTERS)
    while True:
        drawn = [byte % 64 for byte in entropy.bytes(4 * _LENGTH)]
        text = "".join(letters[at] for at in drawn if at < len(letters))[:_LENGTH]
        if len(text) == _LENGTH and all(set(text) & set(kind) for kind in _LETTERS):
            return Secret(text)


class Changing:
    """Safe to call from several threads: one at a time works on a camera."""

    def __init__(self, room: CameraRoom) -> None:
        self._room = room
        self._cameras = room.cameras
        self._lock = threading.Lock()
        self._busy: set[int] = set()

    def stage(self, generation: int, numbers: set[int] | None = None) -> list[Camera]:
        """Lay down a password of its own for each camera that can have one. `generation`: the recorder's in which it is
        meant: a change for a recovery that never came to its end is dropped.
        """
        staged = []
        for camera in self._cameras.all():
            if numbers is not None and camera.id not in numbers:
                continue
            if camera.control is Control.NONE:
                continue
            if not camera.kept and camera.state is not State.FACTORY:
                self._cameras.result(camera.id, Result.UNKNOWN.value, generation)
                continue
            with self._alone(camera.id) as alone:
                fresh = self._fresh(camera)
                sent = fresh.change is not None and fresh.change.stage is Stage.SENT
                # What may have been sent is not written over: it may be the one that works.
                if alone and not sent:
                    self._lay(fresh, fresh.owner or fresh.user or OWNER, generation)
                if alone:
                    staged.append(camera)
        return staged

    def drop(self, generation: int) -> None:
        """Forget what was laid down for this generation and has not begun."""
        for camera in self._cameras.all():
            if camera.change is not None and camera.change.generation == generation:
                self._cameras.drop_change(camera.id)

    def tidy(self) -> None:
        """After a start: what was laid down for a recovery that was not completed is dropped."""
        for camera in self._cameras.all():
            if camera.change is not None and camera.change.generation > self._room.agent.record.generation:
                self._cameras.drop_change(camera.id)

    def due(self) -> list[int]:
        """The cameras whose change waits and may be tried now."""
        age, generation = self._room.agent.age(), self._room.agent.record.generation
        return [
            camera.id
            for camera in self._cameras.all()
            if camera.change and camera.change.generation <= generation and camera.change.due <= age
        ]

    def go_on(self, number: int) -> Result | None:
        """Carry a change on as far as it goes; None when there is none, or somebody is at it."""
        with self._alone(number) as alone:
            camera = self._cameras.get(number)
            if not alone or camera is None or camera.change is None:
                return None
            generation, result = camera.change.generation, self._apply(camera, camera.change)
            follows = self._fresh(camera)
            if result is Result.OWN and follows.change is not None:
                result = self._apply(follows, follows.change)
            self._cameras.result(number, result.value, generation)
            return result

    def share(self, number: int, password: Secret, old: Secret | None = None) -> Result | None:
        """Give a camera the recorder's own password, which is kept nowhere: it lives in this call. What was laid down
        by `stage` is what the camera gets when anything goes wrong. `old`: what it had, where somebody typed that.
        """
        with self._alone(number) as alone:
            camera = self._cameras.get(number)
            if not alone or camera is None or camera.change is None:
                return None
            generation = camera.change.generation
            result = self._share(camera, camera.change, password, old)
            self._cameras.result(number, result.value, generation)
            return result

    # One camera

    def _share(self, camera: Camera, change: Change, password: Secret, old: Secret | None) -> Result:
        if change.stage is Stage.SENT:  # first find out which password works
            result = self._apply(camera, change)
            if result is not Result.OWN:
                return result
            camera = self._fresh(camera)
            if camera.change is None:
                self._lay(camera, camera.owner or camera.user, change.generation)
                camera = self._fresh(camera)
            change = camera.change or change
        owner = change.user
        before = self._cameras.password(camera.id, Place.CREDENTIAL) if camera.user == owner else old
        if camera.user == owner or not camera.kept:
            # A way in of the recorder's own first: what it signs in with must not be the owner's password.
            if not camera.kept:  # at factory state
                result = self._apply(camera, change)
                if result is not Result.OWN:
                    return result
                before = self._cameras.password(camera.id, Place.CREDENTIAL)
                camera = self._cameras.get(camera.id) or camera
            self._lay(camera, OWN_USER, change.generation)
            own = self._fresh(camera)
            result = self._apply(own, own.change) if own.change else Result.WAITING
            if result is not Result.OWN:
                return result
            camera = self._fresh(camera)
        by = self._by(camera)
        talk = self._talk(camera)
        if by is None or talk is None:
            return Result.UNKNOWN
        self._cameras.sending(camera.id)
        heard = talk.set_password(by, owner, password.text)
        if heard is not Heard.RIGHT:
            return self._stopped(camera, heard)
        heard = one_try(self._room, camera.id, Credential(owner, password))
        if heard is Heard.RIGHT and before is not None and before.text != password.text:
            heard = self._old_fails(camera, Credential(owner, before))
        if heard not in (Heard.RIGHT, Heard.WRONG):
            return self._later(camera, heard)
        self._cameras.drop_change(camera.id)
        self._cameras.was_right(camera.id)
        self._room.note(camera, State.OK)
        return Result.SHARED if heard is Heard.RIGHT else Result.BOTH

    def _apply(self, camera: Camera, change: Change) -> Result:
        talk, staged = self._talk(camera), self._cameras.password(camera.id, Place.STAGED)
        if talk is None or staged is None:
            self._cameras.drop_change(camera.id)
            return Result.UNKNOWN
        look = talk.look()
        if look.heard is not Heard.RIGHT:
            self._room.note(camera, State.OTHER_KEY if look.heard is Heard.OTHER_KEY else State.OFFLINE)
            return self._later(camera, look.heard)
        new = Credential(change.user, staged)
        if look.factory:
            self._cameras.sending(camera.id)
            heard = talk.activate(change.user, staged.text)
            return self._verified(camera, new, None) if heard is Heard.RIGHT else self._stopped(camera, heard)
        old = self._by(camera)
        if change.stage is Stage.SENT:  # power failed, or the camera fell silent: did it take it?
            heard = one_try(self._room, camera.id, new)
            if heard is Heard.RIGHT:
                return self._verified(camera, new, old)
            if heard is not Heard.WRONG:
                return self._later(camera, heard)
        if old is None:
            self._cameras.drop_change(camera.id)
            return Result.UNKNOWN
        if not camera.tries_left(self._room.agent.age()):
            return self._later(camera, Heard.LOCKED)
        self._cameras.sending(camera.id)
        self._cameras.count_try(camera.id, self._room.agent.age())
        known = change.user in (camera.user, camera.owner)
        order = talk.set_password if known else talk.add_user
        heard = order(old, change.user, staged.text)
        if heard is not Heard.RIGHT:
            return self._stopped(camera, heard)
        self._cameras.was_right(camera.id)
        return self._verified(camera, new, old)

    def _verified(self, camera: Camera, new: Credential, old: Credential | None) -> Result:
        """The new one works and the old one does not: only then is it the one."""
        heard = one_try(self._room, camera.id, new)
        if heard is not Heard.RIGHT:
            return self._later(camera, heard)
        if old is not None and old.user == new.user and old.password.text != new.password.text:
            heard = self._old_fails(camera, old)
        if heard not in (Heard.RIGHT, Heard.WRONG):
            return self._later(camera, heard)
        follows = None
        if new.user == OWN_USER and camera.owner not in ("", OWN_USER) and camera.change is not None:
            # The way in of the recorder's own is only the first half.
            entropy, age = self._room.agent.entropy, self._room.agent.age()
            follows = (camera.owner, generated(entropy), camera.change.generation, age)
        self._cameras.changed(camera.id, new.user, follows)
        self._room.note(camera, State.OK)
        return Result.OWN if heard is Heard.RIGHT else Result.BOTH

    def _old_fails(self, camera: Camera, old: Credential) -> Heard:
        """RIGHT when the old password does not work any more, WRONG when it still does; else what stood in the way."""
        heard = one_try(self._room, camera.id, old)
        return {Heard.WRONG: Heard.RIGHT, Heard.RIGHT: Heard.WRONG}.get(heard, heard)

    def _stopped(self, camera: Camera, heard: Heard) -> Result:
        """The camera did not say yes."""
        final = {
            Heard.WRONG: Result.UNKNOWN,
            Heard.REFUSED: Result.REFUSED,
            Heard.IN_THE_OPEN: Result.IN_THE_OPEN,
        }.get(heard)
        if final is None:
            return self._later(camera, heard)
        self._cameras.drop_change(camera.id)
        if heard is Heard.WRONG:
            self._room.note(camera, State.WRONG_PASSWORD)
        return final

    def _later(self, camera: Camera, heard: Heard) -> Result:
        tries = camera.change.tries if camera.change else 0
        due = self._room.agent.age() + BACKOFF[min(tries, len(BACKOFF) - 1)]
        self._cameras.wait(camera.id, due, heard.value)
        return Result.WAITING

    def _lay(self, camera: Camera, user: str, generation: int) -> None:
        made = generated(self._room.agent.entropy)
        self._cameras.stage(camera.id, user, made, generation, self._room.agent.age())

    def _by(self, camera: Camera) -> Credential | None:
        kept = self._cameras.password(camera.id, Place.CREDENTIAL)
        return Credential(camera.user, kept) if kept else None

    def _fresh(self, camera: Camera) -> Camera:
        return self._cameras.get(camera.id) or camera

    def _talk(self, camera: Camera) -> Talk | None:
        try:
            return self._room.talk(camera)
        except SparekeyError:
            return None

    @contextmanager
    def _alone(self, number: int) -> Iterator[bool]:
        with self._lock:
            alone = number not in self._busy
            self._busy.add(number)
        try:
            yield alone
        finally:
            if alone:
                with self._lock:
                    self._busy.discard(number)
