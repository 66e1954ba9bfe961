"""What became of the cameras' passwords after a recovery that took them along (spec/lan.md section 5.5)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import ClassVar

from sparekey.core.codec import Value, encode
from sparekey.core.messages.fields import Fields
from sparekey.lan.link.frame import present, read_claim

CAMERAS_LIMIT = 256
_NAME_LIMIT = 64 * 4


class Outcome(Enum):
    """Of one camera."""

    DONE = "done"
    """The new password works and the old one does not."""
    WAITING = "waiting"
    """It is tried again by itself: the camera is off, or does not answer."""
    FAILED = "failed"
    """The camera refuses; somebody has to look at it."""


@dataclass(frozen=True)
class CameraResult:
    """One camera."""

    name: str
    outcome: Outcome


@dataclass(frozen=True)
class Results:
    """All of them, in the order of the recorder's list."""

    cameras: tuple[CameraResult, ...]

    @property
    def encoded(self) -> bytes:
        """The body."""
        told: list[Value] = [{1: each.name, 2: each.outcome.value} for each in self.cameras]
        return encode(present({1: told}))

    @classmethod
    def read(cls, fields: Fields) -> Results:
        """From the answer. Raises InputError."""
        cameras = []
        for item in fields.items(1, CAMERAS_LIMIT) if fields.has(1) else ():
            inner = Fields(item, "camera")
            cameras.append(CameraResult(inner.text(1, _NAME_LIMIT), inner.choice(2, Outcome)))
            inner.end()
        fields.end()
        return cls(tuple(cameras))


@dataclass(frozen=True)
class AskResults:
    """How far is it? `receipt`: of the recovery."""

    name: ClassVar[str] = "cameras"
    receipt: str = field(repr=False)

    @property
    def encoded(self) -> bytes:
        """The body."""
        return encode({1: self.receipt})

    @classmethod
    def read(cls, fields: Fields) -> AskResults:
        """From the call. Raises InputError."""
        asked = cls(read_claim(fields.text(1, 32)))
        fields.end()
        return asked

    def answer(self, fields: Fields) -> Results:
        """Each camera."""
        return Results.read(fields)
