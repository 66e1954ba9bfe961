"""The shape that every recovery method has (spec/requests.md section 6)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from sparekey.core.errors import Refusal
from sparekey.core.record import Action, Ask, Lasting, Record, Situation
from sparekey.core.values import Face, MethodName


class Closed(Enum):
    """Why a method is greyed; the value is the stable slug that pages turn into a sentence."""

    NOT_OFFERED = "not-offered"
    OLD_FIRMWARE = "old-firmware"
    NOT_HERE = "not-here"
    NO_ADDRESS = "no-address"
    NO_QUESTIONS = "no-questions"
    NO_KEY_FILE = "no-key-file"
    NO_SHEET = "no-sheet"
    NO_BUTTON = "no-button"
    NEEDS_POWER_ON = "needs-power-on"


class Recordings(Enum):
    """What happens to what was recorded."""

    KEPT = "kept"
    CARD_KEPT = "card-kept"
    ERASED = "erased"


@dataclass(frozen=True)
class Method:
    """One way back in.

    `faces`: where it may be started; empty for what happens on the body of the device. `asks`: the method whose
    open request its proof belongs to, or None when it needs no request. `strong`: its proof has 64 bits or more.
    `recordings`: what is lost. `lasts`: seconds that its right lives. `closed`: why it is greyed now, or None,
    besides what holds for all. `action`: what the proof allows.
    `judge`: None when the proof is right, else the refusal; in constant time where it compares a secret. `learns`: what
    the device remembers for ever once a right proof was used. `cameras`: whether a right proof lets a recorder's
    cameras get new passwords too.
    """

    name: MethodName
    faces: frozenset[Face]
    asks: MethodName | None
    strong: bool
    needs_desk: bool
    recordings: Recordings
    lasts: Callable[[Situation], int]
    closed: Callable[[Record, Situation], Closed | None]
    action: Callable[[Situation], Action]
    judge: Callable[[Record, Ask | None, object, Situation], Refusal | None]
    learns: Callable[[Record, object], Lasting] = lambda record, _proof: record.lasting
    cameras: Callable[[Situation, object], bool] = lambda _now, _proof: False

    def greyed(self, record: Record, situation: Situation, face: Face) -> Closed | None:
        """Why it cannot be started here and now, or None."""
        if self.name not in situation.policy.methods:
            return Closed.NOT_OFFERED
        if situation.model.needs_firmware(self.name, situation.identity.firmware):
            return Closed.OLD_FIRMWARE
        if self.faces and face not in self.faces:
            return Closed.NOT_HERE
        return self.closed(record, situation)


RIGHT_LASTS = 10 * 60
"""Seconds in which a new password may be set after a right proof."""
EVERYWHERE = frozenset(Face)


def ten_minutes(_situation: Situation) -> int:
    """The usual life of a right."""
    return RIGHT_LASTS


def new_password(_situation: Situation) -> Action:
    """The usual grant."""
    return Action.NEW_PASSWORD


def right_or_wrong(right: bool) -> Refusal | None:
    """The verdict on a typed proof."""
    return None if right else Refusal.WRONG_CODE


def always_open(_record: Record, _situation: Situation) -> Closed | None:
    """Nothing has to be prepared."""
    return None
