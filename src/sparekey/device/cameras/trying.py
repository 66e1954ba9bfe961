"""Before anything is reset: does a password that somebody still knows open the camera? Each once, none to a lock."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from sparekey.core.errors import SparekeyError
from sparekey.device.cameras.camera import State
from sparekey.device.cameras.safe import Place
from sparekey.device.cameras.talk import Heard
from sparekey.lan.http_digest import Credential

if TYPE_CHECKING:
    from sparekey.core.values import Secret
    from sparekey.device.cameras.camera import Camera
    from sparekey.device.cameras.room import CameraRoom
    from sparekey.device.cameras.talk import Talk


class Origin(Enum):
    """Whose password it is."""

    STORED = "stored"
    TYPED = "typed"
    FORMER = "former"
    """Of the recorder that was there before."""


@dataclass(frozen=True)
class Tried:
    """One password, and what the camera said. `heard` is None when it was not tried."""

    origin: Origin
    heard: Heard | None


def try_passwords(room: CameraRoom, camera: Camera, user: str, typed: Secret, former: Secret) -> list[Tried]:
    """Try the stored password, then what was typed, until one works. What works is kept."""
    given = [(Origin.TYPED, user, typed), (Origin.FORMER, user, former)]
    stored = room.cameras.password(camera.id, Place.CREDENTIAL)
    candidates: list[tuple[Origin, str, Secret]] = [(Origin.STORED, camera.user, stored)] if stored else []
    for origin, name, password in given:
        known = {(kept_name, kept.text) for _, kept_name, kept in candidates}
        if password.text and (name, password.text) not in known:
            candidates.append((origin, name, password))
    heard = room.look(camera)
    if heard is not Heard.RIGHT or not candidates:
        return [Tried(origin, heard) for origin, _, _ in candidates[:1]] or [Tried(Origin.TYPED, heard)]
    results: list[Tried] = []
    for origin, name, password in candidates:
        if results and results[-1].heard is not Heard.WRONG:
            results.append(Tried(origin, None))
            continue
        results.append(Tried(origin, one_try(room, camera.id, Credential(name, password))))
        if results[-1].heard is Heard.RIGHT:
            room.cameras.keep(camera.id, name, password)
            room.agent.stir()  # now its letters can be fetched
    last = [tried.heard for tried in results if tried.heard is not None][-1]
    if last is Heard.WRONG and stored is not None:
        room.note(camera, State.WRONG_PASSWORD)
    return results


def one_try(room: CameraRoom, number: int, by: Credential) -> Heard:
    """Try one password on a camera, unless that could lock it. It is counted before it is sent."""
    camera = room.cameras.get(number)
    if camera is None:
        return Heard.SILENT
    try:
        talk: Talk | None = room.talk(camera)
    except SparekeyError:
        talk = None
    if talk is None:
        return Heard.REFUSED
    age = room.agent.age()
    if not camera.tries_left(age):
        return Heard.LOCKED
    room.cameras.count_try(number, age)
    heard = talk.sign_in(by)
    if heard is Heard.RIGHT:
        room.cameras.was_right(number)
    return heard
