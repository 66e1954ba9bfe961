"""Recordings in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.device.recordings.port import Media, Segment

if TYPE_CHECKING:
    from collections.abc import Iterator


class MemoryRecordings:
    """Keeps what `Recordings` asks for, as long as the process lives."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[Segment, bytes]] = {}
        self._count = 0

    def segments(self) -> list[Segment]:
        """What is there, the newest first."""
        found = [segment for segment, _ in self._kept.values()]
        return sorted(found, key=lambda segment: (segment.started, segment.name), reverse=True)

    def write(self, camera: str, started: int, seconds: int, media: Media, content: bytes) -> Segment:
        """Keep a segment."""
        self._count += 1
        segment = Segment(f"{self._count:016x}", camera, started, seconds, len(content), media)
        self._kept[segment.name] = (segment, content)
        return segment

    def play(self, name: str) -> Iterator[bytes] | None:
        """The content, in one piece."""
        found = self._kept.get(name)
        return iter([found[1]] if found[1] else []) if found else None

    def erase(self) -> None:
        """Forget them."""
        self._kept.clear()

    def is_empty(self) -> bool:
        """Whether none is left."""
        return not self._kept
