"""What the device asks of whatever keeps its recordings."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Protocol

from sparekey.core.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

CAMERA_LIMIT = 64
"""Characters of a camera's name."""
STARTED_LIMIT = 253_370_764_800
"""The year 9999 in Unix seconds: no calendar goes further."""
SECONDS_LIMIT = 24 * 3600
"""Seconds of one segment, at most."""


class Media(Enum):
    """What a segment is, by its media type: all that a browser may be told."""

    MP4 = "video/mp4"
    JPEG = "image/jpeg"
    PNG = "image/png"


@dataclass(frozen=True)
class Segment:
    """One piece of a recording. `name`: 16 hexadecimal digits. `started`: Unix seconds by the device's clock.
    `seconds`: how long it is. `size`: bytes of its content.
    """

    name: str
    camera: str
    started: int
    seconds: int
    size: int
    media: Media

    def __post_init__(self) -> None:
        named = 0 < len(self.camera) <= CAMERA_LIMIT and self.camera.isprintable()
        if not named or not 0 <= self.started < STARTED_LIMIT or not 0 <= self.seconds <= SECONDS_LIMIT:
            raise InputError("segment", "a segment has a camera, a time and a length of at most a day")


class Recordings(Protocol):
    """Keeps segments. Safe to call from several threads; every call may raise UnavailableError (`recordings`)."""

    def segments(self) -> Sequence[Segment]:
        """What is there, the newest first. What cannot be read is not there."""

    def write(self, camera: str, started: int, seconds: int, media: Media, content: bytes) -> Segment:
        """Keep a segment; on the disk when this returns. Raises InputError (`segment`)."""

    def play(self, name: str) -> Iterator[bytes] | None:
        """The content in pieces, or None when there is no segment of this name. Raises UntrustedError (`locked`) where
        it was damaged or changed; what was given out before that is genuine.
        """

    def erase(self) -> None:
        """Destroy the key, then make room. As often as asked."""

    def is_empty(self) -> bool:
        """Whether neither a key nor a segment is left."""
